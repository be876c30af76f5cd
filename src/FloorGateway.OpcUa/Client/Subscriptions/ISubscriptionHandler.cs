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
    /// Everything up to this moment has been delivered: after each keep-alive and each notification behind which nothing waits. Not after a message that
    /// was asked for again, nor after one that more follow: what comes behind them may be older than their arrival.
    /// </summary>
    /// <param name="serverTicks">The server's clock, UTC .NET ticks.</param>
    /// <param name="receivedTicks">Our clock when the message that says so arrived, UTC .NET ticks.</param>
    void OnComplete(long serverTicks, long receivedTicks)
    {
    }

    /// <summary>The server does not monitor all items as it was asked to; null when it does. Called when that changes.</summary>
    void OnItemsRevised(RevisedItems? revised)
    {
    }

    /// <summary>The state changed; the reason is a sentence for people.</summary>
    void OnStateChanged(SubscriptionState state, string reason);

    /// <summary>The server refused an item (bad status), or takes it after having refused it (good).</summary>
    void OnItemStatus(uint clientHandle, StatusCode status);
}
