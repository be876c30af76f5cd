using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>What came of a user identity token.</summary>
/// <param name="Status">Good, or what the client is told.</param>
/// <param name="User">The user; null unless the status is good.</param>
/// <param name="Reason">For the log: why it was refused.</param>
internal readonly record struct UserTokenResult(StatusCode Status, UserIdentity? User, string Reason)
{
    public static UserTokenResult Accepted(UserIdentity user) => new(StatusCodes.Good, user, "");
}

/// <summary>Finds out who a user identity token stands for (OPC 10000-4, 7.41).</summary>
internal sealed class UserTokenReader(UaServerOptions options)
{
    /// <summary>Longest user name in characters: it goes into tables and logs.</summary>
    private const int MaxNameLength = 256;

    /// <summary>Who wants to log in, before anything is checked; null for anonymous and for tokens that can't be read.</summary>
    public static string? ClaimedBy(ExtensionObject? token) => token?.Decoded switch
    {
        UserNameIdentityToken { UserName: { Length: > 0 and <= MaxNameLength } name } => name,
        X509IdentityToken { CertificateData: { } der } => Convert.ToHexString(CertificateText.Thumbprint(der)),
        _ => null,
    };

    /// <param name="channelPolicy">The policy of the channel the token came on.</param>
    /// <param name="own">The certificate the session was made with.</param>
    /// <param name="serverNonce">The nonce the client was given last.</param>
    /// <param name="token">The token; null stands for anonymous.</param>
    /// <param name="signature">The user's signature, for certificates.</param>
    /// <returns>BadIdentityTokenInvalid for a token that can't be read, BadUserSignatureInvalid for one whose key was not shown, or BadIdentityTokenRejected.</returns>
    public UserTokenResult Read(SecurityPolicy channelPolicy, ApplicationCertificate own, byte[] serverNonce, ExtensionObject? token, SignatureData signature)
    {
        switch (token?.Decoded)
        {
            // No token at all stands for anonymous (5.7.3.2).
            case null when token is null || token.TypeId.IsNull:
            case AnonymousIdentityToken:
                return options.AllowAnonymous
                    ? UserTokenResult.Accepted(new UserIdentity(null, options.AnonymousMayWrite, options.AnonymousMayWrite))
                    : new(StatusCodes.BadIdentityTokenRejected, null, "anonymous sessions are not let in");
            case UserNameIdentityToken name:
                return ReadUserName(DiscoveryService.TokenPolicyOf(channelPolicy), own, serverNonce, name);
            case X509IdentityToken certificate:
                return ReadCertificate(DiscoveryService.TokenPolicyOf(channelPolicy), own, serverNonce, certificate, signature);
            default:
                return Invalid("the token is of a kind that is not on offer");
        }
    }

    private UserTokenResult ReadUserName(SecurityPolicy policy, ApplicationCertificate own, byte[] serverNonce, UserNameIdentityToken token)
    {
        if (options.Users is not { } users)
            return new(StatusCodes.BadIdentityTokenRejected, null, "user names are not on offer");
        if (token.PolicyId != DiscoveryService.UserNamePolicyId || token.UserName is not { Length: > 0 and <= MaxNameLength } name || token.Password is null)
            return Invalid("the user name token is malformed");
        if (!TryDecrypt(policy, own, serverNonce, token, out var password))
            return Invalid("the password was not encrypted for this server and its last nonce");
        return users.Validate(name, password) is { } user
            ? UserTokenResult.Accepted(user)
            : new(StatusCodes.BadIdentityTokenRejected, null, $"user name \"{PeerText.Clean(name)}\" or its password is wrong");
    }

    private UserTokenResult ReadCertificate(SecurityPolicy policy, ApplicationCertificate own, byte[] serverNonce, X509IdentityToken token, SignatureData signature)
    {
        if (options.UserCertificates is not { } validator)
            return new(StatusCodes.BadIdentityTokenRejected, null, "user certificates are not on offer");
        if (token.PolicyId != DiscoveryService.CertificatePolicyId || CertificateText.ReadChain(token.CertificateData) is not { } chain)
            return Invalid("the certificate token is malformed");
        var subject = CertificateText.Name(chain[0]);
        using var key = CertificateText.PublicKey(chain[0]);
        // Before any work with the key: a huge one would buy a lot of our time.
        if (key is null || key.KeySize < policy.MinKeyBits || key.KeySize > policy.MaxKeyBits)
            return new(StatusCodes.BadIdentityTokenRejected, null, $"the user certificate \"{subject}\" has no RSA key of {policy.MinKeyBits} to {policy.MaxKeyBits} bits, as {policy} asks for");

        // The key first: what nobody has shown to own is not worth a file in rejected/.
        if (signature.Signature is null
            || (!string.IsNullOrEmpty(signature.Algorithm) && signature.Algorithm != policy.AsymmetricSignatureUri)
            || !AsymmetricCipher.Verify(policy, key, [.. own.Der, .. serverNonce], signature.Signature))
            return new(StatusCodes.BadUserSignatureInvalid, null, $"the client did not show to own the key of the user certificate \"{subject}\"");
        var validation = validator.Validate(token.CertificateData, policy, CertificateRole.User);
        if (!validation.IsAccepted)
            return new(StatusCodes.BadIdentityTokenRejected, null, validation.Message);
        var user = options.Users is { } users ? users.Validate(chain[0]) : IUserValidator.Trusted(chain[0]);
        return user is not null
            ? UserTokenResult.Accepted(user)
            : new(StatusCodes.BadIdentityTokenRejected, null, $"the user certificate \"{subject}\" is trusted but stands for no user here");
    }

    private static UserTokenResult Invalid(string reason) => new(StatusCodes.BadIdentityTokenInvalid, null, reason);

    // 7.41.2.2: length, password and the server's last nonce, encrypted block by block for the server's certificate.
    private static bool TryDecrypt(SecurityPolicy policy, ApplicationCertificate own, byte[] serverNonce, UserNameIdentityToken token, out string password)
    {
        password = "";
        if (!string.IsNullOrEmpty(token.EncryptionAlgorithm) && token.EncryptionAlgorithm != policy.AsymmetricEncryptionUri)
            return false;
        if (token.Password!.Length > AsymmetricCipher.MaxCipherLength)
            return false;
        var plain = new byte[token.Password.Length];
        try
        {
            if (!AsymmetricCipher.TryDecrypt(policy, own.PrivateKey, token.Password, plain, out var written) || written < 4)
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
