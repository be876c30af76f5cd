namespace FloorGateway.Simulators.Flow;

/// <summary>
/// What stands at an inlet and is used up little by little: slurry in a day tank, a coil on its spindle. One such part goes into many parents, and ends with the last of it.
/// </summary>
public sealed class Supply
{
    private readonly string _amount;
    private readonly double _standard, _perCycle;

    internal Supply(Inlet inlet, string amount, double standard, double perCycle, double maxAgeHours)
    {
        if (perCycle > standard) throw new ArgumentException($"{inlet.Name}: a cycle needs {perCycle}, a part holds {standard}.", nameof(perCycle));
        Inlet = inlet;
        _amount = amount;
        _standard = standard;
        _perCycle = perCycle;
        MaxAgeHours = maxAgeHours;
    }

    public Inlet Inlet { get; }

    /// <summary>The part in use; null before the first and after the last.</summary>
    public Part? Mounted { get; private set; }

    /// <summary>What is left of it, in the unit of its amount.</summary>
    public double Remaining { get; private set; }

    /// <summary>Parts older than this are thrown away; their age counts from the property <see cref="MadeAt"/>.</summary>
    public double MaxAgeHours { get; }

    /// <summary>Name of the property with the process time of a part's making, in seconds.</summary>
    public const string MadeAt = "MadeAt";

    internal void Mount(Part part)
    {
        Mounted = part;
        Remaining = double.IsNaN(part[_amount]) ? _standard : Math.Max(0, part[_amount]);
        Tell();
    }

    /// <summary>Takes up to <paramref name="amount"/>; returns what was there.</summary>
    internal double Take(double amount)
    {
        var taken = Math.Min(amount, Remaining);
        Remaining -= taken;
        Tell();
        return taken;
    }

    internal Part? Unmount()
    {
        var part = Mounted;
        Mounted = null;
        Remaining = 0;
        Tell();
        return part;
    }

    // With enough for a cycle in place the buffer may be empty.
    private void Tell() => Inlet.IsNeeded = Remaining < _perCycle;
}
