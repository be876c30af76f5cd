using System.Buffers.Binary;
using System.Security.Cryptography;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class SessionServiceTests
{
    private static readonly ApplicationCertificate Client = ApplicationCertificate.CreateSelfSigned(
        new ApplicationCertificateOptions { ApplicationName = "client", ApplicationUri = "urn:example.com:client" });

    private readonly ServerHarness server = new();
    private readonly FakeChannel secure = new() { Policy = SecurityPolicy.Basic256Sha256, Mode = MessageSecurityMode.SignAndEncrypt, ClientCertificate = Client.Der };

    [Fact]
    public void Endpoints_come_under_the_name_the_client_used()
    {
        var response = Assert.IsType<GetEndpointsResponse>(server.Send(server.Channel, new GetEndpointsRequest { EndpointUrl = "opc.tcp://edge-7:48010/x" }));
        Assert.Equal(2, response.Endpoints.Length);
        Assert.All(response.Endpoints, e => Assert.Equal("opc.tcp://edge-7:48010", e.EndpointUrl));
        Assert.All(response.Endpoints, e => Assert.Equal([UserTokenType.Anonymous, UserTokenType.UserName], e.UserIdentityTokens.Select(t => t.TokenType)));
        Assert.Equal(120, response.Endpoints[1].SecurityLevel);
        Assert.Equal("urn:example.com:test", Assert.IsType<FindServersResponse>(server.Send(server.Channel, new FindServersRequest())).Servers.Single().ApplicationUri);
    }

    [Fact]
    public void A_channel_for_discovery_serves_discovery_alone()
    {
        Assert.IsType<GetEndpointsResponse>(server.Dispatcher.Handle(server.Channel, 1, new GetEndpointsRequest(), true, out _));
        var fault = server.Dispatcher.Handle(server.Channel, 1, new CreateSessionRequest(), true, out _);
        Assert.Equal((StatusCode)StatusCodes.BadSecurityPolicyRejected, fault!.ResponseHeader.ServiceResult);
    }

    [Fact]
    public void A_request_needs_an_activated_session_on_its_own_channel()
    {
        var read = () => new ReadRequest { NodesToRead = [new ReadValueId { NodeId = ObjectIds.Server, AttributeId = AttributeIds.NodeId }] };
        Assert.Equal(StatusCodes.BadSessionIdInvalid, Status(server.Send(server.Channel, read())));
        var created = Assert.IsType<CreateSessionResponse>(server.Send(server.Channel, new CreateSessionRequest()));
        Assert.Equal(StatusCodes.BadSessionNotActivated, Status(server.Send(server.Channel, read(), created.AuthenticationToken)));
        Assert.Equal(StatusCodes.BadSessionIdInvalid, Status(server.Send(server.Channel, read(), created.AuthenticationToken)));
        var token = server.OpenSession(server.Channel);
        Assert.Equal(StatusCodes.BadSecureChannelIdInvalid, Status(server.Send(new FakeChannel(), read(), token)));
        Assert.IsType<ReadResponse>(server.Send(server.Channel, read(), token));
    }

    [Fact]
    public void The_server_proves_its_certificate()
    {
        var (created, nonce) = Create();
        using var key = ServerHarness.ServerCertificate.Certificate.GetRSAPublicKeyForTest();
        Assert.True(AsymmetricCipher.Verify(SecurityPolicy.Basic256Sha256, key, [.. Client.Der, .. nonce], created.ServerSignature.Signature));
        Assert.Equal(ServerHarness.ServerCertificate.Der, created.ServerCertificate);
        Assert.Equal(32, created.ServerNonce!.Length);
    }

    [Fact]
    public void A_client_that_can_not_sign_is_refused()
    {
        var (created, _) = Create();
        var wrong = Activate(created, new ExtensionObject(new AnonymousIdentityToken { PolicyId = "anonymous" }), nonce: new byte[32]);
        Assert.Equal(StatusCodes.BadApplicationSignatureInvalid, Status(wrong));
        Assert.IsType<ActivateSessionResponse>(Activate(created, new ExtensionObject(new AnonymousIdentityToken { PolicyId = "anonymous" })));
    }

    [Fact]
    public void Certificate_nonce_and_application_uri_are_checked()
    {
        var nonce = RandomNumberGenerator.GetBytes(32);
        var description = new ApplicationDescription { ApplicationUri = "urn:example.com:client" };
        Assert.Equal(StatusCodes.BadNonceInvalid, Status(server.Send(secure, new CreateSessionRequest { ClientCertificate = Client.Der, ClientNonce = new byte[8], ClientDescription = description })));
        Assert.Equal(StatusCodes.BadCertificateInvalid, Status(server.Send(secure, new CreateSessionRequest { ClientCertificate = ServerHarness.ServerCertificate.Der, ClientNonce = nonce, ClientDescription = description })));
        Assert.Equal(StatusCodes.BadCertificateUriInvalid, Status(server.Send(secure, new CreateSessionRequest { ClientCertificate = Client.Der, ClientNonce = nonce, ClientDescription = new ApplicationDescription { ApplicationUri = "urn:example.com:other" } })));
    }

    [Theory]
    [InlineData("operator", "secret", StatusCodes.Good)]
    [InlineData("operator", "wrong", StatusCodes.BadIdentityTokenRejected)]
    [InlineData("nobody", "secret", StatusCodes.BadIdentityTokenRejected)]
    public void User_names_are_checked_with_their_encrypted_passwords(string name, string password, uint expected)
    {
        var (created, _) = Create();
        Assert.Equal(expected, Status(Activate(created, UserToken(created, name, password))));
    }

    [Fact]
    public void A_password_encrypted_for_another_nonce_or_in_clear_is_refused()
    {
        var (created, _) = Create();
        var replayed = UserToken(created, "operator", "secret", new byte[32]);
        Assert.Equal(StatusCodes.BadIdentityTokenInvalid, Status(Activate(created, replayed)));
        var clear = new ExtensionObject(new UserNameIdentityToken { PolicyId = "username", UserName = "operator", Password = "secret"u8.ToArray() });
        Assert.Equal(StatusCodes.BadIdentityTokenInvalid, Status(Activate(created, clear)));
    }

    [Fact]
    public void Passwords_are_encrypted_even_where_the_channel_is_not()
    {
        var created = Assert.IsType<CreateSessionResponse>(server.Send(server.Channel, new CreateSessionRequest()));
        Assert.Equal(SecurityPolicy.Basic256Sha256.Uri, created.ServerEndpoints[0].UserIdentityTokens[1].SecurityPolicyUri);
        Assert.IsType<ActivateSessionResponse>(server.Send(server.Channel, new ActivateSessionRequest { UserIdentityToken = UserToken(created, "operator", "secret") }, created.AuthenticationToken));
    }

    [Fact]
    public void A_viewer_reads_and_may_neither_write_nor_call()
    {
        var node = server.Space.Objects.AddVariable("v", BuiltInType.Double, value: Variant.From(1.0), writable: true);
        var method = server.Space.Objects.AddMethod("m", (_, _) => (StatusCodes.Good, []));
        var (created, _) = Create();
        Assert.IsType<ActivateSessionResponse>(Activate(created, UserToken(created, "viewer", "look")));
        var write = Assert.IsType<WriteResponse>(server.Send(secure, new WriteRequest { NodesToWrite = [new WriteValue { NodeId = node.Id, AttributeId = AttributeIds.Value, Value = new DataValue(Variant.From(2.0)) }] }, created.AuthenticationToken));
        Assert.Equal(StatusCodes.BadUserAccessDenied, write.Results[0].Value);
        var call = Assert.IsType<CallResponse>(server.Send(secure, new CallRequest { MethodsToCall = [new CallMethodRequest { ObjectId = server.Space.Objects.Id, MethodId = method.Id }] }, created.AuthenticationToken));
        Assert.Equal(StatusCodes.BadUserAccessDenied, call.Results[0].StatusCode.Value);
        var read = Assert.IsType<ReadResponse>(server.Send(secure, new ReadRequest { NodesToRead = [new ReadValueId { NodeId = node.Id, AttributeId = AttributeIds.UserAccessLevel }, new ReadValueId { NodeId = node.Id, AttributeId = AttributeIds.AccessLevel }] }, created.AuthenticationToken));
        Assert.Equal([(byte)1, (byte)3], read.Results.Select(r => r.Value.Boxed));
    }

    [Fact]
    public void Anonymous_is_refused_where_it_is_not_offered()
    {
        var strict = new ServerHarness(o => o with { AllowAnonymous = false });
        var created = Assert.IsType<CreateSessionResponse>(strict.Send(strict.Channel, new CreateSessionRequest()));
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, Status(strict.Send(strict.Channel, new ActivateSessionRequest(), created.AuthenticationToken)));
    }

    [Fact]
    public void A_silent_session_times_out_and_an_active_one_does_not()
    {
        var token = server.OpenSession(server.Channel);
        var read = () => new ReadRequest { NodesToRead = [new ReadValueId { NodeId = ObjectIds.Server, AttributeId = AttributeIds.NodeId }] };
        for (var i = 0; i < 3; i++)
        {
            server.Run(50_000, 1000);
            Assert.IsType<ReadResponse>(server.Send(server.Channel, read(), token));
        }

        server.Run(62_000, 1000);
        Assert.Equal(StatusCodes.BadSessionIdInvalid, Status(server.Send(server.Channel, read(), token)));
        Assert.Equal(0, server.Dispatcher.Sessions.Count);
    }

    [Fact]
    public void Too_many_sessions_are_refused_and_idle_ones_make_room()
    {
        var small = new ServerHarness(o => o with { Limits = new ServerLimits { MaxSessions = 2 } });
        small.OpenSession(small.Channel);
        Assert.IsType<CreateSessionResponse>(small.Send(small.Channel, new CreateSessionRequest()));
        small.OpenSession(small.Channel);
        Assert.Equal(StatusCodes.BadTooManySessions, Status(small.Send(small.Channel, new CreateSessionRequest())));
    }

    [Fact]
    public void A_session_moves_to_a_new_channel_of_the_same_client()
    {
        var (created, _) = Create();
        var first = Assert.IsType<ActivateSessionResponse>(Activate(created, null));
        created.ServerNonce = first.ServerNonce;
        var second = new FakeChannel { Policy = secure.Policy, Mode = secure.Mode, ClientCertificate = Client.Der };
        Assert.IsType<ActivateSessionResponse>(Activate(created, null, channel: second));
        var stranger = new FakeChannel { Policy = secure.Policy, Mode = secure.Mode, ClientCertificate = ServerHarness.ServerCertificate.Der };
        Assert.Equal(StatusCodes.BadSecureChannelIdInvalid, Status(Activate(created, null, channel: stranger)));
    }

    [Fact]
    public void Subscriptions_outlive_a_closed_session_when_asked_and_are_taken_over_with_their_messages()
    {
        server.WithSession();
        var node = server.Space.Objects.AddVariable("v", BuiltInType.Double, value: Variant.From(1.0));
        var subscription = server.Subscribe().SubscriptionId;
        server.Monitor(subscription, node.Id, queue: 10);
        server.Publish();
        server.Run(100);
        Assert.Single(server.Channel.NextItems());
        server.Call<CloseSessionResponse>(new CloseSessionRequest { DeleteSubscriptions = false });
        node.SetValue(2.0);
        Assert.Equal(1, server.Dispatcher.Subscriptions.Count);

        server.WithSession();
        var transferred = server.Call<TransferSubscriptionsResponse>(new TransferSubscriptionsRequest { SubscriptionIds = [subscription] }).Results[0];
        Assert.Equal(StatusCodes.Good, transferred.StatusCode.Value);
        Assert.Equal([1u], transferred.AvailableSequenceNumbers);
        server.Publish();
        server.Run(100);
        Assert.Equal(2.0, Assert.Single(server.Channel.NextItems()).Value.Value.AsDouble());
    }

    [Fact]
    public void A_transfer_tells_the_old_session_and_may_send_all_values_again()
    {
        server.WithSession();
        var old = server.Channel;
        var node = server.Space.Objects.AddVariable("v", BuiltInType.Double, value: Variant.From(1.0));
        var subscription = server.Subscribe().SubscriptionId;
        server.Monitor(subscription, node.Id);
        server.Publish();
        server.Run(100);
        old.Posted.Clear();
        server.Publish();
        var channel = new FakeChannel();
        var token = server.OpenSession(channel);
        var response = Assert.IsType<TransferSubscriptionsResponse>(server.Send(channel, new TransferSubscriptionsRequest { SubscriptionIds = [subscription], SendInitialValues = true }, token));
        Assert.True(response.Results[0].StatusCode.IsGood);
        Assert.Equal((StatusCode)StatusCodes.GoodSubscriptionTransferred, old.Next().NotificationMessage.NotificationData[0]!.As<StatusChangeNotification>()!.Status);
        Assert.Null(server.Send(channel, new PublishRequest(), token));
        server.Run(100);
        Assert.Equal(1.0, Assert.Single(channel.NextItems()).Value.Value.AsDouble());
    }

    [Fact]
    public void Another_application_can_not_take_a_subscription_over()
    {
        server.WithSession();
        var subscription = server.Subscribe().SubscriptionId;
        var channel = new FakeChannel();
        var token = server.OpenSession(channel, "urn:example.com:thief");
        var response = Assert.IsType<TransferSubscriptionsResponse>(server.Send(channel, new TransferSubscriptionsRequest { SubscriptionIds = [subscription] }, token));
        Assert.Equal(StatusCodes.BadUserAccessDenied, response.Results[0].StatusCode.Value);
    }

    [Fact]
    public void Closing_with_deletion_ends_subscriptions_and_waiting_requests()
    {
        server.WithSession();
        server.Subscribe();
        server.Publish();
        server.Call<CloseSessionResponse>(new CloseSessionRequest { DeleteSubscriptions = true });
        Assert.Equal(0, server.Dispatcher.Subscriptions.Count);
        Assert.NotEqual(0u, server.Channel.Posted.Single().Response.ResponseHeader.ServiceResult.Value);
    }

    private static uint Status(IUaResponse? response) => response!.ResponseHeader.ServiceResult.Value;

    private (CreateSessionResponse Response, byte[] Nonce) Create()
    {
        var nonce = RandomNumberGenerator.GetBytes(32);
        var response = Assert.IsType<CreateSessionResponse>(server.Send(secure, new CreateSessionRequest
        {
            ClientCertificate = Client.Der,
            ClientNonce = nonce,
            RequestedSessionTimeout = 60_000,
            ClientDescription = new ApplicationDescription { ApplicationUri = "urn:example.com:client" },
        }));
        return (response, nonce);
    }

    private IUaResponse? Activate(CreateSessionResponse created, ExtensionObject? token, byte[]? nonce = null, FakeChannel? channel = null)
    {
        var signature = new byte[256];
        AsymmetricCipher.Sign(SecurityPolicy.Basic256Sha256, Client.PrivateKey, [.. created.ServerCertificate!, .. nonce ?? created.ServerNonce!], signature);
        return server.Send(channel ?? secure, new ActivateSessionRequest
        {
            ClientSignature = new SignatureData { Algorithm = SecurityPolicy.Basic256Sha256.AsymmetricSignatureUri, Signature = signature },
            UserIdentityToken = token,
        }, created.AuthenticationToken);
    }

    private static ExtensionObject UserToken(CreateSessionResponse created, string name, string password, byte[]? nonce = null)
    {
        nonce ??= created.ServerNonce!;
        byte[] text = System.Text.Encoding.UTF8.GetBytes(password);
        var plain = new byte[4 + text.Length + nonce.Length];
        BinaryPrimitives.WriteInt32LittleEndian(plain, text.Length + nonce.Length);
        text.CopyTo(plain, 4);
        nonce.CopyTo(plain, 4 + text.Length);
        using var key = ServerHarness.ServerCertificate.Certificate.GetRSAPublicKeyForTest();
        var encrypted = new byte[AsymmetricCipher.EncryptedLength(SecurityPolicy.Basic256Sha256, key, plain.Length)];
        AsymmetricCipher.Encrypt(SecurityPolicy.Basic256Sha256, key, plain, encrypted);
        return new ExtensionObject(new UserNameIdentityToken
        {
            PolicyId = "username",
            UserName = name,
            Password = encrypted,
            EncryptionAlgorithm = SecurityPolicy.Basic256Sha256.AsymmetricEncryptionUri,
        });
    }
}

internal static class CertificateKeys
{
    public static RSA GetRSAPublicKeyForTest(this System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
        System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPublicKey(certificate)!;
}
