using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Security;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Security;

public sealed class ApplicationCertificateTests : IDisposable
{
    private static readonly ApplicationCertificateOptions Options = new()
    {
        ApplicationName = "Press 4 gateway",
        ApplicationUri = "urn:edge1.example.org:FloorGateway",
        Organization = "Example Works",
        Hosts = ["edge1.example.org", "192.0.2.7", "2001:db8::7"],
    };

    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_private_key_and_its_folder_are_for_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new FloorGateway.TestKit.TempDirectory();
        var trust = new TrustList(folder["pki"]);
        using var made = ApplicationCertificate.LoadOrCreate(trust.OwnFolder, new ApplicationCertificateOptions { ApplicationName = "app", ApplicationUri = "urn:example.com:app" });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(trust.OwnFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(trust.OwnFolder, "app.key.pem")));
    }

    [Fact]
    public void A_self_signed_one_holds_what_the_standard_asks_for()
    {
        using var own = ApplicationCertificate.CreateSelfSigned(Options);
        var (uris, hosts) = CertificateText.ReadNames(own.Certificate);
        Assert.Equal([Options.ApplicationUri], uris);
        Assert.Equal(Options.Hosts, hosts);
        Assert.Equal(Options.ApplicationUri, own.ApplicationUri);
        var usage = Assert.Single(own.Certificate.Extensions.OfType<X509KeyUsageExtension>());
        Assert.True(usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment));
        Assert.Equal(2048, own.PrivateKey.KeySize);
        Assert.Equal(20, own.Thumbprint.Length);
        Assert.False(own.Certificate.HasPrivateKey);
    }

    [Fact]
    public void Is_made_once_and_loaded_after_that()
    {
        using var made = ApplicationCertificate.LoadOrCreate(folder["own"], Options);
        using var loaded = ApplicationCertificate.LoadOrCreate(folder["own"], Options);
        Assert.Equal(made.Der, loaded.Der);
        Assert.Equal(Path.Combine(folder["own"], "Press_4_gateway.der"), made.Path);
        Assert.Equal(made.Path, loaded.Path);
        Assert.Equal(made.PrivateKey.ExportRSAPublicKey(), loaded.PrivateKey.ExportRSAPublicKey());
    }

    [Fact]
    public void Its_key_can_be_read_by_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var made = ApplicationCertificate.LoadOrCreate(folder["own"], Options);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder["own"], "Press_4_gateway.key.pem")));
    }

    [Fact]
    public void A_missing_half_is_named_and_not_replaced()
    {
        using (ApplicationCertificate.LoadOrCreate(folder["own"], Options))
            File.Delete(Path.Combine(folder["own"], "Press_4_gateway.key.pem"));
        var error = Assert.Throws<InvalidOperationException>(() => ApplicationCertificate.LoadOrCreate(folder["own"], Options));
        Assert.Contains("Press_4_gateway.key.pem", error.Message);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        using (ApplicationCertificate.LoadOrCreate(folder["own"], Options))
        using (ApplicationCertificate.LoadOrCreate(folder["other"], Options))
            File.Copy(Path.Combine(folder["other"], "Press_4_gateway.key.pem"), Path.Combine(folder["own"], "Press_4_gateway.key.pem"), overwrite: true);
        var error = Assert.Throws<InvalidOperationException>(() => ApplicationCertificate.LoadOrCreate(folder["own"], Options));
        Assert.Contains("is not the private key of", error.Message);
    }

    [Fact]
    public void A_file_name_is_safe_whatever_the_peer_calls_itself()
    {
        using var own = ApplicationCertificate.CreateSelfSigned(Options with { ApplicationName = "../../etc/passwd:\u0001" + new string('x', 60) });
        var name = CertificateText.FileName(own.Certificate);
        Assert.Equal(name, Path.GetFileName(name));
        Assert.DoesNotContain(':', name);
        Assert.True(name.Length < 120, name);
    }
}
