using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

internal sealed partial class SubscriptionManager
{
    /// <summary>Different publishing intervals in use.</summary>
    public uint PublishingIntervalCount
    {
        get
        {
            lock (gate)
                return (uint)subscriptions.Values.Select(s => s.PublishingInterval).Distinct().Count();
        }
    }

    /// <summary>Subscriptions, monitored items and waiting publish requests of a session.</summary>
    public (uint Subscriptions, uint Items, uint Requests) CountsOf(Session session)
    {
        lock (gate)
            return ((uint)session.Subscriptions.Count, (uint)session.Subscriptions.Sum(s => s.ItemCount), (uint)session.PublishRequests.Count);
    }

    /// <summary>SubscriptionDiagnosticsArray (OPC 10000-5, 12.15).</summary>
    public SubscriptionDiagnosticsDataType[] Describe()
    {
        lock (gate)
            return [.. subscriptions.Values.Select(Describe)];
    }

    private static SubscriptionDiagnosticsDataType Describe(Subscription subscription)
    {
        var counters = subscription.Counters;
        return new SubscriptionDiagnosticsDataType
        {
            SessionId = subscription.Session?.Id ?? NodeId.Null,
            SubscriptionId = subscription.Id,
            Priority = subscription.Priority,
            PublishingInterval = subscription.PublishingInterval,
            MaxKeepAliveCount = subscription.MaxKeepAliveCount,
            MaxLifetimeCount = subscription.LifetimeCount,
            MaxNotificationsPerPublish = (uint)subscription.MaxNotificationsPerPublish,
            PublishingEnabled = subscription.Machine.PublishingEnabled,
            ModifyCount = counters.Modified,
            EnableCount = counters.Enabled,
            DisableCount = counters.Disabled,
            RepublishRequestCount = counters.RepublishRequests,
            RepublishMessageRequestCount = counters.RepublishRequests,
            RepublishMessageCount = counters.RepublishedMessages,
            TransferRequestCount = counters.TransferRequests,
            TransferredToSameClientCount = counters.TransferredToSameClient,
            PublishRequestCount = counters.PublishRequests,
            DataChangeNotificationsCount = counters.DataChanges,
            EventNotificationsCount = counters.Events,
            NotificationsCount = counters.DataChanges + counters.Events,
            CurrentKeepAliveCount = subscription.Machine.KeepAliveCounter,
            CurrentLifetimeCount = subscription.Machine.LifetimeCounter,
            UnacknowledgedMessageCount = (uint)subscription.UnacknowledgedCount,
            DiscardedMessageCount = counters.DiscardedMessages,
            MonitoredItemCount = (uint)subscription.ItemCount,
            DisabledMonitoredItemCount = (uint)subscription.Items.Values.Count(i => i.Mode == MonitoringMode.Disabled),
            MonitoringQueueOverflowCount = (uint)subscription.Items.Values.Sum(i => i.Overflows),
            NextSequenceNumber = subscription.NextSequenceNumber,
        };
    }
}
