using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FloorGateway.OpcUa.Security;

/// <summary>A certificate revocation list as a CA publishes it (RFC 5280, 5).</summary>
public sealed class RevocationList
{
    /// <summary>Largest file read, in bytes: some hundred thousand entries, where a plant's CA has dozens.</summary>
    public const int MaxFileLength = 16 * 1024 * 1024;

    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0);

    private readonly SignedObject signed;
    private readonly byte[] issuer;
    private readonly HashSet<BigInteger> revoked = [];

    private RevocationList(ReadOnlyMemory<byte> der)
    {
        signed = new SignedObject(der);
        var list = new AsnReader(signed.ToBeSigned, AsnEncodingRules.DER).ReadSequence();
        if (list.PeekTag() == Asn1Tag.Integer)
            list.ReadInteger();
        list.ReadSequence();
        issuer = list.ReadEncodedValue().ToArray();
        ThisUpdate = ReadTime(list);
        if (list.HasData && (list.PeekTag().TagValue is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime) && list.PeekTag().TagClass == TagClass.Universal)
            NextUpdate = ReadTime(list);
        if (list.HasData && list.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            ReadEntries(list.ReadSequence());
        if (list.HasData && list.PeekTag().HasSameClassAndValue(ExtensionsTag))
            HasUnknownCriticalExtension |= HasCritical(list.ReadSequence(ExtensionsTag).ReadSequence());
        Issuer = new X500DistinguishedName(issuer);
    }

    public X500DistinguishedName Issuer { get; }

    public DateTimeOffset ThisUpdate { get; }

    /// <summary>When the CA publishes the next one at the latest; null when it does not say.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>Certificates on the list.</summary>
    public int Count => revoked.Count;

    /// <summary>
    /// True for lists that say something only together with others (delta lists, lists of one distribution point, indirect ones): what is not on
    /// them may be revoked all the same, so they are not used (5.2).
    /// </summary>
    public bool HasUnknownCriticalExtension { get; private set; }

    /// <summary>Reads a list in DER or PEM; null when it is none.</summary>
    public static RevocationList? TryRead(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return new RevocationList(FromPem(bytes));
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>True when the list is that of the CA that issued <paramref name="certificate"/>, by name.</summary>
    public bool IsFor(X509Certificate2 certificate) => certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer);

    /// <summary>True when the CA signed it, and may sign lists.</summary>
    public bool IsSignedBy(X509Certificate2 authority)
    {
        var usage = authority.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        return !signed.IsWeak && (usage is null || usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign)) && signed.IsSignedBy(authority);
    }

    /// <summary>True when the certificate is on the list. Says nothing unless <see cref="IsFor"/> and <see cref="IsSignedBy"/> are true.</summary>
    public bool Contains(X509Certificate2 certificate) => revoked.Contains(Serial(certificate.SerialNumberBytes));

    private static BigInteger Serial(ReadOnlyMemory<byte> bytes) => new(bytes.Span, isUnsigned: true, isBigEndian: true);

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            revoked.Add(Serial(entry.ReadIntegerBytes()));
            ReadTime(entry);
            if (entry.HasData)
                HasUnknownCriticalExtension |= HasCritical(entry.ReadSequence());
        }
    }

    private static bool HasCritical(AsnReader extensions)
    {
        var found = false;
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            extension.ReadObjectIdentifier();
            if (extension.PeekTag() == Asn1Tag.Boolean)
                found |= extension.ReadBoolean();
        }

        return found;
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().TagValue == (int)UniversalTagNumber.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static ReadOnlyMemory<byte> FromPem(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.Span.StartsWith("-----BEGIN"u8))
            return bytes;
        var text = System.Text.Encoding.ASCII.GetString(bytes.Span);
        return PemEncoding.TryFind(text, out var fields) && text[fields.Label] == "X509 CRL" ? Convert.FromBase64String(text[fields.Base64Data]) : throw new FormatException("Not a revocation list.");
    }
}
