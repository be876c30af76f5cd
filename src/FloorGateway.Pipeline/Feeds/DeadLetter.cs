using System.Globalization;
using System.Text.Json;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>A line of a dead-letter file: a sample with the sequence number it had, or a gap record.</summary>
internal readonly record struct DeadLetter(Sample Sample, long Sequence, GapRecord? Gap)
{
    /// <summary>Reads one line.</summary>
    /// <returns>Null where the line can't be understood, its tag is not known any more, or its value is a structure.</returns>
    public static DeadLetter? TryParse(string line, ITagCatalog catalog)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.TryGetProperty("gap", out var gap))
            {
                return new DeadLetter(default, 0, new GapRecord
                {
                    Server = gap.GetProperty("server").GetString()!,
                    Tag = gap.GetProperty("tag").GetString(),
                    From = Ticks(gap, "from"),
                    To = Ticks(gap, "to"),
                    Cause = gap.GetProperty("cause").GetString()!,
                });
            }

            if (!catalog.TryFind(root.GetProperty("tag").GetString()!, out var tag) || Value(root) is not { } value)
                return null;
            var sample = new Sample
            {
                Tag = tag.Id,
                Value = value,
                Status = uint.Parse(root.GetProperty("status").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                SourceTime = Ticks(root, "sourceTime"),
                ReceiveTime = Ticks(root, "receiveTime"),
                Origin = Enum.Parse<SampleOrigin>(root.GetProperty("origin").GetString()!),
                Flags = Enum.Parse<SampleFlags>(root.GetProperty("flags").GetString()!),
            };
            return new DeadLetter(sample, root.TryGetProperty("sequence", out var sequence) ? sequence.GetInt64() : 0, null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static long Ticks(JsonElement of, string name) =>
        DateTime.ParseExact(of.GetProperty(name).GetString()!, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).Ticks;

    private static TagValue? Value(JsonElement root)
    {
        var value = root.GetProperty("value");
        return Enum.Parse<ValueKind>(root.GetProperty("kind").GetString()!) switch
        {
            ValueKind.Null => default(TagValue),
            ValueKind.Boolean => TagValue.From(value.GetBoolean()),
            ValueKind.Int64 => TagValue.From(value.GetInt64()),
            ValueKind.UInt64 => TagValue.From(value.GetUInt64()),
            ValueKind.Single => TagValue.From((float)Number(value)),
            ValueKind.Double => TagValue.From(Number(value)),
            ValueKind.DateTime => TagValue.From(value.GetDateTime()),
            ValueKind.String => TagValue.From(value.GetString()),
            ValueKind.Bytes => TagValue.From(value.GetBytesFromBase64()),
            ValueKind.Array => Array(root, value) is { } array ? TagValue.From(array) : null,
            // Its members' types are not in the text.
            _ => null,
        };
    }

    private static Array? Array(JsonElement root, JsonElement value)
    {
        var items = value.EnumerateArray().ToArray();
        // Of more than one dimension: left to a person.
        if (items.Any(i => i.ValueKind == JsonValueKind.Array))
            return null;
        return (root.TryGetProperty("elements", out var elements) ? elements.GetString() : "") switch
        {
            nameof(Double) => items.Select(Number).ToArray(),
            nameof(Single) => items.Select(i => (float)Number(i)).ToArray(),
            nameof(Boolean) => items.Select(i => i.GetBoolean()).ToArray(),
            nameof(Int64) => items.Select(i => i.GetInt64()).ToArray(),
            nameof(UInt64) => items.Select(i => i.GetUInt64()).ToArray(),
            nameof(String) => items.Select(i => i.GetString()).ToArray(),
            nameof(DateTime) => items.Select(i => i.GetDateTime()).ToArray(),
            _ => null,
        };
    }

    // NaN and infinities stand as text.
    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();
}
