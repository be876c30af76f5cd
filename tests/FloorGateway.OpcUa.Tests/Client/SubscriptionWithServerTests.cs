using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>The subscription against this library's own server over loopback TCP.</summary>
public sealed class SubscriptionWithServerTests
{
    private static readonly SubscriptionSettings Settings = new()
    {
        PublishingInterval = TimeSpan.FromMilliseconds(50),
        Backoff = new BackoffOptions { First = TimeSpan.FromMilliseconds(20), Max = TimeSpan.FromMilliseconds(100) },
    };

    [Fact]
    public async Task Delivers_every_change_over_a_secured_channel_and_goes_on_after_a_restart_of_the_server()
    {
        using var identity = new TestIdentity();
        var space = new Space(identity.Server.ApplicationUri);
        var variable = space.Objects.AddVariable("Count", BuiltInType.Double, value: Variant.From(0.0));
        var server = await StartAsync(identity, space, Ports.Free());
        var options = new UaClientOptions { EndpointUrl = $"opc.tcp://127.0.0.1:{server.Port}", Certificate = identity.Client, TrustList = identity.ClientTrust };
        var handler = new RecordingHandler();
        await using var subscription = ResilientSubscription.Start(options, Settings, [new(1, variable.Id) { SamplingIntervalMs = 0, QueueSize = 1000 }], handler);

        await handler.ExpectAsync("running", "0");
        for (var i = 1; i <= 100; i++)
        {
            variable.SetValue((double)i);
        }

        for (var i = 1; i <= 100; i++)
        {
            await handler.ExpectAsync($"{i}");
        }

        var port = server.Port;
        await server.DisposeAsync();
        await using var restarted = await StartAsync(identity, space, port);
        await handler.ExpectAsync("gap", "running", "100");
        variable.SetValue(101.0);
        await handler.ExpectAsync("101");
    }

    private static Task<UaServer> StartAsync(TestIdentity identity, Space space, int port) => UaServer.StartAsync(
        new UaServerOptions
        {
            ApplicationName = "test",
            ApplicationUri = identity.Server.ApplicationUri,
            Certificate = identity.Server,
            CertificateValidator = new CertificateValidator(identity.ServerTrust),
            Port = port,
            HostName = "127.0.0.1",
        },
        space);
}
