using System.Text.Json;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Hmi.Api;

/// <summary>Tags and samples as JSON.</summary>
internal static class TagJson
{
    /// <summary>OPC UA BadWaitingForInitialData: what a tag is before its first sample.</summary>
    private const uint BadWaitingForInitialData = 0x80320000;

    /// <summary>The members of a tag's latest sample: value, quality, status and its name, time (of the source).</summary>
    /// <param name="writer">Inside an object.</param>
    /// <param name="sample">Null = none since start.</param>
    public static void WriteSample(Utf8JsonWriter writer, in Sample? sample)
    {
        if (sample is not { } known)
        {
            writer.WriteNull("value");
            WriteQuality(writer, BadWaitingForInitialData);
            writer.WriteNull("time");
            return;
        }

        writer.WritePropertyName("value");
        TagValueJson.Write(writer, in known.Value);
        WriteQuality(writer, known.Status);
        writer.WriteString("time", new DateTime(known.SourceTime, DateTimeKind.Utc));
    }

    /// <summary>The members that do not change: path, signal, unitPath, server, unit and range of the tag's values.</summary>
    public static void WriteDefinition(Utf8JsonWriter writer, TagDefinition tag)
    {
        writer.WriteString("path", tag.Path);
        writer.WriteString("unitPath", tag.UnitPath);
        writer.WriteString("signal", tag.Signal);
        writer.WriteString("server", tag.Server);
        writer.WriteString("equipmentType", tag.EquipmentType);
        writer.WriteString("unit", tag.UnitSymbol ?? tag.UnitCode);
        if (!double.IsNaN(tag.Low))
            writer.WriteNumber("low", tag.Low);
        if (!double.IsNaN(tag.High))
            writer.WriteNumber("high", tag.High);
        if (tag.Description is not null)
            writer.WriteString("description", tag.Description);
        if (tag.Safety)
            writer.WriteBoolean("safety", true);
    }

    public static void WriteQuality(Utf8JsonWriter writer, uint status)
    {
        writer.WriteString("quality", StatusQuality.Of(status) switch { Quality.Good => "Good"u8, Quality.Uncertain => "Uncertain"u8, _ => "Bad"u8 });
        writer.WriteNumber("status", status);
        writer.WriteString("statusName", StatusNames.Of(status));
    }
}
