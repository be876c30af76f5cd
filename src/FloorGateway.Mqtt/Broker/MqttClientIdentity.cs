using System.Net;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Broker;

/// <summary>Who a connection belongs to.</summary>
/// <param name="ClientId">Client identifier.</param>
/// <param name="UserName">Verified user name; null for an anonymous client.</param>
/// <param name="RemoteEndPoint">Where it comes from; null in memory.</param>
/// <param name="Version">Protocol it speaks.</param>
public sealed record MqttClientIdentity(string ClientId, string? UserName, EndPoint? RemoteEndPoint, MqttProtocolVersion Version);

/// <summary>What a client shows for itself.</summary>
/// <param name="ClientId">Client identifier it asks for.</param>
/// <param name="UserName">User name; null: none.</param>
/// <param name="Password">Password; null: none.</param>
/// <param name="RemoteEndPoint">Where it comes from; null in memory.</param>
/// <param name="Certificate">Its TLS certificate, if it showed one.</param>
public sealed record MqttAuthenticationRequest(
    string ClientId, string? UserName, ReadOnlyMemory<byte>? Password, EndPoint? RemoteEndPoint, X509Certificate? Certificate);

/// <summary>Checks who connects.</summary>
public interface IMqttAuthenticator
{
    /// <summary>Success, or the reason to refuse: BadUserNameOrPassword, NotAuthorized, Banned. An exception refuses, too.</summary>
    ValueTask<MqttReasonCode> AuthenticateAsync(MqttAuthenticationRequest request, CancellationToken cancel);
}

/// <summary>Says who may do what. Called on the hot path: answer from memory.</summary>
public interface IMqttAuthorizer
{
    /// <summary>True: the client may publish to this topic name (UTF-8).</summary>
    bool MayPublish(MqttClientIdentity client, ReadOnlySpan<byte> topic);

    /// <summary>True: the client may subscribe to this topic filter (UTF-8, without the share name).</summary>
    bool MaySubscribe(MqttClientIdentity client, ReadOnlySpan<byte> filter);
}
