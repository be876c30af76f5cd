using System.Net;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.SecureChannel;

internal static partial class ChannelLog
{
    [LoggerMessage(1100, LogLevel.Information, "{Endpoint}: secure channel {ChannelId} opened with {Policy}, {Mode}; the token lives {Lifetime}")]
    public static partial void ClientOpened(ILogger log, string endpoint, uint channelId, string policy, MessageSecurityMode mode, TimeSpan lifetime);

    [LoggerMessage(1101, LogLevel.Debug, "{Endpoint}: secure channel {ChannelId} renewed with token {TokenId}, which lives {Lifetime}")]
    public static partial void ClientRenewed(ILogger log, string endpoint, uint channelId, uint tokenId, TimeSpan lifetime);

    [LoggerMessage(1102, LogLevel.Information, "{Endpoint}: secure channel {ChannelId} closed ({Status}): {Reason}")]
    public static partial void ClientClosed(ILogger log, string endpoint, uint channelId, StatusCode status, string reason);

    [LoggerMessage(1103, LogLevel.Warning, "The {Role} certificate \"{Subject}\" of {Peer} is not trusted and was accepted only because autoAcceptUntrusted is on: turn it off outside tests and demonstrations")]
    public static partial void AutoAccepted(ILogger log, string role, string subject, string peer);

    [LoggerMessage(1110, LogLevel.Information, "Listening for OPC UA clients on {EndPoint}")]
    public static partial void Listening(ILogger log, EndPoint? endPoint);

    [LoggerMessage(1111, LogLevel.Information, "Client {Peer}: secure channel {ChannelId} opened with {Policy}, {Mode}; the token lives {Lifetime}")]
    public static partial void ServerOpened(ILogger log, EndPoint? peer, uint channelId, string policy, MessageSecurityMode mode, TimeSpan lifetime);

    [LoggerMessage(1112, LogLevel.Information, "Client {Peer}: secure channel {ChannelId} closed ({Status}) {Reason}")]
    public static partial void ServerClosed(ILogger log, EndPoint? peer, uint channelId, StatusCode status, string reason);

    [LoggerMessage(1113, LogLevel.Warning, "Client {Peer} was refused ({Status}): {Reason} ({HeldBack} such lines before it were left out)")]
    public static partial void ClientRefused(ILogger log, EndPoint? peer, StatusCode status, string reason, long heldBack);

    [LoggerMessage(1114, LogLevel.Error, "Client {Peer}: a request on secure channel {ChannelId} failed in the server; the channel was closed")]
    public static partial void HandlerFailed(ILogger log, Exception error, EndPoint? peer, uint channelId);

    [LoggerMessage(1115, LogLevel.Warning, "Client {Peer} was turned away: all {Limit} connections are taken ({HeldBack} such lines before it were left out)")]
    public static partial void TooManyConnections(ILogger log, EndPoint? peer, int limit, long heldBack);

    [LoggerMessage(1118, LogLevel.Warning, "Client {Peer} was turned away: its address has all {Limit} connections that one may have ({HeldBack} such lines before it were left out)")]
    public static partial void TooManyFromAddress(ILogger log, EndPoint? peer, int limit, long heldBack);

    [LoggerMessage(1119, LogLevel.Information, "{Peer}: {Finding}")]
    public static partial void CertificateNote(ILogger log, string peer, string finding);

    [LoggerMessage(1130, LogLevel.Warning, "The client's listener {Url} can't be reached ({Reason}); it is dialled again and again without another word until it answers")]
    public static partial void ReverseFailed(ILogger log, string url, string reason);

    [LoggerMessage(1131, LogLevel.Information, "The client's listener {Url} answers again")]
    public static partial void ReverseReached(ILogger log, string url);

    [LoggerMessage(1132, LogLevel.Warning, "Server {Peer} dialled and was refused: {Reason} ({HeldBack} such lines before it were left out)")]
    public static partial void ReverseRefused(ILogger log, EndPoint? peer, string reason, long heldBack);

    [LoggerMessage(1116, LogLevel.Debug, "Client {Peer}: secure channel {ChannelId} renewed with token {TokenId}, which lives {Lifetime}")]
    public static partial void ServerRenewed(ILogger log, EndPoint? peer, uint channelId, uint tokenId, TimeSpan lifetime);

    [LoggerMessage(1117, LogLevel.Error, "Accepting OPC UA clients on {EndPoint} ended")]
    public static partial void AcceptFailed(ILogger log, Exception error, EndPoint? endPoint);
}
