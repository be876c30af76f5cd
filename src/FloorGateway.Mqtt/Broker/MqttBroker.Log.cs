using System.Net;
using FloorGateway.Mqtt.Codec;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Mqtt.Broker;

/// <content>Log messages, event ids 1450 to 1499.</content>
public sealed partial class MqttBroker
{
    [LoggerMessage(1450, LogLevel.Information, "Listening for MQTT on {EndPoint} (TLS: {Tls})")]
    private static partial void LogListening(ILogger logger, IPEndPoint endPoint, bool tls);

    [LoggerMessage(1451, LogLevel.Warning, "INSECURE: {EndPoint} lets clients in without a user name, as configured (allowAnonymous)")]
    private static partial void LogAnonymous(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(1452, LogLevel.Warning, "INSECURE: {EndPoint} is open to the network without TLS, as configured")]
    private static partial void LogPlain(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(1453, LogLevel.Information, "{ClientId} connected (user {User}, from {Remote}, {Version}, keep-alive {KeepAlive})")]
    private static partial void LogConnected(
        ILogger logger, string clientId, string? user, EndPoint? remote, MqttProtocolVersion version, TimeSpan keepAlive);

    [LoggerMessage(1454, LogLevel.Information, "{ClientId} disconnected {Error}")]
    private static partial void LogDisconnected(ILogger logger, string clientId, string? error);

    [LoggerMessage(1455, LogLevel.Warning, "{ClientId} was sent away ({Reason}): {Detail}")]
    private static partial void LogSentAway(ILogger logger, string clientId, MqttReasonCode reason, string detail);

    [LoggerMessage(1456, LogLevel.Warning, "A connection from {Remote} was refused ({Reason}): {Detail} ({HeldBack} such lines before it were left out)")]
    private static partial void LogRefused(ILogger logger, EndPoint? remote, MqttReasonCode reason, string? detail, long heldBack);

    [LoggerMessage(1457, LogLevel.Warning, "A connection from {Remote} failed before it was accepted: {Error} ({HeldBack} such lines before it were left out)")]
    private static partial void LogConnectionFailed(ILogger logger, EndPoint? remote, string error, long heldBack);

    [LoggerMessage(1458, LogLevel.Error, "A subscription inside the process failed on a message of {Topic}")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string topic);

    [LoggerMessage(1459, LogLevel.Error, "The listener on {EndPoint} failed; no further clients are accepted there")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception, IPEndPoint endPoint);

    [LoggerMessage(1460, LogLevel.Debug, "{ClientId} published to a topic that it may not publish to")]
    private static partial void LogPublishRefused(ILogger logger, string clientId);
}
