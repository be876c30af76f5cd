using System.Security.Cryptography;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Why an OPN is refused: the code the client is told, and what the log says.</summary>
internal sealed class OpenRefusedException(uint status, string reason) : Exception(reason)
{
    public StatusCode Status { get; } = status;
}

/// <summary>An OPN that was verified and granted.</summary>
internal sealed record OpenGranted(
    bool Renews,
    uint RequestId,
    SecurityPolicy Policy,
    MessageSecurityMode Mode,
    bool IsDiscoveryOnly,
    CertificateValidation? Client,
    PeerKeys Keys,
    SecurityToken Token,
    MessageBody Response);

/// <summary>
/// The server's side of OpenSecureChannel, without I/O. It checks in an order that costs a stranger more than us, and changes
/// nothing before the signature and the sequence number are verified.
/// </summary>
internal sealed class ServerTokenIssuer(ServerChannelOptions options)
{
    private PeerKeys? keys;
    private MessageSecurityMode mode;
    private byte[]? lastClientNonce;
    private uint lastTokenId;

    /// <param name="bytes">The whole OPN chunk; decrypted in place.</param>
    /// <param name="channelId">The id of the channel; for a first OPN, the one it gets.</param>
    /// <param name="receiver">Holds the sequence count.</param>
    /// <exception cref="OpenRefusedException">The connection is to be closed with its status.</exception>
    public OpenGranted Accept(byte[] bytes, uint channelId, ChunkReceiver receiver)
    {
        var header = AsymmetricChunk.TryReadHeader(bytes) ?? throw new OpenRefusedException(StatusCodes.BadTcpMessageTypeInvalid, "the OpenSecureChannel header is malformed");
        var renews = keys is not null;
        if (ChunkReader.ReadChannelId(bytes) != (renews ? channelId : 0))
            throw new OpenRefusedException(StatusCodes.BadTcpSecureChannelUnknown, $"it named secure channel {ChunkReader.ReadChannelId(bytes)}, which is not open on this connection");
        var policy = SecurityPolicy.FindByUri(header.PolicyUri);
        if (policy is null || (!options.Endpoints.Any(e => e.Policy == policy) && !(policy.IsNone && options.AllowDiscoveryWithoutSecurity)))
            throw new OpenRefusedException(StatusCodes.BadSecurityPolicyRejected, $"it asked for the policy {header.PolicyUri}, which is not offered here");
        var granted = keys ?? MakeKeys(policy, header);
        try
        {
            return Verify(bytes, header, policy, granted, renews, channelId, receiver);
        }
        catch
        {
            if (!renews)
                granted.Dispose();
            throw;
        }
    }

    private OpenGranted Verify(byte[] bytes, AsymmetricHeader header, SecurityPolicy policy, PeerKeys peer, bool renews, uint channelId, ChunkReceiver receiver)
    {
        if (policy != peer.Policy || (!policy.IsNone && !CertificateText.First(header.SenderCertificate).SequenceEqual(peer.PeerDer)))
            throw new OpenRefusedException(StatusCodes.BadSecurityChecksFailed, "it tried to renew the channel with another policy or certificate");
        if (!policy.IsNone && !CryptographicOperations.FixedTimeEquals(header.ReceiverThumbprint, peer.Own!.Thumbprint))
            throw new OpenRefusedException(StatusCodes.BadCertificateInvalid, "it encrypted for another server certificate than ours: it has to read our endpoints again");
        if (!AsymmetricChunk.TryOpen(bytes, header, policy, peer.Own?.PrivateKey, peer.PeerKey, out var opened))
            throw new OpenRefusedException(StatusCodes.BadSecurityChecksFailed, "its OpenSecureChannel can't be decrypted or verified");

        // From here on the client is known to hold the key of its certificate, so the certificate is worth a look (and a file).
        CertificateValidation? client = null;
        if (!policy.IsNone && !renews)
        {
            client = options.Validator!.Validate(header.SenderCertificate, policy, CertificateRole.Client);
            if (!client.IsAccepted)
                throw new OpenRefusedException(ForStranger(client.Status), client.Message);
        }

        if (!receiver.TryAcceptSequence(opened.SequenceNumber))
            throw new OpenRefusedException(StatusCodes.BadSequenceNumberInvalid, "it repeated or left out a chunk");
        var request = Decode(bytes.AsSpan(opened.BodyOffset, opened.BodyLength));
        if (renews != (request.RequestType == SecurityTokenRequestType.Renew))
            throw new OpenRefusedException(StatusCodes.BadRequestTypeInvalid, renews ? "it asked for a second channel on one connection" : "it asked to renew a channel that is not open here");
        var isDiscoveryOnly = CheckMode(policy, request.SecurityMode, renews);
        if (!policy.IsNone && (request.ClientNonce is not { } nonce || nonce.Length != policy.NonceLength || nonce.AsSpan().SequenceEqual(lastClientNonce)))
            throw new OpenRefusedException(StatusCodes.BadNonceInvalid, $"its nonce has {request.ClientNonce?.Length ?? 0} bytes or was used before; {policy} asks for {policy.NonceLength} fresh ones");

        var now = options.Time.GetUtcNow();
        var lifetime = Lifetime(request.RequestedLifetime);
        var serverNonce = TokenKeys.NewNonce(policy);
        var token = TokenKeys.Make(policy, request.SecurityMode, ++lastTokenId, options.Time, lifetime, serverNonce, request.ClientNonce);
        (keys, mode, lastClientNonce) = (peer, request.SecurityMode, request.ClientNonce);
        var response = MessageBody.Rent();
        MessageCodec.Encode(response, new OpenSecureChannelResponse
        {
            ResponseHeader = new ResponseHeader { Timestamp = now.UtcDateTime, RequestHandle = request.RequestHeader.RequestHandle },
            SecurityToken = new ChannelSecurityToken
            {
                ChannelId = channelId,
                TokenId = token.Id,
                CreatedAt = now.UtcDateTime,
                RevisedLifetime = (uint)lifetime.TotalMilliseconds,
            },
            ServerNonce = serverNonce,
        });
        return new OpenGranted(renews, opened.RequestId, policy, request.SecurityMode, isDiscoveryOnly, client, peer, token, response);
    }

