using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>The services with a channel that keeps what is posted, on a clock that moves when told.</summary>
internal sealed class ServerHarness
{
    private static readonly ApplicationCertificate Certificate = ApplicationCertificate.CreateSelfSigned(
        new ApplicationCertificateOptions { ApplicationName = "test", ApplicationUri = "urn:example.com:test" });

    private uint requestId;

    public ServerHarness(Func<UaServerOptions, UaServerOptions>? configure = null)
    {
        Space = new Space("urn:example.com:test", Clock);
        Space.AddNamespace("http://example.com/plant/");
        var options = new UaServerOptions
        {
            ApplicationName = "test",
            ApplicationUri = "urn:example.com:test",
            Certificate = Certificate,
            AnonymousMayWrite = true,
            Security = [EndpointSecurity.None, EndpointSecurity.Basic256Sha256SignAndEncrypt],
            Users = new UserTable().Add("operator", "secret").Add("viewer", "look", mayWrite: false, mayCall: false),
        };
        Options = configure?.Invoke(options) ?? options;
        Dispatcher = new ServiceDispatcher(Space, Options, NullLogger.Instance);
        ServerObject.Attach(Space, Options, Dispatcher, Clock.GetUtcNow().UtcDateTime);
    }

    public ManualTimeProvider Clock { get; } = new();

    public Space Space { get; }

    public UaServerOptions Options { get; }

    public ServiceDispatcher Dispatcher { get; }

    public FakeChannel Channel { get; init; } = new();

    public NodeId Token { get; set; }

    public static ApplicationCertificate ServerCertificate => Certificate;

    public ServerHarness WithSession()
    {
        Token = OpenSession(Channel);
        return this;
    }

    public NodeId OpenSession(FakeChannel channel, string applicationUri = "urn:example.com:client")
    {
        var created = Assert.IsType<CreateSessionResponse>(Send(channel, new CreateSessionRequest
        {
            SessionName = "test",
            RequestedSessionTimeout = 60_000,
            ClientDescription = new ApplicationDescription { ApplicationUri = applicationUri },
        }));
        Assert.IsType<ActivateSessionResponse>(Send(channel, new ActivateSessionRequest(), created.AuthenticationToken));
        return created.AuthenticationToken;
    }

    public IUaResponse? Send(FakeChannel channel, IUaRequest request, NodeId? token = null)
    {
        request.RequestHeader = new RequestHeader { AuthenticationToken = token ?? NodeId.Null, RequestHandle = ++requestId };
        return Dispatcher.Handle(channel, requestId, request, false, out _);
    }

    public T Call<T>(IUaRequest request)
        where T : class, IUaResponse => Assert.IsType<T>(Send(Channel, request, Token));

    public StatusCode Fault(IUaRequest request) => Call<ServiceFault>(request).ResponseHeader.ServiceResult;

    /// <summary>Moves the clock in steps and lets the subscriptions do what is due at each.</summary>
    public void Run(double milliseconds, double step = 10)
    {
        for (var passed = 0.0; passed < milliseconds; passed += step)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(step));
            Dispatcher.Subscriptions.Tick();
            Dispatcher.Sessions.Expire();
        }
    }

    public uint Publish(params SubscriptionAcknowledgement[] acknowledgements)
    {
        Assert.Null(Send(Channel, new PublishRequest { SubscriptionAcknowledgements = acknowledgements }, Token));
        return requestId;
    }

    public CreateSubscriptionResponse Subscribe(double interval = 100, uint keepAlive = 10, uint lifetime = 100, uint maxNotifications = 0) =>
        Call<CreateSubscriptionResponse>(new CreateSubscriptionRequest
        {
            RequestedPublishingInterval = interval,
            RequestedMaxKeepAliveCount = keepAlive,
            RequestedLifetimeCount = lifetime,
            MaxNotificationsPerPublish = maxNotifications,
            PublishingEnabled = true,
        });

    public MonitoredItemCreateResult Monitor(
        uint subscription, NodeId node, uint handle = 1, double sampling = 0, uint queue = 1, bool discardOldest = true, IUaStructure? filter = null, MonitoringMode mode = MonitoringMode.Reporting, string? range = null, uint attribute = AttributeIds.Value) =>
        Call<CreateMonitoredItemsResponse>(new CreateMonitoredItemsRequest
        {
            SubscriptionId = subscription,
            TimestampsToReturn = TimestampsToReturn.Both,
            ItemsToCreate =
            [
                new MonitoredItemCreateRequest
                {
                    ItemToMonitor = new ReadValueId { NodeId = node, AttributeId = attribute, IndexRange = range },
                    MonitoringMode = mode,
                    RequestedParameters = new MonitoringParameters
                    {
                        ClientHandle = handle,
                        SamplingInterval = sampling,
                        QueueSize = queue,
                        DiscardOldest = discardOldest,
                        Filter = filter is null ? null : new ExtensionObject(filter),
                    },
                },
            ],
        }).Results[0];
}

/// <summary>Keeps what is posted, decoded.</summary>
internal sealed class FakeChannel : IServerChannel
{
    private static uint lastId;

    public uint Id { get; } = ++lastId;

    public SecurityPolicy Policy { get; init; } = SecurityPolicy.None;

    public MessageSecurityMode Mode { get; init; } = MessageSecurityMode.None;

    public byte[]? ClientCertificate { get; init; }

    public int MaxResponseBytes { get; init; } = int.MaxValue;

    public string ClientAddress { get; init; } = "192.0.2.1";

    /// <summary>How long the last answer was held back.</summary>
    public TimeSpan Delayed { get; set; }

    public void LimitResponses(int maxBytes)
    {
    }

    public void Delay(TimeSpan time) => Delayed = time;

    public int LargestBody { get; private set; }

    public Queue<(uint RequestId, IUaResponse Response)> Posted { get; } = [];

    public void Post(uint requestId, IUaResponse response) => Posted.Enqueue((requestId, response));

    public void Post(uint requestId, MessageBody body)
    {
        LargestBody = Math.Max(LargestBody, body.Length);
        Assert.True(MessageCodec.TryDecode(body.Written, EncodingLimits.Default, out var decoded).IsGood);
        Posted.Enqueue((requestId, (IUaResponse)decoded!));
        body.Dispose();
    }

    public PublishResponse Next() => Assert.IsType<PublishResponse>(Posted.Dequeue().Response);

    public MonitoredItemNotification[] NextItems() => Items(Next());

    public static MonitoredItemNotification[] Items(PublishResponse response) =>
        response.NotificationMessage.NotificationData.Length == 0 ? [] : response.NotificationMessage.NotificationData[0]!.As<DataChangeNotification>()!.MonitoredItems;
}
