using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Where a station takes its parts. Connected to a buffer it takes what is there; unconnected, as in a test of one machine, it makes what it needs.
/// </summary>
public sealed class Inlet
{
    private readonly Func<Part> _standalone;
    private readonly Action _changed;
    private PartBuffer? _buffer;

    internal Inlet(Unit owner, string name, PartKind kind, int need, Func<Part> standalone, Action changed)
    {
        Owner = owner;
        Name = name;
        Kind = kind;
        Need = need;
        _standalone = standalone;
        _changed = changed;
    }

    public Unit Owner { get; }

    public string Name { get; }

    public PartKind Kind { get; }

    /// <summary>Parts that a cycle takes; without so many the station is starved.</summary>
    public int Need { get; }

    /// <summary>The buffer; null when the inlet makes its own parts.</summary>
    public PartBuffer? Buffer => _buffer;

    /// <summary>Parts that can be taken now.</summary>
    public int Available => _buffer?.Count ?? int.MaxValue;

    /// <summary>False while the machine still has enough from earlier parts for a cycle.</summary>
    public bool IsNeeded { get; internal set; } = true;

    /// <summary>True when a cycle can start as far as this inlet goes.</summary>
    public bool IsReady => !IsNeeded || Available >= Need;

    /// <summary>The next part without taking it; null when there is none or the inlet is unconnected.</summary>
    public Part? Next => _buffer is { Count: > 0 } buffer ? buffer.Parts.First() : null;

    /// <summary>Takes the oldest part.</summary>
    /// <exception cref="InvalidOperationException">There is none; ask <see cref="Available"/> first.</exception>
    public Part Take()
    {
        if (_buffer is null) return _standalone();
        if (_buffer.Count == 0) throw new InvalidOperationException($"{Owner.Code}.{Name}: buffer '{_buffer.Name}' is empty.");
        return _buffer.Take(this);
    }

    /// <summary>Connects the inlet; several may share a buffer.</summary>
    public void Connect(PartBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (buffer.Kind != Kind) throw new ArgumentException($"{Owner.Code}.{Name} takes {Kind}, buffer '{buffer.Name}' holds {buffer.Kind}.", nameof(buffer));
        if (buffer.Capacity < Need) throw new ArgumentException($"{Owner.Code}.{Name} needs {Need} at a time, buffer '{buffer.Name}' holds {buffer.Capacity} at most.", nameof(buffer));
        if (_buffer is not null) throw new InvalidOperationException($"{Owner.Code}.{Name} is connected to '{_buffer.Name}' already.");
        _buffer = buffer;
        buffer.Connect(this);
    }

    internal void Changed() => _changed();
}
