using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators;
using FloorGateway.TestKit;

namespace Interop.Tests.OpcUa;

/// <summary>Certificates that nobody trusted yet: each side refuses, says which file to move, and lets the peer in once it has been moved.</summary>
public sealed class TrustTests
{
    [Fact]
    public async Task A_foreign_server_is_refused_until_its_file_is_moved_to_trusted()
    {
        await using var zoo = new Zoo();
        await zoo.InitializeAsync();
        var options = zoo.Options("Basic256Sha256", MessageSecurityMode.SignAndEncrypt, trustServer: false);
        var refused = await Assert.ThrowsAsync<ChannelException>(() => UaClient.ConnectAsync(options));
        var file = Assert.Single(Directory.GetFiles(zoo.Trust.RejectedFolder, "*.der"));
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Contains(zoo.Trust.TrustedFolder, refused.Message, StringComparison.Ordinal);
        Assert.Equal(StatusCodes.BadCertificateUntrusted, refused.Status.CodeBits);

        File.Move(file, Path.Combine(zoo.Trust.TrustedFolder, Path.GetFileName(file)));
        await using var client = await UaClient.ConnectAsync(options);
        Assert.Equal(ZooValues.Of("Scalar.String"), (await client.ReadValueAsync(zoo.Node("Scalar.String"))).Value);
    }

    [Fact]
    public async Task A_foreign_client_is_refused_until_its_file_is_moved_to_trusted()
    {
        using var folder = new TempDirectory();
        using var log = new CollectedLog();
        await using var simulation = await Simulation.StartAsync(
            new() { DataDir = folder.Path, Servers = [new() { Name = "cas", Port = 0, Units = ["DC01"], AcceptAnyClient = false }] }, log);
        var trust = simulation.Servers[0].TrustList;
        await using var peer = await JsonPeer.StartAsync("opcua-client.mjs", "--pki", folder["peer"]);
        var connect = new { @as = "s", url = simulation.Servers[0].EndpointUrl, policy = "Basic256Sha256", mode = "SignAndEncrypt" };

        await Assert.ThrowsAsync<PeerException>(() => peer.AskAsync("connect", connect));
        var file = Assert.Single(Directory.GetFiles(trust.RejectedFolder, "*.der"));
        await log.WaitForAsync(file, trust.TrustedFolder);

        File.Move(file, Path.Combine(trust.TrustedFolder, Path.GetFileName(file)));
        var connected = await peer.AskAsync("connect", connect);
        Assert.Equal("SignAndEncrypt", connected.GetProperty("mode").GetString());
        await peer.AskAsync("disconnect", connect);
    }

    [Fact]
    public async Task A_foreign_server_that_refuses_our_certificate_is_quoted_with_our_file_and_what_to_do()
    {
        await using var zoo = new Zoo { TrustsAll = false };
        await zoo.InitializeAsync();
        var options = zoo.Options("Basic256Sha256", MessageSecurityMode.SignAndEncrypt);
        var refused = await Assert.ThrowsAsync<ChannelException>(() => UaClient.ConnectAsync(options));
        Assert.Contains(zoo.Certificate.Path!, refused.Message, StringComparison.Ordinal);
        Assert.Contains("trust", refused.Message, StringComparison.Ordinal);

        Assert.Equal(1, (await zoo.Server.AskAsync("trust")).GetProperty("trusted").GetInt32());
        await using var client = await UaClient.ConnectAsync(options);
        Assert.Equal(ZooValues.Of("Scalar.String"), (await client.ReadValueAsync(zoo.Node("Scalar.String"))).Value);
    }
}
