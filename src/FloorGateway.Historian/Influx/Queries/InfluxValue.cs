using System.Text.Json;
using FloorGateway.Model.History;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Influx.Queries;

/// <summary>Points out of the rows of an answer.</summary>
internal static class InfluxValue
{
    /// <summary>
    /// The point of a row with value and quality; null where the row holds neither. A value beside a bad quality is a good point whose time a bad sample had too:
    /// the point stands.
    /// </summary>
    public static HistoryPoint? PointOf(TagDefinition tag, string? fieldType, long nanoseconds, JsonElement value, JsonElement quality)
    {
        var status = quality.ValueKind == JsonValueKind.Number ? (uint)quality.GetInt64() : 0u;
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return quality.ValueKind == JsonValueKind.Number ? new(InfluxQl.Ticks(nanoseconds), TagValue.Null, status) : null;
        return new(InfluxQl.Ticks(nanoseconds), ValueOf(tag.Kind, fieldType, value), StatusQuality.IsBad(status) ? 0 : status);
    }

    private static TagValue ValueOf(ValueKind kind, string? fieldType, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => TagValue.From(value.GetBoolean()),
        JsonValueKind.String when kind == ValueKind.Bytes && value.TryGetBytesFromBase64(out var bytes) => TagValue.From(bytes),
        JsonValueKind.String => TagValue.From(value.GetString()),
        JsonValueKind.Number => NumberOf(kind, fieldType, value),
        _ => TagValue.Null,
    };

    // JSON shows 3.0 and 3 alike: the field's type tells them apart, and the tag's kind tells what of line protocol's few types it was.
    private static TagValue NumberOf(ValueKind kind, string? fieldType, JsonElement value) => fieldType switch
    {
        "integer" when kind == ValueKind.UInt64 => TagValue.From((ulong)value.GetInt64()),
        "integer" when kind == ValueKind.DateTime => TagValue.From(new DateTime(InfluxQl.Ticks(value.GetInt64()), DateTimeKind.Utc)),
        "integer" => TagValue.From(value.GetInt64()),
        "unsigned" => TagValue.From(value.GetUInt64()),
        _ when kind == ValueKind.Single => TagValue.From((float)value.GetDouble()),
        _ => TagValue.From(value.GetDouble()),
    };
}
