using System.Globalization;
using System.Net;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace Interop.Tests.OpcUa;

/// <summary>Reverse connect (OPC 10000-6, 7.1.3) with node-opcua in both roles.</summary>
public sealed class ReverseConnectTests : IDisposable
{
    private readonly TempDirectory folder = new();
    private readonly ApplicationCertificate application = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "interop", ApplicationUri = "urn:localhost:interop" });

    public void Dispose()
    {
        application.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    public async Task A_foreign_server_dials_our_client(string policy, MessageSecurityMode mode)
    {
        await using var listener = await ReverseConnectListener.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var port = Ports.Free();
        await using var server = await JsonPeer.StartAsync(
            "security-server.mjs", "--port", port.ToString(CultureInfo.InvariantCulture), "--pki", folder["server"], "--dial", $"opc.tcp://127.0.0.1:{listener.EndPoint.Port}");
        var about = await server.AskAsync("about");
        await using var client = await UaClient.ConnectAsync(new UaClientOptions
        {
            EndpointUrl = about.GetProperty("url").GetString()!,
            SecurityPolicy = SecurityPolicy.FindByName(policy)!,
            SecurityMode = mode,
            Certificate = application,
            TrustList = new TrustList(folder["ours"]),
            CertificateRules = new() { AutoAcceptUntrusted = true, CheckHostName = false },
            RequestTimeout = TimeSpan.FromSeconds(60),
            Connect = listener.ConnectorFor(about.GetProperty("uri").GetString()!),
        });
        Assert.Equal(42, (await client.ReadValueAsync(new NodeId(1, "Value"))).Value.Boxed);
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    public async Task Our_server_dials_a_foreign_client(string policy, MessageSecurityMode mode)
    {
        await using var client = await JsonPeer.StartAsync("security-client.mjs", "--pki", folder["client"]);
        var port = Ports.Free();
        await client.AskAsync("listen", new { url = $"opc.tcp://127.0.0.1:{port}" });
        var space = new AddressSpace("urn:localhost:interop");
        space.Objects.AddVariable("Value", BuiltInType.Int32, value: Variant.From(42), nodeId: new NodeId(1, "Value"));
        await using var server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "interop",
                ApplicationUri = "urn:localhost:interop",
                Port = 0,
                Security = [EndpointSecurity.None, EndpointSecurity.Basic256Sha256SignAndEncrypt],
                Certificate = application,
                CertificateValidator = new CertificateValidator(new TrustList(folder["ours"]), new() { AutoAcceptUntrusted = true }),
                ReverseConnect = new() { ClientUrls = [$"opc.tcp://127.0.0.1:{port}"] },
            },
            space);
        var read = await client.AskAsync("readReversed", new { serverUri = "urn:localhost:interop", policy, mode = mode.ToString(), node = "ns=1;s=Value", serverCertificate = mode == MessageSecurityMode.None ? null : Convert.ToHexString(application.Der) });
        Assert.Equal(("Good", 42), (read.GetProperty("status").GetString(), read.GetProperty("value").GetInt32()));
        await client.AskAsync("stop");
    }
}
