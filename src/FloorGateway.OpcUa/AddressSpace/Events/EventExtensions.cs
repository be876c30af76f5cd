using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Events;

/// <summary>Raises events and says who reports whose (OPC 10000-3, 4.7).</summary>
public static class EventExtensions
{
    private const byte SubscribeToEvents = 1;

    /// <summary>An event type with its fields.</summary>
    /// <exception cref="KeyNotFoundException">There is no ObjectType with this id.</exception>
    /// <exception cref="ArgumentException">The type is no subtype of BaseEventType.</exception>
    public static EventType EventType(this AddressSpace space, NodeId id)
    {
        ArgumentNullException.ThrowIfNull(space);
        var node = space.Get<ObjectTypeNode>(id);
        return node.IsSubtypeOf(space.Get<ObjectTypeNode>(ObjectTypeIds.BaseEventType))
            ? space.Events.TypeOf(node)
            : throw new ArgumentException($"'{node.BrowseName}' ({id}) is no event type. Give a subtype of BaseEventType.", nameof(id));
    }

    /// <summary>Adds an event type with fields of its own.</summary>
    /// <param name="space">The address space.</param>
    /// <param name="name">The browse name in the default namespace; the node id is <c>s=Name</c>.</param>
    /// <param name="baseType">A subtype of BaseEventType; that itself when null.</param>
    /// <param name="fields">Name and type of each field.</param>
    public static EventType AddEventType(this AddressSpace space, string name, NodeId? baseType = null, params ReadOnlySpan<(string Name, BuiltInType Type)> fields)
    {
        ArgumentNullException.ThrowIfNull(space);
        var super = space.EventType(baseType ?? ObjectTypeIds.BaseEventType);
        var type = space.AddObjectType(name, super.Node.Id);
        foreach (var (field, builtIn) in fields)
            type.AddProperty(type.ChildName(field), new NodeId((uint)builtIn), Variant.Null).WithModellingRule();
        return space.Events.TypeOf(type);
    }

    /// <summary>
    /// Raises an event. The other fields of BaseEventType are filled in; Time is now. Costs next to nothing while nobody listens.
    /// Safe from any thread.
    /// </summary>
    /// <param name="source">The node it is about: SourceNode and SourceName. Heard there, at every notifier above it and at the Server object.</param>
    /// <param name="type">What kind of event.</param>
    /// <param name="severity">1 (information) to 1000 (catastrophe); others are moved into that range (OPC 10000-5, 6.4.2).</param>
    /// <param name="message">For people.</param>
    /// <param name="values">Values of <see cref="Events.EventType.Fields"/>, in that order; those left out at the end are null.</param>
    /// <exception cref="ArgumentException">More values than the type has fields.</exception>
    public static void RaiseEvent(this Node source, EventType type, ushort severity, string message, params ReadOnlySpan<Variant> values)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(type);
        var hub = source.Space.Events;
        if (!hub.HasSubscribers)
            return;
        var fields = new Variant[type.Declarations.Length];
        type.Place(values, fields);
        hub.FillBase(type, fields, source, severity, new LocalizedText(message), 0);
        hub.Report(new EventRecord(source, type, fields));
    }

    /// <summary>Lets clients subscribe to events at this object; what is heard here is also heard at the notifier above.</summary>
    /// <param name="node">The object.</param>
    /// <param name="parent">The notifier above; the Server object when null and there is none yet.</param>
    public static ObjectNode MakeNotifier(this ObjectNode node, ObjectNode? parent = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.EventNotifier |= SubscribeToEvents;
        if (node != node.Space.Server && (parent is not null || !node.HasNotifierAbove()))
            node.Space.AddReference(parent ?? node.Space.Server, ReferenceTypeIds.HasNotifier, node);
        return node;
    }

    /// <summary>Makes a node a source of events that this notifier reports (HasEventSource).</summary>
    public static void AddEventSource(this ObjectNode notifier, Node source)
    {
        ArgumentNullException.ThrowIfNull(notifier);
        notifier.MakeNotifier();
        notifier.Space.AddReference(notifier, ReferenceTypeIds.HasEventSource, source);
    }

    internal static bool IsNotifier(this Node node) => node is ObjectNode instance && (instance.EventNotifier & SubscribeToEvents) != 0;

    internal static bool HasNotifierAbove(this Node node)
    {
        foreach (var reference in node.References)
        {
            if (reference.IsInverse && EventHub.IsEventReference(reference.Type))
                return true;
        }

        return false;
    }
}
