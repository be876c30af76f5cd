using System.Globalization;
using System.Text;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Tags;

namespace FloorGateway.Historian.Influx.Queries;

/// <summary>The text of InfluxQL questions about one tag, in the words that versions 1, 2 and 3 share.</summary>
internal static class InfluxQl
{
    // A status from here on is bad (OPC UA Part 4, 7.39).
    public const long Bad = 0x8000_0000;

    // Nanoseconds since 1970 that InfluxQL can compare with.
    private const long Earliest = long.MinValue + 3;

    public static string Measurement(TagDefinition tag) => LineProtocolText.MeasurementHeld(LineProtocolSeries.MeasurementOf(tag));

    public static string Field(TagDefinition tag) => LineProtocolText.KeyHeld(tag.Signal == "time" ? "time_" : tag.Signal);

    public static string QualityField(TagDefinition tag) => LineProtocolText.KeyHeld(tag.Signal) + ".q";

    /// <summary>Value and quality of the samples of a range of nanoseconds.</summary>
    public static string Raw(TagDefinition tag, long from, long to, bool newestFirst, int limit) =>
        $"SELECT {Name(Field(tag))},{Name(QualityField(tag))} FROM {Name(Measurement(tag))} WHERE {Where(tag, from, to)} ORDER BY time {(newestFirst ? "DESC" : "ASC")} LIMIT {limit}";

    /// <summary>Something for each of the buckets, which begin at <paramref name="from"/>; those without anything are left out.</summary>
    public static string Buckets(TagDefinition tag, string select, string condition, long from, long to, long width) =>
        $"SELECT {select} FROM {Name(Measurement(tag))} WHERE {Where(tag, from, to)}{condition} GROUP BY time({Number(width)}ns,{Number(((from % width) + width) % width)}ns) fill(none)";

    /// <summary>The condition that the quality lies in a range.</summary>
    public static string QualityFrom(TagDefinition tag, long from, long below) =>
        $" AND {Name(QualityField(tag))} >= {Number(from)}{(below == long.MaxValue ? "" : $" AND {Name(QualityField(tag))} < {Number(below)}")}";

    public static string FieldKeys(string measurement) => $"SHOW FIELD KEYS FROM {Name(measurement)}";

    /// <summary>A name in double quotes.</summary>
    public static string Name(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>UTC ticks as nanoseconds since 1970, kept to what InfluxQL can hold.</summary>
    public static long Nanoseconds(long ticks)
    {
        var since = (Int128)(ticks - DateTime.UnixEpoch.Ticks) * 100;
        return since < Earliest ? Earliest : since > long.MaxValue - 1 ? long.MaxValue - 1 : (long)since;
    }

    /// <summary>Nanoseconds since 1970 as UTC ticks.</summary>
    public static long Ticks(long nanoseconds) => (nanoseconds / 100) + DateTime.UnixEpoch.Ticks;

    private static string Where(TagDefinition tag, long from, long to)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in LineProtocolSeries.TagsOf(tag))
            text.Append(Name(key)).Append(" = ").Append(Text(LineProtocolText.KeyHeld(value))).Append(" AND ");
        return text.Append("time >= ").Append(Number(from)).Append(" AND time < ").Append(Number(to)).ToString();
    }

    private static string Text(string value) => $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
