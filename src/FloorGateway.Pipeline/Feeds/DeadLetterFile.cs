using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>What a destination refused for good: one JSON object a line, to be read by people, repaired by scripts, and sent again.</summary>
internal sealed class DeadLetterFile(string path, ITagCatalog catalog, TimeProvider time, long maxBytes)
{
    private bool unforced;

    /// <summary>Lines that went with an older generation when the file grew too large.</summary>
    public long Dropped { get; private set; }

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
            if (copy.Value.AsArray() is { } array)
                writer.WriteString("elements", array.GetType().GetElementType()!.Name);
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

    /// <summary>A line that can't be understood stays as it is.</summary>
    public void AppendLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Forces what was appended to the disk.</summary>
    public void Sync()
    {
        if (!unforced || !File.Exists(path))
            return;
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(handle);
        unforced = false;
    }

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
        Write(line.WrittenSpan);
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        if (File.Exists(path) && new FileInfo(path).Length > maxBytes)
        {
            if (File.Exists(path + ".old"))
                Dropped += File.ReadLines(path + ".old").LongCount();
            File.Move(path, path + ".old", overwrite: true);
        }

        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, 1);
        stream.Write(line);
        unforced = true;
    }

    private static string Iso(long ticks) => new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
}
