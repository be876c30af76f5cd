namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Parts waiting between stations, first in, first out. Stations that wait for a part or for room are told in the order in which they were connected.
/// </summary>
public sealed class PartBuffer
{
    private readonly Queue<Part> _parts = new();
    private readonly List<Inlet> _takers = [];
    private readonly List<Outlet> _givers = [];

    /// <param name="name">For people: "castings", "painted bodies".</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="capacity">Parts it can hold.</param>
    /// <param name="passesOn">When it is full, the oldest parts go to machines that are not part of the run, so that it always has room.</param>
    public PartBuffer(string name, PartKind kind, int capacity, bool passesOn = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Name = name;
        Kind = kind;
        Capacity = capacity;
        PassesOn = passesOn;
    }

    public string Name { get; }

    public PartKind Kind { get; }

    public int Capacity { get; }

    public int Count => _parts.Count;

    /// <summary>True where the oldest parts leave a full buffer for machines that are not part of the run.</summary>
    public bool PassesOn { get; }

    /// <summary>Parts there is room for.</summary>
    public int Room => PassesOn ? Capacity : Capacity - _parts.Count;

    /// <summary>Parts that ever came in, those it began with included.</summary>
    public long Entered { get; private set; }

    /// <summary>The parts, oldest first.</summary>
    public IReadOnlyCollection<Part> Parts => _parts;

    /// <summary>Stock of earlier days: parts it holds before anything runs.</summary>
    public void Fill(IEnumerable<Part> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (var part in parts) Enqueue(part);
    }

    internal void Connect(Inlet inlet) => _takers.Add(inlet);

    internal void Connect(Outlet outlet) => _givers.Add(outlet);

    internal void Put(Outlet from, Part part)
    {
        if (_parts.Count == Capacity && PassesOn) from.Ship(_parts.Dequeue());
        Enqueue(part);
        foreach (var taker in _takers) from.Owner.PostTo(taker.Owner, taker.Changed);
    }

    internal Part Take(Inlet by)
    {
        var part = _parts.Dequeue();
        foreach (var giver in _givers) by.Owner.PostTo(giver.Owner, giver.Changed);
        return part;
    }

    /// <summary>Takes one part out of the row: somebody decided about it while it waited.</summary>
    internal void Remove(Outlet by, Part part)
    {
        var others = _parts.Where(p => p != part).ToArray();
        if (others.Length == _parts.Count) return;
        _parts.Clear();
        foreach (var other in others) _parts.Enqueue(other);
        foreach (var giver in _givers) by.Owner.PostTo(giver.Owner, giver.Changed);
    }

    private void Enqueue(Part part)
    {
        if (part.Kind != Kind) throw new ArgumentException($"{part} does not belong into the buffer of {Kind} '{Name}'.", nameof(part));
        if (Room <= 0) throw new InvalidOperationException($"Buffer '{Name}' is full with {Capacity}; ask for room before putting {part} into it.");
        _parts.Enqueue(part);
        Entered++;
    }
}
