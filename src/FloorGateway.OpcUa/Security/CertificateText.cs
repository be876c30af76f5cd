using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FloorGateway.OpcUa.Security;

/// <summary>What OPC UA reads from a certificate beyond the framework's own properties.</summary>
public static class CertificateText
{
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag IpTag = new(TagClass.ContextSpecific, 7);

    /// <summary>The application URI, host names and addresses of the subject alternative name (Part 6, 6.2.2). Empty when it is missing or unreadable.</summary>
    public static (IReadOnlyList<string> Uris, IReadOnlyList<string> Hosts) ReadNames(X509Certificate2 certificate)
    {
        List<string> uris = [];
        List<string> hosts = [];
        try
        {
            foreach (var extension in certificate.Extensions)
            {
                if (extension.Oid?.Value != "2.5.29.17")
                    continue;
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    var tag = names.PeekTag();
                    if (tag == UriTag)
                        uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                    else if (tag == DnsTag)
                        hosts.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, DnsTag));
                    else if (tag == IpTag && names.ReadOctetString(IpTag) is { Length: 4 or 16 } address)
                        hosts.Add(new IPAddress(address).ToString());
                    else if (tag != IpTag)
                        names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            return ([], []);
        }

        return (uris, hosts);
    }

    /// <summary>The common name as logs and messages may hold it: a peer chooses it, so control characters are replaced and its length is bounded.</summary>
    public static string Name(X509Certificate2 certificate) => PeerText.Clean(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));

    /// <summary>A file name that people recognise: common name and SHA-1 thumbprint, with nothing a file system refuses.</summary>
    public static string FileName(X509Certificate2 certificate)
    {
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        // A peer chooses this name: keep letters, digits and a few marks, and bound the length.
        var safe = new string(name.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@' or ' ' ? c : '_').ToArray()).Trim(' ', '.');
        return $"{(safe.Length == 0 ? "certificate" : safe)} [{certificate.Thumbprint}].der";
    }

    /// <summary>The RSA public key; null when there is none or its numbers make no key.</summary>
    public static RSA? PublicKey(X509Certificate2 certificate)
    {
        try
        {
            return certificate.GetRSAPublicKey();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The SHA-1 thumbprint that names the receiver's certificate in OpenSecureChannel (Part 6, 6.7.2.3).</summary>
    public static byte[] Thumbprint(ReadOnlySpan<byte> der) => SHA1.HashData(der);

    /// <summary>
    /// The first certificate of a chain of concatenated DER blobs; senders may append their issuers (Part 6, 6.2.6).
    /// Empty when the bytes do not begin with a whole DER sequence.
    /// </summary>
    public static ReadOnlySpan<byte> First(ReadOnlySpan<byte> chain)
    {
        // DER alone: a length that is left open (BER) would have to be searched for, and throws where it does not end.
        if (!AsnDecoder.TryReadEncodedValue(chain, AsnEncodingRules.DER, out var tag, out _, out _, out var consumed) || tag != Asn1Tag.Sequence)
            return default;
        return chain[..consumed];
    }

    /// <summary>Reads a whole chain, leaf first. Null when any part is not a certificate or there are more than <paramref name="max"/>.</summary>
    public static X509Certificate2Collection? ReadChain(ReadOnlySpan<byte> chain, int max = 8)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            while (!chain.IsEmpty)
            {
                var first = First(chain);
                if (first.IsEmpty || certificates.Count == max)
                    return null;
                var certificate = X509CertificateLoader.LoadCertificate(first);
                certificates.Add(certificate);
                ReadFields(certificate);
                chain = chain[first.Length..];
            }
        }
        catch (CryptographicException)
        {
            return null;
        }

        return certificates.Count == 0 ? null : certificates;
    }

    /// <summary>Looks at all that checks look at later: loading leaves it unread, and what is malformed throws only then.</summary>
    /// <exception cref="CryptographicException">Something can't be read.</exception>
    private static void ReadFields(X509Certificate2 certificate)
    {
        _ = (certificate.NotBefore, certificate.NotAfter, certificate.SubjectName.Name, certificate.IssuerName.Name);
        foreach (var extension in certificate.Extensions)
        {
            _ = extension switch
            {
                X509KeyUsageExtension usage => usage.KeyUsages,
                X509BasicConstraintsExtension constraints => constraints.PathLengthConstraint,
                X509EnhancedKeyUsageExtension usages => usages.EnhancedKeyUsages,
                X509SubjectKeyIdentifierExtension subject => subject.SubjectKeyIdentifier,
                X509AuthorityKeyIdentifierExtension authority => authority.KeyIdentifier,
                _ => (object?)null,
            };
        }
    }
}
