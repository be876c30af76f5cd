using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Security;

/// <summary>
/// Checks a peer's certificate in the steps of Part 4, 6.1.3 and reports all findings at once. Certificates are not looked up
/// in revocation lists: a peer is shut out by taking its file from <c>trusted/</c>. Thread-safe.
/// </summary>
public sealed class CertificateValidator(TrustList? trust, CertificateRules? rules = null, TimeProvider? time = null)
{
    private readonly CertificateRules rules = rules ?? new CertificateRules();
    private readonly TimeProvider time = time ?? TimeProvider.System;

    /// <param name="chain">The peer's certificate as sent: DER, issuers may follow.</param>
    /// <param name="policy">The policy it is to serve; decides the key length.</param>
    /// <param name="owner">Whose certificate it is; a user's need not be good for encryption.</param>
    /// <param name="host">The host name or address that was dialled, or null to skip that check (always for clients).</param>
    /// <param name="applicationUri">The application URI the peer claims, or null when it is not known yet.</param>
    public CertificateValidation Validate(ReadOnlySpan<byte> chain, SecurityPolicy policy, CertificateRole owner, string? host = null, string? applicationUri = null)
    {
        var role = Word(owner);
        var certificates = CertificateText.ReadChain(chain);
        if (certificates is null)
            return new CertificateValidation(null, [new(StatusCodes.BadCertificateInvalid, $"The {role} sent bytes that are not an X.509 certificate.")], null, false);

        var leaf = certificates[0];
        var name = CertificateText.Name(leaf);
        List<CertificateFinding> findings = [];
        string? rejected = null;
        var trusted = IsTrusted(leaf, certificates);
        if (!trusted && !rules.AutoAcceptUntrusted)
        {
            rejected = trust?.SaveRejected(leaf);
            findings.Add(new(StatusCodes.BadCertificateUntrusted, rejected is null
                ? $"The {role} certificate \"{name}\" is not trusted and no trust list is set: name a folder for one."
                : $"The {role} certificate \"{name}\" is not trusted: if you know it, move {rejected} to {trust!.TrustedFolder}."));
        }

        CheckKey(leaf, policy, owner, name, findings);
        CheckTime(leaf, role, name, findings);
        if (host is not null && rules.CheckHostName)
            CheckHost(leaf, role, name, host, findings);
        if (applicationUri is not null && CheckApplicationUri(leaf, applicationUri, owner) is { } mismatch)
            findings.Add(mismatch);
        return new CertificateValidation(leaf, findings, rejected, !trusted && rules.AutoAcceptUntrusted);
    }

    /// <summary>
    /// Compares the URI of an application description with the certificate's. A server calls this at CreateSession
    /// (Part 4, 5.6.2: BadCertificateUriInvalid). Null when they agree.
    /// </summary>
    public static CertificateFinding? CheckApplicationUri(X509Certificate2 certificate, string applicationUri, CertificateRole owner)
    {
        var role = Word(owner);
        var uris = CertificateText.ReadNames(certificate).Uris;
        if (uris.Contains(applicationUri, StringComparer.Ordinal))
            return null;
        var name = CertificateText.Name(certificate);
        var holds = uris.Count == 0 ? "no application URI" : $"the application URI {string.Join(", ", uris)}";
        return new(StatusCodes.BadCertificateUriInvalid, $"The {role} certificate \"{name}\" holds {holds} but the {role} calls itself {applicationUri}: give it a certificate made for that URI.");
    }

    private static string Word(CertificateRole owner) => owner switch
    {
        CertificateRole.Server => "server",
        CertificateRole.Client => "client",
        _ => "user",
    };

