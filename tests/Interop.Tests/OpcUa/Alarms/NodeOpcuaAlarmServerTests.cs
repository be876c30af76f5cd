using System.Globalization;
using System.Threading.Channels;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Events;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace Interop.Tests.OpcUa.Alarms;

/// <summary>Our client with the alarms of a node-opcua server.</summary>
public sealed class NodeOpcuaAlarmServerTests : IAsyncLifetime
{
    private readonly TempDirectory folder = new();
    private readonly int port = Ports.Free();
    private readonly ReceivedEvents received = new(EventSelection.Alarms);
    private readonly ApplicationCertificate certificate = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "alarms", ApplicationUri = "urn:localhost:interop" });
    private JsonPeer? server;
    private UaClient? client;

    private UaClientOptions Options => new()
    {
        EndpointUrl = $"opc.tcp://127.0.0.1:{port}",
        SecurityPolicy = SecurityPolicy.None,
        SecurityMode = MessageSecurityMode.None,
        Certificate = certificate,
        TrustList = new TrustList(folder["client"]),
    };

    public async ValueTask InitializeAsync()
    {
        server = await JsonPeer.StartAsync("alarms-server.mjs", "--port", port.ToString(CultureInfo.InvariantCulture), "--pki", folder["server"]);
        client = await UaClient.ConnectAsync(Options);
    }

    public async ValueTask DisposeAsync()
    {
        if (client is not null) await client.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task An_alarm_is_commented_acknowledged_and_confirmed()
    {
        await using var subscription = Subscribe(EventSelection.Alarms);
        await received.UntilAsync(e => e.IsRefreshEnd);
        await server!.AskAsync("level", new { value = 85 });
        var active = await received.UntilAsync(e => e.IsActive == true);
        Assert.Equal((true, false), (active.Retain, active.IsAcked));
        Assert.Equal("2:Level", active.SourceName); // node-opcua writes the namespace index too
        Assert.NotNull(active.Message);
        Assert.InRange(active.Severity!.Value, (ushort)1, (ushort)1000);

        var conditions = new ConditionClient(client!);
        var id = active.ConditionId!.Value;
        Assert.Equal(StatusCodes.BadEventIdUnknown, (await conditions.AcknowledgeAsync(id, [1, 2, 3], "?")).Value);
        Assert.Equal(StatusCodes.Good, (await conditions.AddCommentAsync(id, active.EventId!, "looking")).Value);
        
        // Its audit events have a comment too, but are of no condition.
        var commented = await received.UntilAsync(e => e.Text("Comment") == "looking" && e.ConditionId == id);
        Assert.Equal(StatusCodes.Good, (await conditions.AcknowledgeAsync(id, commented.EventId!, "seen")).Value);
        var acked = await received.UntilAsync(e => e.IsAcked == true && e.ConditionId == id);
        Assert.Equal("seen", acked.Text("Comment"));
        Assert.Equal(StatusCodes.Good, (await conditions.ConfirmAsync(id, acked.EventId!, "done")).Value);
        await received.UntilAsync(e => e.IsConfirmed == true && e.Text("Comment") == "done");
        await server.AskAsync("level", new { value = 50 });
        await received.UntilAsync(e => e is { IsActive: false, IsAcked: true, IsConfirmed: true });
    }

    [Fact]
    public async Task An_alarm_is_shelved_disabled_and_enabled()
    {
        await using var subscription = Subscribe(EventSelection.Alarms);
        await received.UntilAsync(e => e.IsRefreshEnd);
        await server!.AskAsync("level", new { value = 5 });
        var id = (await received.UntilAsync(e => e.IsActive == true)).ConditionId!.Value;
        var conditions = new ConditionClient(client!);
        Assert.Equal(StatusCodes.Good, (await conditions.ShelveAsync(id, TimeSpan.FromMinutes(1))).Value);
        Assert.Equal("TimedShelved", (await server.AskAsync("state")).GetProperty("shelving").GetString());
        Assert.Equal(StatusCodes.Good, (await conditions.UnshelveAsync(id)).Value);
        Assert.Equal(StatusCodes.BadConditionNotShelved, (await conditions.UnshelveAsync(id)).Value);
        Assert.Equal(StatusCodes.Good, (await conditions.ShelveOnceAsync(id)).Value);
        Assert.Equal("OneShotShelved", (await server.AskAsync("state")).GetProperty("shelving").GetString());
        Assert.Equal(StatusCodes.Good, (await conditions.DisableAsync(id)).Value);
        Assert.Equal(StatusCodes.BadConditionAlreadyDisabled, (await conditions.DisableAsync(id)).Value);
        Assert.Equal(StatusCodes.Good, (await conditions.EnableAsync(id)).Value);
    }

    [Fact]
    public async Task Alarms_from_before_the_subscription_are_told()
    {
        await server!.AskAsync("level", new { value = 95 });
        await using var subscription = Subscribe(EventSelection.Alarms);
        await received.UntilAsync(e => e.IsRefreshStart);
        var active = await received.UntilAsync(e => e.IsActive == true);
        Assert.Equal("LevelAlarm", active.Text("ConditionName"));
        await received.UntilAsync(e => e.IsRefreshEnd);
    }

    [Fact]
    public async Task Only_events_that_pass_the_filter_come()
    {
        await using var subscription = Subscribe(EventSelection.Alarms.Where(EventWhere.OfType(new NodeId(ObjectTypeIds.SystemEventType)) & EventWhere.Field("Severity").AtLeast(Variant.From((ushort)500))));
        await received.UntilRunningAsync();
        await server!.AskAsync("raise", new { message = "mild", severity = 100 });
        await server.AskAsync("level", new { value = 99 });
        await server.AskAsync("raise", new { message = "severe", severity = 900 });
        var e = await received.UntilAsync(e => !e.IsRefreshStart && !e.IsRefreshEnd);
        Assert.Equal(("severe", (ushort)900, "Tank"), (e.Message, e.Severity!.Value, e.SourceName));
        Assert.Null(e.ConditionId);
    }

    private ResilientSubscription Subscribe(EventSelection selection) => ResilientSubscription.Start(
        Options, new() { PublishingInterval = TimeSpan.FromMilliseconds(50), KeepAliveInterval = TimeSpan.FromSeconds(2) }, [MonitoredItemSettings.ForEvents(1, new NodeId(ObjectIds.Server), selection)], received);

    private sealed class ReceivedEvents(EventSelection selection) : ISubscriptionHandler
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
        private readonly Channel<ReceivedEvent> events = Channel.CreateUnbounded<ReceivedEvent>();
        private readonly TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> passed = [];

        public Task UntilRunningAsync() => running.Task.WaitAsync(Patience);

        /// <summary>The next event of which this is true; those before it are passed over.</summary>
        public async Task<ReceivedEvent> UntilAsync(Predicate<ReceivedEvent> wanted)
        {
            using var cancel = new CancellationTokenSource(Patience);
            try
            {
                while (true)
                {
                    var e = await events.Reader.ReadAsync(cancel.Token);
                    if (wanted(e)) return e;
                    passed.Add($"{e} {e.EventType} retain {e.Retain} active {e.IsActive} acked {e.IsAcked} confirmed {e.IsConfirmed}");
                }
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The event did not come. Before it came:\n{string.Join('\n', passed)}");
            }
        }

        public ValueTask OnNotificationAsync(Notification notification)
        {
            foreach (var e in notification.ReadEvents())
                events.Writer.TryWrite(selection.Read(e));
            notification.Acknowledge();
            return ValueTask.CompletedTask;
        }

        public void OnGap(SubscriptionGap gap)
        {
        }

        public void OnStateChanged(SubscriptionState state, string reason)
        {
            if (state == SubscriptionState.Running) running.TrySetResult();
        }

        public void OnItemStatus(uint clientHandle, StatusCode status) => running.TrySetException(new InvalidOperationException($"item {clientHandle}: {status}"));
    }
}