    // Strangers are not told what the trust list holds (Part 4, 6.1.3); what is wrong with their own certificate they may know.
    private static uint ForStranger(StatusCode status) => status.CodeBits switch
    {
        StatusCodes.BadCertificateUntrusted or StatusCodes.BadCertificateChainIncomplete
            or StatusCodes.BadCertificateRevoked or StatusCodes.BadCertificateIssuerRevoked
            or StatusCodes.BadCertificateRevocationUnknown or StatusCodes.BadCertificateIssuerRevocationUnknown => StatusCodes.BadSecurityChecksFailed,
        _ => status.Value,
    };

    private PeerKeys MakeKeys(SecurityPolicy policy, AsymmetricHeader header)
    {
        if (policy.IsNone)
            return new PeerKeys(policy, null, null);
        var chain = CertificateText.ReadChain(header.SenderCertificate) ?? throw new OpenRefusedException(StatusCodes.BadCertificateInvalid, "it sent no readable certificate");
        // A client that read our endpoints before a renewal still has the certificate of then; its channel lives on with it.
        var own = options.Certificate!.Find(header.ReceiverThumbprint)
            ?? throw new OpenRefusedException(StatusCodes.BadCertificateInvalid, "it encrypted for another server certificate than ours: it has to read our endpoints again");
        var peer = new PeerKeys(policy, own, chain[0]);
        // Before any work with the key: a huge one would buy a lot of our time.
        if (peer.PeerKey is null || peer.PeerKey.KeySize < policy.MinKeyBits || peer.PeerKey.KeySize > policy.MaxKeyBits)
        {
            peer.Dispose();
            throw new OpenRefusedException(StatusCodes.BadCertificatePolicyCheckFailed, $"its certificate \"{chain[0].Subject}\" has no RSA key of {policy.MinKeyBits} to {policy.MaxKeyBits} bits, as {policy} asks for");
        }

        return peer;
    }

    private OpenSecureChannelRequest Decode(ReadOnlySpan<byte> body)
    {
        var reader = new UaReader(body, options.EncodingLimits);
        if (!MessageCodec.TryReadTypeId(ref reader, out var typeId) || typeId != OpenSecureChannelRequest.BinaryId)
            throw new OpenRefusedException(StatusCodes.BadTcpMessageTypeInvalid, "its OPN chunk holds no OpenSecureChannelRequest");
        var request = OpenSecureChannelRequest.Decode(ref reader);
        return reader.Failed ? throw new OpenRefusedException(reader.Error.Value, "its OpenSecureChannelRequest can't be decoded") : request;
    }

    private bool CheckMode(SecurityPolicy policy, MessageSecurityMode asked, bool renews)
    {
        if (renews && asked != mode)
            throw new OpenRefusedException(StatusCodes.BadSecurityModeRejected, $"it tried to change the mode from {mode} to {asked}");
        if (options.Endpoints.Any(e => e.Policy == policy && e.Mode == asked) && policy.IsNone == (asked == MessageSecurityMode.None))
            return false;
        if (policy.IsNone && asked == MessageSecurityMode.None)
            return true;
        throw new OpenRefusedException(StatusCodes.BadSecurityModeRejected, $"it asked for {policy} with {asked}, which is not offered here");
    }

    private TimeSpan Lifetime(uint requestedMs)
    {
        var asked = requestedMs == 0 ? options.MaxTokenLifetime : TimeSpan.FromMilliseconds(requestedMs);
        return asked < options.MinTokenLifetime ? options.MinTokenLifetime : asked > options.MaxTokenLifetime ? options.MaxTokenLifetime : asked;
    }
}
