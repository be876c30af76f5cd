using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.PackMl;

/// <summary>What operators and leaders decide about alarms and about parts that are not OK.</summary>
public abstract partial class EquipmentUnit
{
    /// <summary>Parts that were not OK and are remembered for a decision: a shift of a station with many rejects.</summary>
    private const int RememberedParts = 200;

    /// <summary>What the id of an alarm's condition has behind the id of its Boolean.</summary>
    internal const string ConditionSuffix = ".Condition";

    private readonly Queue<Part> _notOk = new();

    /// <summary>The part of the last decision; empty before the first.</summary>
    public string DispositionPartId { get; private set; } = "";

    /// <summary>What was decided about it: Rework, Scrap or Release; empty before the first decision.</summary>
    public string DispositionPartState { get; private set; } = "";

    /// <summary>The alarm a client means: by tag, by work unit and tag, or by the id of its node or condition.</summary>
    public AlarmBit? FindAlarm(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var name = id[(id.LastIndexOf(";s=", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..];
        if (name.EndsWith(ConditionSuffix, StringComparison.Ordinal)) name = name[..^ConditionSuffix.Length];
        var exact = _alarms.Find(a => name == a.Signal.NodeName || name == $"{Code}.{a.Signal.SubUnit}.{a.Tag}" || name == $"{a.Signal.SubUnit}.{a.Tag}" || name == $"{Code}.{a.Tag}");
        return exact ?? (_alarms.FindAll(a => a.Tag == name) is [var only] ? only : null);
    }

    private void AddOperatorMethods()
    {
        MethodArgument condition = new("conditionId", SignalType.String, "tag of the alarm, with its work unit before it where several have one (TCU3.TCU_FLOW), or its condition's node id");
        AddRemoteMethod(
            "AckAlarm",
            [condition, new("eventId", SignalType.String, "number of the occurrence, or the event's id in hexadecimal; empty for the latest"), new("comment", SignalType.String, "what the operator says")],
            AckAlarm,
            "The alarm is active, or over and not acknowledged yet. Read back: AckedState of the alarm.");
        AddRemoteMethod(
            "Shelve",
            [condition, new("minutes", SignalType.Double, "more than 0, at most 60; 0 takes it from the shelf"), new("reason", SignalType.String, "why, for the record")],
            Shelve,
            "Not for P1 alarms. Read back: ShelvingState of the alarm.");
        AddRemoteMethod(
            "Disposition",
            [
                new("partId", SignalType.String, "a part this machine found not OK"), new("decision", SignalType.String, "Rework, Scrap or Release"),
                new("reason", SignalType.String, "why, for the record"),
            ],
            DecideOnPart,
            "The part is not OK and waits. Read back: PartState.");
    }

    private MethodOutcome AckAlarm(SignalValue[] arguments)
    {
        if (FindAlarm(arguments[0].AsString) is not { } alarm) return UnknownAlarm(arguments[0].AsString);
        if (alarm.IsAcked) return MethodOutcome.WrongState($"{Code}: alarm {alarm.Tag} waits for no acknowledgement.");
        var occurrence = arguments[1].AsString;
        if (occurrence.Length > 0 && occurrence != FormattableString.Invariant($"{alarm.Occurrences}") && !string.Equals(occurrence, alarm.EventId?.Invoke(), StringComparison.OrdinalIgnoreCase))
            return new(MethodOutcome.BadInvalidArgument, $"{Code}: event {occurrence} of alarm {alarm.Tag} is not the latest; read it again.");
        alarm.IsAcked = true;
        alarm.Answered?.Invoke(alarm, arguments[2].AsString);
        return MethodOutcome.Good;
    }

    private MethodOutcome Shelve(SignalValue[] arguments)
    {
        if (FindAlarm(arguments[0].AsString) is not { } alarm) return UnknownAlarm(arguments[0].AsString);
        if (alarm.Priority == 1) return new(MethodOutcome.BadInvalidState, $"{Code}: {alarm.Tag} is P1 and can't be shelved.");
        var minutes = arguments[1].AsDouble;
        if (!(minutes is >= 0 and <= 60)) return new(MethodOutcome.BadOutOfRange, $"{Code}: an alarm is shelved for at most 60 minutes, not {minutes}.");
        if (minutes == 0 && alarm.ShelvedUntil == 0) return MethodOutcome.WrongState($"{Code}: {alarm.Tag} is not shelved.");

        // The operator's minutes, whatever the time scale.
        var until = minutes == 0 ? 0 : Now + Clock.ToProcess(TimeSpan.FromMinutes(minutes));
        alarm.ShelvedUntil = until;
        alarm.Answered?.Invoke(alarm, arguments[2].AsString);
        if (until != 0) At(until, () => Unshelve(alarm, until));
        return MethodOutcome.Good;
    }

    private static void Unshelve(AlarmBit alarm, long until)
    {
        if (alarm.ShelvedUntil != until) return; // shelved anew meanwhile
        alarm.ShelvedUntil = 0;
        alarm.Answered?.Invoke(alarm, "");
    }

    private MethodOutcome UnknownAlarm(string id) =>
        new(MethodOutcome.BadInvalidArgument, $"{Code} has no single alarm '{id}'; it has {string.Join(", ", _alarms.Select(a => $"{a.Signal.SubUnit}.{a.Tag}"))}.");

    private void RememberNotOk(Part part)
    {
        if (_notOk.Count == RememberedParts) _notOk.Dequeue();
        _notOk.Enqueue(part);
    }

    private MethodOutcome DecideOnPart(SignalValue[] arguments)
    {
        var (id, decision, reason) = (arguments[0].AsString, arguments[1].AsString, arguments[2].AsString);
        if (decision is not ("Rework" or "Scrap" or "Release")) return new(MethodOutcome.BadInvalidArgument, $"{Code}: '{decision}' is no decision; use Rework, Scrap or Release.");
        var part = _notOk.LastOrDefault(p => p.Id == id);
        if (part is null) return new(MethodOutcome.BadInvalidArgument, $"{Code}: '{id}' is no part that this machine found not OK lately.");
        if (part.IsGood || part.Fate != PartFate.InStock)
            return MethodOutcome.WrongState($"{Code}: {part} is {(part.Fate == PartFate.InStock ? "OK by now" : part.Fate.ToString())}; there is nothing to decide.");
        var outlet = _outlets.Find(o => o.Waiting.Contains(part) || (o.Buffer?.Parts.Contains(part) ?? false));
        if (outlet is null) return MethodOutcome.WrongState($"{Code}: {part} is in work, it does not wait for a decision.");
        if (decision == "Release" && ReleaseOutlet(part) is null) return MethodOutcome.WrongState($"{Code}: there is no way from here back into the line for {part}.");
        if (decision != "Rework") outlet.TakeBack(part);
        switch (decision)
        {
            case "Scrap":
                Scrap(part, reason);
                break;
            case "Release":
                part.IsGood = true;
                Context.Genealogy.Disposition(part.Id, decision, reason, Code, Clock.ToSource(Now));
                ReleaseOutlet(part)!.Put(part);
                break;
            default:
                Context.Genealogy.Disposition(part.Id, decision, reason, Code, Clock.ToSource(Now));
                break;
        }

        (DispositionPartId, DispositionPartState) = (id, decision);
        return MethodOutcome.Good;
    }

    private Outlet? ReleaseOutlet(Part part) => _outlets.Find(o => o.Name == "out" && o.Kind == part.Kind);
}
