using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Security;

/// <summary>The rules of Part 4, 6.1.3, one method each; every failed one gives one sentence.</summary>
internal static class CertificateChecks
{
    /// <summary>How long before its end a certificate is worth a word: time to plan a visit.</summary>
    private static readonly TimeSpan ExpiryNotice = TimeSpan.FromDays(30);

    public static CertificateFinding MissingIssuer(CertificatePath path, TrustList? trust)
    {
        var last = path.Certificates[^1];
        return new(
            StatusCodes.BadCertificateChainIncomplete,
            $"The certificate \"{CertificateText.Name(last)}\" was issued by \"{PeerText.Clean(last.GetNameInfo(X509NameType.SimpleName, forIssuer: true))}\", whose certificate is not here and was not sent: put it into {trust?.IssuersFolder ?? "the issuers folder of a trust list"}.");
    }

    public static CertificateFinding WrongSignature(CertificatePath path)
    {
        var forged = CertificateText.Name(path.Certificates[^2]);
        return new(
            StatusCodes.BadCertificateInvalid,
            $"The certificate \"{forged}\" names \"{CertificateText.Name(path.Certificates[^1])}\" as its issuer, but that CA's key did not sign it: it is forged or damaged, or the CA has got a new certificate that is missing here.");
    }

    /// <summary>What the CAs of a path must be: CAs, within their path length, in time, with strong signatures below the root.</summary>
    public static void Authorities(CertificatePath path, SecurityPolicy policy, DateTimeOffset now, CertificateRules rules, CertificateFindings findings)
    {
        var last = path.Certificates.Count - 1;
        for (var i = 1; i <= last; i++)
        {
            var authority = path.Certificates[i];
            var name = CertificateFindings.Capital(findings.Name(authority, isLeaf: false));
            var constraints = authority.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
            var usage = authority.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
            if (constraints is not { CertificateAuthority: true })
                findings.Refuse(StatusCodes.BadCertificateIssuerUseNotAllowed, $"\"{CertificateText.Name(authority)}\" issued \"{CertificateText.Name(path.Certificates[i - 1])}\" but is no CA by its basic constraints: its certificate gives it no right to issue others.");
            else if (constraints.HasPathLengthConstraint && i - 1 > constraints.PathLengthConstraint)
                findings.Refuse(StatusCodes.BadCertificateIssuerUseNotAllowed, $"{name} allows {constraints.PathLengthConstraint} CAs below it and there are {i - 1}: the lowest of them was not allowed to issue certificates.");
            if (usage is not null && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
                findings.Refuse(StatusCodes.BadCertificateIssuerUseNotAllowed, $"{name} may not sign certificates: its key usage is {usage.KeyUsages}.");
            Time(authority, isLeaf: false, now, rules, findings);
            // A root is trusted for lying in a folder, not for its own signature.
            if (!(i == last && path.End == CertificatePathEnd.Root))
                Signature(authority, isLeaf: false, policy, findings);
        }
    }

    public static void Key(X509Certificate2 leaf, SecurityPolicy policy, CertificateRole owner, CertificateFindings findings)
    {
        var name = CertificateFindings.Capital(findings.Name(leaf, isLeaf: true));
        using var key = CertificateText.PublicKey(leaf);
        if (key is null)
        {
            findings.Refuse(StatusCodes.BadCertificateInvalid, $"{name} has no RSA key, which {policy} needs.");
            return;
        }

        if (key.KeySize < policy.MinKeyBits || key.KeySize > policy.MaxKeyBits)
            findings.Refuse(StatusCodes.BadCertificatePolicyCheckFailed, $"{name} has a key of {key.KeySize} bits; {policy} takes {policy.MinKeyBits} to {policy.MaxKeyBits}.");
        Signature(leaf, isLeaf: true, policy, findings);
        var usage = leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        var needed = owner == CertificateRole.User ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;
        if (usage is not null && (usage.KeyUsages & needed) != needed)
            findings.Refuse(StatusCodes.BadCertificateUseNotAllowed, $"{name} may not be used for {needed}: its key usage is {usage.KeyUsages}.");
    }

    public static void Time(X509Certificate2 certificate, bool isLeaf, DateTimeOffset now, CertificateRules rules, CertificateFindings findings)
    {
        var status = isLeaf ? StatusCodes.BadCertificateTimeInvalid : StatusCodes.BadCertificateIssuerTimeInvalid;
        var name = CertificateFindings.Capital(findings.Name(certificate, isLeaf));
        var here = now.UtcDateTime;
        var from = certificate.NotBefore.ToUniversalTime();
        var to = certificate.NotAfter.ToUniversalTime();
        if (here < from - rules.ClockSkew)
            findings.Refuse(status, $"{name} is valid from {from:yyyy-MM-dd HH:mm} UTC and it is {here:yyyy-MM-dd HH:mm} here: check both clocks.");
        else if (here > to + rules.ClockSkew)
            findings.Refuse(status, $"{name} expired on {to:yyyy-MM-dd HH:mm} UTC and it is {here:yyyy-MM-dd HH:mm} here: renew it{(isLeaf ? $" on the {findings.Role}" : "")}.");
        else if (here > to - ExpiryNotice)
            findings.Note(status, $"{name} expires on {to:yyyy-MM-dd HH:mm} UTC: renew it{(isLeaf ? $" on the {findings.Role}" : "")} before that day.");
    }

    public static void Host(X509Certificate2 leaf, string host, CertificateFindings findings)
    {
        var hosts = CertificateText.ReadNames(leaf).Hosts;
        var dialled = host.Trim('[', ']');
        if (!hosts.Any(h => Matches(h, dialled)))
            findings.Refuse(StatusCodes.BadCertificateHostNameInvalid, $"{CertificateFindings.Capital(findings.Name(leaf, isLeaf: true))} is made for {(hosts.Count == 0 ? "no host" : string.Join(", ", hosts.Select(h => PeerText.Clean(h))))} but {dialled} was dialled: dial a name it holds, or set checkHostName: false for this connection.");
    }

    /// <summary>The framework's own opinion of a path without findings: name constraints, unknown critical extensions and the like. Null when it agrees.</summary>
    public static CertificateFinding? Framework(CertificatePath path, SecurityPolicy policy, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        // Expiry and revocation are looked at elsewhere, each with its own sentence.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.CustomTrustStore.Add(path.Certificates[^1]);
        foreach (var between in path.Certificates.Skip(1).SkipLast(1))
            chain.ChainPolicy.ExtraStore.Add(between);
        if (chain.Build(path.Certificates[0]))
            return null;
        var reasons = string.Join(", ", chain.ChainStatus.Where(s => s.Status != X509ChainStatusFlags.NotTimeValid).Select(s => s.StatusInformation.Trim()));
        return new(StatusCodes.BadCertificateInvalid, $"The certificate \"{CertificateText.Name(path.Certificates[0])}\" has a chain that does not hold ({reasons}), as {policy} asks for: look at the constraints of its CAs.");
    }

    private static void Signature(X509Certificate2 certificate, bool isLeaf, SecurityPolicy policy, CertificateFindings findings)
    {
        // sha1WithRSAEncryption and md5WithRSAEncryption.
        if (policy.IsNone || policy.IsDeprecated || certificate.SignatureAlgorithm.Value is not ("1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.4" or "1.2.840.10045.4.1"))
            return;
        findings.Refuse(StatusCodes.BadCertificatePolicyCheckFailed, $"{CertificateFindings.Capital(findings.Name(certificate, isLeaf))} is signed with {certificate.SignatureAlgorithm.FriendlyName}; {policy} needs SHA-256.");
    }

    private static bool Matches(string held, string dialled)
    {
        if (string.Equals(held, dialled, StringComparison.OrdinalIgnoreCase))
            return true;
        // One wildcard label, as RFC 6125 has it.
        return held.StartsWith("*.", StringComparison.Ordinal)
            && dialled.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            && string.Equals(held[1..], dialled[dot..], StringComparison.OrdinalIgnoreCase);
    }
}
