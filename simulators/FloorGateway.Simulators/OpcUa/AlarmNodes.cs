using System.Globalization;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Companion;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>
/// Alarms beyond their Booleans. Every server says beside the Boolean what operators did (AckedState, ShelvingState); a server with conditions has an OPC UA alarm
/// for each as well, and it makes no difference through which of the two an operator answers.
/// </summary>
internal static class AlarmNodes
{
    /// <summary>Units with more alarms have conditions without nodes of their own, which are sixty each: a formation rack has 240 alarms.</summary>
    private const int MostConditionsWithNodes = 50;

    /// <summary>As long as the plant lets an operator shelve.</summary>
    private static readonly TimeSpan LongestShelving = TimeSpan.FromHours(1);

    private static readonly ushort[] Severities = [0, 900, 700, 500, 200];

    public static void Add(PublishedUnit published, EquipmentUnit unit, bool conditions)
    {
        var main = published.Objects[unit.MainSubUnit];
        var part = main.AddVariable("PartState", BuiltInType.String, nodeId: new NodeId(published.NamespaceIndex, unit.Code + ".PartState"), description: "Latest decision of Disposition");
        part.Compute(() => Variant.From(unit.DispositionPartState));
        Show(part, "PartId", () => Variant.From(unit.DispositionPartId), BuiltInType.String);
        foreach (var alarm in unit.Alarms)
        {
            var condition = conditions ? AddCondition(published, unit, alarm) : null;
            var bit = published.Node(alarm.Signal);
            Show(bit, "AckedState", () => Variant.From(alarm.IsAcked), BuiltInType.Boolean);
            Show(bit, "ShelvingState", () => Variant.From((condition?.Shelving ?? (alarm.ShelvedUntil == 0 ? ShelvingState.Unshelved : ShelvingState.TimedShelved)).ToString()), BuiltInType.String);
        }
    }

    private static void Show(VariableNode of, string name, Func<Variant> value, BuiltInType type) =>
        of.AddProperty(new QualifiedName(of.Id.NamespaceIndex, name), new NodeId((uint)type), value()).Compute(value);

    private static Condition AddCondition(PublishedUnit published, EquipmentUnit unit, AlarmBit alarm)
    {
        var text = AlarmText.Of(unit, alarm);
        var bit = published.Node(alarm.Signal);
        var source = published.Objects[alarm.Signal.SubUnit];
        var name = source.FindChild(alarm.Tag) is null ? alarm.Tag : alarm.Tag + "_ALARM";
        var message = $"{unit.Code} {alarm.Tag}: {text.Cause}. {text.Action}.";
        var options = new ConditionOptions
        {
            Severity = Severities[alarm.Priority],
            Shelvable = alarm.Priority != 1,
            MaxTimeShelved = LongestShelving,
            Hidden = unit.Alarms.Count > MostConditionsWithNodes,
            NodeId = new NodeId(bit.Id.NamespaceIndex, alarm.Signal.NodeName + EquipmentUnit.ConditionSuffix),
        };
        Condition condition;
        Action<bool> show;
        if (text.Kind != AlarmKind.OffNormal && (alarm.Limit?.Limit ?? text.Limit) is { } limit)
        {
            var judged = new Judged(published, alarm, text, limit);
            var level = source.AddLimitAlarm(name, judged.Options(message, options));
            condition = level.Condition;
            show = active => level.Update(judged.Value(active));
        }
        else
        {
            condition = source.AddCondition(name, options with { Type = ObjectTypeIds.OffNormalAlarmType, InputNode = bit.Id, NormalState = NodeId.Null });
            show = active =>
            {
                if (active) condition.Activate(Severities[alarm.Priority], message);
                else condition.Deactivate($"{unit.Code} {alarm.Tag} is over.");
            };
        }

        alarm.Changed = a => show(a.IsActive);
        Restore(alarm, condition, show);
        Connect(alarm, condition);
        return condition;
    }

    // After a restart of the server the alarm is as it was before. Not connected yet: what the condition goes through on the way must not reach the unit.
    private static void Restore(AlarmBit alarm, Condition condition, Action<bool> show)
    {
        if (alarm.IsActive || !alarm.IsAcked) show(true);
        if (!alarm.IsActive) show(false);
        if (alarm.IsAcked) condition.Acknowledge();
        if (alarm.ShelvedUntil != 0) condition.Shelve(LongestShelving);
    }

    private static void Connect(AlarmBit alarm, Condition condition)
    {
        alarm.EventId = () => Convert.ToHexString(condition.EventId.Span);
        alarm.Answered = (a, words) =>
        {
            if (a.IsAcked && !condition.IsAcked) condition.Acknowledge(words);
            if (a.ShelvedUntil == 0 && condition.Shelving != ShelvingState.Unshelved) condition.Unshelve();
            else if (a.ShelvedUntil != 0 && condition.Shelving == ShelvingState.Unshelved) condition.Shelve(LongestShelving); // the unit's own time ends it before
        };
        condition.OnCalled = (c, _, _) =>
        {
            alarm.IsAcked = c.IsAcked;
            if (c.Shelving == ShelvingState.Unshelved) alarm.ShelvedUntil = 0;
            else if (alarm.ShelvedUntil == 0) alarm.ShelvedUntil = long.MaxValue; // the condition's own timer ends it
        };
    }

    /// <summary>The value of a limit alarm as its condition shows it: the unit decides with its delay when an alarm begins and ends, so the value is brought to that side.</summary>
    private sealed class Judged(PublishedUnit published, AlarmBit alarm, AlarmText text, double limit)
    {
        private readonly VariableNode? _input = Input(published, alarm, text.Input);
        private readonly bool _isHigh = alarm.Limit?.IsHigh ?? text.IsHigh;
        private readonly double _deadband = alarm.Limit?.Deadband ?? Math.Abs(limit) * 0.01;

        public LimitAlarmOptions Options(string message, ConditionOptions options) => new()
        {
            Type = text.Kind == AlarmKind.Deviation ? ObjectTypeIds.ExclusiveDeviationAlarmType : null,
            SetpointNode = text.Kind == AlarmKind.Deviation ? Input(published, alarm, text.SetPoint)?.Id ?? NodeId.Null : null,
            High = _isHigh ? limit : null,
            Low = _isHigh ? null : limit,
            Deadband = _deadband,
            Severity = options.Severity,
            UrgentSeverity = options.Severity,
            Condition = options with { InputNode = _input?.Id ?? NodeId.Null },
            Describe = (level, value) => level == LimitLevel.Normal
                ? $"{published.Unit.Code} {alarm.Tag} is over."
                : string.Create(CultureInfo.InvariantCulture, $"{message} {value:G6} is beyond {limit:G6}."),
        };

        public double Value(bool active)
        {
            var beyond = _isHigh ? 1 : -1;
            var value = alarm.Limit?.Value ?? (_input is { } input && input.GetValue().Value.TryGetDouble(out var number) ? number : double.NaN);
            var least = active ? Next(limit, beyond) : Next(limit - beyond * _deadband, -beyond);
            if (double.IsNaN(value)) return least;
            return active == (beyond > 0) ? Math.Max(value, least) : Math.Min(value, least);
        }

        private static double Next(double value, int direction) => direction > 0 ? double.BitIncrement(value) : double.BitDecrement(value);

        private static VariableNode? Input(PublishedUnit published, AlarmBit alarm, string name) =>
            name.Length == 0 ? null : published.Find(alarm.Signal.SubUnit, name) ?? published.Find(name);
    }
}
