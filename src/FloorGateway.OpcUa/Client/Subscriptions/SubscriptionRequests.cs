using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>From settings in time spans to the counts of CreateSubscription (OPC 10000-4, 5.14.2).</summary>
internal static class SubscriptionRequests
{
    public static CreateSubscriptionRequest Create(SubscriptionSettings settings, TimeSpan publishingInterval)
    {
        var interval = Math.Max(publishingInterval.TotalMilliseconds, 1);
        var keepAlives = (uint)Math.Max(Math.Round(settings.KeepAliveInterval.TotalMilliseconds / interval), 1);
        return new CreateSubscriptionRequest
        {
            RequestedPublishingInterval = interval,
            RequestedMaxKeepAliveCount = keepAlives,

            // At least three times the keep-alive count.
            RequestedLifetimeCount = (uint)Math.Max(settings.Lifetime.TotalMilliseconds / interval, keepAlives * 3.0),
            MaxNotificationsPerPublish = settings.MaxNotificationsPerPublish,
            PublishingEnabled = true,
            Priority = settings.Priority,
        };
    }
}
