using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Server;

internal static partial class ServerLog
{
    [LoggerMessage(1300, LogLevel.Information, "OPC UA server {ApplicationUri} listens at {EndpointUrl}")]
    public static partial void Started(this ILogger logger, string applicationUri, string endpointUrl);

    [LoggerMessage(1301, LogLevel.Information, "OPC UA server {ApplicationUri} stopped")]
    public static partial void Stopped(this ILogger logger, string applicationUri);

    [LoggerMessage(EventId = 1302, Message = "Endpoint {EndpointUrl} offers {Policy}/{Mode}: anyone who reaches it can read and change what travels there. Take it from the options where that was not meant")]
    public static partial void InsecureEndpoint(this ILogger logger, LogLevel level, string endpointUrl, string policy, MessageSecurityMode mode);

    [LoggerMessage(1303, LogLevel.Information, "Session '{Session}' of {ClientUri} activated for {User} on {Policy}/{Mode}")]
    public static partial void SessionActivated(this ILogger logger, string session, string? clientUri, string user, string policy, MessageSecurityMode mode);

    [LoggerMessage(1304, LogLevel.Information, "Session '{Session}' closed: {Reason}")]
    public static partial void SessionClosed(this ILogger logger, string session, string reason);

    [LoggerMessage(1305, LogLevel.Warning, "Session '{Session}' of {ClientUri} refused with {Status}: {Reason}")]
    public static partial void SessionRefused(this ILogger logger, string? session, string? clientUri, StatusCode status, string reason);

    [LoggerMessage(1306, LogLevel.Error, "{Service} failed and was answered with BadInternalError")]
    public static partial void ServiceFailed(this ILogger logger, string service, Exception error);

    [LoggerMessage(1307, LogLevel.Error, "Computing the value of {NodeId} failed")]
    public static partial void ReadFailed(this ILogger logger, NodeId nodeId, Exception error);

    [LoggerMessage(1308, LogLevel.Error, "The write handler of {NodeId} failed")]
    public static partial void WriteFailed(this ILogger logger, NodeId nodeId, Exception error);

    [LoggerMessage(1309, LogLevel.Error, "The handler of method {NodeId} failed")]
    public static partial void CallFailed(this ILogger logger, NodeId nodeId, Exception error);

    [LoggerMessage(1310, LogLevel.Error, "The subscriptions' scheduler failed in one round and goes on")]
    public static partial void SchedulerFailed(this ILogger logger, Exception error);

    [LoggerMessage(1341, LogLevel.Warning, "Endpoint {EndpointUrl} offers {Policy}/{Mode}, which rests on SHA-1 and is broken: move its clients to Basic256Sha256 or better and take it from the options")]
    public static partial void DeprecatedEndpoint(this ILogger logger, string endpointUrl, string policy, MessageSecurityMode mode);

    [LoggerMessage(1340, LogLevel.Warning, "User \"{User}\" is locked for logins from {Address} for {LockTime} after too many wrong passwords. It unlocks by itself; if nobody mistyped, somebody there is guessing")]
    public static partial void LoginLocked(this ILogger logger, string user, string address, TimeSpan lockTime);

    [LoggerMessage(1311, LogLevel.Debug, "A request could not be decoded: {Status}")]
    public static partial void BadRequest(this ILogger logger, StatusCode status);
}
