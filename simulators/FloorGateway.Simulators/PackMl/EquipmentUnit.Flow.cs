using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.PackMl;

/// <summary>Where parts come from and go to. Without them a machine in Execute suspends itself at the end of its cycle, and goes on by itself.</summary>
public abstract partial class EquipmentUnit
{
    private readonly List<Inlet> _inlets = [];
    private readonly List<Outlet> _outlets = [];
    private bool _inputHeld, _outputHeld, _waitsForParts;

    /// <summary>Where the unit takes parts, in order of declaration.</summary>
    public IReadOnlyList<Inlet> Inlets => _inlets;

    /// <summary>Where the unit puts parts, in order of declaration.</summary>
    public IReadOnlyList<Outlet> Outlets => _outlets;

    /// <summary>Parts inside the machine, those of its carriers not counted; for the conservation of parts.</summary>
    public virtual IEnumerable<Part> InWork => [];

    /// <summary>Line logic: false makes the unit suspend as Starved at its next cycle end, true lets it go on.</summary>
    public void SetInputAvailable(bool available)
    {
        _inputHeld = !available;
        if (IsFlowReady()) GoOn();
    }

    /// <summary>Line logic: false makes the unit suspend as Blocked at its next cycle end, true lets it go on.</summary>
    public void SetOutputAvailable(bool available)
    {
        _outputHeld = !available;
        if (IsFlowReady()) GoOn();
    }

    /// <summary>Declares where parts come from.</summary>
    /// <param name="name">For wiring and messages.</param>
    /// <param name="kind">What it takes.</param>
    /// <param name="standalone">Makes a part while nothing is connected.</param>
    /// <param name="need">Parts a cycle takes.</param>
    protected Inlet In(string name, PartKind kind, Func<Part> standalone, int need = 1)
    {
        var inlet = new Inlet(this, name, kind, need, standalone, PartsMoved);
        _inlets.Add(inlet);
        return inlet;
    }

    /// <summary>Declares where parts go to; while nothing is connected they leave the plant.</summary>
    protected Outlet Out(string name, PartKind kind, int need = 1)
    {
        var outlet = new Outlet(this, name, kind, need, Context.Parts, PartsMoved);
        _outlets.Add(outlet);
        return outlet;
    }

    /// <summary>True when a cycle can start as far as parts go; sets Starved and Blocked.</summary>
    protected bool IsFlowReady()
    {
        Starved.Set(_inputHeld || _inlets.Exists(i => !i.IsReady));
        Blocked.Set(_outputHeld || _outlets.Exists(o => !o.IsReady));
        return !Starved.Value && !Blocked.Value;
    }

    /// <summary>The part goes into another, and is on record there.</summary>
    protected void Consume(Part child, Part parent, int position)
    {
        Context.Parts.End(child, PartFate.Consumed);
        Context.Genealogy.Consumed(child.Id, parent.Id, position, Code, Clock.ToSource(Now));
    }

    /// <summary>The part is thrown away; its record stays.</summary>
    protected void Scrap(Part part, string reason)
    {
        Context.Parts.End(part, PartFate.Scrapped);
        Context.Genealogy.Disposition(part.Id, "Scrap", reason, Code, Clock.ToSource(Now));
    }

    /// <summary>The station's verdict on a part.</summary>
    protected void Judge(Part part, string resultId, bool ok, string text = "")
    {
        part.IsGood = ok;
        Context.Genealogy.Result(part.Id, resultId, ok, Code, Clock.ToSource(Now), text);
    }

    /// <summary>True when a cycle may start; otherwise the unit suspends until parts or room are there.</summary>
    protected bool GoOnOrSuspend()
    {
        if (IsFlowReady()) return true;
        _waitsForParts = true;
        Fire(PackMlCommand.Suspend);
        return false;
    }

    // Who waits for nothing learns at the end of its cycle what is missing: a busy or stopped machine is not starved.
    private void PartsMoved()
    {
        if (_waitsForParts && IsFlowReady()) GoOn();
    }

    // Also called when Suspended is reached: the part may have come while the machine was still suspending.
    private void GoOn()
    {
        if (PackMl == PackMlState.Suspended && _waitsForParts) Fire(PackMlCommand.Unsuspend);
    }
}
