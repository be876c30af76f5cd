using System.Globalization;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

/// <summary>The level of a limit alarm.</summary>
public enum LimitLevel
{
    Normal,
    HighHigh,
    High,
    Low,
    LowLow,
}

/// <summary>An alarm on a value that leaves its limits (OPC 10000-9, 5.8.18 to 5.8.20). <see cref="Condition"/> has the rest.</summary>
public sealed class LimitAlarm : IValueSubscriber
{
    private static readonly NodeId[] States =
    [
        NodeId.Null, ObjectIds.ExclusiveLimitStateMachineType_HighHigh, ObjectIds.ExclusiveLimitStateMachineType_High,
        ObjectIds.ExclusiveLimitStateMachineType_Low, ObjectIds.ExclusiveLimitStateMachineType_LowLow,
    ];

    private readonly Lock gate = new();
    private readonly LimitAlarmOptions options;
    private readonly TwoStateSlots[] levels;
    private readonly int currentState;
    private readonly int currentStateId;
    private readonly int effectiveName;

    internal LimitAlarm(Condition condition, LimitAlarmOptions options)
    {
        (Condition, this.options) = (condition, options);
        var type = condition.Type;
        currentState = type.StandardSlot("LimitState/CurrentState");
        currentStateId = type.StandardSlot("LimitState/CurrentState/Id");
        effectiveName = type.StandardSlot("ActiveState/EffectiveDisplayName");
        levels = [.. Enum.GetNames<LimitLevel>().Select(name => TwoStateSlots.Of(type, name + "State"))];
        options.Input?.Subscribe(this);
    }

    /// <summary>Its condition, with acknowledgement, shelving and all else.</summary>
    public Condition Condition { get; }

    public LimitLevel Level { get; private set; }

    /// <summary>Compares a value with the limits; a change of level is an event. A value without a number, or of bad quality, changes nothing.</summary>
    public void Update(double value)
    {
        if (double.IsNaN(value))
            return;
        lock (gate)
        {
            var level = LevelOf(value);
            if (level == Level)
                return;
            var before = Level;
            Level = level;
            var urgent = level is LimitLevel.HighHigh or LimitLevel.LowLow;
            var text = options.Describe is { } describe ? describe(level, value)
                : level == LimitLevel.Normal
                ? string.Create(CultureInfo.InvariantCulture, $"{Condition.Name} is normal again at {value:G6}")
                : string.Create(CultureInfo.InvariantCulture, $"{Condition.Name} is {level} at {value:G6} (limit {LimitOf(level):G6})");

            // From HighHigh down to High nothing got worse: what was acknowledged stays so.
            var isRelief = (before, level) is (LimitLevel.HighHigh, LimitLevel.High) or (LimitLevel.LowLow, LimitLevel.Low);
            Condition.Change(
                level != LimitLevel.Normal,
                level != LimitLevel.Normal && !isRelief,
                level == LimitLevel.Normal ? null : urgent ? options.UrgentSeverity : options.Severity,
                text,
                FieldsOf(before, level));
        }
    }

    void IValueSubscriber.OnValueChanged(in Variant value, StatusCode status, long sourceTicks, long serverTicks, bool changed)
    {
        if (!status.IsBad && value.TryGetDouble(out var number))
            Update(number);
    }

    /// <summary>Takes the alarm and its nodes away and stops watching its input.</summary>
    public void Remove()
    {
        options.Input?.Unsubscribe(this);
        Condition.Remove();
    }

    private (int Slot, Variant Value)[] FieldsOf(LimitLevel before, LimitLevel level)
    {
        var fields = new List<(int, Variant)> { (effectiveName, Text(level == LimitLevel.Normal ? "Inactive" : level.ToString())) };
        if (currentState >= 0)
        {
            fields.Add((currentState, Text(level == LimitLevel.Normal ? "" : level.ToString())));
            fields.Add((currentStateId, Variant.From(States[(int)level])));
        }
        else
        {
            AddLevel(fields, LimitLevel.HighHigh, options.HighHigh, before, level);
            AddLevel(fields, LimitLevel.High, options.High, before, level);
            AddLevel(fields, LimitLevel.Low, options.Low, before, level);
            AddLevel(fields, LimitLevel.LowLow, options.LowLow, before, level);
        }

        return [.. fields];
    }

    private void AddLevel(List<(int, Variant)> fields, LimitLevel state, double? limit, LimitLevel before, LimitLevel now)
    {
        var active = Holds(state, now);
        if (limit is null || active == Holds(state, before))
            return;
        var slots = levels[(int)state];
        fields.Add((slots.State, Text(active ? $"{state} active" : $"{state} inactive")));
        fields.Add((slots.Id, Variant.From(active)));
        fields.Add((slots.Transition, Variant.FromDateTimeTicks(Condition.Source.Space.Clock.GetUtcNow().UtcTicks)));
    }

    // At HighHigh the limit below is exceeded too: both states are active (5.8.20).
    private static bool Holds(LimitLevel state, LimitLevel level) =>
        state == level || (state, level) is (LimitLevel.High, LimitLevel.HighHigh) or (LimitLevel.Low, LimitLevel.LowLow);

    // A level is left only when the value has come back by the deadband.
    private LimitLevel LevelOf(double value)
    {
        if (value > options.HighHigh - (Level == LimitLevel.HighHigh ? options.Deadband : 0))
            return LimitLevel.HighHigh;
        if (value > options.High - (Level is LimitLevel.High or LimitLevel.HighHigh ? options.Deadband : 0))
            return LimitLevel.High;
        if (value < options.LowLow + (Level == LimitLevel.LowLow ? options.Deadband : 0))
            return LimitLevel.LowLow;
        if (value < options.Low + (Level is LimitLevel.Low or LimitLevel.LowLow ? options.Deadband : 0))
            return LimitLevel.Low;
        return LimitLevel.Normal;
    }

    private double LimitOf(LimitLevel level) => level switch
    {
        LimitLevel.HighHigh => options.HighHigh,
        LimitLevel.High => options.High,
        LimitLevel.Low => options.Low,
        _ => options.LowLow,
    } ?? 0;

    private static Variant Text(string text) => Variant.From(new LocalizedText("en", text));
}
