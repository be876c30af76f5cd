using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FloorGateway.OpcUa.Security;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>Revocation lists in DER and PEM, and what they are asked.</summary>
internal sealed class RevocationListTarget : IFuzzTarget
{
    private readonly X509Certificate2 authority;
    private readonly X509Certificate2 revoked;

    public RevocationListTarget()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Fuzz CA", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        authority = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        revoked = new CertificateRequest("CN=Robot", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(authority, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(50), [1, 2, 3, 4]);
        Seeds = [Build(0), Build(1), Build(20), Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", Build(2))), Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", authority.RawData))];
    }

    public string Name => "revocation-list";

    public int Weight => 2;

    public IReadOnlyList<byte[]> Seeds { get; }

    public byte[] Make(FuzzRandom random) => random.Pick(Seeds);

    public long MaxAllocation(int length) => 500_000 + (200L * length);

    public Verdict Run(byte[] input)
    {
        var list = RevocationList.TryRead(input);
        if (list is null)
            return default;
        var ours = list.IsFor(revoked);
        var isSigned = list.IsSignedBy(authority);
        DefectException.ThrowIf(list.Count < 0 || list.Count > input.Length, $"{list.Count} entries in {input.Length} bytes");
        return new Verdict(true, HashCode.Combine(ours, isSigned, list.Contains(revoked), Math.Min(list.Count, 30), list.HasUnknownCriticalExtension, list.NextUpdate.HasValue));
    }

    private byte[] Build(int entries)
    {
        var builder = new CertificateRevocationListBuilder();
        for (var i = 0; i < entries; i++)
            builder.AddEntry([1, 2, 3, (byte)(4 + i)], DateTimeOffset.UnixEpoch.AddYears(20), i == 0 ? X509RevocationReason.KeyCompromise : null);
        return builder.Build(authority, 7, DateTimeOffset.UnixEpoch.AddYears(40), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, DateTimeOffset.UnixEpoch.AddYears(30));
    }
}
