using System.Buffers;
using System.Security.Cryptography;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>One OpenSecureChannel exchange seen from the client, without I/O.</summary>
internal sealed class ClientTokenRequest(ClientChannelOptions options, PeerKeys keys, uint requestId, bool renews)
{
    private readonly byte[]? nonce = TokenKeys.NewNonce(keys.Policy);

    public uint RequestId { get; } = requestId;

    public bool Renews { get; } = renews;

    public long SentAt { get; } = options.Time.GetTimestamp();

    public MessageBody Encode()
    {
        var body = MessageBody.Rent();
        MessageCodec.Encode(body, new OpenSecureChannelRequest
        {
            RequestHeader = new RequestHeader
            {
                Timestamp = options.Time.GetUtcNow().UtcDateTime,
                RequestHandle = RequestId,
                TimeoutHint = (uint)options.OpenTimeout.TotalMilliseconds,
            },
            RequestType = Renews ? SecurityTokenRequestType.Renew : SecurityTokenRequestType.Issue,
            SecurityMode = options.Mode,
            ClientNonce = nonce,
            RequestedLifetime = (uint)options.TokenLifetime.TotalMilliseconds,
        });
        return body;
    }

    /// <summary>Verifies the response and makes the token of it. The sequence number is the caller's to accept before it uses the outcome.</summary>
    /// <exception cref="ChannelException">The response is forged, malformed or a refusal.</exception>
    public (SecurityToken Token, uint ChannelId) Accept(in ReadOnlySequence<byte> frame, ChunkReceiver receiver)
    {
        var bytes = frame.ToArray();
        var header = AsymmetricChunk.TryReadHeader(bytes) ?? throw ClientErrors.Protocol(options, StatusCodes.BadTcpMessageTypeInvalid);
        if (header.PolicyUri != keys.Policy.Uri)
            throw ClientErrors.Protocol(options, StatusCodes.BadSecurityPolicyRejected, $"answered with the policy {header.PolicyUri} where {keys.Policy} was asked for");
        if (!keys.Policy.IsNone)
        {
            if (!CertificateText.First(header.SenderCertificate).SequenceEqual(keys.PeerDer))
                throw ClientErrors.Protocol(options, StatusCodes.BadCertificateInvalid, "answered with another certificate than the one it was asked for: if it was renewed, read it again with GetEndpoints and trust it");
            if (!CryptographicOperations.FixedTimeEquals(header.ReceiverThumbprint, keys.Own!.Thumbprint))
                throw ClientErrors.Protocol(options, StatusCodes.BadCertificateInvalid, "answered for another client's certificate");
        }

        if (!AsymmetricChunk.TryOpen(bytes, header, keys.Policy, keys.Own?.PrivateKey, keys.PeerKey, out var opened))
            throw ClientErrors.Protocol(options, StatusCodes.BadSecurityChecksFailed);
        if (!receiver.TryAcceptSequence(opened.SequenceNumber))
            throw ClientErrors.Protocol(options, StatusCodes.BadSequenceNumberInvalid);
        if (opened.RequestId != RequestId)
            throw ClientErrors.Protocol(options, StatusCodes.BadDecodingError, $"answered request {opened.RequestId} where {RequestId} was asked");

        var reader = new UaReader(bytes.AsSpan(opened.BodyOffset, opened.BodyLength), options.EncodingLimits);
        if (!MessageCodec.TryReadTypeId(ref reader, out var typeId))
            throw ClientErrors.Protocol(options, StatusCodes.BadDecodingError);
        if (typeId == ServiceFault.BinaryId)
        {
            var fault = ServiceFault.Decode(ref reader);
            throw ClientErrors.Refused(options, reader.Failed ? StatusCodes.BadDecodingError : fault.ResponseHeader.ServiceResult, null);
        }

        if (typeId != OpenSecureChannelResponse.BinaryId)
            throw ClientErrors.Protocol(options, StatusCodes.BadDecodingError);
        var response = OpenSecureChannelResponse.Decode(ref reader);
        if (reader.Failed)
            throw ClientErrors.Protocol(options, StatusCodes.BadDecodingError);
        if (response.ResponseHeader.ServiceResult.IsBad)
            throw ClientErrors.Refused(options, response.ResponseHeader.ServiceResult, null);
        if (!TokenKeys.IsValid(keys.Policy, response.ServerNonce, nonce))
            throw ClientErrors.Protocol(options, StatusCodes.BadNonceInvalid, $"sent a nonce of {response.ServerNonce?.Length ?? 0} bytes or our own; {keys.Policy} asks for {keys.Policy.NonceLength} fresh ones");

        var lifetime = TimeSpan.FromMilliseconds(Math.Max(response.SecurityToken.RevisedLifetime, 1000u));
        // The life counts from here by our own clock: the server's may be years off.
        var token = TokenKeys.Make(keys.Policy, options.Mode, response.SecurityToken.TokenId, options.Time, lifetime, nonce, response.ServerNonce);
        return (token, response.SecurityToken.ChannelId);
    }
}
