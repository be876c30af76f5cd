using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using ClientUser = FloorGateway.OpcUa.Client.UserIdentity;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class UaServerTests : IAsyncLifetime
{
    private static readonly ApplicationCertificate ClientCertificate = ApplicationCertificate.CreateSelfSigned(
        new ApplicationCertificateOptions { ApplicationName = "client", ApplicationUri = "urn:example.com:client" });

    private readonly TempDirectory folder = new();
    private readonly Space space = new("urn:example.com:test");
    private readonly VariableNode speed;
    private UaServer server = null!;
    private TrustList clientTrust = null!;

    public UaServerTests()
    {
        space.AddNamespace("http://example.com/plant/");
        var machine = space.Objects.AddObject("M1");
        speed = machine.AddVariable("Speed", BuiltInType.Double, eu: "MTS", range: (0, 10), value: Variant.From(1.0), writable: true);
        machine.AddMethod("Who", (context, _) => (StatusCodes.Good, [Variant.From(context.UserName)]), [], [new MethodArgument("Name", BuiltInType.String)]);
    }

    public async ValueTask InitializeAsync()
    {
        server = await UaServer.StartAsync(Options(), space);
        clientTrust = new TrustList(folder["client"]);
        clientTrust.Trust(ServerHarness.ServerCertificate.Certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_user_reads_writes_calls_and_browses_over_an_encrypted_channel()
    {
        await using var client = await UaClient.ConnectAsync(Secured());
        Assert.Equal(1.0, (await client.ReadValueAsync(speed.Id)).Value.AsDouble());
        Assert.True((await client.WriteValueAsync(speed.Id, Variant.From(2.5))).IsGood);
        Assert.Equal(2.5, speed.GetValue().Value.AsDouble());
        var called = await client.CallAsync(new NodeId(2, "M1"), new NodeId(2, "M1.Who"), []);
        Assert.Equal("operator", called.OutputArguments[0].AsString());
        Assert.Contains(await client.BrowseAsync(ObjectIds.ObjectsFolder) is { } browsed ? browsed.References : [], r => r.BrowseName.Name == "M1");
        Assert.Equal(1, server.SessionCount);
    }

    [Fact]
    public async Task Anonymous_sessions_read_and_do_not_write_unless_allowed()
    {
        await using var client = await UaClient.ConnectAsync(Secured() with { User = ClientUser.Anonymous });
        Assert.Equal(1.0, (await client.ReadValueAsync(speed.Id)).Value.AsDouble());
        Assert.Equal(StatusCodes.BadUserAccessDenied, (await client.WriteValueAsync(speed.Id, Variant.From(2.5))).Value);
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(Secured() with { User = ClientUser.UserName("operator", "wrong") }));
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, refused.Status.Value);
    }

    [Fact]
    public async Task A_client_nobody_trusts_is_refused()
    {
        using var stranger = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "stranger", ApplicationUri = "urn:example.com:stranger" });
        await Assert.ThrowsAsync<ChannelException>(() => UaClient.ConnectAsync(Secured() with { Certificate = stranger, ApplicationUri = "urn:example.com:stranger" }));
        Assert.Equal(0, server.SessionCount);
    }

    [Fact]
    public async Task Values_set_in_order_arrive_in_order_and_none_is_lost()
    {
        await using var client = await UaClient.ConnectAsync(Secured());
        var subscription = await Subscribe(client);
        const int Count = 9_000; // fits the queue, however slow the publisher
        var producer = Task.Run(() =>
        {
            for (var i = 1; i <= Count; i++)
                speed.SetValue((double)(i + 1));
        });
        var next = 1.0;
        while (next <= Count + 1)
        {
            foreach (var value in await Publish(client, subscription))
                Assert.Equal(next++, value);
        }

        await producer;
    }

    [Fact]
    public async Task A_channel_without_security_takes_large_messages_once_its_session_is_activated()
    {
        var openSpace = new Space("urn:example.com:test");
        await using var open = await UaServer.StartAsync(Options() with { Security = [EndpointSecurity.None] }, openSpace);
        var unsecured = new ClientChannelOptions { EndpointUrl = open.EndpointUrl, Policy = SecurityPolicy.None, Mode = MessageSecurityMode.None };
        await using var stranger = await ClientSecureChannel.OpenAsync(unsecured, CancellationToken.None);
        var large = new ReadRequest { NodesToRead = [new ReadValueId { NodeId = new NodeId(1, new string('x', 2_000_000)), AttributeId = AttributeIds.Value }] };
        Assert.Equal(StatusCodes.BadTcpMessageTooLarge, (await Assert.ThrowsAsync<ChannelException>(() => stranger.RequestAsync(large, CancellationToken.None).AsTask())).Status.Value);

        await using var client = await UaClient.ConnectAsync(new UaClientOptions { EndpointUrl = open.EndpointUrl, SecurityPolicy = SecurityPolicy.None, SecurityMode = MessageSecurityMode.None });
        var response = await client.InvokeAsync<ReadResponse>(large);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, response.Results[0].Status.Value);
    }

    [Fact]
    public async Task A_response_beyond_all_measure_is_refused_before_it_is_made()
    {
        var wave = space.Objects.AddVariable("Wave", BuiltInType.Double, valueRank: ValueRanks.OneDimension, value: Variant.From(new double[100_000]));
        await using var client = await UaClient.ConnectAsync(Secured());
        var request = new ReadRequest { NodesToRead = [.. Enumerable.Repeat(new ReadValueId { NodeId = wave.Id, AttributeId = AttributeIds.Value }, 1000)] };
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => client.InvokeAsync<ReadResponse>(request).AsTask());
        Assert.Equal(StatusCodes.BadResponseTooLarge, refused.Status.Value);
        Assert.Equal(1.0, (await client.ReadValueAsync(speed.Id)).Value.AsDouble());
    }

    [Fact]
    public async Task A_session_and_its_subscription_survive_a_cut_connection()
    {
        var client = await UaClient.ConnectAsync(Secured());
        var subscription = await Subscribe(client);
        var values1 = await Publish(client, subscription);
        Assert.Equal([1.0], values1);
        server.DropConnections();
        await client.Closed;
        await client.AbandonAsync();
        speed.SetValue(2.0);
        speed.SetValue(3.0);

        await using var resumed = await UaClient.ResumeAsync(client.Options, client.Ticket);
        var republished = await resumed.InvokeAsync<RepublishResponse>(new RepublishRequest { SubscriptionId = subscription, RetransmitSequenceNumber = 1 });
        Assert.Equal(1u, republished.NotificationMessage.SequenceNumber);
        var values2 = await Publish(resumed, subscription);
        Assert.Equal([2.0, 3.0], values2);
    }

    [Fact]
    public async Task Subscriptions_are_taken_over_by_a_new_session()
    {
        var first = await UaClient.ConnectAsync(Secured());
        var subscription = await Subscribe(first);
        var values3 = await Publish(first, subscription);
        Assert.Equal([1.0], values3);
        await first.CloseAsync(deleteSubscriptions: false);
        speed.SetValue(2.0);

        await using var second = await UaClient.ConnectAsync(Secured());
        var transferred = await second.TransferSubscriptionsAsync([subscription], sendInitialValues: false);
        Assert.Equal([1u], transferred[0].AvailableSequenceNumbers);
        var values4 = await Publish(second, subscription);
        Assert.Equal([2.0], values4);
    }

    [Fact]
    public async Task A_stopped_server_can_be_started_again_on_the_same_nodes()
    {
        await using (var client = await UaClient.ConnectAsync(Secured()))
            await Subscribe(client);
        await server.StopAsync();
        Assert.False(speed.HasSubscribers);
        server = await UaServer.StartAsync(Options(), space);
        await using var again = await UaClient.ConnectAsync(Secured());
        Assert.Equal(1.0, (await again.ReadValueAsync(speed.Id)).Value.AsDouble());
    }

    [Fact]
    public async Task Contradictions_in_the_options_are_all_named()
    {
        var options = Options() with { AllowAnonymous = false, Users = null, CertificateValidator = null, ApplicationUri = "urn:example.com:other" };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => UaServer.StartAsync(options, space));
        Assert.Contains("CertificateValidator", error.Message);
        Assert.Contains("nobody could log in", error.Message);
        Assert.Contains("The certificate was made for", error.Message);
        Assert.Contains("The address space was made for", error.Message);
    }

    [Fact]
    public async Task Reading_everything_in_pieces_finds_every_node()
    {
        await using var client = await UaClient.ConnectAsync(Secured());
        var seen = new HashSet<NodeId>();
        await foreach (var node in client.BrowseAllAsync(ObjectIds.RootFolder))
            seen.Add(node.NodeId);
        Assert.True(seen.Count > 3000, $"{seen.Count} nodes");
    }

    private static async Task<uint> Subscribe(UaClient client)
    {
        var created = await client.CreateSubscriptionAsync(new CreateSubscriptionRequest { RequestedPublishingInterval = 20, RequestedMaxKeepAliveCount = 1000, RequestedLifetimeCount = 10_000, PublishingEnabled = true });
        var item = new MonitoredItemCreateRequest
        {
            ItemToMonitor = new ReadValueId { NodeId = new NodeId(2, "M1.Speed"), AttributeId = AttributeIds.Value },
            MonitoringMode = MonitoringMode.Reporting,
            RequestedParameters = new MonitoringParameters { ClientHandle = 1, QueueSize = 10_000, DiscardOldest = true },
        };
        var results = await client.CreateMonitoredItemsAsync(created.SubscriptionId, [item], TimestampsToReturn.Both);
        Assert.True(results[0].StatusCode.IsGood);
        return created.SubscriptionId;
    }

    private static async Task<double[]> Publish(UaClient client, uint subscription)
    {
        var response = await client.InvokeAsync<PublishResponse>(new PublishRequest());
        Assert.Equal(subscription, response.SubscriptionId);
        return [.. FakeChannel.Items(response).Select(i => i.Value.Value.AsDouble())];
    }

    private UaServerOptions Options()
    {
        var trust = new TrustList(folder["server"]);
        trust.Trust(ClientCertificate.Certificate);
        return new UaServerOptions
        {
            ApplicationName = "test",
            ApplicationUri = "urn:example.com:test",
            Port = 0,
            Certificate = ServerHarness.ServerCertificate,
            CertificateValidator = new CertificateValidator(trust),
            Users = new UserTable().Add("operator", "secret"),
        };
    }

    private UaClientOptions Secured() => new()
    {
        EndpointUrl = server.EndpointUrl,
        Certificate = ClientCertificate,
        TrustList = clientTrust,
        User = ClientUser.UserName("operator", "secret"),
    };
}
