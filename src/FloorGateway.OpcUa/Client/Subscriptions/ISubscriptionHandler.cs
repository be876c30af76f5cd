using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>What a <see cref="ResilientSubscription"/> calls, always one call at a time.</summary>
public interface ISubscriptionHandler
{
    /// <summary>
    /// A notification message, in order and without repeats. Make its content safe, call <see cref="Notification.Acknowledge"/>
    /// and return; the message is not valid afterwards. An exception makes the same message come again.
    /// </summary>
    ValueTask OnNotificationAsync(Notification notification);

    /// <summary>Notifications are lost for good to the subscription. Comes before the first notification after the gap.</summary>
    void OnGap(SubscriptionGap gap);

    /// <summary>
    /// Everything of a subscription up to this moment has been delivered: after each keep-alive and each notification behind which nothing waits. Not after a message that
    /// was asked for again, nor after one that more follow: what comes behind them may be older than their arrival.
    /// </summary>
    /// <param name="subscriptionId">The subscription that it is true of.</param>
    /// <param name="serverTicks">The server's clock, UTC .NET ticks.</param>
    /// <param name="receivedTicks">Our clock when the message that says so arrived, UTC .NET ticks.</param>
    void OnComplete(uint subscriptionId, long serverTicks, long receivedTicks)
    {
    }

    /// <summary>
    /// Subscriptions were made, or items moved between them: what a later run needs to take them over. Comes before the first notification of a new one;
    /// keep it up to date with <see cref="ResilientSubscription.CheckpointFor"/>.
    /// </summary>
    void OnSubscriptionsChanged(SessionCheckpoint checkpoint)
    {
    }

    /// <summary>
    /// Subscriptions of an earlier run go on: their values follow the last ones without a gap. The others were lost to it, and a gap for them comes next.
    /// Called once at most, before the first notification.
    /// </summary>
    /// <param name="clientHandles">The items in them; null = all.</param>
    /// <param name="completeTicks">The server's time up to which the earlier run had everything, UTC .NET ticks.</param>
    void OnTakenOver(IReadOnlyList<uint>? clientHandles, long completeTicks)
    {
    }

    /// <summary>The server does not monitor all items as it was asked to; null when it does. Called when that changes.</summary>
    void OnItemsRevised(RevisedItems? revised)
    {
    }

    /// <summary>The server says that it is not Running, so its values may stand still, or that it is again. Called when that changes.</summary>
    void OnServerState(ServerState state)
    {
    }

    /// <summary>The state changed; the reason is a sentence for people.</summary>
    void OnStateChanged(SubscriptionState state, string reason);

    /// <summary>The server refused an item (bad status), or takes it after having refused it (good).</summary>
    void OnItemStatus(uint clientHandle, StatusCode status);
}
