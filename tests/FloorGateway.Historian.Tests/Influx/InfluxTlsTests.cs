using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.Historian.Influx;
using FloorGateway.Model.Ports;
using FloorGateway.TestKit;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Influx;

public sealed class InfluxTlsTests : IDisposable
{
    private readonly TempDirectory folder = new();
    private readonly X509Certificate2 authority = Authority("CN=Plant CA");
    private readonly Catalog catalog = new();
    private readonly int tag;

    public InfluxTlsTests() => tag = catalog.Add("A/B/C/D/E/F", "S");

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Trusts_the_authority_it_is_given_and_no_other()
    {
        using var own = Server(authority);
        await using var server = await RecordingServer.StartAsync(own);
        var options = new InfluxOptions { Url = server.Url, Bucket = "b", Org = "o" };

        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(options with { CaFile = Pem("ca.pem", authority) })).Outcome);
        using var stranger = Authority("CN=Stranger");
        foreach (var untrusting in new[] { options, options with { CaFile = Pem("other.pem", stranger) } })
        {
            var result = await DeliverAsync(untrusting);
            Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
            Assert.Contains("certificate", result.Reason, StringComparison.Ordinal);
        }

        Assert.Single(server.Requests);
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Server(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=influx", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    private string Pem(string name, X509Certificate2 certificate)
    {
        File.WriteAllText(folder[name], certificate.ExportCertificatePem());
        return folder[name];
    }

    private async Task<DeliveryResult> DeliverAsync(InfluxOptions options)
    {
        await using var destination = new InfluxDestination(catalog, options);
        return await destination.DeliverAsync(Batch(Of(tag, T0, 1)), TestContext.Current.CancellationToken);
    }
}
