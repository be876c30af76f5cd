using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>What a destination refused for good: one JSON object a line, to be read by people and repaired by scripts.</summary>
internal sealed class DeadLetterFile(string path, ITagCatalog catalog, TimeProvider time, long maxBytes)
{
    public void Append(in Sample sample, long sequence, string reason)
    {
        var copy = sample;
        Append(writer =>
        {
            writer.WriteString("time", Iso(time.GetUtcNow().UtcTicks));
            writer.WriteString("reason", reason);
            writer.WriteNumber("sequence", sequence);
            writer.WriteString("tag", copy.Tag < catalog.Count && copy.Tag >= 0 ? catalog[copy.Tag].Path : $"unknown/{copy.Tag}");
            writer.WriteString("kind", copy.Value.Kind.ToString());
            writer.WritePropertyName("value");
            TagValueJson.Write(writer, copy.Value);
            writer.WriteString("status", copy.Status.ToString("X8", CultureInfo.InvariantCulture));
            writer.WriteString("sourceTime", Iso(copy.SourceTime));
            writer.WriteString("receiveTime", Iso(copy.ReceiveTime));
            writer.WriteString("origin", copy.Origin.ToString());
            writer.WriteString("flags", copy.Flags.ToString());
        });
    }

    public void Append(GapRecord gap, string reason) => Append(writer =>
    {
        writer.WriteString("time", Iso(time.GetUtcNow().UtcTicks));
        writer.WriteString("reason", reason);
        writer.WriteStartObject("gap");
        writer.WriteString("server", gap.Server);
        writer.WriteString("tag", gap.Tag);
        writer.WriteString("from", Iso(gap.From));
        writer.WriteString("to", Iso(gap.To));
        writer.WriteString("cause", gap.Cause);
        writer.WriteEndObject();
    });

    private void Append(Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        if (File.Exists(path) && new FileInfo(path).Length > maxBytes)
            File.Move(path, path + ".old", overwrite: true);
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 1);
        // Not forced to the disk: the cursor that passes over the sample isn't either.
        stream.Write(line.WrittenSpan);
    }

    private static string Iso(long ticks) => new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
}
