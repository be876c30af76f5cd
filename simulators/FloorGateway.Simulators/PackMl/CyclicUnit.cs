using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.PackMl;

/// <summary>A machine whose Execute state repeats one cycle of steps: freezing, thawing and giving up follow from the state.</summary>
public abstract class CyclicUnit : EquipmentUnit
{
    private int _generation;

    /// <inheritdoc cref="EquipmentUnit(string, string, string, IReadOnlyList{string}, Reliability, UnitContext)"/>
    protected CyclicUnit(string code, string location, string mainSubUnit, IReadOnlyList<string> recipes, Reliability reliability, UnitContext context)
        : base(code, location, mainSubUnit, recipes, reliability, context) =>
        Cycle = new StepSequence(this, Step, OnCycleDone);

    /// <summary>The cycle; add its steps in the constructor.</summary>
    protected StepSequence Cycle { get; }

    /// <inheritdoc/>
    protected override bool MayComplete(PackMlState acting) =>
        acting is not (PackMlState.Holding or PackMlState.Suspending or PackMlState.Stopping or PackMlState.Completing) || Cycle.IsAtRest;

    /// <inheritdoc/>
    protected override void OnExecute()
    {
        if (Cycle.InCycle || GoOnOrSuspend()) Cycle.Run();
    }

    /// <inheritdoc/>
    protected override void OnLeaveExecute(PackMlState next)
    {
        if (next == PackMlState.Aborting) GiveUp();
        else Cycle.Freeze();
    }

    /// <inheritdoc/>
    protected override void OnEnded(PackMlState ended) => GiveUp();

    /// <summary>Called after the last step of a cycle.</summary>
    protected abstract void OnCycleDone();

    /// <summary>The part in work is lost: bring the machine to rest and report what is scrap. May be called with nothing in work.</summary>
    protected abstract void Drop();

    /// <summary>Schedules an action that is forgotten when the cycle is given up.</summary>
    protected void InThisCycle(double seconds, Action action)
    {
        var generation = _generation;
        After(seconds, () =>
        {
            if (generation == _generation) action();
        });
    }

    private void GiveUp()
    {
        Drop();
        _generation++;
        Cycle.Cancel();
    }
}