    private bool IsTrusted(X509Certificate2 leaf, X509Certificate2Collection sent)
    {
        if (trust is null)
            return false;
        var anchors = trust.ReadTrusted();
        if (Contains(anchors, leaf))
            return true;

        // Not trusted by itself: accepted when its chain is complete and passes through a CA that is.
        if (leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData))
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        // Expiry is a finding of its own, with its own sentence.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        var issuers = trust.ReadIssuers();
        foreach (var candidate in anchors.Concat(issuers))
        {
            var selfIssued = candidate.SubjectName.RawData.AsSpan().SequenceEqual(candidate.IssuerName.RawData);
            (selfIssued ? chain.ChainPolicy.CustomTrustStore : chain.ChainPolicy.ExtraStore).Add(candidate);
        }

        foreach (var candidate in sent.Skip(1))
            chain.ChainPolicy.ExtraStore.Add(candidate);
        return chain.Build(leaf) && chain.ChainElements.Skip(1).Any(e => Contains(anchors, e.Certificate));
    }

    private static bool Contains(X509Certificate2Collection certificates, X509Certificate2 one) =>
        certificates.Any(c => c.RawDataMemory.Span.SequenceEqual(one.RawDataMemory.Span));

    private static void CheckKey(X509Certificate2 leaf, SecurityPolicy policy, CertificateRole owner, string name, List<CertificateFinding> findings)
    {
        var role = Word(owner);
        using var key = CertificateText.PublicKey(leaf);
        if (key is null)
        {
            findings.Add(new(StatusCodes.BadCertificateInvalid, $"The {role} certificate \"{name}\" has no RSA key, which {policy} needs."));
            return;
        }

        if (key.KeySize < policy.MinKeyBits || key.KeySize > policy.MaxKeyBits)
            findings.Add(new(StatusCodes.BadCertificatePolicyCheckFailed, $"The {role} certificate \"{name}\" has a key of {key.KeySize} bits; {policy} takes {policy.MinKeyBits} to {policy.MaxKeyBits}."));

        // sha1WithRSAEncryption and md5WithRSAEncryption.
        if (!policy.IsNone && leaf.SignatureAlgorithm.Value is "1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.4")
            findings.Add(new(StatusCodes.BadCertificatePolicyCheckFailed, $"The {role} certificate \"{name}\" is signed with {leaf.SignatureAlgorithm.FriendlyName}; {policy} needs SHA-256."));

        var usage = leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        var needed = owner == CertificateRole.User ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;
        if (usage is not null && (usage.KeyUsages & needed) != needed)
            findings.Add(new(StatusCodes.BadCertificateUseNotAllowed, $"The {role} certificate \"{name}\" may not be used for {needed}: its key usage is {usage.KeyUsages}."));
    }

    private void CheckTime(X509Certificate2 leaf, string role, string name, List<CertificateFinding> findings)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var from = leaf.NotBefore.ToUniversalTime();
        var to = leaf.NotAfter.ToUniversalTime();
        if (now < from - rules.ClockSkew)
            findings.Add(new(StatusCodes.BadCertificateTimeInvalid, $"The {role} certificate \"{name}\" is valid from {from:yyyy-MM-dd HH:mm} UTC and it is {now:yyyy-MM-dd HH:mm} here: check both clocks."));
        else if (now > to + rules.ClockSkew)
            findings.Add(new(StatusCodes.BadCertificateTimeInvalid, $"The {role} certificate \"{name}\" expired on {to:yyyy-MM-dd HH:mm} UTC and it is {now:yyyy-MM-dd HH:mm} here: renew it on the {role}."));
    }

    private static void CheckHost(X509Certificate2 leaf, string role, string name, string host, List<CertificateFinding> findings)
    {
        var hosts = CertificateText.ReadNames(leaf).Hosts;
        var dialled = host.Trim('[', ']');
        if (!hosts.Any(h => Matches(h, dialled)))
            findings.Add(new(StatusCodes.BadCertificateHostNameInvalid, $"The {role} certificate \"{name}\" is made for {(hosts.Count == 0 ? "no host" : string.Join(", ", hosts))} but {dialled} was dialled: dial a name it holds, or set checkHostName: false for this connection."));
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
