using FloorGateway.OpcUa.Server.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>
/// A variable (OPC 10000-3, 5.6.2). <see cref="SetValue(in Variant, StatusCode, long)"/> is cheap and safe from any thread:
/// the value stands behind a sequence lock, and subscribers are told inside it, so that each sees the values in the order
/// in which readers do.
/// </summary>
public sealed class VariableNode : Node
{
    private State state = new() { Status = StatusCodes.BadWaitingForInitialData };

    internal VariableNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    public override NodeClass NodeClass => NodeClass.Variable;

    public NodeId DataType { get; init; }

    /// <summary>See <see cref="ValueRanks"/>, or the number of dimensions.</summary>
    public int ValueRank { get; init; } = ValueRanks.Scalar;

    /// <summary>Lengths of the dimensions, 0 = variable; null for scalars.</summary>
    public uint[]? ArrayDimensions { get; init; }

    public AccessLevelType AccessLevel { get; set; } = AccessLevelType.CurrentRead;

    /// <summary>Milliseconds; 0 = changes are reported as they happen, -1 = unknown.</summary>
    public double MinimumSamplingInterval { get; init; }

    /// <summary>True while values are recorded.</summary>
    public bool Historizing => History is not null;

    /// <summary>Past values, or null when there are none to be read.</summary>
    public IVariableHistory? History { get; private set; }

    /// <summary>Decides on clients' writes; null = every write of the right type is accepted.</summary>
    public WriteHandler? OnWrite { get; set; }

    /// <summary>Computes the value when it is read or sampled, in place of the stored one; such variables are polled.</summary>
    public ReadHandler? OnRead { get; set; }

    /// <summary>True when any monitored item or history listens: lets a producer skip costly values nobody wants.</summary>
    public bool HasSubscribers => Volatile.Read(ref state.Item) is not null || Volatile.Read(ref state.Others) is not null;

    /// <summary>Stores a value and tells the subscribers.</summary>
    /// <param name="newValue">The value; its type should be the node's (not checked here: this is the producer's hot path).</param>
    /// <param name="newStatus">Its quality.</param>
    /// <param name="newSourceTicks">UTC .NET ticks of the source timestamp; 0 = now.</param>
    public void SetValue(in Variant newValue, StatusCode newStatus = default, long newSourceTicks = 0) =>
        SetValue(newValue, newStatus, newSourceTicks, Space.Clock.GetUtcNow().UtcTicks);

    /// <inheritdoc cref="SetValue(in Variant, StatusCode, long)"/>
    public void SetValue(in Variant newValue, StatusCode newStatus, DateTime sourceTime) =>
        SetValue(newValue, newStatus, UaDateTime.TicksOf(sourceTime));

    /// <inheritdoc cref="SetValue(in Variant, StatusCode, long)"/>
    public void SetValue(double newValue, StatusCode newStatus = default, DateTime sourceTime = default) =>
        SetValue(Variant.From(newValue), newStatus, UaDateTime.TicksOf(sourceTime));

    /// <inheritdoc cref="SetValue(in Variant, StatusCode, long)"/>
    public void SetValue(float newValue, StatusCode newStatus = default, DateTime sourceTime = default) =>
        SetValue(Variant.From(newValue), newStatus, UaDateTime.TicksOf(sourceTime));

    /// <inheritdoc cref="SetValue(in Variant, StatusCode, long)"/>
    public void SetValue(int newValue, StatusCode newStatus = default, DateTime sourceTime = default) =>
        SetValue(Variant.From(newValue), newStatus, UaDateTime.TicksOf(sourceTime));

    /// <inheritdoc cref="SetValue(in Variant, StatusCode, long)"/>
    public void SetValue(uint newValue, StatusCode newStatus = default, DateTime sourceTime = default) =>
        SetValue(Variant.From(newValue), newStatus, UaDateTime.TicksOf(sourceTime));

    /// <inheritdoc cref="SetValue(in Variant, StatusCode, long)"/>
    public void SetValue(long newValue, StatusCode newStatus = default, DateTime sourceTime = default) =>
        SetValue(Variant.From(newValue), newStatus, UaDateTime.TicksOf(sourceTime));

    /// <inheritdoc cref="SetValue(in Variant, StatusCode, long)"/>
    public void SetValue(bool newValue, StatusCode newStatus = default, DateTime sourceTime = default) =>
        SetValue(Variant.From(newValue), newStatus, UaDateTime.TicksOf(sourceTime));

    /// <inheritdoc cref="SetValue(in Variant, StatusCode, long)"/>
    public void SetValue(string? newValue, StatusCode newStatus = default, DateTime sourceTime = default) =>
        SetValue(Variant.From(newValue), newStatus, UaDateTime.TicksOf(sourceTime));

