using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>One monitored item (OPC 10000-4, 7.21). The handle comes back with every value and has to stay the same over restarts.</summary>
public sealed record MonitoredItemSettings(uint ClientHandle, ExpandedNodeId NodeId)
{
    public uint AttributeId { get; init; } = AttributeIds.Value;

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

    /// <summary>Negative asks for the publishing interval, which the floor does not concern.</summary>
    internal double SamplingAsked(TimeSpan min) => SamplingIntervalMs < 0 ? SamplingIntervalMs : Math.Max(SamplingIntervalMs, min.TotalMilliseconds);

    /// <summary>Null when the item needs none: servers without filters then take it too.</summary>
    internal DataChangeFilter? Filter => DeadbandType == DeadbandType.None && Trigger == DataChangeTrigger.StatusValue
        ? null
        : new DataChangeFilter { Trigger = Trigger, DeadbandType = (uint)DeadbandType, DeadbandValue = DeadbandValue };

    internal MonitoredItemCreateRequest ToRequest(NodeId resolved, TimeSpan minSampling) => new()
    {
        ItemToMonitor = new ReadValueId { NodeId = resolved, AttributeId = AttributeId, IndexRange = IndexRange },
        MonitoringMode = MonitoringMode.Reporting,
        RequestedParameters = new MonitoringParameters
        {
            ClientHandle = ClientHandle,
            SamplingInterval = SamplingAsked(minSampling),
            QueueSize = QueueSize,
            DiscardOldest = DiscardOldest,
            Filter = Filter is { } filter ? new ExtensionObject(filter) : null,
        },
    };
}
