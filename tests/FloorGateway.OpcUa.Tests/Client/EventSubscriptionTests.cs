using System.Threading.Channels;
using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Events;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>Events and alarms from this library's own server to its own client, over TCP.</summary>
public sealed class EventSubscriptionTests : ISubscriptionHandler
{
    private readonly Channel<ReceivedEvent> events = Channel.CreateUnbounded<ReceivedEvent>();
    private readonly Channel<double> values = Channel.CreateUnbounded<double>();

    [Fact]
    public async Task Alarms_are_known_again_after_a_restart_of_the_server()
    {
        using var identity = new TestIdentity();
        var space = new Space(identity.Server.ApplicationUri);
        var alarm = space.Objects.AddObject("Press1").AddCondition("DoorOpen", new ConditionOptions { Confirmable = true });
        alarm.Activate(700, "door open");
        var server = await StartAsync(identity, space, Ports.Free());
        var options = new UaClientOptions { EndpointUrl = $"opc.tcp://127.0.0.1:{server.Port}", Certificate = identity.Client, TrustList = identity.ClientTrust };
        var settings = new SubscriptionSettings { PublishingInterval = TimeSpan.FromMilliseconds(50), Backoff = new BackoffOptions { First = TimeSpan.FromMilliseconds(20), Max = TimeSpan.FromMilliseconds(100) } };
        await using var subscription = ResilientSubscription.Start(options, settings, [MonitoredItemSettings.ForEvents(1, new NodeId(ObjectIds.Server), EventSelection.Alarms)], this);

        Assert.True((await NextAsync()).IsRefreshStart);
        var seen = await NextAsync();
        Assert.Equal(("DoorOpen", true, alarm.Id), (seen.Text("ConditionName"), seen.IsActive, seen.ConditionId));
        Assert.True((await NextAsync()).IsRefreshEnd);

        var port = server.Port;
        await server.DisposeAsync();
        alarm.Deactivate("door closed");
        await using var restarted = await StartAsync(identity, space, port);
        Assert.True((await NextAsync()).IsRefreshStart);
        var still = await NextAsync();
        Assert.Equal((false, false, true), (still.IsActive, still.IsAcked, still.Retain));
        Assert.True((await NextAsync()).IsRefreshEnd);

        var conditions = new ConditionClient(subscription.Client!);
        Assert.Equal(StatusCodes.BadEventIdUnknown, (await conditions.AcknowledgeAsync(alarm.Id, [0])).Value);
        Assert.Equal(StatusCodes.Good, (await conditions.ShelveAsync(alarm.Id, TimeSpan.FromMinutes(5))).Value);
        Assert.Equal(StatusCodes.Good, (await conditions.UnshelveAsync(alarm.Id)).Value);
        Assert.Equal(StatusCodes.Good, (await conditions.AcknowledgeAsync(alarm.Id, still.EventId!, "seen")).Value);
        Assert.Equal(StatusCodes.Good, (await conditions.ConfirmAsync(alarm.Id, alarm.EventId.ToArray(), "done")).Value);
        ReceivedEvent last;
        while ((last = await NextAsync()).Retain == true)
        {
        }

        Assert.Equal(("done", true, true), (last.Text("Comment"), last.IsAcked, last.IsConfirmed));
    }

    [Fact]
    public async Task A_client_links_items_to_a_trigger()
    {
        using var identity = new TestIdentity();
        var space = new Space(identity.Server.ApplicationUri);
        var trigger = space.Objects.AddVariable("Trigger", BuiltInType.Int32, value: Variant.From(0));
        var value = space.Objects.AddVariable("Value", BuiltInType.Double, value: Variant.From(1.5));
        await using var server = await StartAsync(identity, space, Ports.Free());
        await using var client = await UaClient.ConnectAsync(new UaClientOptions { EndpointUrl = $"opc.tcp://127.0.0.1:{server.Port}", Certificate = identity.Client, TrustList = identity.ClientTrust });
        var subscription = (await client.CreateSubscriptionAsync(new CreateSubscriptionRequest { RequestedPublishingInterval = 20, RequestedMaxKeepAliveCount = 1000, RequestedLifetimeCount = 10_000, PublishingEnabled = true })).SubscriptionId;
        var items = await client.CreateMonitoredItemsAsync(subscription, [Item(1, trigger.Id), Item(2, value.Id)]);
        var linked = await client.SetTriggeringAsync(subscription, items[0].MonitoredItemId, [items[1].MonitoredItemId, 4711]);
        Assert.Equal([StatusCodes.Good, StatusCodes.BadMonitoredItemIdInvalid], linked.AddResults.Select(r => r.Value));
        trigger.SetValue(1);
        var response = await client.InvokeAsync<PublishResponse>(new PublishRequest());
        var notified = response.NotificationMessage.NotificationData[0]!.As<DataChangeNotification>()!.MonitoredItems;
        Assert.Equal([(2u, 1.5)], notified.Select(n => (n.ClientHandle, n.Value.Value.AsDouble())));

        static MonitoredItemCreateRequest Item(uint handle, NodeId node) => new()
        {
            ItemToMonitor = new ReadValueId { NodeId = node, AttributeId = AttributeIds.Value },
            MonitoringMode = MonitoringMode.Sampling,
            RequestedParameters = new MonitoringParameters { ClientHandle = handle, QueueSize = 1 },
        };
    }

    ValueTask ISubscriptionHandler.OnNotificationAsync(Notification notification)
    {
        foreach (var e in notification.ReadEvents())
        {
            events.Writer.TryWrite(EventSelection.Alarms.Read(e));
        }

        notification.Acknowledge();
        return ValueTask.CompletedTask;
    }

    void ISubscriptionHandler.OnGap(SubscriptionGap gap)
    {
    }

    void ISubscriptionHandler.OnStateChanged(SubscriptionState state, string reason)
    {
    }

    void ISubscriptionHandler.OnItemStatus(uint clientHandle, StatusCode status) => events.Writer.TryComplete(new InvalidOperationException($"item {clientHandle}: {status}"));

    private async Task<ReceivedEvent> NextAsync() => await events.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static Task<UaServer> StartAsync(TestIdentity identity, Space space, int port) => UaServer.StartAsync(
        new UaServerOptions
        {
            ApplicationName = "test",
            ApplicationUri = identity.Server.ApplicationUri,
            Certificate = identity.Server,
            CertificateValidator = new CertificateValidator(identity.ServerTrust),
            AnonymousMayWrite = true,
            Port = port,
            HostName = "127.0.0.1",
        },
        space);
}
