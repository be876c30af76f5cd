using System.Buffers.Binary;
using System.Security.Cryptography;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>Finds out who a user identity token stands for (OPC 10000-4, 7.40).</summary>
internal sealed class UserTokenReader(UaServerOptions options)
{
    /// <returns>Good, BadIdentityTokenInvalid for a token that can't be read, or BadIdentityTokenRejected for one that is not let in.</returns>
    public StatusCode Read(SecurityPolicy channelPolicy, byte[] serverNonce, ExtensionObject? token, out UserIdentity user)
    {
        user = new UserIdentity(null, options.AnonymousMayWrite, options.AnonymousMayWrite);
        switch (token?.Decoded)
        {
            // No token at all stands for anonymous (5.7.3.2).
            case null when token is null || token.TypeId.IsNull:
            case AnonymousIdentityToken:
                return options.AllowAnonymous ? StatusCodes.Good : StatusCodes.BadIdentityTokenRejected;
            case UserNameIdentityToken name:
                return ReadUserName(channelPolicy, serverNonce, name, ref user);
            default:
                return StatusCodes.BadIdentityTokenInvalid;
        }
    }

    private StatusCode ReadUserName(SecurityPolicy channelPolicy, byte[] serverNonce, UserNameIdentityToken token, ref UserIdentity user)
    {
        if (options.Users is not { } users)
            return StatusCodes.BadIdentityTokenRejected;
        if (token.PolicyId != DiscoveryService.UserNamePolicyId || string.IsNullOrEmpty(token.UserName) || token.Password is null)
            return StatusCodes.BadIdentityTokenInvalid;
        if (!TryDecrypt(DiscoveryService.TokenPolicyOf(channelPolicy), serverNonce, token, out var password))
            return StatusCodes.BadIdentityTokenInvalid;
        if (users.Validate(token.UserName, password) is not { } known)
            return StatusCodes.BadIdentityTokenRejected;
        user = known;
        return StatusCodes.Good;
    }

    // 7.40.2.2: length, password and the server's last nonce, encrypted block by block for the server's certificate.
    private bool TryDecrypt(SecurityPolicy policy, byte[] serverNonce, UserNameIdentityToken token, out string password)
    {
        password = "";
        if (!string.IsNullOrEmpty(token.EncryptionAlgorithm) && token.EncryptionAlgorithm != policy.AsymmetricEncryptionUri)
            return false;
        if (token.Password!.Length > AsymmetricCipher.MaxCipherLength)
            return false;
        var plain = new byte[token.Password.Length];
        try
        {
            if (!AsymmetricCipher.TryDecrypt(policy, options.Certificate.PrivateKey, token.Password, plain, out var written) || written < 4)
                return false;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(plain);
            if (length > written - 4 || length < serverNonce.Length)
                return false;
            var secret = plain.AsSpan(4, (int)length);
            if (!CryptographicOperations.FixedTimeEquals(secret[^serverNonce.Length..], serverNonce))
                return false;
            password = System.Text.Encoding.UTF8.GetString(secret[..^serverNonce.Length]);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
