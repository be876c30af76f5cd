using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FloorGateway.OpcUa.Tests.Security;

/// <summary>A certificate authority that does what a test asks for, right or wrong.</summary>
internal sealed class TestAuthority
{
    // Keys are slow to make.
    private static readonly Lazy<RSA> LeafKey = new(() => RSA.Create(2048));
    private static readonly Lazy<RSA>[] Keys = [.. Enumerable.Range(0, 3).Select(_ => new Lazy<RSA>(() => RSA.Create(2048)))];

    private readonly RSA key;

    /// <param name="name">Its common name.</param>
    /// <param name="parent">Who issues its certificate; null = itself.</param>
    /// <param name="isAuthority">False: its certificate says that it is no CA.</param>
    /// <param name="pathLength">CAs it allows below itself; null = any number.</param>
    /// <param name="usage">Key usage of its certificate.</param>
    /// <param name="days">Days from now until its certificate expires.</param>
    /// <param name="key">Which of three keys it has.</param>
    public TestAuthority(
        string name, TestAuthority? parent = null, bool isAuthority = true, int? pathLength = null, X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, double days = 100, int key = 1)
    {
        this.key = Keys[key].Value;
        var request = new CertificateRequest($"CN={name}", this.key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, pathLength is not null, pathLength ?? 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = Sign(request, parent, days);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Issues the certificate of a peer.</summary>
    public X509Certificate2 Issue(string name, RSA? peerKey = null, bool sha1 = false)
    {
        var request = new CertificateRequest($"CN={name}", peerKey ?? LeafKey.Value, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        return Sign(request, this, 100, sha1);
    }

    /// <summary>A revocation list with these certificates on it.</summary>
    public byte[] RevocationList(double daysToNext = 30, double daysOld = 0, HashAlgorithmName? hash = null, params X509Certificate2[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
            builder.AddEntry(certificate);
        var now = DateTimeOffset.UtcNow;
        return builder.Build(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1),
            1,
            now.AddDays(daysToNext),
            hash ?? HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new byte[20]),
            now.AddDays(-daysOld).AddMinutes(-1));
    }

    private X509Certificate2 Sign(CertificateRequest request, TestAuthority? issuer, double days, bool sha1 = false)
    {
        var now = DateTimeOffset.UtcNow;
        var issued = request.Create(
            issuer?.Certificate.SubjectName ?? request.SubjectName,
            sha1 ? new Sha1Generator((issuer ?? this).key) : X509SignatureGenerator.CreateForRSA((issuer ?? this).key, RSASignaturePadding.Pkcs1),
            now.AddDays(-200),
            now.AddDays(days),
            // The first bit set makes a serial number that the encoding pads, as real ones are.
            [(byte)(0x80 | RandomNumberGenerator.GetInt32(128)), .. RandomNumberGenerator.GetBytes(9)]);
        return X509CertificateLoader.LoadCertificate(issued.RawData);
    }

    /// <summary>The framework no longer signs with SHA-1; old equipment did.</summary>
    private sealed class Sha1Generator(RSA key) : X509SignatureGenerator
    {
        private static readonly byte[] Sha1WithRsa = [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05, 0x05, 0x00];

        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Sha1WithRsa;

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
