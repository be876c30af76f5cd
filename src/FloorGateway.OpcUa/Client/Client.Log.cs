using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client;

internal static partial class ClientLog
{
    [LoggerMessage(1200, LogLevel.Information, "{Endpoint}: session active with {Policy}/{Mode} as {User}, timeout {Timeout}")]
    public static partial void Connected(ILogger logger, string endpoint, string policy, MessageSecurityMode mode, string user, TimeSpan timeout);

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
}
