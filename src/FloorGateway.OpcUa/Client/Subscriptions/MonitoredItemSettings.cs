using FloorGateway.OpcUa.Client.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>One monitored item (OPC 10000-4, 7.21). The handle comes back with every value and has to stay the same over restarts.</summary>
public sealed record MonitoredItemSettings(uint ClientHandle, ExpandedNodeId NodeId)
{
    public uint AttributeId { get; init; } = AttributeIds.Value;

    /// <summary>For an item of events: which fields of which. See <see cref="ForEvents"/>. The conditions that need attention are asked for whenever the item is made.</summary>
    public EventSelection? Events { get; init; }

    /// <summary>
    /// The way from <see cref="NodeId"/> down to the node to monitor; null = NodeId itself. Walked anew whenever the subscription is made, for servers whose
    /// node ids change with each download.
    /// </summary>
    public NodePath? Path { get; init; }

    /// <summary>How often changes are sent; null = as <see cref="SubscriptionSettings.PublishingInterval"/> says. Items of one interval share subscriptions.</summary>
    public TimeSpan? PublishingInterval { get; init; }

    /// <summary>Part of an array, as in <c>0:9</c>; null for all of it.</summary>
    public string? IndexRange { get; init; }

    /// <summary>How often the server looks at the value, in milliseconds; 0 = as fast as it can, -1 = the publishing interval.</summary>
    public double SamplingIntervalMs { get; init; } = 250;

    /// <summary>Values kept between two publishings. Ten: a sampling interval a tenth of the publishing interval loses nothing.</summary>
    public uint QueueSize { get; init; } = 10;

    /// <summary>Which value goes when the queue is full.</summary>
    public bool DiscardOldest { get; init; } = true;

    public DataChangeTrigger Trigger { get; init; } = DataChangeTrigger.StatusValue;

    /// <summary>None, Absolute (in the value's unit) or Percent (of the node's EURange).</summary>
    public DeadbandType DeadbandType { get; init; } = DeadbandType.None;

    public double DeadbandValue { get; init; }

    /// <summary>An item of events. The Server object reports all of a server's; the queue takes the alarms that a refresh brings at once.</summary>
    public static MonitoredItemSettings ForEvents(uint clientHandle, ExpandedNodeId notifier, EventSelection events) =>
        new(clientHandle, notifier) { AttributeId = AttributeIds.EventNotifier, Events = events, SamplingIntervalMs = 0, QueueSize = 1000 };

    /// <summary>Negative asks for the publishing interval, which the floor does not concern.</summary>
    internal double SamplingAsked(TimeSpan min) => SamplingIntervalMs < 0 ? SamplingIntervalMs : Math.Max(SamplingIntervalMs, min.TotalMilliseconds);

    /// <summary>Null when the item needs none: servers without filters then take it too.</summary>
    internal DataChangeFilter? Filter => DeadbandType == DeadbandType.None && Trigger == DataChangeTrigger.StatusValue
        ? null
        : new DataChangeFilter { Trigger = Trigger, DeadbandType = (uint)DeadbandType, DeadbandValue = DeadbandValue };

    internal MonitoredItemCreateRequest ToRequest(NodeId resolved, TimeSpan minSampling, IReadOnlyList<string> namespaceUris) => new()
    {
        ItemToMonitor = new ReadValueId { NodeId = resolved, AttributeId = AttributeId, IndexRange = IndexRange },
        MonitoringMode = MonitoringMode.Reporting,
        RequestedParameters = new MonitoringParameters
        {
            ClientHandle = ClientHandle,
            SamplingInterval = Events is null ? SamplingAsked(minSampling) : 0,
            QueueSize = QueueSize,
            DiscardOldest = DiscardOldest,
            Filter = Events is { } events ? new ExtensionObject(events.ToFilter(namespaceUris)) : Filter is { } filter ? new ExtensionObject(filter) : null,
        },
    };
}
