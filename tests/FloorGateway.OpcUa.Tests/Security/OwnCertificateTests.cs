using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Tests.Security;

public sealed class OwnCertificateTests : IDisposable
{
    private static readonly ApplicationCertificateOptions Options = new()
    {
        ApplicationName = "gateway",
        ApplicationUri = "urn:edge1.example.org:gateway",
        Hosts = ["edge1.example.org", "192.0.2.7"],
        Lifetime = TimeSpan.FromDays(400),
    };

    private readonly TempDirectory folder = new();
    private readonly ManualTimeProvider time = new();
    private readonly ListLogger log = new();

    private string Own => folder["own"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Is_renewed_before_its_end_with_the_same_names_and_another_key()
    {
        using var own = Open();
        var first = own.Current;
        time.Advance(TimeSpan.FromDays(300));
        Assert.False(own.Refresh());
        time.Advance(TimeSpan.FromDays(15));
        Assert.True(own.Refresh());
        Assert.NotEqual(first.PrivateKey.ExportRSAPublicKey(), own.Current.PrivateKey.ExportRSAPublicKey());
        Assert.Equal(first.ApplicationUri, own.Current.ApplicationUri);
        Assert.Equal(Options.Hosts, CertificateText.ReadNames(own.Current.Certificate).Hosts);
        Assert.Same(first, own.Previous);
        Assert.False(own.Refresh());
        var line = Assert.Single(log.Lines);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains(own.Current.Path!, line.Text);
    }

    [Fact]
    public void A_renewed_one_is_loaded_after_a_restart_and_the_old_one_is_kept_in_old()
    {
        byte[] old;
        byte[] renewed;
        using (var own = Open())
        {
            old = own.Current.Der;
            time.Advance(TimeSpan.FromDays(350));
            own.Refresh();
            renewed = own.Current.Der;
        }

        using var again = Open();
        Assert.Equal(renewed, again.Current.Der);
        Assert.Equal(old, again.Previous!.Der);
        var kept = Assert.Single(Directory.GetFiles(Path.Combine(Own, "old"), "*.der"));
        Assert.Equal(old, File.ReadAllBytes(kept));
        using var pair = ApplicationCertificate.Load(kept, Path.ChangeExtension(kept, ".key.pem"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.ChangeExtension(kept, ".key.pem")));
    }

    [Fact]
    public void A_short_life_is_renewed_after_three_quarters_of_it_and_not_each_time()
    {
        using var own = OwnCertificate.Open(Own, Options with { Lifetime = TimeSpan.FromDays(20) }, time, log);
        time.Advance(TimeSpan.FromDays(14));
        Assert.False(own.Refresh());
        time.Advance(TimeSpan.FromDays(2));
        Assert.True(own.Refresh());
        Assert.False(own.Refresh());
    }

    [Fact]
    public void Renewal_can_be_turned_off()
    {
        using var own = OwnCertificate.Open(Own, Options with { RenewBefore = TimeSpan.Zero }, time, log);
        time.Advance(TimeSpan.FromDays(399));
        Assert.False(own.Refresh());
    }

    [Fact]
    public void Files_that_somebody_replaced_are_used_without_a_restart()
    {
        using var own = Open();
        using var elsewhere = OwnCertificate.Open(folder["elsewhere"], Options, time, log);
        foreach (var file in Directory.GetFiles(folder["elsewhere"]))
        {
            File.Copy(file, Path.Combine(Own, Path.GetFileName(file)), overwrite: true);
            File.SetLastWriteTimeUtc(Path.Combine(Own, Path.GetFileName(file)), DateTime.UtcNow.AddMinutes(1));
        }

        Assert.True(own.Refresh());
        Assert.Equal(elsewhere.Current.Der, own.Current.Der);
        Assert.False(own.Refresh());
    }

    [Fact]
    public void A_replacement_that_is_half_done_leaves_the_one_in_use_and_is_taken_when_it_is_whole()
    {
        using var own = Open();
        var first = own.Current;
        using var other = OwnCertificate.Open(folder["elsewhere"], Options, time, log);
        Replace("gateway.der");
        Assert.False(own.Refresh());
        Assert.Same(first, own.Current);
        Assert.Contains(log.Lines, l => l.Level == LogLevel.Error && l.Text.Contains("is not the private key of", StringComparison.Ordinal));
        Replace("gateway.key.pem");
        Assert.True(own.Refresh());
        Assert.Equal(other.Current.Der, own.Current.Der);

        void Replace(string file)
        {
            File.Copy(Path.Combine(folder["elsewhere"], file), Path.Combine(Own, file), overwrite: true);
            File.SetLastWriteTimeUtc(Path.Combine(Own, file), DateTime.UtcNow.AddMinutes(1));
        }
    }

    [Fact]
    public void A_power_cut_before_the_key_moved_leaves_the_old_pair()
    {
        using var first = Open();
        using var other = OwnCertificate.Open(folder["elsewhere"], Options, time, log);
        File.Copy(Path.Combine(folder["elsewhere"], "gateway.der"), Path.Combine(Own, "gateway.der.new"));
        File.Copy(Path.Combine(folder["elsewhere"], "gateway.key.pem"), Path.Combine(Own, "gateway.key.pem.new"));
        using var again = Open();
        Assert.Equal(first.Current.Der, again.Current.Der);
        Assert.Equal(2, Directory.GetFiles(Own).Length);
    }

    [Fact]
    public void A_power_cut_after_the_key_moved_leaves_the_new_pair()
    {
        using (Open())
        {
        }

        using var other = OwnCertificate.Open(folder["elsewhere"], Options, time, log);
        File.Copy(Path.Combine(folder["elsewhere"], "gateway.der"), Path.Combine(Own, "gateway.der.new"));
        File.Copy(Path.Combine(folder["elsewhere"], "gateway.key.pem"), Path.Combine(Own, "gateway.key.pem"), overwrite: true);
        using var again = Open();
        Assert.Equal(other.Current.Der, again.Current.Der);
        Assert.Equal(2, Directory.GetFiles(Own).Length);
    }

    [Fact]
    public void One_that_a_ca_issued_is_not_renewed_and_the_log_says_who_has_to()
    {
        using (Open())
        {
        }

        var authority = new TestAuthority("Works Root", days: 1000, key: 0);
        using var key = System.Security.Cryptography.RSA.Create(2048);
        File.WriteAllText(Path.Combine(Own, "gateway.key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(Path.Combine(Own, "gateway.der"), authority.Issue("gateway", key).RawData);
        var late = new ManualTimeProvider(DateTimeOffset.UtcNow.AddDays(99));
        using var own = OwnCertificate.Open(Own, Options, late, log);
        Assert.False(own.Refresh());
        Assert.False(own.Refresh());
        Assert.Contains("issued by a CA", Assert.Single(log.Lines).Text);
    }

    [Fact]
    public void The_one_before_is_found_by_its_thumbprint_until_it_ends()
    {
        using var own = Open();
        var first = own.Current.Thumbprint;
        time.Advance(TimeSpan.FromDays(350));
        own.Refresh();
        Assert.Same(own.Previous, own.Find(first));
        Assert.Same(own.Current, own.Find(own.Current.Thumbprint));
        Assert.Null(own.Find(new byte[20]));
        time.Advance(TimeSpan.FromDays(51));
        Assert.Null(own.Find(first));
    }

    [Fact]
    public void A_certificate_has_the_names_and_uses_of_the_standard()
    {
        using var own = Open();
        var certificate = own.Current.Certificate;
        Assert.Equal((IEnumerable<string>)["urn:edge1.example.org:gateway"], CertificateText.ReadNames(certificate).Uris);
        var purposes = Assert.Single(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()).EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(o => o.Value);
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], purposes);
        Assert.False(Assert.Single(certificate.Extensions.OfType<X509BasicConstraintsExtension>()).CertificateAuthority);
        Assert.Single(certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>());
        var like = ApplicationCertificateOptions.Like(certificate, "gateway");
        Assert.Equal((Options.ApplicationUri, 2048), (like.ApplicationUri, like.KeyBits));
        Assert.Equal(Options.Hosts, like.Hosts);
    }

    private OwnCertificate Open() => OwnCertificate.Open(Own, Options, time, log);
}
