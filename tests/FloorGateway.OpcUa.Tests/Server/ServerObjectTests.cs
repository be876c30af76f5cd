using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class ServerObjectTests
{
    [Fact]
    public void Profiles_are_claimed_as_far_as_the_options_go()
    {
        Assert.Contains("http://opcfoundation.org/UA-Profile/Server/MicroEmbeddedDevice2017", Profiles(new ServerHarness()));
        Assert.DoesNotContain(Profiles(new ServerHarness(o => o with { Users = null })), p => p!.Contains("Embedded", StringComparison.Ordinal));
        Assert.DoesNotContain(Profiles(new ServerHarness()), p => p!.Contains("StandardUA", StringComparison.Ordinal));
    }

    [Fact]
    public void Waiting_publish_requests_are_cancelled_by_their_handle()
    {
        var server = new ServerHarness().WithSession();
        server.Subscribe();
        var handle = server.Publish();
        Assert.Equal(0u, server.Call<CancelResponse>(new CancelRequest { RequestHandle = handle + 100 }).CancelCount);
        Assert.Equal(1u, server.Call<CancelResponse>(new CancelRequest { RequestHandle = handle }).CancelCount);
        Assert.Equal(StatusCodes.BadRequestCancelledByClient, server.Channel.Posted.Dequeue().Response.ResponseHeader.ServiceResult.Value);
    }

    [Fact]
    public async Task State_service_level_and_redundancy_are_told()
    {
        using var certificate = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "test", ApplicationUri = "urn:example.com:test" });
        var space = new Space("urn:example.com:test");
        await using var server = await UaServer.StartAsync(
            new UaServerOptions { ApplicationName = "test", ApplicationUri = "urn:example.com:test", Certificate = certificate, Port = 0, Security = [EndpointSecurity.None] }, space);
        Assert.Equal(255, server.ServiceLevel);
        server.ServiceLevel = 150;
        Assert.Equal(150u, Value(VariableIds.Server_ServiceLevel).AsUInt32());

        server.SetState(ServerState.Shutdown, TimeSpan.FromSeconds(30), "maintenance");
        var status = Value(VariableIds.Server_ServerStatus).AsStructure<ServerStatusDataType>()!;
        Assert.Equal((ServerState.Shutdown, 30u, "maintenance"), (status.State, status.SecondsTillShutdown, status.ShutdownReason.Text));

        server.SetRedundancy(RedundancySupport.Warm, [new() { ServerId = "urn:example.com:test", ServiceLevel = 150 }, new() { ServerId = "urn:example.com:other", ServiceLevel = 200, ServerState = ServerState.Running }]);
        Assert.Equal((int)RedundancySupport.Warm, Value(VariableIds.Server_ServerRedundancy_RedundancySupport).AsInt32());
        Assert.Equal(["urn:example.com:test", "urn:example.com:other"], Value(VariableIds.Server_ServerRedundancy_ServerUriArray).AsArray<string?>()!.AsEnumerable());
        Assert.Equal(2, Value(VariableIds.Server_ServerRedundancy_RedundantServerArray).AsArray<ExtensionObject>()!.Length);
        Assert.Equal(new NodeId(ObjectTypeIds.NonTransparentRedundancyType), space.Get<ObjectNode>(ObjectIds.Server_ServerRedundancy).TypeDefinition!.Id);
        Assert.Throws<ArgumentException>(() => server.SetRedundancy(RedundancySupport.Transparent, []));

        Variant Value(NodeId id) => space.Get<VariableNode>(id).GetValue().Value;
    }

    private static string?[] Profiles(ServerHarness server) =>
        server.Space.Get<VariableNode>(VariableIds.Server_ServerCapabilities_ServerProfileArray).GetValue().Value.AsArray<string?>()!;
}
