using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Security;

/// <summary>What one check has found so far: what refuses the certificate, and what is only worth knowing.</summary>
internal sealed class CertificateFindings(string role)
{
    private readonly List<CertificateFinding> refusals = [];
    private readonly List<CertificateFinding> notes = [];

    /// <summary>"server", "client" or "user".</summary>
    public string Role { get; } = role;

    public IReadOnlyList<CertificateFinding> Refusals => refusals;

    public IReadOnlyList<CertificateFinding> Notes => notes;

    public void Refuse(StatusCode status, string sentence) => refusals.Add(new(status, sentence));

    public void Note(StatusCode status, string sentence) => notes.Add(new(status, sentence));

    /// <summary>How sentences name a certificate of the path: by its owner's role, or as a CA.</summary>
    public string Name(X509Certificate2 certificate, bool isLeaf) =>
        isLeaf ? $"the {Role} certificate \"{CertificateText.Name(certificate)}\"" : $"the CA certificate \"{CertificateText.Name(certificate)}\"";

    public static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
