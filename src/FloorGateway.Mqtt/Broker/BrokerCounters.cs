namespace FloorGateway.Mqtt.Broker;

/// <summary>The broker's counters; fields for Interlocked.</summary>
internal sealed class BrokerCounters
{
    public long Accepted;
    public long Refused;
    public long Received;
    public long Queued;
    public long Sent;
    public long Dropped;
    public long Expired;
    public long RefusedMessages;
    public long SlowConsumers;
    public long Wills;
}
