using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Events;

/// <summary>
/// An event while it is told to those who listen: the values by slot of its type. Listeners take what they want before they
/// return; a condition changes the same values for its next event.
/// </summary>
internal sealed class EventRecord(Node source, EventType type, Variant[] values, NodeId conditionId = default)
{
    public Node Source { get; } = source;

    public EventType Type { get; } = type;

    public Variant[] Values { get; } = values;

    /// <summary>The condition that the event is of; null for all others (OPC 10000-9, 5.5.2).</summary>
    public NodeId ConditionId { get; } = conditionId;
}

/// <summary>Told of events on the thread that raises them: be brief, and raise none.</summary>
internal interface IEventSubscriber
{
    void OnEvent(EventRecord record);
}
