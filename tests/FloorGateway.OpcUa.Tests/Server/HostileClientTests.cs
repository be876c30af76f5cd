using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>What a client with a session may try at the expense of the producers of values and of other clients.</summary>
public sealed class HostileClientTests
{
    private readonly ServerHarness server = new ServerHarness().WithSession();

    [Fact]
    public void An_index_range_up_to_the_largest_number_never_reaches_the_producer()
    {
        var text = server.Space.Objects.AddVariable("text", BuiltInType.String, value: Variant.From("abc"));
        var bytes = server.Space.Objects.AddVariable("bytes", BuiltInType.ByteString, value: Variant.From(new byte[] { 1, 2, 3 }));
        var subscription = server.Subscribe().SubscriptionId;
        Assert.True(server.Monitor(subscription, text.Id, range: "1:2147483647").StatusCode.IsGood);
        Assert.True(server.Monitor(subscription, bytes.Id, range: "1:2147483647").StatusCode.IsGood);
        text.SetValue("xyz");
        server.Publish();
        server.Run(100);
        var parts = server.Channel.NextItems();
        Assert.Equal("yz", parts[0].Value.Value.AsString());
        Assert.Equal([2, 3], Assert.IsType<byte[]>(parts[1].Value.Value.Boxed));
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(double.PositiveInfinity)]
    public void A_sampling_interval_beyond_all_bounds_is_revised_and_leaves_the_scheduler_at_rest(double interval)
    {
        var node = server.Space.Objects.AddVariable("v", BuiltInType.Double, value: Variant.From(1.0));
        var subscription = server.Subscribe(interval: 1000).SubscriptionId;
        Assert.InRange(server.Monitor(subscription, node.Id, sampling: interval).RevisedSamplingInterval, 1, new ServerLimits().MaxSamplingInterval);
        server.Dispatcher.Subscriptions.Tick();
        Assert.True(server.Dispatcher.Subscriptions.Tick() > TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public void Ever_new_sampling_intervals_do_not_add_up()
    {
        var node = server.Space.Objects.AddVariable("v", BuiltInType.Double, value: Variant.From(1.0));
        var subscription = server.Subscribe().SubscriptionId;
        var item = server.Monitor(subscription, node.Id, sampling: 10).MonitoredItemId;
        for (var i = 0; i < 5000; i++)
        {
            server.Call<ModifyMonitoredItemsResponse>(new ModifyMonitoredItemsRequest
            {
                SubscriptionId = subscription,
                ItemsToModify = [new MonitoredItemModifyRequest { MonitoredItemId = item, RequestedParameters = new MonitoringParameters { SamplingInterval = 20 + (i * 0.37) } }],
            });
        }

        Assert.InRange(server.Dispatcher.Subscriptions.SamplingGroupCount, 1, 400);
    }

    [Fact]
    public void Calls_that_name_the_same_subscription_thousands_of_times_are_refused()
    {
        var ids = Enumerable.Repeat(server.Subscribe().SubscriptionId, 5000).ToArray();
        Assert.Equal(StatusCodes.BadTooManyOperations, server.Fault(new TransferSubscriptionsRequest { SubscriptionIds = ids, SendInitialValues = true }).Value);
        Assert.Equal(StatusCodes.BadTooManyOperations, server.Fault(new SetPublishingModeRequest { SubscriptionIds = ids }).Value);
        Assert.Equal(StatusCodes.BadTooManyOperations, server.Fault(new DeleteSubscriptionsRequest { SubscriptionIds = ids }).Value);
        server.Publish([.. Enumerable.Repeat(new SubscriptionAcknowledgement { SubscriptionId = ids[0], SequenceNumber = 1 }, 100_000)]);
        Assert.Equal(StatusCodes.BadTooManyOperations, server.Channel.Posted.Dequeue().Response.ResponseHeader.ServiceResult.Value);
    }

    [Fact]
    public void A_session_without_security_can_not_take_over_a_subscription_made_with_it()
    {
        using var certificate = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "client", ApplicationUri = "urn:example.com:client" });
        var secured = new SessionFor(server, certificate);
        var subscription = Assert.IsType<CreateSubscriptionResponse>(server.Send(secured.Channel, new CreateSubscriptionRequest { RequestedPublishingInterval = 100 }, secured.Token)).SubscriptionId;
        // Same anonymous user, and it says that it is the same application: without a certificate anybody can.
        var stolen = server.Call<TransferSubscriptionsResponse>(new TransferSubscriptionsRequest { SubscriptionIds = [subscription] });
        Assert.Equal(StatusCodes.BadUserAccessDenied, stolen.Results[0].StatusCode.Value);
    }

