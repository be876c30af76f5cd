using FloorGateway.Mqtt.Codec;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Mqtt.Client;

/// <content>Log messages, event ids 1400 to 1449.</content>
public sealed partial class MqttClient
{
    [LoggerMessage(1400, LogLevel.Information, "{ClientId} is connected to {Host}:{Port} ({Version}, session present: {SessionPresent})")]
    private static partial void LogConnected(
        ILogger logger, string clientId, string host, int port, MqttProtocolVersion version, bool sessionPresent);

    [LoggerMessage(1401, LogLevel.Warning, "{ClientId} has no connection ({Reason}): {Detail}. Next attempt in {Delay}")]
    private static partial void LogWaiting(ILogger logger, string clientId, MqttReasonCode reason, string detail, TimeSpan delay);

    [LoggerMessage(1402, LogLevel.Error, "The handler of a message on {Topic} failed; the message is acknowledged with an error")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string topic);

    [LoggerMessage(1403, LogLevel.Error, "A listener of state changes failed")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(1404, LogLevel.Warning, "{ClientId} stops with messages unacknowledged: they took longer than {Drain}")]
    private static partial void LogDrainTimeout(ILogger logger, string clientId, TimeSpan drain);

    [LoggerMessage(1405, LogLevel.Error, "The server refused to restore {ClientId}'s subscription to {Filter} ({Reason}); its messages are missing until it is subscribed again")]
    private static partial void LogRestoreRefused(ILogger logger, string clientId, string filter, MqttReasonCode reason);
}
