using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>Builds the identity token of ActivateSession (OPC 10000-4, 7.41).</summary>
internal static class UserTokens
{
    /// <returns>The token, and the signature that goes with it: empty unless the user has a certificate.</returns>
    public static (IUaStructure Token, SignatureData Signature) Create(UaClientOptions options, EndpointDescription endpoint, byte[] serverCertificate, byte[] serverNonce)
    {
        var token = EndpointSelector.SelectToken(endpoint, options);
        return options.User switch
        {
            UserIdentity.NamedUser user => (ForUserName(options, user, token, endpoint, serverCertificate, serverNonce), new SignatureData()),
            UserIdentity.CertificateUser user => (
                new X509IdentityToken { PolicyId = token.PolicyId, CertificateData = user.UserCertificate.RawData },
                Sign(EndpointSelector.PolicyOf(token, endpoint)!, user, serverCertificate, serverNonce)),
            _ => (new AnonymousIdentityToken { PolicyId = token.PolicyId }, new SignatureData()),
        };
    }

    private static UserNameIdentityToken ForUserName(
        UaClientOptions options, UserIdentity.NamedUser user, UserTokenPolicy token, EndpointDescription endpoint, byte[] serverCertificate, byte[] serverNonce)
    {
        var policy = EndpointSelector.PolicyOf(token, endpoint)!;
        var result = new UserNameIdentityToken { PolicyId = token.PolicyId, UserName = user.Name };
        if (policy.IsNone)
        {
            if (endpoint.SecurityMode != MessageSecurityMode.SignAndEncrypt && !options.AllowPlainTextPassword)
            {
                throw new UaServiceException(
                    StatusCodes.BadSecurityModeInsufficient,
                    $"The password of {user} would go to {options.EndpointUrl} readable by anyone on the network. Use SignAndEncrypt, or have the server offer an encrypted user token policy.");
            }

            result.Password = System.Text.Encoding.UTF8.GetBytes(user.Password);
            return result;
        }

        if (endpoint.SecurityMode == MessageSecurityMode.None)
        {
            // The channel did not check this certificate, and the password is about to be encrypted for it.
            RequireTrusted(options, serverCertificate, policy);
        }

        result.EncryptionAlgorithm = policy.AsymmetricEncryptionUri;
        result.Password = Encrypt(policy, serverCertificate, System.Text.Encoding.UTF8.GetBytes(user.Password), serverNonce);
        return result;
    }

    /// <summary>The legacy encrypted secret: length of what follows, password, server nonce, in RSA blocks (OPC 10000-4, 7.41.2.2).</summary>
    internal static byte[] Encrypt(SecurityPolicy policy, byte[] serverCertificate, byte[] password, byte[] serverNonce)
    {
        var plain = new byte[4 + password.Length + serverNonce.Length];
        BinaryPrimitives.WriteInt32LittleEndian(plain, password.Length + serverNonce.Length);
        password.CopyTo(plain, 4);
        serverNonce.CopyTo(plain, 4 + password.Length);
        using var certificate = X509CertificateLoader.LoadCertificate(LeafOf(serverCertificate));
        using var key = certificate.GetRSAPublicKey()
            ?? throw new UaServiceException(StatusCodes.BadCertificateInvalid, "The server's certificate has no RSA key to encrypt the password with.");
        var encrypted = new byte[AsymmetricCipher.EncryptedLength(policy, key, plain.Length)];
        AsymmetricCipher.Encrypt(policy, key, plain, encrypted);
        CryptographicOperations.ZeroMemory(plain);
        return encrypted;
    }

    /// <summary>The first certificate of a chain, without its issuers.</summary>
    internal static byte[] LeafOf(byte[] chain) => CertificateText.ReadChain(chain) is { Count: > 0 } certificates ? certificates[0].RawData : chain;

    // 7.41.4: the server's certificate, without its issuers, and its last nonce.
    private static SignatureData Sign(SecurityPolicy policy, UserIdentity.CertificateUser user, byte[] serverCertificate, byte[] serverNonce)
    {
        var signature = new byte[AsymmetricCipher.BlockLength(user.PrivateKey)];
        AsymmetricCipher.Sign(policy, user.PrivateKey, [.. LeafOf(serverCertificate), .. serverNonce], signature);
        return new SignatureData { Algorithm = policy.AsymmetricSignatureUri, Signature = signature };
    }

    private static void RequireTrusted(UaClientOptions options, byte[] serverCertificate, SecurityPolicy policy)
    {
        var host = Uri.TryCreate(options.EndpointUrl, UriKind.Absolute, out var uri) ? uri.Host : null;
        var validation = new CertificateValidator(options.TrustList, options.CertificateRules).Validate(serverCertificate, policy, CertificateRole.Server, host);
        if (!validation.IsAccepted)
        {
            throw new UaServiceException(validation.Status, $"The password was not sent to {options.EndpointUrl}. {validation.Message}");
        }
    }
}
