using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Broker;

/// <summary>A subscription from inside the process; disposing it ends it.</summary>
internal sealed class LocalSubscription(SubscriptionIndex index, byte[] filter, Action<MqttMessage> handler) : IDisposable
{
    private int _ended;

    public byte[] Filter => filter;

    public void Invoke(MqttMessage message)
    {
        if (Volatile.Read(ref _ended) == 0)
            handler(message);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            index.Remove(this);
    }
}
