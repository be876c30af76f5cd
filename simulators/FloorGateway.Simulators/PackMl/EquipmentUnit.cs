using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.PackMl;

/// <summary>
/// What every machine has in common: the common signals, the PackML state machine with acting states, alarm bits,
/// breakdowns and a simulated operator. The common methods are in the other part of the class.
/// </summary>
public abstract partial class EquipmentUnit : Unit
{
    private readonly RandomStream _machine;
    private readonly List<AlarmBit> _alarms = [];
    private readonly Reliability _reliability;
    private ScheduledEvent? _acting;
    private ScheduledEvent? _breakdown;
    private double _untilBreakdown;
    private double _executeSince = double.NaN;
    private ScheduledEvent? _operator;

    /// <param name="code">Cell code.</param>
    /// <param name="location">ISA-95 path of the cell.</param>
    /// <param name="mainSubUnit">Work unit that carries the common signals.</param>
    /// <param name="recipes">Released recipes; the first is loaded.</param>
    /// <param name="reliability">Breakdown behaviour.</param>
    /// <param name="context">Seed, clock and sink.</param>
    protected EquipmentUnit(string code, string location, string mainSubUnit, IReadOnlyList<string> recipes, Reliability reliability, UnitContext context)
        : base(code, location, mainSubUnit, context)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        ArgumentNullException.ThrowIfNull(reliability);
        _machine = Stream("machine");
        _reliability = reliability;
        _recipes = recipes;
        State = Add(MainSubUnit, "State", (int)PackMlState.Stopped, new() { DisplayName = "状态" });
        Step = Add(MainSubUnit, "Step", 0, new() { DisplayName = "步骤" });
        Mode = Add(MainSubUnit, "Mode", 1, new() { DisplayName = "模式" });
        PartId = Add(MainSubUnit, "PartId", "", new() { DisplayName = "零件编号" });
        RecipeId = Add(MainSubUnit, "RecipeId", recipes[0], new() { DisplayName = "配方" });
        JobId = Add(MainSubUnit, "JobId", "");
        CycleTime = Add(MainSubUnit, "CycleTime", 0.0, new() { Unit = "SEC", Low = 0, High = 100_000, Resolution = 0.01, DisplayName = "节拍" });
        GoodCount = Add(MainSubUnit, "GoodCount", 0u, new() { DisplayName = "合格数" });
        RejectCount = Add(MainSubUnit, "RejectCount", 0u, new() { DisplayName = "不合格数" });
        Heartbeat = Add(MainSubUnit, "Heartbeat", (ushort)0);
        RemoteAllowed = Add(MainSubUnit, "RemoteAllowed", true);
        StopReason = Add(MainSubUnit, "StopReason", 0);
        Blocked = Add(MainSubUnit, "Blocked", false);
        Starved = Add(MainSubUnit, "Starved", false);
        GuardClosed = Add(MainSubUnit, "GuardClosed", true);
        AddCommonMethods();
    }

    /// <summary>StopReason of a breakdown; below are 1 operator, 2 remote command, 10 + priority for an alarm.</summary>
    protected const int BreakdownReason = 20;

    /// <summary>StopReason of a jam.</summary>
    protected const int JamReason = 21;

    public Signal<int> State { get; }
    public Signal<int> Step { get; }
    public Signal<int> Mode { get; }
    public Signal<string> PartId { get; }
    public Signal<string> RecipeId { get; }
    public Signal<string> JobId { get; }
    public Signal<double> CycleTime { get; }
    public Signal<uint> GoodCount { get; }
    public Signal<uint> RejectCount { get; }
    public Signal<ushort> Heartbeat { get; }
    public Signal<bool> RemoteAllowed { get; }
    public Signal<int> StopReason { get; }
    public Signal<bool> Blocked { get; }
    public Signal<bool> Starved { get; }
    public Signal<bool> GuardClosed { get; }

    /// <summary>The present PackML state.</summary>
    public PackMlState PackMl => (PackMlState)State.Value;

    /// <summary>The unit's alarms.</summary>
    public IReadOnlyList<AlarmBit> Alarms => _alarms;

    /// <summary>Parts after which the unit goes to Complete; 0 runs for ever.</summary>
    public uint JobQuantity { get; set; }

    /// <summary>Fires a command from inside the equipment (line logic, process faults); false when the state does not take it.</summary>
    protected internal bool Fire(PackMlCommand command)
    {
        if (!PackMlTransitions.TryNext(PackMl, command, out var next)) return false;
        Enter(next);
        return true;
    }

    /// <summary>Declares an alarm bit <c>Alarm.TAG</c>.</summary>
    protected AlarmBit Alarm(string subUnit, string tag, int priority, bool latched = false)
    {
        var bit = new AlarmBit(Add(subUnit, "Alarm." + tag, false), tag, priority, latched, OnAlarm);
        _alarms.Add(bit);
        return bit;
    }

    /// <summary>True when the unit's own conditions let an acting state end (warm-up, a shot that must finish).</summary>
    protected virtual bool MayComplete(PackMlState acting) => true;

    /// <summary>Execute was entered: start or continue the process.</summary>
    protected abstract void OnExecute();

    /// <summary>Execute was left for <paramref name="next"/>: freeze (Holding, Suspending, Stopping, Completing) or drop everything (Aborting).</summary>
    protected abstract void OnLeaveExecute(PackMlState next);

    /// <summary>Stopped, Aborted or Complete was reached: what was in the machine is given up.</summary>
    protected abstract void OnEnded(PackMlState ended);

    /// <summary>
    /// Call at the end of each cycle: completes the job, suspends when starved or blocked; true when the next cycle may start.
    /// </summary>
    protected bool ContinueAfterCycle()
    {
        if (PackMl != PackMlState.Execute) return false;
        if (JobQuantity > 0 && GoodCount.Value >= JobQuantity) return !Fire(PackMlCommand.Complete);
        return GoOnOrSuspend();
    }

    /// <summary>Duration of a cycle: nominal with 2 % lognormal jitter, and now and then a minor stop of 20 to 90 s.</summary>
    protected double DrawCycle(double nominalSeconds)
    {
        var seconds = nominalSeconds * _machine.LogNormal(1, 0.02);
        return _machine.Chance(0.01) ? seconds + _machine.Uniform(20, 90) : seconds;
    }

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        _untilBreakdown = _machine.Exponential(_reliability.MtbfHours * 3600);
        Beat();
        if (Context.Operator) OperatorAfter(1);
    }

    private void Enter(PackMlState next)
    {
        var previous = PackMl;
        _acting?.Cancel();
        _acting = null;
        State.Set((int)next);
        if (previous == PackMlState.Execute) LeftExecute(next);
        if (PackMl != next) return;
        if (PackMlTransitions.IsActing(next)) _acting = After(_machine.Uniform(1, 5), CompleteActing);
        if (next is PackMlState.Clearing or PackMlState.Unholding) ClearLatchedAlarms();
        if (next is PackMlState.Stopped or PackMlState.Aborted or PackMlState.Complete) OnEnded(next);
        if (next == PackMlState.Suspended) PartsMoved();
        if (next != PackMlState.Execute) return;
        _waitsForParts = false;
        StopReason.Set(0);
        _executeSince = Seconds;
        if (Context.Breakdowns) _breakdown = After(_untilBreakdown, BreakDown);
        OnExecute();
    }

    private void LeftExecute(PackMlState next)
    {
        _breakdown?.Cancel();
        _untilBreakdown = Math.Max(1, _untilBreakdown - (Seconds - _executeSince));
        OnLeaveExecute(next);
    }

    private void CompleteActing()
    {
        if (MayComplete(PackMl)) Fire(PackMlCommand.StateComplete);
        else _acting = After(0.5, CompleteActing);
    }

    private void BreakDown()
    {
        _untilBreakdown = _machine.Exponential(_reliability.MtbfHours * 3600);
        _executeSince = Seconds;
        Fault(BreakdownReason, PackMlCommand.Hold);
    }

    /// <summary>False for an alarm that only informs whatever its priority: a gas alarm on which another system acts, a room that must go on.</summary>
    protected virtual bool StopsFor(AlarmBit alarm) => true;

    private void OnAlarm(AlarmBit alarm)
    {
        if (!StopsFor(alarm)) return;
        if (alarm.Priority == 1) Fault(11, PackMlCommand.Abort);
        else if (alarm.Priority == 2 && PackMl == PackMlState.Execute) Fault(12, PackMlCommand.Hold);
    }

    /// <summary>Something is stuck: the machine holds until the operator has freed it.</summary>
    protected internal void Jam()
    {
        if (PackMl == PackMlState.Execute) Fault(JamReason, PackMlCommand.Hold);
    }

    /// <summary>What was stuck is free again; the machine goes on if nothing else holds it.</summary>
    internal void FreeJam()
    {
        if (StopReason.Value == JamReason) Fire(PackMlCommand.Unhold);
    }

    private void Fault(int reason, PackMlCommand command)
    {
        StopReason.Set(reason);
        Fire(command);
        if (Context.Operator) OperatorAfter(_machine.LogNormalWithMean(_reliability.MttrMinutes * 60, _reliability.RepairSigmaLog));
    }

    private void ClearLatchedAlarms()
    {
        foreach (var alarm in _alarms)
        {
            if (alarm.Latched) alarm.Clear();
        }
    }

    private void OperatorAfter(double seconds)
    {
        _operator?.Cancel();
        _operator = After(seconds, Operate);
    }

    // The operator at the machine repairs what was faulty and walks it back to Execute, one command at a time.
    private void Operate()
    {
        _operator = null;
        switch (PackMl)
        {
            case PackMlState.Aborted: Fire(PackMlCommand.Clear); break;
            case PackMlState.Stopped or PackMlState.Complete: Fire(PackMlCommand.Reset); break;
            case PackMlState.Idle: Fire(PackMlCommand.Start); break;
            case PackMlState.Held: Fire(PackMlCommand.Unhold); break;
            case PackMlState.Execute or PackMlState.Suspended: return;
            default: break;
        }

        OperatorAfter(2);
    }

    private void OperatorStandsBack()
    {
        _operator?.Cancel();
        _operator = null;
    }

    // The heartbeat shows that the controller lives, so it beats on the wall clock whatever the time scale.
    private void Beat() => At(Now + Clock.ToProcess(TimeSpan.FromSeconds(1)), () =>
    {
        Heartbeat.Set(unchecked((ushort)(Heartbeat.Value + 1)));
        Beat();
    });
}
