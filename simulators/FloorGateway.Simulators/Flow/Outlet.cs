using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Where a station puts its parts; unconnected, they leave the plant. A part that finds no room waits at the outlet, and the station is blocked until it is gone.
/// </summary>
public sealed class Outlet : PartPort
{
    private readonly Queue<Part> _waiting = new();
    private readonly PartBook _book;
    private readonly Action _changed;

    internal Outlet(Unit owner, string name, PartKind kind, int need, PartBook book, Action changed)
        : base(owner, name, kind, need)
    {
        _book = book;
        _changed = changed;
    }

    /// <summary>Parts there is room for.</summary>
    public int Room => Buffer?.Room ?? int.MaxValue;

    /// <summary>Finished parts that found no room, oldest first.</summary>
    public IReadOnlyCollection<Part> Waiting => _waiting;

    /// <summary>True when a cycle can start as far as this outlet goes. Machines that share a buffer may fill it meanwhile; then the finished part waits.</summary>
    public bool IsReady => _waiting.Count == 0 && Room >= Need;

    /// <summary>Puts a part out, or lets it wait for room.</summary>
    public void Put(Part part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (Buffer is null)
        {
            Ship(part);
            return;
        }

        _waiting.Enqueue(part);
        Clear(Buffer);
    }

    /// <summary>Connects the outlet; several may share a buffer.</summary>
    public void Connect(PartBuffer buffer)
    {
        Attach(buffer);
        buffer.Connect(this);
    }

    /// <summary>Takes a part back that waits at the outlet or behind it; the caller decides what becomes of it.</summary>
    internal void TakeBack(Part part)
    {
        if (!_waiting.Contains(part))
        {
            Buffer?.Remove(this, part);
            return;
        }

        var others = _waiting.Where(p => p != part).ToArray();
        _waiting.Clear();
        foreach (var other in others) _waiting.Enqueue(other);
    }

    internal void Changed()
    {
        Clear(Buffer!);
        _changed();
    }

    internal void Ship(Part part) => _book.End(part, PartFate.Shipped);

    private void Clear(PartBuffer buffer)
    {
        while (buffer.Room > 0 && _waiting.TryDequeue(out var part)) buffer.Put(this, part);
    }
}
