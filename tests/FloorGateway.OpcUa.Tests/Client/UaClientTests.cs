using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;
using UserIdentity = FloorGateway.OpcUa.Client.UserIdentity;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>The client against this library's own server over loopback TCP.</summary>
public sealed class UaClientTests
{
    public static TheoryData<string, MessageSecurityMode> Secured => new()
    {
        { "Basic256Sha256", MessageSecurityMode.Sign },
        { "Basic256Sha256", MessageSecurityMode.SignAndEncrypt },
        { "Aes128_Sha256_RsaOaep", MessageSecurityMode.SignAndEncrypt },
        { "Aes256_Sha256_RsaPss", MessageSecurityMode.SignAndEncrypt },
    };

    [Theory]
    [MemberData(nameof(Secured))]
    public async Task Connects_with_user_name_under_every_policy(string policy, MessageSecurityMode mode)
    {
        using var identity = new TestIdentity();
        await using var server = await StartAsync(identity);
        await using var client = await UaClient.ConnectAsync(Options(server, identity) with
        {
            SecurityPolicy = SecurityPolicy.FindByName(policy)!,
            SecurityMode = mode,
            User = UserIdentity.UserName("operator", "secret"),
        });
        var state = await client.ReadValueAsync(VariableIds.Server_ServerStatus_State);
        Assert.Equal(0, state.Value.AsInt64());
        Assert.Equal(Namespaces.OpcUa, client.NamespaceUris[0]);
    }

    [Fact]
    public async Task Wrong_password_is_refused_with_advice_and_without_the_password()
    {
        using var identity = new TestIdentity();
        await using var server = await StartAsync(identity);
        var error = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(Options(server, identity) with { User = UserIdentity.UserName("operator", "guess") }));
        Assert.True(error.Status.CodeBits is StatusCodes.BadUserAccessDenied or StatusCodes.BadIdentityTokenRejected, error.Message);
        Assert.Contains("check name and password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Untrusted_server_certificate_names_the_file_to_move()
    {
        using var identity = new TestIdentity(mutualTrust: false);
        await using var server = await StartAsync(identity);
        var error = await Assert.ThrowsAsync<ChannelException>(() => UaClient.ConnectAsync(Options(server, identity)));
        Assert.Equal(StatusCodes.BadCertificateUntrusted, error.Status.Value);
        Assert.Contains(identity.ClientTrust.RejectedFolder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_that_the_server_does_not_offer_is_never_replaced_by_another()
    {
        using var identity = new TestIdentity();
        await using var server = await StartAsync(identity);
        var error = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(Options(server, identity) with { SecurityPolicy = SecurityPolicy.None, SecurityMode = MessageSecurityMode.None }));
        Assert.Equal(StatusCodes.BadSecurityPolicyRejected, error.Status.Value);
    }

    [Fact]
    public async Task Session_goes_on_over_a_new_channel()
    {
        using var identity = new TestIdentity();
        await using var server = await StartAsync(identity);
        var first = await UaClient.ConnectAsync(Options(server, identity));
        await first.AbandonAsync();
        await using var second = await UaClient.ResumeAsync(first.Options, first.Ticket);
        Assert.Equal(first.Ticket.SessionId, second.Ticket.SessionId);
        Assert.True((await second.ReadValueAsync(VariableIds.Server_ServerStatus_State)).Status.IsGood);
    }

    [Fact]
    public async Task Closed_tells_when_the_server_goes()
    {
        using var identity = new TestIdentity();
        var server = await StartAsync(identity);
        await using var client = await UaClient.ConnectAsync(Options(server, identity));
        Assert.False(client.Closed.IsCompleted);
        await server.DisposeAsync();
        Assert.True((await client.Closed.WaitAsync(TimeSpan.FromSeconds(20))).Status.IsBad);
        await Assert.ThrowsAnyAsync<Exception>(async () => await client.ReadValueAsync(VariableIds.Server_ServerStatus_State));
    }

    [Fact]
    public async Task Browses_everything_through_continuation_points_and_finds_nodes_by_path()
    {
        using var identity = new TestIdentity();
        await using var server = await StartAsync(identity);
        await using var client = await UaClient.ConnectAsync(Options(server, identity) with { MaxOperationsPerCall = 7 });
        HashSet<NodeId> seen = [];
        await foreach (var node in client.BrowseAllAsync(ObjectIds.Server))
        {
            Assert.True(node.Status.IsGood);
            Assert.True(seen.Add(node.NodeId));
        }

        Assert.Contains(new NodeId(VariableIds.Server_ServerStatus_CurrentTime), seen);
        Assert.Equal(
            new NodeId(VariableIds.Server_ServerStatus_State),
            await client.TranslateBrowsePathAsync(ObjectIds.ObjectsFolder, [new("Server"), new("ServerStatus"), new("State")]));
        Assert.Null(await client.TranslateBrowsePathAsync(ObjectIds.ObjectsFolder, [new("Nothing")]));
    }

    [Fact]
    public async Task Bad_results_of_single_operations_are_values()
    {
        using var identity = new TestIdentity();
        await using var server = await StartAsync(identity);
        await using var client = await UaClient.ConnectAsync(Options(server, identity) with { MaxOperationsPerCall = 2 });
        var values = await client.ReadValuesAsync([VariableIds.Server_ServerStatus_State, new NodeId(1, "nothing"), VariableIds.Server_ServiceLevel]);
        Assert.True(values[0].Status.IsGood);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, values[1].Status.Value);
        Assert.Equal(BuiltInType.Byte, values[2].Value.Type);
        Assert.True((await client.WriteValueAsync(VariableIds.Server_ServiceLevel, Variant.From((byte)1))).IsBad);
        Assert.True((await client.CallAsync(ObjectIds.Server, new NodeId(1, "nothing"), [])).StatusCode.IsBad);
    }

    private static Task<UaServer> StartAsync(TestIdentity identity) => UaServer.StartAsync(
        new UaServerOptions
        {
            ApplicationName = "test",
            ApplicationUri = identity.Server.ApplicationUri,
            Certificate = identity.Server,
            CertificateValidator = new CertificateValidator(identity.ServerTrust),
            Port = 0,
            HostName = "127.0.0.1",
            Users = new UserTable().Add("operator", "secret"),
            Security = [.. SecurityPolicy.All.Where(p => !p.IsNone).SelectMany(p => new EndpointSecurity[] { new(p, MessageSecurityMode.Sign), new(p, MessageSecurityMode.SignAndEncrypt) })],
        },
        new Space(identity.Server.ApplicationUri));

    private static UaClientOptions Options(UaServer server, TestIdentity identity) => new()
    {
        EndpointUrl = $"opc.tcp://127.0.0.1:{server.Port}",
        Certificate = identity.Client,
        TrustList = identity.ClientTrust,
    };
}
