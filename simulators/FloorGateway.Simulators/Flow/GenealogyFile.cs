using System.Text.Json;

namespace FloorGateway.Simulators.Flow;

/// <summary>Reads the log of a genealogy, also while the run still writes to it.</summary>
public static class GenealogyFile
{
    private const int ChunkBytes = 1 << 20, LongestText = 512;

    /// <summary>The newest genealogy in a folder or below it; null when there is none.</summary>
    public static string? Newest(string folder) =>
        Directory.EnumerateFiles(folder, "genealogy-*.jsonl", SearchOption.AllDirectories).MaxBy(f => Path.GetFileName(f), StringComparer.Ordinal);

    /// <summary>Reads all events. A last line without its end is still being written and is left out.</summary>
    /// <exception cref="FormatException">A line is no event; the message names the line and what is wrong with it.</exception>
    public static Genealogy Read(Stream log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var genealogy = new Genealogy(keep: int.MaxValue);
        var texts = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var buffer = new byte[ChunkBytes];
        var (held, line) = (0, 0L);
        while (true)
        {
            if (held == buffer.Length) throw new FormatException($"line {line + 1}: it is longer than {buffer.Length} bytes, no event is.");
            var read = log.Read(buffer.AsSpan(held));
            if (read == 0) return genealogy;
            held += read;
            var begin = 0;
            for (int end; (end = buffer.AsSpan(begin..held).IndexOf((byte)'\n')) >= 0; begin += end + 1)
            {
                line++;
                try
                {
                    genealogy.Append(Event(buffer.AsSpan(begin, end), texts));
                }
                catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException or FormatException)
                {
                    throw new FormatException($"line {line}: {error.Message}", error);
                }
            }

            buffer.AsSpan(begin..held).CopyTo(buffer);
            held -= begin;
        }
    }

    private static GenealogyEvent Event(ReadOnlySpan<byte> line, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> texts)
    {
        var json = new Utf8JsonReader(line);
        var (kind, part, other, position, unit, ticks, text) = ((GenealogyEventKind?)null, "", "", 0, "", 0L, "");
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new FormatException("it is no JSON object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueTextEquals("event"u8) ? 1 : json.ValueTextEquals("part"u8) ? 2 : json.ValueTextEquals("other"u8) ? 3
                : json.ValueTextEquals("position"u8) ? 4 : json.ValueTextEquals("unit"u8) ? 5 : json.ValueTextEquals("time"u8) ? 6 : json.ValueTextEquals("text"u8) ? 7 : 0;
            json.Read();
            switch (name)
            {
                case 1: kind = Enum.Parse<GenealogyEventKind>(Text(json, texts)); break;
                case 2: part = Text(json, texts); break;
                case 3: other = Text(json, texts); break;
                case 4: position = json.GetInt32(); break;
                case 5: unit = Text(json, texts); break;
                case 6: ticks = json.GetDateTime().ToUniversalTime().Ticks; break;
                case 7: text = Text(json, texts); break;
                default: json.Skip(); break;
            }
        }

        if (kind is null || part.Length == 0) throw new FormatException("it has no 'event' or no 'part'.");
        return new(kind.Value, part, other, position, unit, ticks, text);
    }

    // An id occurs in several events; each is kept once.
    private static string Text(in Utf8JsonReader json, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> texts)
    {
        if (json.ValueSpan.Length > LongestText) throw new FormatException($"a text has {json.ValueSpan.Length} bytes, more than {LongestText}.");
        Span<char> chars = stackalloc char[LongestText];
        var text = chars[..json.CopyString(chars)];
        if (texts.TryGetValue(text, out var known)) return known;
        texts.Add(text);
        texts.TryGetValue(text, out known);
        return known!;
    }
}
