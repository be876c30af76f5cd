using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Flow;

/// <summary>Where parts pass between a station and a buffer.</summary>
public abstract class PartPort
{
    private protected PartPort(Unit owner, string name, PartKind kind, int need)
    {
        Owner = owner;
        Name = name;
        Kind = kind;
        Need = need;
    }

    public Unit Owner { get; }

    public string Name { get; }

    public PartKind Kind { get; }

    /// <summary>Parts that pass in one cycle; without so many, or without room for them, the station waits.</summary>
    public int Need { get; }

    /// <summary>The buffer; null while nothing is connected.</summary>
    public PartBuffer? Buffer { get; private set; }

    /// <summary>Checks the buffer and keeps it.</summary>
    /// <exception cref="ArgumentException">It holds another kind, or less than a cycle needs.</exception>
    /// <exception cref="InvalidOperationException">One is connected already.</exception>
    private protected void Attach(PartBuffer buffer)
    {
        CheckKind(buffer);
        if (buffer.Capacity < Need) throw new ArgumentException($"{Owner.Code}.{Name} needs {Need} at a time, buffer '{buffer.Name}' holds {buffer.Capacity} at most.", nameof(buffer));
        if (Buffer is not null) throw new InvalidOperationException($"{Owner.Code}.{Name} is connected to '{Buffer.Name}' already.");
        Buffer = buffer;
    }

    private protected void CheckKind(PartBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (buffer.Kind != Kind) throw new ArgumentException($"{Owner.Code}.{Name} is for {Kind}, buffer '{buffer.Name}' holds {buffer.Kind}.", nameof(buffer));
    }
}
