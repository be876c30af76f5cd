namespace FloorGateway.Simulators.Flow;

/// <summary>One part, lot or carrier. Made by <see cref="PartBook.Make"/>, so that every one is counted.</summary>
public sealed class Part
{
    private Dictionary<string, double>? _values;

    internal Part(string id, PartKind kind, string model)
    {
        Id = id;
        Kind = kind;
        Model = model;
    }

    /// <summary>The id on its label: casting id, VIN, battery code, lot, roll or tray number.</summary>
    public string Id { get; }

    public PartKind Kind { get; }

    /// <summary>Variant, for example S120 or L110; empty where there is one only, or as long as the build sheet leaves it open.</summary>
    public string Model { get; set; }

    public PartFate Fate { get; internal set; }

    /// <summary>Times it went through rework.</summary>
    public int Reworks { get; set; }

    /// <summary>False from a NotOK result until rework or disposition.</summary>
    public bool IsGood { get; set; } = true;

    /// <summary>What a carrier carries (the cells of a tray), in order of position; empty for others.</summary>
    public List<Part> Contents { get; } = [];

    /// <summary>A measured property that later stations need, for example Capacity in ampere-hours; NaN where it was never measured.</summary>
    public double this[string name]
    {
        get => _values is not null && _values.TryGetValue(name, out var value) ? value : double.NaN;
        set => (_values ??= new(StringComparer.Ordinal))[name] = value;
    }

    public override string ToString() => $"{Kind} {Id}";
}
