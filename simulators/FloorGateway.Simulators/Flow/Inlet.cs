using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Where a station takes its parts. Connected to a buffer it takes what is there; unconnected, as in a test of one machine, it makes what it needs.
/// </summary>
public sealed class Inlet : PartPort
{
    private readonly Func<Part> _standalone;
    private readonly Action _changed;
    private PartBuffer? _rework;

    internal Inlet(Unit owner, string name, PartKind kind, int need, Func<Part> standalone, Action changed)
        : base(owner, name, kind, need)
    {
        _standalone = standalone;
        _changed = changed;
    }

    /// <summary>Parts that can be taken now.</summary>
    public int Available => Buffer is null ? int.MaxValue : Buffer.Count + (_rework?.Count ?? 0);

    /// <summary>False while the machine still has enough from earlier parts for a cycle.</summary>
    public bool IsNeeded { get; internal set; } = true;

    /// <summary>True when a cycle can start as far as this inlet goes.</summary>
    public bool IsReady => !IsNeeded || Available >= Need;

    /// <summary>The next part without taking it; null when there is none or the inlet is unconnected.</summary>
    public Part? Next => Source is { Count: > 0 } buffer ? buffer.Parts.First() : null;

    private PartBuffer? Source => _rework is { Count: > 0 } ? _rework : Buffer;

    /// <summary>Takes the oldest part, a reworked one before all others: so the way back never fills up.</summary>
    /// <exception cref="InvalidOperationException">There is none; ask <see cref="Available"/> first.</exception>
    public Part Take()
    {
        if (Source is not { } source) return _standalone();
        if (source.Count == 0) throw new InvalidOperationException($"{Owner.Code}.{Name}: buffer '{source.Name}' is empty.");
        return source.Take(this);
    }

    /// <summary>Connects the inlet; several may share a buffer.</summary>
    public void Connect(PartBuffer buffer)
    {
        Attach(buffer);
        buffer.Connect(this);
    }

    /// <summary>Where parts come back from rework, beside the buffer of new ones.</summary>
    public void ConnectRework(PartBuffer buffer)
    {
        CheckKind(buffer);
        if (_rework is not null) throw new InvalidOperationException($"{Owner.Code}.{Name} takes rework from '{_rework.Name}' already.");
        _rework = buffer;
        buffer.Connect(this);
    }

    internal void Changed() => _changed();
}
