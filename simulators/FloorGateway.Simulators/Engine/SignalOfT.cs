namespace FloorGateway.Simulators.Engine;

/// <summary>A signal of one CLR type. <see cref="Set"/> is the only way a value reaches the sink.</summary>
public sealed class Signal<T> : Signal
    where T : notnull
{
    private static readonly ValueKind<T> Kind = ValueKind<T>.Instance;

    internal Signal(Unit unit, string subUnit, string name, T initial, SignalTraits traits)
        : base(unit, subUnit, name, Kind.Type, traits) => Value = Kind.Snapshot(initial);

    /// <summary>The last published value.</summary>
    public T Value { get; private set; }

    /// <inheritdoc/>
    public override SignalValue Published => Kind.Wrap(Value);

    /// <summary>
    /// Publishes <paramref name="value"/> at the unit's present instant if it differs from the last published value by
    /// at least the deadband, or if the status differs. Arrays are copied when published, so a caller may reuse its buffer.
    /// </summary>
    /// <returns>True when a change went to the sink.</returns>
    public bool Set(T value, uint status = 0)
    {
        if (status == Status && !Kind.Differs(value, Value, Traits.Deadband)) return false;
        Value = Kind.Snapshot(value);
        Status = status;
        Publish();
        return true;
    }

    internal override void Publish() => Unit.Publish(this, Kind.Wrap(Value));
}
