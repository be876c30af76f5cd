using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FloorGateway.Cli;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.JournalTools;

/// <summary>As what <c>journal export</c> writes samples.</summary>
public enum ExportFormat
{
    /// <summary>One row a sample, RFC 4180.</summary>
    Csv,

    /// <summary>InfluxDB's line protocol, as the InfluxDB feed writes it.</summary>
    Lines,
}

/// <summary><c>floorgateway journal export</c>.</summary>
public static class JournalExportCommand
{
    /// <summary>The columns of CSV.</summary>
    public const string CsvHeader = "time,tag,value,unit,status,quality,received,origin,flags";

    private const int PieceBytes = 1 << 20;

    /// <summary>Writes the selection in journal order.</summary>
    /// <param name="place">The data folder.</param>
    /// <param name="selection">Which samples.</param>
    /// <param name="format">As what.</param>
    /// <param name="to">Gets the samples.</param>
    /// <param name="error">Gets the number of samples and what was missing.</param>
    /// <param name="cancel">Ends early.</param>
    public static int Execute(JournalPlace place, JournalSelection selection, ExportFormat format, TextWriter to, TextWriter error, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(error);
        if (!JournalInspectCommand.IsThere(place, error))
            return ExitCodes.BadConfiguration;
        var catalog = place.ReadCatalog();
        using var query = new JournalQuery(place.Journal, selection.Range(catalog));
        using var batch = new SampleBatch();
        using var lines = new LineBuffer(PieceBytes);
        var writer = new LineProtocolWriter(catalog, new LineProtocolOptions());
        long written = 0, refused = 0;
        if (format == ExportFormat.Csv)
            to.Write(CsvHeader + "\r\n");
        while (!cancel.IsCancellationRequested && query.TryRead(batch))
        {
            written += batch.Count;
            if (format == ExportFormat.Csv)
            {
                foreach (ref readonly var sample in batch.Samples)
                    WriteRow(to, sample, catalog);
            }
            else
            {
                refused += WriteLines(writer, batch.Samples, lines, to);
            }
        }

        to.Flush();
        error.WriteLine($"{written - refused} samples written{(refused > 0 ? $", {refused} have a time that line protocol can't hold" : "")}{(query.Missing > 0 ? $"; {query.Missing} samples of the journal can't be read (floorgateway journal verify says why)" : "")}");
        return query.Missing > 0 ? ExitCodes.JournalDamaged : ExitCodes.Ok;
    }

    private static long WriteLines(LineProtocolWriter writer, ReadOnlySpan<Sample> samples, LineBuffer lines, TextWriter to)
    {
        long refused = 0;
        while (!samples.IsEmpty)
        {
            lines.Clear();
            var done = writer.Write(samples, lines, PieceBytes, out var problem);
            to.Write(Encoding.UTF8.GetString(lines.Written.Span));
            samples = samples[done..];
            if (problem is null)
                continue;
            refused++;
            samples = samples[1..];
        }

        return refused;
    }

    private static void WriteRow(TextWriter to, in Sample sample, ITagCatalog catalog)
    {
        var known = (uint)sample.Tag < (uint)catalog.Count ? catalog[sample.Tag] : null;
        to.Write(Time(sample.SourceTime));
        to.Write(',');
        to.Write(Quoted(known?.Path ?? $"unknown/{sample.Tag}"));
        to.Write(',');
        to.Write(Quoted(Text(sample.Value)));
        to.Write(',');
        to.Write(Quoted(known?.UnitSymbol ?? ""));
        to.Write(',');
        to.Write(sample.Status.ToString("X8", CultureInfo.InvariantCulture));
        to.Write(',');
        to.Write(sample.Quality.ToString());
        to.Write(',');
        to.Write(Time(sample.ReceiveTime));
        to.Write(',');
        to.Write(sample.Origin.ToString());
        to.Write(',');
        to.Write(sample.Flags == SampleFlags.None ? "" : Quoted(sample.Flags.ToString()));
        to.Write("\r\n");
    }

    /// <summary>Scalars as they are; arrays and structures as JSON; nothing for no value.</summary>
    private static string Text(in TagValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                return "";
            case <= ValueKind.String:
                return value.ToString();
            default:
                var json = new ArrayBufferWriter<byte>();
                using (var writer = new Utf8JsonWriter(json))
                    TagValueJson.Write(writer, value);
                return Encoding.UTF8.GetString(json.WrittenSpan);
        }
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Time(long ticks) => new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
}
