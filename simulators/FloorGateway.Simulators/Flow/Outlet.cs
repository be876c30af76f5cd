using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Where a station puts its parts; unconnected, they leave the plant. A part that finds no room waits at the outlet, and the station is blocked until it is gone.
/// </summary>
public sealed class Outlet
{
    private readonly Queue<Part> _waiting = new();
    private readonly PartBook _book;
    private readonly Action _changed;
    private PartBuffer? _buffer;

    internal Outlet(Unit owner, string name, PartKind kind, int need, PartBook book, Action changed)
    {
        Owner = owner;
        Name = name;
        Kind = kind;
        Need = need;
        _book = book;
        _changed = changed;
    }

    public Unit Owner { get; }

    public string Name { get; }

    public PartKind Kind { get; }

    /// <summary>Parts that a cycle puts out; without room for so many the station is blocked.</summary>
    public int Need { get; }

    /// <summary>The buffer; null when parts leave the plant here.</summary>
    public PartBuffer? Buffer => _buffer;

    /// <summary>Parts there is room for.</summary>
    public int Room => _buffer?.Room ?? int.MaxValue;

    /// <summary>Finished parts that found no room, oldest first.</summary>
    public IReadOnlyCollection<Part> Waiting => _waiting;

    /// <summary>True when a cycle can start as far as this outlet goes. Machines that share a buffer may fill it meanwhile; then the finished part waits.</summary>
    public bool IsReady => _waiting.Count == 0 && Room >= Need;

    /// <summary>Puts a part out, or lets it wait for room.</summary>
    public void Put(Part part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (_buffer is null)
        {
            _book.End(part, PartFate.Shipped);
            return;
        }

        _waiting.Enqueue(part);
        Clear(_buffer);
    }

    /// <summary>Connects the outlet; several may share a buffer.</summary>
    public void Connect(PartBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (buffer.Kind != Kind) throw new ArgumentException($"{Owner.Code}.{Name} puts out {Kind}, buffer '{buffer.Name}' holds {buffer.Kind}.", nameof(buffer));
        if (buffer.Capacity < Need) throw new ArgumentException($"{Owner.Code}.{Name} puts out {Need} at a time, buffer '{buffer.Name}' holds {buffer.Capacity} at most.", nameof(buffer));
        if (_buffer is not null) throw new InvalidOperationException($"{Owner.Code}.{Name} is connected to '{_buffer.Name}' already.");
        _buffer = buffer;
        buffer.Connect(this);
    }

    internal void Changed()
    {
        Clear(_buffer!);
        _changed();
    }

    private void Clear(PartBuffer buffer)
    {
        while (buffer.Room > 0 && _waiting.TryDequeue(out var part)) buffer.Put(this, part);
    }
}