    [Fact]
    public void A_password_of_many_blocks_is_refused_before_the_private_key_is_used()
    {
        var created = Assert.IsType<CreateSessionResponse>(server.Send(server.Channel, new CreateSessionRequest()));
        using var key = ServerHarness.ServerCertificate.Certificate.GetRSAPublicKeyForTest();
        var block = new byte[256];
        AsymmetricCipher.Encrypt(SecurityPolicy.Basic256Sha256, key, new byte[32], block);
        byte[] password = [.. Enumerable.Repeat(block, 64).SelectMany(b => b)];
        Assert.False(AsymmetricCipher.TryDecrypt(SecurityPolicy.Basic256Sha256, ServerHarness.ServerCertificate.PrivateKey, password, new byte[password.Length], out var written));
        Assert.Equal(0, written);
        var token = new ExtensionObject(new UserNameIdentityToken { PolicyId = "username", UserName = "operator", Password = password });
        Assert.Equal(StatusCodes.BadIdentityTokenInvalid, server.Send(server.Channel, new ActivateSessionRequest { UserIdentityToken = token }, created.AuthenticationToken)!.ResponseHeader.ServiceResult.Value);
    }

    [Fact]
    public void Names_a_client_gives_itself_are_kept_short()
    {
        var url = "opc.tcp://" + new string('h', 100_000) + ":4840";
        var response = Assert.IsType<CreateSessionResponse>(server.Send(server.Channel, new CreateSessionRequest
        {
            SessionName = new string('s', 100_000),
            EndpointUrl = url,
            ClientDescription = new ApplicationDescription { ApplicationUri = new string('u', 100_000) },
        }));
        Assert.All(response.ServerEndpoints, e => Assert.True(e.EndpointUrl!.Length < 5000));
        var session = server.Dispatcher.Sessions.Peek(response.AuthenticationToken)!;
        Assert.InRange(session.Name.Length, 1, 256);
        Assert.InRange(session.Client.ApplicationUri!.Length, 1, 4096);
    }

    private sealed class SessionFor
    {
        public SessionFor(ServerHarness server, ApplicationCertificate certificate)
        {
            Channel = new FakeChannel { Policy = SecurityPolicy.Basic256Sha256, Mode = MessageSecurityMode.SignAndEncrypt, ClientCertificate = certificate.Der };
            var created = Assert.IsType<CreateSessionResponse>(server.Send(Channel, new CreateSessionRequest
            {
                ClientCertificate = certificate.Der,
                ClientNonce = new byte[32],
                ClientDescription = new ApplicationDescription { ApplicationUri = certificate.ApplicationUri },
            }));
            Token = created.AuthenticationToken;
            var signature = new byte[256];
            AsymmetricCipher.Sign(SecurityPolicy.Basic256Sha256, certificate.PrivateKey, [.. created.ServerCertificate!, .. created.ServerNonce!], signature);
            Assert.IsType<ActivateSessionResponse>(server.Send(Channel, new ActivateSessionRequest { ClientSignature = new SignatureData { Signature = signature } }, Token));
        }

        public FakeChannel Channel { get; }

        public NodeId Token { get; }
    }
}
