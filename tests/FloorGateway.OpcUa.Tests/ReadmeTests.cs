using System.Globalization;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.Client;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;
using UserIdentity = FloorGateway.OpcUa.Client.UserIdentity;

namespace FloorGateway.OpcUa.Tests;

/// <summary>The README's client and server, as they stand there but for folders and the port.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_readme_s_client_reads_and_subscribes_to_the_readme_s_server()
    {
        using var folder = new TempDirectory();
        var (space, speed, server) = await StartServerAsync(new TrustList(folder["server"]), new TrustList(folder["client"]));
        await using (server)
        {
            var trust = new TrustList(folder["client"]);
            var options = new UaClientOptions
            {
                EndpointUrl = string.Create(CultureInfo.InvariantCulture, $"opc.tcp://localhost:{server.Port}"),
                Certificate = ApplicationCertificate.LoadOrCreate(trust.OwnFolder, new() { ApplicationName = "Reader", ApplicationUri = "urn:example.com:reader" }),
                TrustList = trust,
                User = UserIdentity.UserName("operator", "secret"),
            };
            await using var client = await UaClient.ConnectAsync(options);
            Assert.Equal(3.2, (await client.ReadValueAsync(NodeId.Parse("ns=2;s=DC01.Shot.Velocity"))).Value.AsDouble());
            var handler = new RecordingHandler();
            MonitoredItemSettings[] items = [new(1, ExpandedNodeId.Parse("nsu=http://example.com/cell/;s=DC01.Shot.Velocity"))];
            await using var subscription = ResilientSubscription.Start(options, new SubscriptionSettings(), items, handler);
            await handler.ExpectAsync("running", "3.2");
            speed.SetValue(4.5);
            await handler.ExpectAsync("4.5");
        }
    }

    private static async Task<(Space Space, VariableNode Speed, UaServer Server)> StartServerAsync(TrustList trust, TrustList clients)
    {
        var own = ApplicationCertificate.LoadOrCreate(trust.OwnFolder, new() { ApplicationName = "Cell", ApplicationUri = "urn:example.com:cell" });

        // What a person does once: each side's certificate into the other's trusted folder.
        var reader = ApplicationCertificate.LoadOrCreate(clients.OwnFolder, new() { ApplicationName = "Reader", ApplicationUri = "urn:example.com:reader" });
        await File.WriteAllBytesAsync(Path.Combine(trust.TrustedFolder, "reader.der"), reader.Der.ToArray());
        await File.WriteAllBytesAsync(Path.Combine(clients.TrustedFolder, "cell.der"), own.Der.ToArray());

        var space = new Space("urn:example.com:cell");
        space.AddNamespace("http://example.com/cell/");
        var cell = space.Objects.AddObject("DC01");
        var speed = cell.AddVariable("Shot.Velocity", BuiltInType.Double, eu: "MTS", range: (0, 10));
        cell.AddMethod("Start", (context, inputs) => (StatusCodes.Good, []), [new("Recipe", BuiltInType.String)]);
        var server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "Cell", ApplicationUri = "urn:example.com:cell", Certificate = own, CertificateValidator = new(trust), Port = 0,
                Users = new UserTable().Add("operator", "secret"),
            },
            space);
        speed.SetValue(3.2);
        return (space, speed, server);
    }
}
