using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Security;

/// <summary>The outcome of a check: the leaf certificate (null when unreadable) and everything found wrong with it.</summary>
public sealed class CertificateValidation(X509Certificate2? certificate, IReadOnlyList<CertificateFinding> findings, IReadOnlyList<CertificateFinding> notes, string? rejectedPath, bool autoAccepted)
{
    public X509Certificate2? Certificate { get; } = certificate;

    /// <summary>Empty when the certificate is accepted.</summary>
    public IReadOnlyList<CertificateFinding> Findings { get; } = findings;

    /// <summary>What does not refuse the certificate and is worth a line in the log: no revocation list, an end in sight.</summary>
    public IReadOnlyList<CertificateFinding> Notes { get; } = notes;

    /// <summary>Where the refused certificate was saved.</summary>
    public string? RejectedPath { get; } = rejectedPath;

    /// <summary>True when only <see cref="CertificateRules.AutoAcceptUntrusted"/> let it pass.</summary>
    public bool AutoAccepted { get; } = autoAccepted;

    public bool IsAccepted => Findings.Count == 0;

    /// <summary>The code of the first finding, or Good.</summary>
    public StatusCode Status => Findings.Count == 0 ? StatusCodes.Good : Findings[0].Status;

    /// <summary>All findings as one text.</summary>
    public string Message => string.Join(' ', Findings.Select(f => f.Sentence));
}
