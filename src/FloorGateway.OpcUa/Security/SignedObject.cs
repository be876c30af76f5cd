using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FloorGateway.OpcUa.Security;

/// <summary>
/// The outer form that certificates and revocation lists share (RFC 5280, 4.1.1): what is signed, with which algorithm, and the signature.
/// The framework verifies chains as a whole; a finding has to name the one signature that is wrong.
/// </summary>
internal sealed class SignedObject
{
    private const string Pss = "1.2.840.113549.1.1.10";
    private const string Sha1 = "1.3.14.3.2.26";

    private static readonly Dictionary<string, HashAlgorithmName> RsaAlgorithms = new()
    {
        ["1.2.840.113549.1.1.5"] = HashAlgorithmName.SHA1,
        ["1.2.840.113549.1.1.11"] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.1.1.12"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.1.1.13"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, HashAlgorithmName> EcdsaAlgorithms = new()
    {
        ["1.2.840.10045.4.1"] = HashAlgorithmName.SHA1,
        ["1.2.840.10045.4.3.2"] = HashAlgorithmName.SHA256,
        ["1.2.840.10045.4.3.3"] = HashAlgorithmName.SHA384,
        ["1.2.840.10045.4.3.4"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new()
    {
        [Sha1] = HashAlgorithmName.SHA1,
        ["2.16.840.1.101.3.4.2.1"] = HashAlgorithmName.SHA256,
        ["2.16.840.1.101.3.4.2.2"] = HashAlgorithmName.SHA384,
        ["2.16.840.1.101.3.4.2.3"] = HashAlgorithmName.SHA512,
    };

    private readonly string algorithm;
    private readonly HashAlgorithmName hash;
    private readonly byte[] signature;

    /// <exception cref="AsnContentException">Not of this form.</exception>
    public SignedObject(ReadOnlyMemory<byte> der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        ToBeSigned = outer.ReadEncodedValue();
        var identifier = outer.ReadSequence();
        algorithm = identifier.ReadObjectIdentifier();
        hash = algorithm == Pss ? PssHash(identifier) : RsaAlgorithms.GetValueOrDefault(algorithm, EcdsaAlgorithms.GetValueOrDefault(algorithm));
        signature = outer.ReadBitString(out _);
        outer.ThrowIfNotEmpty();
    }

    public ReadOnlyMemory<byte> ToBeSigned { get; }

    /// <summary>Null when the bytes are not of this form; the framework reads some certificates that are not strict DER.</summary>
    public static SignedObject? TryRead(ReadOnlyMemory<byte> der)
    {
        try
        {
            return new SignedObject(der);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>True for MD5, SHA-1, and whatever this library does not know: nobody can say who signed it.</summary>
    public bool IsWeak => hash.Name is null || hash == HashAlgorithmName.SHA1;

    /// <summary>As people know it.</summary>
    public string AlgorithmName => new Oid(algorithm).FriendlyName ?? algorithm;

    /// <summary>True when the key of <paramref name="issuer"/> made the signature.</summary>
    public bool IsSignedBy(X509Certificate2 issuer)
    {
        if (hash.Name is null)
            return false;
        try
        {
            if (EcdsaAlgorithms.ContainsKey(algorithm))
            {
                using var curve = issuer.GetECDsaPublicKey();
                return curve is not null && curve.VerifyData(ToBeSigned.Span, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
            }

            using var key = issuer.GetRSAPublicKey();
            return key is not null && key.VerifyData(ToBeSigned.Span, signature, hash, algorithm == Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    // RFC 4055, 3.1: the hash is the first, optional parameter; without it, SHA-1.
    private static HashAlgorithmName PssHash(AsnReader identifier)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        var parameters = identifier.ReadSequence();
        var name = parameters.HasData && parameters.PeekTag().HasSameClassAndValue(tag)
            ? parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier()
            : Sha1;
        return Hashes.GetValueOrDefault(name);
    }
}
