using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Security;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>What OPN chunks to and from one peer are made with. The certificates are null with policy None.</summary>
internal sealed class PeerKeys(SecurityPolicy policy, ApplicationCertificate? own, X509Certificate2? peer) : IDisposable
{
    public SecurityPolicy Policy { get; } = policy;

    public ApplicationCertificate? Own { get; } = own;

    /// <summary>The peer's leaf certificate in DER.</summary>
    public byte[]? PeerDer { get; } = peer?.RawData;

    public RSA? PeerKey { get; } = peer is null ? null : CertificateText.PublicKey(peer);

    public void Dispose() => PeerKey?.Dispose();
}
