using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FloorGateway.OpcUa.Security;

/// <summary>Who the application says it is in its own certificate.</summary>
public sealed record ApplicationCertificateOptions
{
    /// <summary>Common name, for people; also the file name in <c>own/</c>.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>Application URI, as in <c>urn:edge1.example.org:FloorGateway</c>. Peers compare it with the application description.</summary>
    public required string ApplicationUri { get; init; }

    public string? Organization { get; init; }

    /// <summary>Host names and addresses that clients reach this application under.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["localhost"];

    /// <summary>RSA key length in bits: 2048 to 4096.</summary>
    public int KeyBits { get; init; } = 2048;

    /// <summary>Validity. Equipment rarely offers renewal, so a self-signed certificate lives as long as a machine is between overhauls.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(5 * 365);

    /// <summary>
    /// How long before its end a self-signed certificate is renewed, but never before three quarters of its life are over. 90 days are time to have
    /// it trusted by every machine. Zero turns renewal off.
    /// </summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The options that would make a certificate like this one: same names, key length and life.</summary>
    public static ApplicationCertificateOptions Like(X509Certificate2 certificate, string applicationName)
    {
        var (uris, hosts) = CertificateText.ReadNames(certificate);
        using var key = CertificateText.PublicKey(certificate);
        return new()
        {
            ApplicationName = applicationName,
            ApplicationUri = uris is [var uri, ..] ? uri : throw new InvalidOperationException($"The certificate \"{CertificateText.Name(certificate)}\" holds no application URI: remove it to have a new one made."),
            Hosts = hosts,
            KeyBits = Math.Clamp(key?.KeySize ?? 2048, 2048, 4096),
            Lifetime = certificate.NotAfter - certificate.NotBefore,
        };
    }
}

/// <summary>The own application instance certificate with its RSA private key (Part 6, 6.2.2).</summary>
public sealed class ApplicationCertificate : IDisposable
{
    private ApplicationCertificate(X509Certificate2 certificate, RSA key, string? path)
    {
        Certificate = certificate;
        PrivateKey = key;
        Path = path;
        Der = certificate.RawData;
        Thumbprint = CertificateText.Thumbprint(Der);
        ApplicationUri = CertificateText.ReadNames(certificate).Uris is [var uri, ..] ? uri : "";
    }

    /// <summary>The certificate without its key.</summary>
    public X509Certificate2 Certificate { get; }

    public RSA PrivateKey { get; }

    /// <summary>The certificate as it goes over the wire.</summary>
    public byte[] Der { get; }

    /// <summary>SHA-1 of <see cref="Der"/>: 20 bytes.</summary>
    public byte[] Thumbprint { get; }

    /// <summary>The file it was loaded from, or null when it lives in memory only.</summary>
    public string? Path { get; }

    /// <summary>The first URI of the subject alternative name.</summary>
    public string ApplicationUri { get; }

    /// <summary>Makes a self-signed certificate in memory.</summary>
    public static ApplicationCertificate CreateSelfSigned(ApplicationCertificateOptions options, TimeProvider? time = null) =>
        CreateSelfSigned(options, (time ?? TimeProvider.System).GetUtcNow(), path: null);

    /// <summary>
    /// Loads <c>own/&lt;name&gt;.der</c> and <c>own/&lt;name&gt;.key.pem</c>, or makes and saves them when neither is there.
    /// A certificate of another kind (from a company's CA, say) is put there by hand under the same names.
    /// </summary>
    /// <exception cref="InvalidOperationException">Only one of the two files is there, or they do not belong together; says which and what to do.</exception>
    public static ApplicationCertificate LoadOrCreate(string ownFolder, ApplicationCertificateOptions options, TimeProvider? time = null)
    {
        var name = options.ApplicationName;
        var (certificatePath, keyPath) = (CertificateFiles.CertificatePath(ownFolder, name), CertificateFiles.KeyPath(ownFolder, name));
        switch (File.Exists(certificatePath), File.Exists(keyPath))
        {
            case (true, true):
                return CertificateFiles.Load(ownFolder, name);
            case (true, false):
                throw new InvalidOperationException($"{certificatePath} has no private key: put it at {keyPath} (PEM), or remove the certificate to have a new pair made.");
            case (false, true):
                throw new InvalidOperationException($"{keyPath} has no certificate: put it at {certificatePath} (DER), or remove the key to have a new pair made.");
        }

        var created = CreateSelfSigned(options, (time ?? TimeProvider.System).GetUtcNow(), certificatePath);
        CertificateFiles.Create(ownFolder, name, created);
        return created;
    }

    /// <summary>True when less is left of a certificate than <paramref name="renewBefore"/> and than a quarter of its life.</summary>
    public static bool IsRenewalDue(X509Certificate2 certificate, TimeSpan renewBefore, DateTimeOffset now)
    {
        var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        var quarter = (to - from) / 4;
        return to - now.UtcDateTime < (quarter < renewBefore ? quarter : renewBefore);
    }

    /// <summary>Loads a certificate in DER or PEM and its unencrypted private key in PEM.</summary>
    /// <exception cref="InvalidOperationException">A file is unreadable or they do not belong together.</exception>
    public static ApplicationCertificate Load(string certificatePath, string keyPath)
    {
        var key = RSA.Create();
        try
        {
            var certificate = X509CertificateLoader.LoadCertificateFromFile(certificatePath);
            key.ImportFromPem(File.ReadAllText(keyPath));
            using var publicKey = certificate.GetRSAPublicKey();
            if (publicKey is null || !publicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                throw new InvalidOperationException($"{keyPath} is not the private key of {certificatePath}: put the matching RSA key there.");
            return new ApplicationCertificate(certificate, key, certificatePath);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new InvalidOperationException($"{certificatePath} or {keyPath} can't be read ({e.Message}): the certificate must be X.509 in DER or PEM, the key RSA in PEM without a password.", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        PrivateKey.Dispose();
        Certificate.Dispose();
    }

    /// <summary>True when both files can be read and belong together.</summary>
    internal static bool AreAPair(string certificatePath, string keyPath)
    {
        try
        {
            Load(certificatePath, keyPath).Dispose();
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            return false;
        }
    }

    internal static ApplicationCertificate CreateSelfSigned(ApplicationCertificateOptions options, DateTimeOffset now, string? path)
    {
        var key = RSA.Create(options.KeyBits);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(options.ApplicationName);
        if (options.Organization is { Length: > 0 } organization)
            subject.AddOrganizationName(organization);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(options.ApplicationUri));
        foreach (var host in options.Hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        var subjectKey = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        // KeyCertSign: peers built on OpenSSL verify a self-signed certificate as its own issuer and demand it.
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment
            | X509KeyUsageFlags.DataEncipherment | X509KeyUsageFlags.KeyCertSign,
            critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(subjectKey);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(subjectKey));

        // A day back: the peer's clock may be behind ours.
        using var withKey = request.CreateSelfSigned(now.AddDays(-1), now + options.Lifetime);
        return new ApplicationCertificate(X509CertificateLoader.LoadCertificate(withKey.RawData), key, path);
    }
}
