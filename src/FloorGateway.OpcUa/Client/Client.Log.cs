using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client;

internal static partial class ClientLog
{
    [LoggerMessage(1200, LogLevel.Information, "{Endpoint}: session active with {Policy}/{Mode} as {User}, timeout {Timeout}")]
    public static partial void Connected(ILogger logger, string endpoint, string policy, MessageSecurityMode mode, string user, TimeSpan timeout);

    [LoggerMessage(1240, LogLevel.Warning, "{Endpoint}: the server does not trust our renewed certificate {Path} yet, so the one before it was used once more: have the new one trusted there before {End:yyyy-MM-dd}, when the old one ends")]
    public static partial void OldCertificateUsed(ILogger logger, string endpoint, string? path, DateTime? end);

    [LoggerMessage(1201, LogLevel.Warning, "{Endpoint}: keep-alive failed: {Reason}")]
    public static partial void KeepAliveFailed(ILogger logger, string endpoint, string reason);

    [LoggerMessage(1202, LogLevel.Debug, "{Endpoint}: the session could not be closed properly: {Reason}")]
    public static partial void CloseFailed(ILogger logger, string endpoint, string reason);

    [LoggerMessage(1203, LogLevel.Information, "{Endpoint}: {State}: {Reason}")]
    public static partial void StateChanged(ILogger logger, string endpoint, Subscriptions.SubscriptionState state, string reason);

    [LoggerMessage(1204, LogLevel.Warning, "{Endpoint}: gap from {From:O} to {To:O}: {Cause}")]
    public static partial void Gap(ILogger logger, string endpoint, DateTime from, DateTime to, string cause);

    [LoggerMessage(1205, LogLevel.Warning, "{Endpoint}: monitored item {Handle} ({Node}) is not delivered: {Status}")]
    public static partial void ItemRefused(ILogger logger, string endpoint, uint handle, string node, StatusCode status);

    [LoggerMessage(1206, LogLevel.Error, "{Endpoint}: the consumer of notification {Sequence} failed; it stays unacknowledged and will come again")]
    public static partial void ConsumerFailed(ILogger logger, string endpoint, uint sequence, Exception error);

    [LoggerMessage(1207, LogLevel.Debug, "{Endpoint}: {Count} notifications missing from {First}, asking for them again")]
    public static partial void Republishing(ILogger logger, string endpoint, int count, uint first);

    [LoggerMessage(1208, LogLevel.Warning, "{Endpoint}: a publish response can't be read: {Status}")]
    public static partial void BadPublish(ILogger logger, string endpoint, StatusCode status);

    [LoggerMessage(1209, LogLevel.Information, "{Endpoint}: the server takes at most {Count} publish requests")]
    public static partial void FewerPublishRequests(ILogger logger, string endpoint, int count);

    [LoggerMessage(1210, LogLevel.Warning, "{Endpoint}: refused monitored items could not be tried again: {Reason}")]
    public static partial void RetryFailed(ILogger logger, string endpoint, string reason);

    [LoggerMessage(1211, LogLevel.Warning, "{Endpoint}: {Revised}. Changes that come faster are lost there: ask for less, or raise the server's limits")]
    public static partial void ItemsRevised(ILogger logger, string endpoint, Subscriptions.RevisedItems revised);

    [LoggerMessage(1212, LogLevel.Warning, "{Endpoint}: namespace {Index} was {Was} and is now {Is}. Node ids with ns={Index} go on meaning the former; write them with nsu= to say so")]
    public static partial void NamespaceMoved(ILogger logger, string endpoint, int index, string was, string @is);

    [LoggerMessage(1213, LogLevel.Information, "{Endpoint}: the server takes {Most} monitored items in a subscription; {Rest} more go into another")]
    public static partial void Repartitioned(ILogger logger, string endpoint, int most, int rest);

    [LoggerMessage(1214, LogLevel.Information, "{Endpoint}: the server has no room for another subscription; {Items} items join the {Subscriptions} that live")]
    public static partial void Joined(ILogger logger, string endpoint, int items, int subscriptions);

    [LoggerMessage(1215, LogLevel.Warning, "{Endpoint}: the server says that it is {State}, not Running: its values may stand still")]
    public static partial void NotRunning(ILogger logger, string endpoint, ServerState state);

    [LoggerMessage(1216, LogLevel.Warning, "{Endpoint}: moving to {Other}: {Reason}")]
    public static partial void MovingTo(ILogger logger, string endpoint, string other, string reason);

    [LoggerMessage(1217, LogLevel.Information, "{Endpoint}: the server is Running again")]
    public static partial void RunningAgain(ILogger logger, string endpoint);

    [LoggerMessage(1218, LogLevel.Debug, "{Endpoint}: of the redundant set, {Other} could not be asked: {Reason}")]
    public static partial void NotAsked(ILogger logger, string endpoint, string other, string reason);

    [LoggerMessage(1290, LogLevel.Information, "{Endpoint}: subscription {Subscription} does not learn of the alarms that were there before it: ConditionRefresh gave {Status}")]
    public static partial void NotRefreshed(ILogger logger, string endpoint, uint subscription, StatusCode status);
}
