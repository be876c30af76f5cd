using System.Security.Cryptography.X509Certificates;

namespace FloorGateway.OpcUa.Security;

/// <summary>How a path from a certificate to a root ended.</summary>
internal enum CertificatePathEnd
{
    /// <summary>At a certificate that is its own issuer.</summary>
    Root,

    /// <summary>At a certificate whose issuer nobody has.</summary>
    MissingIssuer,

    /// <summary>At a certificate that the one called its issuer did not sign.</summary>
    WrongSignature,
}

/// <summary>A certificate, its issuer, the issuer of that, and so on (Part 4, 6.1.3, first two steps).</summary>
internal sealed record CertificatePath(IReadOnlyList<X509Certificate2> Certificates, CertificatePathEnd End)
{
    /// <summary>Certificates of a path at most; plants have two CAs above a machine, never seven.</summary>
    private const int MaxLength = 8;

    /// <param name="leaf">Where the path begins.</param>
    /// <param name="candidates">Issuers that may take part: those of the trust list before those that the peer sent.</param>
    public static CertificatePath Build(X509Certificate2 leaf, X509Certificate2Collection candidates)
    {
        List<X509Certificate2> path = [leaf];
        while (path.Count < MaxLength)
        {
            var last = path[^1];
            if (IsSelfIssued(last))
                return new(path, CertificatePathEnd.Root);
            var named = candidates.Where(c => c.SubjectName.RawData.AsSpan().SequenceEqual(last.IssuerName.RawData) && !path.Contains(c)).ToArray();
            if (named.Length == 0)
                return new(path, CertificatePathEnd.MissingIssuer);
            // A CA that got a new key has two certificates under one name.
            var signed = SignedObject.TryRead(last.RawDataMemory);
            if (signed is null || Array.Find(named, signed.IsSignedBy) is not { } issuer)
                return new([.. path, named[0]], CertificatePathEnd.WrongSignature);
            path.Add(issuer);
        }

        return new(path, CertificatePathEnd.MissingIssuer);
    }

    public static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