    /// <summary>Keeps the value and changes its quality: what a broken sensor wire does.</summary>
    public void SetStatus(StatusCode newStatus, long newSourceTicks = 0)
    {
        var current = GetStored();
        SetValue(current.Value, newStatus, newSourceTicks);
    }

    /// <summary>The value with status and both timestamps; computed when <see cref="OnRead"/> is set.</summary>
    public DataValue GetValue() => OnRead is { } read ? read() : GetStored();

    /// <summary>Records the values from now on in memory and lets clients read them.</summary>
    /// <param name="capacity">How many; the oldest give way.</param>
    /// <exception cref="InvalidOperationException">The value is computed on reading, so no change is ever announced.</exception>
    public ValueHistory KeepHistory(int capacity)
    {
        if (OnRead is not null)
            throw new InvalidOperationException($"'{BrowseName}' computes its value when read; give it an IVariableHistory of its own with UseHistory.");
        var history = new ValueHistory(capacity);
        Subscribe(history);
        UseHistory(history);
        return history;
    }

    /// <summary>Lets clients read past values from a source of the caller's.</summary>
    public void UseHistory(IVariableHistory history)
    {
        History = history;
        AccessLevel |= AccessLevelType.HistoryRead;
    }

    /// <summary>Stores a value as of a moment the caller has read from the clock: once for all that changes in one cycle, for reading it costs as much as storing.</summary>
    /// <param name="newValue">The value.</param>
    /// <param name="newStatus">Its quality.</param>
    /// <param name="newSourceTicks">UTC .NET ticks of the source timestamp; 0 = <paramref name="newServerTicks"/>.</param>
    /// <param name="newServerTicks">UTC .NET ticks of the server timestamp.</param>
    public void SetValue(in Variant newValue, StatusCode newStatus, long newSourceTicks, long newServerTicks)
    {
        if (newSourceTicks == 0)
            newSourceTicks = newServerTicks;
        var before = Enter();
        try
        {
            ref var stored = ref state;
            var item = stored.Item;
            var others = stored.Others;
            var changed = (item is not null || others is not null) && (newStatus.Value != stored.Status.Value || !VariantEquality.Same(newValue, stored.Value));
            stored.Value = newValue;
            stored.Status = newStatus;
            stored.SourceTicks = newSourceTicks;
            stored.ServerTicks = newServerTicks;
            item?.OnValueChanged(newValue, newStatus, newSourceTicks, newServerTicks, changed);
            if (others is null)
                return;
            foreach (var other in others)
                other.OnValueChanged(newValue, newStatus, newSourceTicks, newServerTicks, changed);
        }
        finally
        {
            Volatile.Write(ref state.Version, before + 2);
        }
    }

    /// <summary>Adds a listener and hands it the present value, with no change lost or seen twice in between.</summary>
    internal void Subscribe(IValueSubscriber subscriber)
    {
        if (OnRead is not null)
            return; // polled by its subscriber

        var before = Enter();
        try
        {
            if (state.Item is null && subscriber is MonitoredItem item)
                state.Item = item;
            else
                state.Others = [.. state.Others ?? [], subscriber];
            subscriber.OnValueChanged(state.Value, state.Status, state.SourceTicks, state.ServerTicks, changed: true);
        }
        finally
        {
            Volatile.Write(ref state.Version, before + 2);
        }
    }

    internal void Unsubscribe(IValueSubscriber subscriber)
    {
        var before = Enter();
        if (ReferenceEquals(state.Item, subscriber))
            state.Item = null;
        else if (state.Others is { } others)
            state.Others = others.Length == 1 && others[0] == subscriber ? null : [.. others.Where(other => other != subscriber)];
        Volatile.Write(ref state.Version, before + 2);
    }

    private DataValue GetStored()
    {
        SpinWait spin = default;
        while (true)
        {
            var before = Volatile.Read(ref state.Version);
            if ((before & 1) == 0)
            {
                var read = new DataValue(state.Value, state.Status, state.SourceTicks, state.ServerTicks);
                Thread.MemoryBarrier();
                if (Volatile.Read(ref state.Version) == before)
                    return read;
            }

            spin.SpinOnce();
        }
    }

    private int Enter()
    {
        SpinWait spin = default;
        while (true)
        {
            var before = Volatile.Read(ref state.Version);
            if ((before & 1) == 0 && Interlocked.CompareExchange(ref state.Version, before + 1, before) == before)
                return before;
            spin.SpinOnce();
        }
    }

    // All that a change touches, side by side: with thousands of variables each line of memory that is not in the cache costs more than the work.
    private struct State
    {
        public Variant Value;
        public long SourceTicks;
        public long ServerTicks;
        public StatusCode Status;
        public int Version; // odd while a writer is inside

        /// <summary>Nearly always the only listener, and called without a look at its type, which would be one more line.</summary>
        public MonitoredItem? Item;

        public IValueSubscriber[]? Others;
    }
}
