using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

/// <summary>
/// A condition or alarm (OPC 10000-9) that the application drives and its users answer. Every change of state is an event with all the
/// fields, and shows in the condition's nodes unless it is hidden. Made by <see cref="ConditionExtensions.AddCondition"/>. Safe from any thread.
/// </summary>
public sealed partial class Condition
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1); // timers count milliseconds in 32 bits

    private readonly Lock gate = new();
    private readonly AddressSpace space;
    private readonly EventHub hub;
    private readonly EventType type;
    private readonly ConditionSlots slots;
    private readonly ConditionState state;
    private readonly ConditionOptions options;
    private readonly Variant[] values;
    private readonly VariableNode?[]? nodes;
    private readonly EventRecord record;
    private readonly Queue<byte[]> recentIds = [];
    private ITimer? unshelving;
    private bool removed;

    internal Condition(Node source, string name, ConditionOptions options, params ReadOnlySpan<(string Path, Variant Value)> fields)
    {
        (Source, Name, this.options) = (source, name, options);
        space = source.Space;
        hub = space.Events;
        type = space.EventType(options.Type);
        if (!Is(ObjectTypeIds.ConditionType))
            throw new ArgumentException($"'{type.Node.BrowseName}' is no condition. Give a type below ConditionType.", nameof(options));
        Id = options.NodeId ?? source.ChildId(name);
        var isAlarm = Is(ObjectTypeIds.AlarmConditionType);
        var isAcknowledgeable = Is(ObjectTypeIds.AcknowledgeableConditionType);
        this.options = options = options with
        {
            Confirmable = options.Confirmable && isAcknowledgeable,
            Shelvable = options.Shelvable && isAlarm,
            Suppressible = options.Suppressible && isAlarm,
            Removable = options.Removable && isAlarm,
        };
        state = new ConditionState
        {
            IsAcknowledgeable = isAcknowledgeable,
            IsConfirmable = options.Confirmable,
            MaxShelvedTicks = options.MaxTimeShelved?.Ticks ?? long.MaxValue,
        };
        slots = new ConditionSlots(type);
        values = new Variant[type.Declarations.Length];
        record = new EventRecord(source, type, values, Id);
        Methods = [.. MethodsOf(options, isAcknowledgeable)];
        Fill();
        foreach (var (path, value) in fields)
            Set(type.StandardSlot(path), value);
        if (!options.Hidden)
            nodes = ConditionNodes.Create(this, type, values);
        space.AddReference(source, ReferenceTypeIds.HasCondition, options.Hidden ? type.Node : space.Find(Id)!);
        hub.Add(this);
    }

    /// <summary>What the condition is about.</summary>
    public Node Source { get; }

    /// <summary>The ConditionName: which of the source's conditions.</summary>
    public string Name { get; }

    /// <summary>The ConditionId, which clients call its methods with.</summary>
    public NodeId Id { get; }

    /// <summary>Called after a client's method has changed the condition, outside of all locks: the method's name and who called.</summary>
    public Action<Condition, string, CallContext>? OnCalled { get; set; }

    public bool IsEnabled => state.Enabled;

    /// <summary>True while the condition holds. For a plain ConditionType: while there is anything to say.</summary>
    public bool IsActive => state.Active;

    public bool IsAcked => state.Acked;

    public bool IsConfirmed => state.Confirmed;

    public bool IsSuppressed => state.Suppressed;

    public bool IsOutOfService => state.OutOfService;

    public ShelvingState Shelving => state.Shelving;

    /// <summary>True while a client that starts now has to know of it.</summary>
    public bool Retain => state.Retain;

    /// <summary>The id of its latest event.</summary>
    public ReadOnlyMemory<byte> EventId
    {
        get
        {
            lock (gate)
                return values[EventFields.EventId].TryGetByteString(out var id) ? id : default;
        }
    }

    /// <summary>The node of its ShelvingState; null when there is none.</summary>
    internal NodeId ShelvingStateId { get; set; }

    /// <summary>Names of the methods that clients can call.</summary>
    internal HashSet<string> Methods { get; }

    internal EventType Type => type;

    internal ConditionOptions Options => options;

    /// <summary>The condition holds. Wants an acknowledgement when it did not hold before, or is more severe now.</summary>
    /// <param name="severity">1 to 1000.</param>
    /// <param name="message">For people.</param>
    public void Activate(ushort severity, string message)
    {
        lock (gate)
        {
            var worse = severity > values[EventFields.Severity].AsUInt32();
            Change_NeedsLock(true, !state.Active || worse, severity, message, []);
        }
    }

    /// <summary>The condition is over. It stays with the operators until it is acknowledged, and confirmed where that is asked.</summary>
    public void Deactivate(string message)
    {
        lock (gate)
        {
            if (state.Active)
                Change_NeedsLock(false, false, null, message, []);
        }
    }

    /// <summary>Switches the condition off: no events until <see cref="Enable"/>, whatever happens.</summary>
    /// <returns>BadConditionAlreadyDisabled when it is.</returns>
    public StatusCode Disable() => Apply("Disable");

    /// <returns>BadConditionAlreadyEnabled when it is.</returns>
    public StatusCode Enable() => Apply("Enable");

    /// <summary>Somebody at the machine acknowledges the latest event, as a client does by method.</summary>
    /// <returns>BadConditionBranchAlreadyAcked when nothing waits for it.</returns>
    public StatusCode Acknowledge(string comment = "") =>
        IsAcked ? StatusCodes.BadConditionBranchAlreadyAcked : Call("Acknowledge", new CallContext(), [Variant.From(EventId.ToArray()), Variant.From(new LocalizedText(comment))]).Status;

    /// <summary>Somebody at the machine puts the alarm on the shelf for a time.</summary>
    /// <returns>BadShelvingTimeOutOfRange, or BadConditionAlreadyShelved.</returns>
    public StatusCode Shelve(TimeSpan time) =>
        options.Shelvable ? Call("TimedShelve", new CallContext(), [Variant.From(time.TotalMilliseconds)]).Status : StatusCodes.BadNotSupported;

    /// <summary>Somebody at the machine takes the alarm from the shelf.</summary>
    /// <returns>BadConditionNotShelved when it is not there.</returns>
    public StatusCode Unshelve() => options.Shelvable ? Call("Unshelve", new CallContext(), []).Status : StatusCodes.BadNotSupported;

    /// <summary>The system holds the alarm back by its own logic, for example because its unit is stopped (SuppressedState).</summary>
    public StatusCode Suppress() => options.Suppressible ? Apply("Suppress") : StatusCodes.BadNotSupported;

    public StatusCode Unsuppress() => options.Suppressible ? Apply("Unsuppress") : StatusCodes.BadNotSupported;

    /// <summary>Sets the Quality: how far the values behind the condition can be trusted. A change is an event.</summary>
    public void SetQuality(StatusCode quality)
    {
        lock (gate)
        {
            if (slots.Quality < 0 || values[slots.Quality].ScalarBits == quality.Value)
                return;
            Set(slots.Quality, Variant.From(quality));
            Set(slots.QualityTime, Variant.FromDateTimeTicks(space.Clock.GetUtcNow().UtcTicks));
            Report_NeedsLock(null, null);
        }
    }

    /// <summary>Sets a field that the condition's type adds; it goes out with the next event.</summary>
    /// <exception cref="ArgumentException">The type has no such field.</exception>
    public void SetField(QualifiedName name, in Variant value)
    {
        var slot = type.SlotOf(EventFields.KeyBelow("", name));
        if (slot < 0)
            throw new ArgumentException($"'{type.Node.BrowseName}' has no field '{name}'. Declare it with AddEventType, and mind the namespace index.", nameof(name));
        lock (gate)
            Set(slot, value);
    }

    /// <summary>Takes the condition and its nodes away. Clients that show it are told that it needs no more attention.</summary>
    public void Remove()
    {
        lock (gate)
        {
            if (removed)
                return;
            removed = true;
            unshelving?.Dispose();
            if (state.Retain)
            {
                state.Disable();
                ShowState_NeedsLock();
                Report_NeedsLock(null, null);
            }
        }

        hub.Remove(this);
        if (nodes is not null)
            ConditionNodes.Remove(space.Find(Id));
    }

    /// <summary>Tells one listener of the condition as it is, if it needs attention (ConditionRefresh, OPC 10000-9, 5.5.7).</summary>
    internal void Refresh(IEventSubscriber listener)
    {
        lock (gate)
        {
            if (!state.Retain)
                return;
            SetUnshelveTime_NeedsLock();
            listener.OnEvent(record);
        }
    }

    /// <summary>A change of state with fields of its kind, all in one event.</summary>
    internal void Change(bool active, bool needsAcknowledgement, ushort? severity, string message, ReadOnlySpan<(int Slot, Variant Value)> fields)
    {
        lock (gate)
            Change_NeedsLock(active, needsAcknowledgement, severity, message, fields);
    }

    private void Change_NeedsLock(bool active, bool needsAcknowledgement, ushort? severity, string message, ReadOnlySpan<(int Slot, Variant Value)> fields)
    {
        if (removed)
            return;

        // An acknowledgement of what happened before is not one of this.
        if (active && needsAcknowledgement)
            recentIds.Clear();
        if (active)
            state.Activate(needsAcknowledgement);
        else
            state.Deactivate();
        foreach (var (slot, value) in fields)
            Set(slot, value);
        ShowState_NeedsLock();
        ArmTimer_NeedsLock();
        if (severity is { } given && given != values[EventFields.Severity].AsUInt32())
        {
            Set(slots.LastSeverity, values[EventFields.Severity]);
            Set(slots.LastSeverityTime, Variant.FromDateTimeTicks(space.Clock.GetUtcNow().UtcTicks));
        }

        Report_NeedsLock(severity, message);
    }

    private StatusCode Apply(string method)
    {
        lock (gate)
        {
            var status = Apply_NeedsLock(method, []);
            if (status.IsGood)
            {
                ShowState_NeedsLock();
                ArmTimer_NeedsLock();
                Report_NeedsLock(null, null, always: true);
            }

            return status;
        }
    }

    private bool Is(uint typeId) => type.Node.IsSubtypeOf(space.Get<ObjectTypeNode>(typeId));
}
