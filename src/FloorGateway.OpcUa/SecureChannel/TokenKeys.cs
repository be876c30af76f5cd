using System.Security.Cryptography;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Nonces, and the tokens made from two of them.</summary>
internal static class TokenKeys
{
    public static byte[]? NewNonce(SecurityPolicy policy) => policy.IsNone ? null : RandomNumberGenerator.GetBytes(policy.NonceLength);

    /// <summary>A nonce must have the policy's length and not be a repetition of our own (Part 4, 5.5.2: BadNonceInvalid).</summary>
    public static bool IsValid(SecurityPolicy policy, byte[]? peer, byte[]? own) =>
        policy.IsNone || (peer is not null && peer.Length == policy.NonceLength && !CryptographicOperations.FixedTimeEquals(peer, own));

    public static SecurityToken Make(SecurityPolicy policy, MessageSecurityMode mode, uint tokenId, TimeProvider time, TimeSpan lifetime, byte[]? ownNonce, byte[]? peerNonce)
    {
        var encrypts = mode == MessageSecurityMode.SignAndEncrypt;
        return new SecurityToken(
            tokenId,
            time,
            lifetime,
            SymmetricCrypto.Derive(policy, encrypts, forSending: true, receiverNonce: peerNonce, senderNonce: ownNonce),
            SymmetricCrypto.Derive(policy, encrypts, forSending: false, receiverNonce: ownNonce, senderNonce: peerNonce));
    }
}
