using System.Collections.Concurrent;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>Notification objects waiting to be used again.</summary>
internal sealed class NotificationPool
{
    // More than the Publish requests that are ever in flight.
    private const int MaxKept = 64;

    private readonly ConcurrentQueue<Notification> _free = new();

    public Notification Rent()
    {
        if (!_free.TryDequeue(out var notification))
        {
            notification = new Notification(this);
        }

        notification.Rented();
        return notification;
    }

    public void Return(Notification notification)
    {
        if (_free.Count < MaxKept)
        {
            _free.Enqueue(notification);
        }
    }
}
