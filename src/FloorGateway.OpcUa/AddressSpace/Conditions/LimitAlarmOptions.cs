using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

/// <summary>Limits and severities of a <see cref="LimitAlarm"/> (OPC 10000-9, 5.8.18). Limits are in the unit of the value.</summary>
public sealed record LimitAlarmOptions
{
    /// <summary>True: one level at a time (ExclusiveLevelAlarmType). False: a state of its own for each limit (NonExclusiveLevelAlarmType).</summary>
    public bool Exclusive { get; init; } = true;

    /// <summary>Another type below ExclusiveLimitAlarmType or NonExclusiveLimitAlarmType, in place of the level alarm.</summary>
    public NodeId? Type { get; init; }

    public double? HighHigh { get; init; }

    public double? High { get; init; }

    public double? Low { get; init; }

    public double? LowLow { get; init; }

    /// <summary>How far the value has to come back over a limit until the level is left: keeps noise at the limit from being a storm of alarms.</summary>
    public double Deadband { get; init; }

    /// <summary>Severity at HighHigh and LowLow.</summary>
    public ushort UrgentSeverity { get; init; } = 800;

    /// <summary>Severity at High and Low.</summary>
    public ushort Severity { get; init; } = 500;

    /// <summary>The variable to watch; null when the application calls <see cref="LimitAlarm.Update"/>.</summary>
    public VariableNode? Input { get; init; }

    /// <summary>The variable with the wanted value; for ExclusiveDeviationAlarmType and NonExclusiveDeviationAlarmType, which must name one (OPC 10000-9, 5.8.22).</summary>
    public NodeId? SetpointNode { get; init; }

    /// <summary>The event's message for a new level and the value that led there; a plain English sentence when null.</summary>
    public Func<LimitLevel, double, string>? Describe { get; init; }

    /// <summary>All else; its Type, Severity and InputNode are taken from here.</summary>
    public ConditionOptions Condition { get; init; } = new();

    internal ConditionOptions ToConditionOptions() => Condition with
    {
        Type = Type ?? (Exclusive ? ObjectTypeIds.ExclusiveLevelAlarmType : ObjectTypeIds.NonExclusiveLevelAlarmType),
        Severity = Severity,
        InputNode = Input?.Id ?? Condition.InputNode,
    };

    /// <summary>The fields that a condition without limits does not have.</summary>
    internal (string Path, Variant Value)[] ToFields()
    {
        var fields = new List<(string, Variant)> { ("ActiveState/EffectiveDisplayName", Text("Inactive")) };
        foreach (var (name, limit) in new[] { ("HighHigh", HighHigh), ("High", High), ("Low", Low), ("LowLow", LowLow) })
        {
            if (limit is not { } value)
                continue;
            fields.Add(($"{name}Limit", Variant.From(value)));
            if (Deadband > 0)
                fields.Add(($"{name}Deadband", Variant.From(Deadband)));

            // A type has either these or the exclusive LimitState; fields that it lacks are passed over.
            fields.Add(($"{name}State", Text($"{name} inactive")));
            fields.Add(($"{name}State/Id", Variant.From(false)));
        }

        if (SetpointNode is { } wanted)
            fields.Add(("SetpointNode", Variant.From(wanted)));
        fields.Add(("LimitState/CurrentState", Text("")));
        fields.Add(("LimitState/CurrentState/Id", Variant.From(NodeId.Null)));
        return [.. fields];

        static Variant Text(string text) => Variant.From(new LocalizedText("en", text));
    }

    internal void Check()
    {
        double[] given = [.. new[] { LowLow, Low, High, HighHigh }.OfType<double>()];
        if (given.Length == 0)
            throw new ArgumentException("A limit alarm needs at least one of HighHigh, High, Low and LowLow.");
        for (var i = 1; i < given.Length; i++)
        {
            if (!(given[i - 1] < given[i]))
                throw new ArgumentException($"Limits must rise from LowLow over Low and High to HighHigh, but {given[i]} does not lie above {given[i - 1]}.");
        }

        if (!(Deadband >= 0))
            throw new ArgumentException($"The deadband of a limit alarm can't be {Deadband}; give 0 for none.");
    }
}
