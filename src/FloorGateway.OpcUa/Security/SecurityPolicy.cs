using System.Security.Cryptography;

namespace FloorGateway.OpcUa.Security;

/// <summary>One row of the table of security policies (Part 7, "SecurityPolicy" facets). Lengths in bytes unless named otherwise.</summary>
public sealed class SecurityPolicy
{
    private const string Prefix = "http://opcfoundation.org/UA/SecurityPolicy#";
    private const string RsaSha256Uri = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    private const string RsaOaepUri = "http://www.w3.org/2001/04/xmlenc#rsa-oaep";

    private SecurityPolicy(string name) => (Name, Uri) = (name, Prefix + name);

    /// <summary>No protection: for discovery, and for networks where somebody wrote that choice down.</summary>
    public static SecurityPolicy None { get; } = new("None");

    /// <summary>RSA PKCS#1 v1.5 signatures, OAEP-SHA1, AES-256-CBC, HMAC-SHA256: what nearly all equipment speaks.</summary>
    public static SecurityPolicy Basic256Sha256 { get; } = new("Basic256Sha256")
    {
        SignaturePadding = RSASignaturePadding.Pkcs1,
        EncryptionPadding = RSAEncryptionPadding.OaepSHA1,
        EncryptionOverhead = 42,
        AsymmetricSignatureUri = RsaSha256Uri,
        AsymmetricEncryptionUri = RsaOaepUri,
        EncryptionKeyLength = 32,
        SecurityLevel = 20,
    };

    /// <summary>As Basic256Sha256 with AES-128.</summary>
    public static SecurityPolicy Aes128Sha256RsaOaep { get; } = new("Aes128_Sha256_RsaOaep")
    {
        SignaturePadding = RSASignaturePadding.Pkcs1,
        EncryptionPadding = RSAEncryptionPadding.OaepSHA1,
        EncryptionOverhead = 42,
        AsymmetricSignatureUri = RsaSha256Uri,
        AsymmetricEncryptionUri = RsaOaepUri,
        EncryptionKeyLength = 16,
        SecurityLevel = 10,
    };

    /// <summary>RSA-PSS signatures, OAEP-SHA256, AES-256-CBC, HMAC-SHA256.</summary>
    public static SecurityPolicy Aes256Sha256RsaPss { get; } = new("Aes256_Sha256_RsaPss")
    {
        SignaturePadding = RSASignaturePadding.Pss,
        EncryptionPadding = RSAEncryptionPadding.OaepSHA256,
        EncryptionOverhead = 66,
        AsymmetricSignatureUri = "http://opcfoundation.org/UA/security/rsa-pss-sha2-256",
        AsymmetricEncryptionUri = "http://opcfoundation.org/UA/security/rsa-oaep-sha2-256",
        EncryptionKeyLength = 32,
        SecurityLevel = 30,
    };

    /// <summary>All rows. Policies that rest on SHA-1 signatures (Basic128Rsa15, Basic256) are left out on purpose.</summary>
    public static IReadOnlyList<SecurityPolicy> All { get; } = [None, Basic256Sha256, Aes128Sha256RsaOaep, Aes256Sha256RsaPss];

    /// <summary>The last part of the URI, as people write it in a configuration.</summary>
    public string Name { get; }

    public string Uri { get; }

    /// <summary>True for <see cref="None"/>: chunks carry neither signature nor encryption and no certificates are exchanged.</summary>
    public bool IsNone => SignaturePadding is null;

    public RSASignaturePadding? SignaturePadding { get; private init; }

    public RSAEncryptionPadding? EncryptionPadding { get; private init; }

    /// <summary>Bytes of an RSA block that the padding takes.</summary>
    public int EncryptionOverhead { get; private init; }

    /// <summary>The URI that SignatureData.Algorithm carries.</summary>
    public string AsymmetricSignatureUri { get; private init; } = "";

    /// <summary>The URI that UserNameIdentityToken.EncryptionAlgorithm carries.</summary>
    public string AsymmetricEncryptionUri { get; private init; } = "";

    /// <summary>Length of the derived HMAC key.</summary>
    public int SignatureKeyLength => IsNone ? 0 : 32;

    /// <summary>Length of the derived AES key.</summary>
    public int EncryptionKeyLength { get; private init; }

    /// <summary>Length of an HMAC on the wire.</summary>
    public int SignatureLength => IsNone ? 0 : 32;

    /// <summary>Length of an AES block and of the derived initialisation vector.</summary>
    public int BlockLength => IsNone ? 0 : 16;

    /// <summary>SecureChannelNonceLength: of the client's and server's nonces in OpenSecureChannel.</summary>
    public int NonceLength => IsNone ? 0 : 32;

    /// <summary>Smallest RSA key in bits.</summary>
    public int MinKeyBits => IsNone ? 0 : 2048;

    /// <summary>Largest RSA key in bits; a larger one would let a peer buy a lot of our time.</summary>
    public int MaxKeyBits => IsNone ? int.MaxValue : 4096;

    /// <summary>For EndpointDescription.SecurityLevel in mode Sign; SignAndEncrypt adds 100. 0 means not recommended.</summary>
    public byte SecurityLevel { get; private init; }

    /// <summary>Finds a row by its URI, or null for a policy this library does not speak.</summary>
    public static SecurityPolicy? FindByUri(string? uri) => All.FirstOrDefault(p => p.Uri == uri);

    /// <summary>Finds a row by its name, as in <c>Basic256Sha256</c>, ignoring case.</summary>
    public static SecurityPolicy? FindByName(string? name) => All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => Name;
}
