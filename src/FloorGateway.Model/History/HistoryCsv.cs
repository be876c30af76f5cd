using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FloorGateway.Model.Values;

namespace FloorGateway.Model.History;

/// <summary>
/// Stored samples as CSV (RFC 4180, lines end with a line feed): <c>time,path,value,quality,status</c>. Time is ISO 8601 UTC, quality one of Good, Uncertain, Bad,
/// status the OPC UA code in hexadecimal; arrays and structures are JSON; a sample without value has an empty field.
/// </summary>
public static class HistoryCsv
{
    public const string Header = "time,path,value,quality,status";

    // Samples read at once: the memory of an export does not grow with its length.
    private const int Page = 20_000;

    /// <summary>Writes the samples of each path in turn, each in time order, after the header.</summary>
    /// <param name="history">Where from.</param>
    /// <param name="paths">Tag paths.</param>
    /// <param name="from">UTC ticks, inclusive.</param>
    /// <param name="to">UTC ticks, exclusive.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancel">Stops between lines.</param>
    /// <returns>Samples written.</returns>
    public static async Task<long> WriteAsync(IHistory history, IEnumerable<string> paths, long from, long to, TextWriter output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(output);
        var written = 0L;
        var line = new StringBuilder();
        await output.WriteAsync(Header + "\n");
        foreach (var path in paths)
        {
            var name = Quoted(path);
            for (var next = from; next < to;)
            {
                var points = await history.ReadRawAsync(path, next, to, Page, cancel);
                foreach (var point in points)
                {
                    line.Clear().Append(new DateTime(point.SourceTime, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture)).Append(',').Append(name).Append(',')
                        .Append(Text(point.Value)).Append(',').Append(StatusQuality.Of(point.Status)).Append(",0x").Append(point.Status.ToString("X8", CultureInfo.InvariantCulture)).Append('\n');
                    await output.WriteAsync(line, cancel);
                }

                written += points.Count;
                if (points.Count < Page)
                    break;
                next = points[^1].SourceTime + 1;
            }
        }

        return written;
    }

    private static string Text(in TagValue value) => value.Kind switch
    {
        ValueKind.Null => "",
        ValueKind.String => Quoted(value.AsString()!),
        ValueKind.Bytes => Convert.ToBase64String((byte[])value.Reference!),
        ValueKind.Array or ValueKind.Structure => Quoted(Json(in value)),
        _ => value.ToString(),
    };

    private static string Json(in TagValue value)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
            TagValueJson.Write(writer, in value);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
