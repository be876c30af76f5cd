namespace FloorGateway.Simulators.Engine;

/// <summary>A signal of one CLR type. <see cref="Set"/> is the only way a value reaches the sink.</summary>
public sealed class Signal<T> : Signal
    where T : notnull
{
    private static readonly ValueKind<T> Kind = ValueKind<T>.Instance;
    private T _shown;

    internal Signal(Unit unit, string subUnit, string name, T initial, SignalTraits traits)
        : base(unit, subUnit, name, Kind.Type, traits)
    {
        Value = Kind.Snapshot(initial);
        _shown = Kind.Show(Value, Resolution);
    }

    /// <summary>The last value that left the deadband, exactly: what the physics goes on with. <see cref="Published"/> is what the instrument shows of it.</summary>
    public T Value { get; private set; }

    /// <inheritdoc/>
    public override SignalValue Published => Kind.Wrap(_shown);

    /// <summary>
    /// Publishes what the instrument shows of <paramref name="value"/> at the unit's present instant if the value differs from the last one by at least the deadband and shows
    /// so, or if the status differs. Arrays are copied, so a caller may reuse its buffer.
    /// </summary>
    /// <returns>True when a change went to the sink.</returns>
    public bool Set(T value, uint status = 0)
    {
        if (status == Status && !Kind.Differs(value, Value, Traits.Deadband)) return false;
        Value = Kind.Snapshot(value);
        var shown = Kind.Show(Value, Resolution);
        if (Resolution.Rounds && status == Status && !Kind.Differs(shown, _shown, 0)) return false;
        _shown = shown;
        Status = status;
        Publish();
        return true;
    }

    internal override void Publish() => Unit.Publish(this, Published);
}
