using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Torture;

/// <summary>What tells one sample of another: its tag's path and its source time in UTC ticks.</summary>
internal readonly record struct SampleKey(string Path, long Ticks)
{
    public override string ToString() => $"{Path} at {new DateTime(Ticks, DateTimeKind.Utc):O}";
}

/// <summary>What a sample says.</summary>
/// <param name="Text">The value as JSON in one spelling, see <see cref="JsonText"/>; "null" = none.</param>
/// <param name="Status">OPC UA status code; null = the destination does not say.</param>
internal readonly record struct SampleValue(string Text, uint? Status)
{
    public const string None = "null";

    // Severity (OPC 10000-4, 7.39): 00 good, 01 uncertain, 10 and 11 bad.
    public bool IsBad => Status is >= 0x8000_0000;

    public override string ToString() => $"{(Text.Length > 60 ? Text[..60] + "…" : Text)} with status {(Status is { } s ? $"0x{s:X8}" : "not told")}";
}

/// <summary>What one destination holds.</summary>
/// <param name="Name">Of the destination.</param>
/// <param name="Samples">Each key with everything it ever said under it.</param>
/// <param name="Gaps">What it says is missing.</param>
internal sealed record Holding(string Name, Dictionary<SampleKey, SampleSet> Samples, IReadOnlyList<Gap> Gaps);

/// <summary>The one value that a key nearly always has, or several.</summary>
internal readonly struct SampleSet(SampleValue first, IReadOnlyList<SampleValue>? more = null)
{
    public SampleValue First => first;

    public int Count => 1 + (more?.Count ?? 0);

    public IEnumerable<SampleValue> All => more is null ? [first] : more.Prepend(first);

    public bool Contains(SampleValue value) => first == value || (more?.Contains(value) ?? false);

    public SampleSet With(SampleValue value) => Contains(value) ? this : new(first, [.. more ?? [], value]);

    public static void Add(Dictionary<SampleKey, SampleSet> to, SampleKey key, SampleValue value) => to[key] = to.TryGetValue(key, out var set) ? set.With(value) : new(value);
}

/// <summary>One spelling for each value, so that texts can be compared: equipment, broker and databases write the same number in different ways.</summary>
internal static class JsonText
{
    public static string Of(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return Number(value);
            case JsonValueKind.Array:
                var text = new StringBuilder("[");
                foreach (var element in value.EnumerateArray())
                    text.Append(text.Length > 1 ? "," : "").Append(Of(element));
                return text.Append(']').ToString();
            case JsonValueKind.String:
                return JsonSerializer.Serialize(value.GetString());
            case JsonValueKind.True:
                return "true";
            case JsonValueKind.False:
                return "false";
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return SampleValue.None;
            default:
                return value.GetRawText();
        }
    }

    private static string Number(JsonElement value)
    {
        if (value.TryGetInt64(out var whole))
            return whole.ToString(CultureInfo.InvariantCulture);
        if (value.TryGetUInt64(out var large))
            return large.ToString(CultureInfo.InvariantCulture);
        var number = value.GetDouble();
        // 5.0 and 5 are one value; some write the first.
        return number == Math.Floor(number) && Math.Abs(number) < 9e18 ? ((long)number).ToString(CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);
    }
}
