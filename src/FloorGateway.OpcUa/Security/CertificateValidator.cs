using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Security;

/// <summary>
/// Checks a peer's certificate in the steps of Part 4, 6.1.3 and reports all findings at once, the one that names the cause first. Thread-safe.
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
            return new CertificateValidation(null, [new(StatusCodes.BadCertificateInvalid, $"The {role} sent bytes that are not an X.509 certificate.")], [], null, false);

        var leaf = certificates[0];
        var findings = new CertificateFindings(role);
        var trusted = CheckPath(leaf, certificates, policy, findings, out var rejected);
        CertificateChecks.Key(leaf, policy, owner, findings);
        CertificateChecks.Time(leaf, isLeaf: true, time.GetUtcNow(), rules, findings);
        if (host is not null && rules.CheckHostName)
            CertificateChecks.Host(leaf, host, findings);
        if (applicationUri is not null && CheckApplicationUri(leaf, applicationUri, owner) is { } mismatch)
            findings.Refuse(mismatch.Status, mismatch.Sentence);
        return new CertificateValidation(leaf, findings.Refusals, findings.Notes, rejected, !trusted && rules.AutoAcceptUntrusted);
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
        var holds = uris.Count == 0 ? "no application URI" : $"the application URI {string.Join(", ", uris.Select(u => PeerText.Clean(u)))}";
        return new(StatusCodes.BadCertificateUriInvalid, $"The {role} certificate \"{CertificateText.Name(certificate)}\" holds {holds} but the {role} calls itself {PeerText.Clean(applicationUri)}: give it a certificate made for that URI.");
    }

    private static string Word(CertificateRole owner) => owner switch
    {
        CertificateRole.Server => "server",
        CertificateRole.Client => "client",
        CertificateRole.Application => "application",
        _ => "user",
    };

    /// <summary>True when the certificate itself or a CA above it is trusted and every link between them holds.</summary>
    private bool CheckPath(X509Certificate2 leaf, X509Certificate2Collection sent, SecurityPolicy policy, CertificateFindings findings, out string? rejected)
    {
        rejected = null;
        var anchors = trust?.ReadTrusted() ?? [];
        var candidates = new X509Certificate2Collection(anchors);
        candidates.AddRange(trust?.ReadIssuers() ?? []);
        foreach (var issuer in sent.Skip(1))
            candidates.Add(issuer);
        var path = CertificatePath.Build(leaf, candidates);
        var named = Contains(anchors, leaf);
        var trusted = named || path.Certificates.Skip(1).Any(c => Contains(anchors, c));
        if (!trusted && !rules.AutoAcceptUntrusted)
        {
            rejected = trust?.SaveRejected(leaf);
            findings.Refuse(StatusCodes.BadCertificateUntrusted, Untrusted(leaf, path, rejected, findings));
        }

        // Who trusts this very certificate vouches for it, with or without its issuers at hand.
        var broken = path.End switch
        {
            CertificatePathEnd.MissingIssuer when !named => CertificateChecks.MissingIssuer(path, trust),
            CertificatePathEnd.WrongSignature => CertificateChecks.WrongSignature(path),
            _ => null,
        };
        if (broken is not null && !(broken.Status == StatusCodes.BadCertificateChainIncomplete && rules.AutoAcceptUntrusted))
            findings.Refuse(broken.Status, broken.Sentence);
        CertificateChecks.Authorities(path, policy, time.GetUtcNow(), rules, findings);
        if (trust is not null)
            new RevocationCheck(trust.ReadRevocationLists(), rules, trust.IssuerRevocationFolder, time.GetUtcNow()).Check(path, findings);
        if (trusted && !named && findings.Refusals.Count == 0 && CertificateChecks.Framework(path, policy, time.GetUtcNow()) is { } more)
            findings.Refuse(more.Status, more.Sentence);
        return trusted;
    }

    private string Untrusted(X509Certificate2 leaf, CertificatePath path, string? rejected, CertificateFindings findings)
    {
        var name = CertificateFindings.Capital(findings.Name(leaf, isLeaf: true));
        if (rejected is null)
            return $"{name} is not trusted and no trust list is set: name a folder for one.";
        var sentence = $"{name} is not trusted: if you know it, move {rejected} to {trust!.TrustedFolder}";
        return path.Certificates.Count == 1
            ? $"{sentence}."
            : $"{sentence}, or put the certificate of its CA \"{CertificateText.Name(path.Certificates[1])}\" there to trust all that it issues.";
    }

    private static bool Contains(X509Certificate2Collection certificates, X509Certificate2 one) =>
        certificates.Any(c => c.RawDataMemory.Span.SequenceEqual(one.RawDataMemory.Span));
}
