using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.PackMl;

/// <summary>Where parts come from and go to. Without them a machine in Execute suspends itself at the end of its cycle, and goes on by itself.</summary>
public abstract partial class EquipmentUnit
{
    /// <summary>A part is reworked twice at most; the third NotOK makes it scrap.</summary>
    protected const int MaxReworks = 2;

    private readonly List<Inlet> _inlets = [];
    private readonly List<Outlet> _outlets = [];
    private readonly List<Supply> _supplies = [];
    private bool _inputHeld, _outputHeld, _waitsForParts;

    /// <summary>Where the unit takes parts, in order of declaration.</summary>
    public IReadOnlyList<Inlet> Inlets => _inlets;

    /// <summary>Where the unit puts parts, in order of declaration.</summary>
    public IReadOnlyList<Outlet> Outlets => _outlets;

    /// <summary>Parts inside the machine, those of its carriers not counted; for the conservation of parts.</summary>
    public virtual IEnumerable<Part> InWork => [];

    /// <summary>Parts in work and finished ones that wait at an outlet.</summary>
    public IEnumerable<Part> PartsInside => InWork.Concat(_outlets.SelectMany(o => o.Waiting));

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

    /// <summary>Declares that the parts of an inlet are used up little by little.</summary>
    /// <param name="inlet">Where they come from.</param>
    /// <param name="amount">The part's property that says how much it holds.</param>
    /// <param name="standard">How much a part holds that does not say.</param>
    /// <param name="perCycle">What must be there before a cycle starts.</param>
    /// <param name="maxAgeHours">Older parts are scrapped instead of used.</param>
    protected Supply Supplied(Inlet inlet, string amount, double standard, double perCycle, double maxAgeHours = double.PositiveInfinity)
    {
        var supply = new Supply(inlet, amount, standard, perCycle, maxAgeHours);
        _supplies.Add(supply);
        return supply;
    }

    /// <summary>Uses some of a supply for a parent: every part that gives to it is on record there, and those used up are gone. What an empty inlet does not give is left out.</summary>
    protected void Use(Supply supply, double amount, Part parent, int position)
    {
        while (amount > 1e-9)
        {
            if (supply.Mounted is null)
            {
                if (supply.Inlet.Available == 0) return;
                supply.Mount(supply.Inlet.Take());
            }

            var part = supply.Mounted!;
            amount -= supply.Take(amount);
            Link(part, parent, position);
            if (supply.Remaining <= 1e-9) Context.Parts.End(supply.Unmount()!, PartFate.Consumed);
        }
    }

    /// <summary>True when a cycle can start as far as parts go; sets Starved and Blocked.</summary>
    protected bool IsFlowReady()
    {
        foreach (var supply in _supplies) ScrapExpired(supply);
        Starved.Set(_inputHeld || !HasInput());
        Blocked.Set(_outputHeld || _outlets.Exists(o => !o.IsReady));
        return !Starved.Value && !Blocked.Value;
    }

    /// <summary>True when there is enough at the inlets for a cycle. A machine with a magazine of its own looks, and may take, what it needs.</summary>
    protected virtual bool HasInput() => _inlets.TrueForAll(i => i.IsReady);

    /// <summary>The part goes into another, and is on record there.</summary>
    protected void Consume(Part child, Part parent, int position)
    {
        Context.Parts.End(child, PartFate.Consumed);
        Link(child, parent, position);
    }

    /// <summary>Some of the part goes into another: on record, but the rest of it is still there.</summary>
    protected void Link(Part child, Part parent, int position) =>
        Context.Genealogy.Consumed(child.Id, parent.Id, position, Code, Clock.ToSource(Now));

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
        if (!ok) RememberNotOk(part);
        Context.Genealogy.Result(part.Id, resultId, ok, Code, Clock.ToSource(Now), text);
    }

    /// <summary>Decides about a part that was not OK: rework, or scrap after <see cref="MaxReworks"/>. True for rework; the caller sends it there.</summary>
    protected bool MayRework(Part part, string reason)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part.Reworks >= MaxReworks)
        {
            Scrap(part, reason);
            return false;
        }

        part.Reworks++;
        Context.Genealogy.Disposition(part.Id, "Rework", reason, Code, Clock.ToSource(Now));
        return true;
    }

    /// <summary>A judged part leaves: a good one to <paramref name="next"/>, another to <paramref name="rework"/> or to scrap.</summary>
    protected void PassOn(Part part, Outlet next, Outlet rework, string reason)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(rework);
        if (part.IsGood) next.Put(part);
        else if (MayRework(part, reason)) rework.Put(part);
    }

    /// <summary>True when a cycle may start; otherwise the unit suspends until parts or room are there.</summary>
    protected bool GoOnOrSuspend()
    {
        if (IsFlowReady()) return true;
        _waitsForParts = true;
        Fire(PackMlCommand.Suspend);
        return false;
    }

    private void ScrapExpired(Supply supply)
    {
        if (supply.Mounted is { } mounted && IsExpired(mounted)) Scrap(supply.Unmount()!, "too old");
        while (supply.Inlet.Next is { } next && IsExpired(next)) Scrap(supply.Inlet.Take(), "too old");

        bool IsExpired(Part part) => Seconds - part[Supply.MadeAt] > supply.MaxAgeHours * 3600;
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
