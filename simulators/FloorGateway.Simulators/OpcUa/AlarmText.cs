using System.Globalization;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>What an alarm tells the operator, and which kind of condition it is. From AlarmTexts.tsv: equipment class, tag, kind, input, set point, cause, action.</summary>
/// <param name="Kind">Level, deviation from a set point, or simply off normal.</param>
/// <param name="Limit">Where the alarm is judged by events; null where its own limit says it.</param>
/// <param name="IsHigh">True for a high limit.</param>
/// <param name="Input">Name of the signal it watches; empty for alarms on several or none.</param>
/// <param name="SetPoint">Name of the signal with the wanted value; empty where it is fixed.</param>
/// <param name="Cause">What is probably wrong.</param>
/// <param name="Action">What the operator does.</param>
internal sealed record AlarmText(AlarmKind Kind, double? Limit, bool IsHigh, string Input, string SetPoint, string Cause, string Action)
{
    // What the plant does where nobody wrote a text: by priority.
    private static readonly string[] Actions =
    [
        "", "Keep clear and confirm that the machine is stopped", "Hold, contain the parts since the last good one and call the engineer", "Inspect within the hour", "None, it is for the log",
    ];

    private static readonly Lazy<Dictionary<(string Type, string Tag), AlarmText>> Table = new(Read);

    /// <summary>The text of a unit's alarm; one by its priority when there is none in the table.</summary>
    public static AlarmText Of(EquipmentUnit unit, AlarmBit alarm)
    {
        for (var type = unit.GetType(); type != typeof(EquipmentUnit) && type is not null; type = type.BaseType)
        {
            if (Table.Value.TryGetValue((type.Name, alarm.Tag), out var own)) return own;
        }

        return Table.Value.TryGetValue(("*", alarm.Tag), out var common)
            ? common
            : new(alarm.Limit is null ? AlarmKind.OffNormal : AlarmKind.Level, null, true, "", "", "Cause not described", Actions[alarm.Priority]);
    }

    /// <summary>True when somebody wrote a text for the alarm.</summary>
    public static bool IsWritten(EquipmentUnit unit, AlarmBit alarm) => Of(unit, alarm).Cause != "Cause not described";

    private static Dictionary<(string, string), AlarmText> Read()
    {
        using var stream = typeof(AlarmText).Assembly.GetManifestResourceStream("FloorGateway.Simulators.OpcUa.AlarmTexts.tsv")
            ?? throw new InvalidOperationException("The resource AlarmTexts.tsv is missing from FloorGateway.Simulators. Check its EmbeddedResource item in the project file.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToDictionary(c => (c[0], c[1]), Parse);
    }

    // The kind has the limit behind it where the equipment's own code judges without one: D>0.3.
    private static AlarmText Parse(string[] cells) => new(
        cells[2][0] switch { 'L' => AlarmKind.Level, 'D' => AlarmKind.Deviation, _ => AlarmKind.OffNormal },
        cells[2].Length > 2 ? double.Parse(cells[2].AsSpan(2), CultureInfo.InvariantCulture) : null,
        !cells[2].Contains('<', StringComparison.Ordinal),
        cells[3],
        cells[4],
        cells[5],
        cells[6]);
}

/// <summary>Kinds of alarm, each an OPC UA type of its own.</summary>
internal enum AlarmKind
{
    /// <summary>ExclusiveLevelAlarmType.</summary>
    Level,

    /// <summary>ExclusiveDeviationAlarmType.</summary>
    Deviation,

    /// <summary>OffNormalAlarmType.</summary>
    OffNormal,
}
