using FloorGateway.OpcUa.Security;

namespace Benchmarks.OpcUa;

/// <summary>Certificates of the benchmark's processes: made on the spot and accepted unseen, for nothing but the cost of the cryptography is of interest.</summary>
internal sealed class UaPeer : IDisposable
{
    public UaPeer(string name, string folder)
    {
        Uri = $"urn:example.com:{name}";
        Certificate = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = name, ApplicationUri = Uri });
        Trust = new TrustList(Path.Combine(folder, name));
    }

    /// <summary>The policy with that short name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static SecurityPolicy Policy(string name) => SecurityPolicy.FindByName(name) ?? throw new InvalidOperationException($"There is no security policy '{name}'.");

    public static SecurityPolicy[] Policies { get; } = [SecurityPolicy.None, SecurityPolicy.Aes128Sha256RsaOaep, SecurityPolicy.Basic256Sha256];

    public static CertificateRules Rules { get; } = new() { AutoAcceptUntrusted = true, CheckHostName = false };

    public string Uri { get; }

    public ApplicationCertificate Certificate { get; }

    public TrustList Trust { get; }

    public void Dispose() => Certificate.Dispose();
}
