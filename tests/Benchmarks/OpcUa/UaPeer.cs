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

    public static CertificateRules Rules { get; } = new() { AutoAcceptUntrusted = true, CheckHostName = false };

    public string Uri { get; }

    public ApplicationCertificate Certificate { get; }

    public TrustList Trust { get; }

    public void Dispose() => Certificate.Dispose();
}
