using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Foreign;

/// <summary>A mosquitto broker of its own, on a free loopback port.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly TempDirectory _folder;
    private readonly ForeignProcess _process;

    private Mosquitto(TempDirectory folder, ForeignProcess process, int port)
    {
        _folder = folder;
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static bool IsInstalled => File.Exists("/usr/sbin/mosquitto");

    public static async Task<Mosquitto> StartAsync(string extra = "", Certificates? tls = null, int port = 0)
    {
        var folder = new TempDirectory();
        if (port == 0)
            port = Ports.Free();
        var config = $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type all\nuser {Environment.UserName}\n{extra}\n";
        if (tls is not null)
        {
            File.WriteAllText(folder["ca.pem"], tls.Authority.ExportCertificatePem());
            File.WriteAllText(folder["server.pem"], tls.Server.ExportCertificatePem());
            File.WriteAllText(folder["server.key"], tls.Server.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem());
            config += $"cafile {folder["ca.pem"]}\ncertfile {folder["server.pem"]}\nkeyfile {folder["server.key"]}\n";
        }

        File.WriteAllText(folder["mosquitto.conf"], config);
        var process = ForeignProcess.Start("/usr/sbin/mosquitto", ["-c", folder["mosquitto.conf"]]);
        await process.WaitForPortAsync(port);
        return new Mosquitto(folder, process, port);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>An authority and a server certificate for 127.0.0.1 and localhost, for one test.</summary>
internal sealed class Certificates : IDisposable
{
    public Certificates()
    {
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));

        using var serverKey = RSA.Create(2048);
        var server = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(Authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
        using var withKey = signed.CopyWithPrivateKey(serverKey);
        Server = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    public X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(Authority);
        return policy;
    }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
    }
}
