using System.Security.Cryptography;

namespace FloorGateway.OpcUa.Security;

/// <summary>One row of the table of security policies (Part 7, "SecurityPolicy" facets). Lengths in bytes unless named otherwise.</summary>
public sealed class SecurityPolicy
{
    private const string Prefix = "http://opcfoundation.org/UA/SecurityPolicy#";
    private const string RsaSha256Uri = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    private const string RsaSha1Uri = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    private const string RsaOaepUri = "http://www.w3.org/2001/04/xmlenc#rsa-oaep";

    private SecurityPolicy(string name) => (Name, Uri) = (name, Prefix + name);

    /// <summary>No protection: for discovery, and for networks where somebody wrote that choice down.</summary>
    public static SecurityPolicy None { get; } = new("None") { SignatureKeyLength = 0, SignatureLength = 0, NonceLength = 0, MinKeyBits = 0, MaxKeyBits = int.MaxValue };

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

    /// <summary>
    /// SHA-1 and RSA with PKCS#1 v1.5, whose padding can be used as an oracle. Deprecated by the standard; for equipment that speaks nothing
    /// better, and only where somebody allowed it by name.
    /// </summary>
    public static SecurityPolicy Basic128Rsa15 { get; } = new("Basic128Rsa15")
    {
        IsDeprecated = true,
        SignaturePadding = RSASignaturePadding.Pkcs1,
        EncryptionPadding = RSAEncryptionPadding.Pkcs1,
        EncryptionOverhead = 11,
        AsymmetricSignatureUri = RsaSha1Uri,
        AsymmetricEncryptionUri = "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
        Hash = HashAlgorithmName.SHA1,
        SignatureKeyLength = 16,
        EncryptionKeyLength = 16,
        SignatureLength = 20,
        NonceLength = 16,
        MinKeyBits = 1024,
        MaxKeyBits = 2048,
        SecurityLevel = 1,
    };

    /// <summary>SHA-1 and OAEP with AES-256. Deprecated as <see cref="Basic128Rsa15"/> is.</summary>
    public static SecurityPolicy Basic256 { get; } = new("Basic256")
    {
        IsDeprecated = true,
        SignaturePadding = RSASignaturePadding.Pkcs1,
        EncryptionPadding = RSAEncryptionPadding.OaepSHA1,
        EncryptionOverhead = 42,
        AsymmetricSignatureUri = RsaSha1Uri,
        AsymmetricEncryptionUri = RsaOaepUri,
        Hash = HashAlgorithmName.SHA1,
        SignatureKeyLength = 24,
        EncryptionKeyLength = 32,
        SignatureLength = 20,
        MinKeyBits = 1024,
        MaxKeyBits = 2048,
        SecurityLevel = 2,
    };

    /// <summary>The rows that may be used without further ado.</summary>
    public static IReadOnlyList<SecurityPolicy> All { get; } = [None, Basic256Sha256, Aes128Sha256RsaOaep, Aes256Sha256RsaPss];

    /// <summary>The rows that rest on SHA-1: refused unless <c>AllowDeprecatedPolicies</c> is set.</summary>
    public static IReadOnlyList<SecurityPolicy> Deprecated { get; } = [Basic128Rsa15, Basic256];

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

    /// <summary>True for policies that the standard gave up because they are broken, or nearly so.</summary>
    public bool IsDeprecated { get; private init; }

    /// <summary>What is signed with, both ways, and what keys are derived with.</summary>
    public HashAlgorithmName Hash { get; private init; } = HashAlgorithmName.SHA256;

    /// <summary>Length of the derived HMAC key.</summary>
    public int SignatureKeyLength { get; private init; } = 32;

    /// <summary>Length of the derived AES key.</summary>
    public int EncryptionKeyLength { get; private init; }

    /// <summary>Length of an HMAC on the wire.</summary>
    public int SignatureLength { get; private init; } = 32;

    /// <summary>Length of an AES block and of the derived initialisation vector.</summary>
    public int BlockLength => IsNone ? 0 : 16;

    /// <summary>SecureChannelNonceLength: of the client's and server's nonces in OpenSecureChannel.</summary>
    public int NonceLength { get; private init; } = 32;

    /// <summary>Smallest RSA key in bits.</summary>
    public int MinKeyBits { get; private init; } = 2048;

    /// <summary>Largest RSA key in bits; a larger one would let a peer buy a lot of our time.</summary>
    public int MaxKeyBits { get; private init; } = 4096;

    /// <summary>For EndpointDescription.SecurityLevel in mode Sign; SignAndEncrypt adds 100. 0 means not recommended.</summary>
    public byte SecurityLevel { get; private init; }

    /// <summary>Finds a row by its URI, or null for a policy this library does not speak.</summary>
    public static SecurityPolicy? FindByUri(string? uri) => All.Concat(Deprecated).FirstOrDefault(p => p.Uri == uri);

    /// <summary>Finds a row by its name, as in <c>Basic256Sha256</c>, ignoring case.</summary>
    public static SecurityPolicy? FindByName(string? name) => All.Concat(Deprecated).FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => Name;
}
