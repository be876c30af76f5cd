using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Events;

/// <summary>
/// Carries events from their sources up the notifier hierarchy (OPC 10000-3, 7.17 and 7.18) to those who listen. The Server object
/// hears everything. Raising takes no lock of its own and costs next to nothing while nobody listens.
/// </summary>
internal sealed class EventHub(AddressSpace space)
{
    private const int MaxNotifiers = 1000; // above one source; a hierarchy is a few levels deep

    [ThreadStatic]
    private static List<Node>? notifiers;

    private readonly ConcurrentDictionary<Node, IEventSubscriber[]> subscribers = new();
    private readonly ConcurrentDictionary<ObjectTypeNode, EventType> types = new();
    private readonly ConcurrentDictionary<NodeId, Condition> conditions = new();
    private readonly ConcurrentDictionary<NodeId, Condition> byObject = new();
    private readonly long idPrefix = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private long lastId;
    private (short Minutes, bool Daylight, Variant Value) localTime;
    private HashSet<string>? knownFields;
    private int knownFieldsNodes;
    private int count;

    /// <summary>True when any monitored item listens: an event of which nobody learns is not even made.</summary>
    public bool HasSubscribers => Volatile.Read(ref count) != 0;

    public IEnumerable<Condition> Conditions => conditions.Select(pair => pair.Value);

    public EventType TypeOf(ObjectTypeNode node) => types.GetOrAdd(node, static n => new EventType(n));

    /// <summary>Unique in this and, as far as a random number can, in every other run of the server.</summary>
    public byte[] NextEventId()
    {
        var id = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(id, idPrefix);
        BinaryPrimitives.WriteInt64BigEndian(id.AsSpan(8), Interlocked.Increment(ref lastId));
        return id;
    }

    /// <summary>Fills what every event has. A Time of 0 is now.</summary>
    public void FillBase(EventType type, Variant[] values, Node source, ushort severity, LocalizedText message, long timeTicks)
    {
        var now = space.Clock.GetUtcNow();
        values[EventFields.EventId] = Variant.From(NextEventId());
        values[EventFields.EventType] = Variant.From(type.Node.Id);
        values[EventFields.SourceNode] = Variant.From(source.Id);
        values[EventFields.SourceName] = Variant.From(source.BrowseName.Name);
        values[EventFields.Time] = Variant.FromDateTimeTicks(timeTicks == 0 ? now.UtcTicks : timeTicks);
        values[EventFields.ReceiveTime] = Variant.FromDateTimeTicks(now.UtcTicks);
        values[EventFields.LocalTime] = LocalTime(now);
        values[EventFields.Message] = Variant.From(message);
        values[EventFields.Severity] = Variant.From(Math.Clamp(severity, (ushort)1, (ushort)1000));
    }

    /// <summary>Tells everybody who listens at the source, above it, or at the Server object.</summary>
    public void Report(EventRecord record)
    {
        if (!HasSubscribers)
            return;
        foreach (var node in NotifiersOf(record.Source))
        {
            if (!subscribers.TryGetValue(node, out var listeners))
                continue;
            foreach (var listener in listeners)
                listener.OnEvent(record);
        }
    }

    /// <summary>True when an event of the source is heard at the notifier.</summary>
    public bool Reaches(Node source, Node notifier) => notifier == space.Server || NotifiersOf(source).Contains(notifier);

    public void Subscribe(Node node, IEventSubscriber subscriber)
    {
        subscribers.AddOrUpdate(node, static (_, s) => [s], static (_, all, s) => [.. all, s], subscriber);
        Interlocked.Increment(ref count);
    }

    public void Unsubscribe(Node node, IEventSubscriber subscriber)
    {
        while (subscribers.TryGetValue(node, out var all) && Array.IndexOf(all, subscriber) is >= 0 and var index)
        {
            var done = all.Length == 1
                ? subscribers.TryRemove(new KeyValuePair<Node, IEventSubscriber[]>(node, all))
                : subscribers.TryUpdate(node, [.. all[..index], .. all[(index + 1)..]], all);
            if (done)
            {
                Interlocked.Decrement(ref count);
                return;
            }
        }
    }

    public void Add(Condition condition)
    {
        conditions[condition.Id] = condition;
        byObject[condition.Id] = condition;
        if (condition.ShelvingStateId is { IsNull: false } shelving)
            byObject[shelving] = condition;
    }

    public void Remove(Condition condition)
    {
        conditions.TryRemove(condition.Id, out _);
        byObject.TryRemove(condition.Id, out _);
        byObject.TryRemove(condition.ShelvingStateId, out _);
    }

    /// <summary>The condition with this id, or whose ShelvingState has it; also when it has no node.</summary>
    public Condition? FindCondition(NodeId objectId) => byObject.GetValueOrDefault(objectId);

    /// <summary>True when some event type has the field. The set is made anew when nodes have come or gone.</summary>
    public bool IsKnownField(string key)
    {
        var known = Volatile.Read(ref knownFields);
        if (known is null || knownFieldsNodes != space.NodeCount)
        {
            knownFieldsNodes = space.NodeCount;
            known = [];
            Collect(space.Get<ObjectTypeNode>(ObjectTypeIds.BaseEventType), known);
            Volatile.Write(ref knownFields, known);
        }

        return known.Contains(key);
    }

    private static void Collect(ObjectTypeNode type, HashSet<string> into)
    {
        CollectBelow(type, "", 0, into);
        foreach (var reference in type.References)
        {
            if (!reference.IsInverse && reference.Target is ObjectTypeNode subtype && subtype.Supertype == type)
                Collect(subtype, into);
        }

        static void CollectBelow(Node node, string parent, int depth, HashSet<string> into)
        {
            foreach (var reference in node.References)
            {
                if (reference.IsInverse || !reference.Type.IsHierarchical || reference.Target is not (VariableNode or ObjectNode))
                    continue;
                var key = EventFields.KeyBelow(parent, reference.Target.BrowseName);
                into.Add(key);
                if (depth < 8)
                    CollectBelow(reference.Target, key, depth + 1, into);
            }
        }
    }

    // Breadth first; a node is there once, so a listener hears an event once however many ways lead up.
    private List<Node> NotifiersOf(Node source)
    {
        var found = notifiers ??= [];
        found.Clear();
        found.Add(source);
        for (var i = 0; i < found.Count && found.Count < MaxNotifiers; i++)
        {
            foreach (var reference in found[i].References)
            {
                if (reference.IsInverse && IsEventReference(reference.Type) && !found.Contains(reference.Target))
                    found.Add(reference.Target);
            }
        }

        if (!found.Contains(space.Server))
            found.Add(space.Server);
        return found;
    }

    internal static bool IsEventReference(Node type)
    {
        for (Node? node = type; node is not null; node = node.Supertype)
        {
            if (node.Id.NamespaceIndex == 0 && node.Id.Numeric == ReferenceTypeIds.HasEventSource)
                return true;
        }

        return false;
    }

    private Variant LocalTime(DateTimeOffset now)
    {
        var zone = space.Clock.LocalTimeZone;
        var minutes = (short)zone.GetUtcOffset(now).TotalMinutes;
        var daylight = zone.IsDaylightSavingTime(now);
        var cached = localTime.Value;
        if (cached.IsNull || localTime.Minutes != minutes || localTime.Daylight != daylight)
        {
            cached = Variant.From(new TimeZoneDataType { Offset = minutes, DaylightSavingInOffset = daylight });
            localTime = (minutes, daylight, cached);
        }

        return cached;
    }
}
