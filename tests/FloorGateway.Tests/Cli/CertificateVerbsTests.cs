using FloorGateway.Cli;
using FloorGateway.OpcUa.Security;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Cli;

public sealed class CertificateVerbsTests : IDisposable
{
    private static readonly ApplicationCertificate Press = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "Press 4", ApplicationUri = "urn:press4.example.org:server", Hosts = ["press4.example.org"] });

    private readonly TempDirectory folder = new();
    private readonly TrustList trust;

    public CertificateVerbsTests() => trust = new TrustList(folder["pki"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task List_shows_each_certificate_with_its_folder()
    {
        trust.Trust(Press.Certificate);
        var (code, output, _) = await Run("list");
        Assert.Equal(ExitCodes.Ok, code);
        foreach (var expected in (string[])["trusted", Press.Certificate.Thumbprint, "Press 4", "urn:press4.example.org:server", $"{Press.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}"])
            Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trust_moves_a_rejected_certificate_by_the_beginning_of_its_thumbprint()
    {
        trust.SaveRejected(Press.Certificate);
        var (code, output, _) = await Run("trust", Press.Certificate.Thumbprint[..8].ToLowerInvariant());
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("is trusted from now on", output, StringComparison.Ordinal);
        Assert.True(trust.IsTrusted(Press.Certificate));
        Assert.Empty(Directory.GetFiles(trust.RejectedFolder));
    }

    [Fact]
    public async Task Trust_takes_a_file_from_elsewhere_and_leaves_it_there()
    {
        await File.WriteAllTextAsync(folder["press.pem"], Press.Certificate.ExportCertificatePem());
        var (code, _, _) = await Run("trust", folder["press.pem"]);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.True(trust.IsTrusted(Press.Certificate));
        Assert.True(File.Exists(folder["press.pem"]));
    }

    [Fact]
    public async Task Reject_shuts_a_trusted_peer_out_and_trust_lets_it_in_again()
    {
        trust.Trust(Press.Certificate);
        Assert.Equal(ExitCodes.Ok, (await Run("reject", Press.Certificate.Thumbprint)).Code);
        Assert.False(trust.IsTrusted(Press.Certificate));
        Assert.Single(Directory.GetFiles(trust.RejectedFolder));
        Assert.Equal(ExitCodes.Ok, (await Run("trust", Press.Certificate.Thumbprint)).Code);
        Assert.True(trust.IsTrusted(Press.Certificate));
    }

    [Fact]
    public async Task Show_tells_what_is_wrong_and_what_to_do()
    {
        using var ending = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "Press 5", ApplicationUri = "urn:press5", Lifetime = TimeSpan.FromDays(9) });
        trust.SaveRejected(ending.Certificate);
        var (code, output, _) = await Run("show", ending.Certificate.Thumbprint);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains($"cert trust {ending.Certificate.Thumbprint}", output, StringComparison.Ordinal);
        Assert.Contains("expires on", output, StringComparison.Ordinal);
        Assert.Contains("RSA, 2048 bits", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(trust.RejectedFolder));
    }

    [Fact]
    public async Task Renew_makes_a_new_own_certificate_and_keeps_the_old_one()
    {
        Assert.Equal(ExitCodes.Ok, (await Run("renew")).Code);
        var first = await File.ReadAllBytesAsync(Path.Combine(trust.OwnFolder, "floorgateway.der"));
        var (code, output, _) = await Run("renew");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("Have it trusted on every server", output, StringComparison.Ordinal);
        var second = await File.ReadAllBytesAsync(Path.Combine(trust.OwnFolder, "floorgateway.der"));
        Assert.NotEqual(first, second);
        Assert.Contains(Directory.GetFiles(Path.Combine(trust.OwnFolder, "old"), "*.der"), f => File.ReadAllBytes(f).AsSpan().SequenceEqual(first));
    }

    [Fact]
    public async Task The_store_of_a_configuration_is_found()
    {
        trust.Trust(Press.Certificate);
        await File.WriteAllTextAsync(folder["gateway.yaml"], """
            gateway: {id: edge-01, pki: pki}
            broker: {anonymous: true}
            servers: {cas: {url: "opc.tcp://127.0.0.1:48401"}}
            equipmentTypes: {Cell: {node: "ns=2;s={signal}", tags: {Speed: {}}}}
            units: [{path: LXE/DC01, type: Cell, server: cas}]
            feeds: {uns: {type: mqtt, url: "mqtt://127.0.0.1:1883"}}
            """);
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await CommandLineEntry.RunAsync(["cert", "list", "--config", folder["gateway.yaml"]], output, error);
        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains(Press.Certificate.Thumbprint, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_and_a_configuration_together_are_refused()
    {
        var (code, _, error) = await Run("list", "--config", "gateway.yaml");
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("leave one out", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "0000")]
    [InlineData("trust", "no-such-file.der")]
    [InlineData("reject", "ab")]
    public async Task What_is_not_there_ends_with_1_and_says_how_to_look(string verb, string which)
    {
        var (code, output, error) = await Run(verb, which);
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Equal("", output);
        Assert.Contains("cert list", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_made()
    {
        var (code, _, error) = await RunIn(folder["nowhere"], "show", "0000");
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("no certificate store", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["nowhere"]));
    }

    private Task<(int Code, string Output, string Error)> Run(params string[] arguments) => RunIn(trust.Folder, arguments);

    private static async Task<(int Code, string Output, string Error)> RunIn(string pki, params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await CommandLineEntry.RunAsync(["cert", .. arguments, "--pki", pki], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
