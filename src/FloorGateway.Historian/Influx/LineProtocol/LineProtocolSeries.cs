using System.Text;
using FloorGateway.Model.Tags;

namespace FloorGateway.Historian.Influx.LineProtocol;

/// <summary>What of a tag's lines never changes, encoded once.</summary>
/// <param name="Series">Number shared by all tags with the same <paramref name="Prefix"/>.</param>
/// <param name="Prefix"><c>measurement,tag=value,...</c> without the space behind it.</param>
/// <param name="Field"><c>Signal=</c>.</param>
/// <param name="FieldName"><c>Signal</c> without the equals sign, for <c>Signal[0]</c> and <c>Signal.Member</c>.</param>
/// <param name="Quality"><c>Signal.q=</c>.</param>
internal sealed record LineProtocolSeries(int Series, byte[] Prefix, byte[] Field, byte[] FieldName, byte[] Quality)
{
    /// <summary>ISA-95 levels in the order of a path.</summary>
    private static readonly string[] Levels = ["enterprise", "site", "area", "line", "cell", "unit"];

    /// <summary>
    /// Measurement = equipment type; tags = the unit path's levels by their ISA-95 names, sorted by name as servers like best. A shorter path repeats
    /// its last segment as <c>unit</c> and a longer one keeps the rest there, so that each series can be found by unit.
    /// </summary>
    public static string PrefixOf(TagDefinition tag)
    {
        var text = new StringBuilder(LineProtocolText.Measurement(MeasurementOf(tag)));
        foreach (var (key, value) in TagsOf(tag))
            text.Append(',').Append(key).Append('=').Append(LineProtocolText.Key(value));
        return text.ToString();
    }

    public static string MeasurementOf(TagDefinition tag) => tag.EquipmentType.Length == 0 ? "untyped" : tag.EquipmentType;

    /// <summary>Level names and their values, by name.</summary>
    public static SortedDictionary<string, string> TagsOf(TagDefinition tag)
    {
        var segments = tag.UnitPath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(segments.Length, Levels.Length - 1); i++)
            tags[Levels[i]] = segments[i];
        if (segments.Length > 0)
            tags["unit"] = segments.Length < Levels.Length ? segments[^1] : string.Join('/', segments[(Levels.Length - 1)..]);
        return tags;
    }

    public static LineProtocolSeries Of(TagDefinition tag, int series, string prefix)
    {
        var field = LineProtocolText.FieldKey(tag.Signal);
        return new(series, Encoding.UTF8.GetBytes(prefix), Encoding.UTF8.GetBytes(field + "="), Encoding.UTF8.GetBytes(field), Encoding.UTF8.GetBytes(LineProtocolText.Key(tag.Signal) + ".q="));
    }
}
