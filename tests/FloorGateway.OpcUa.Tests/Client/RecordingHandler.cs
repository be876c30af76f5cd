using System.Threading.Channels;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>Writes down everything in the order it came, for tests to wait for.</summary>
internal sealed class RecordingHandler : ISubscriptionHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    public ResilientSubscription? Subscription { get; set; }

    public SessionCheckpoint? Checkpoint { get; private set; }

    public SubscriptionGap? LastGap { get; private set; }

    public bool Acknowledges { get; set; } = true;

    /// <summary>Notifications to refuse before one is taken.</summary>
    public int Failures { get; set; }

    public List<string> States { get; } = [];

    public ValueTask OnNotificationAsync(Notification notification)
    {
        if (Failures > 0)
        {
            Failures--;
            throw new IOException("the disk is full");
        }

        var reader = notification.DataChanges;
        while (reader.MoveNext())
        {
            _events.Writer.TryWrite($"{(notification.IsRepublished ? "again " : "")}{reader.Double}");
        }

        if (Subscription?.CheckpointFor(notification) is { } now && Checkpoint is not null)
        {
            Checkpoint = Checkpoint with { Subscriptions = [.. Checkpoint.Subscriptions.Select(s => s.SubscriptionId == now.SubscriptionId ? now with { ClientHandles = s.ClientHandles } : s)] };
        }

        if (Acknowledges)
        {
            notification.Acknowledge();
        }

        return ValueTask.CompletedTask;
    }

    public void OnGap(SubscriptionGap gap)
    {
        LastGap = gap;
        _events.Writer.TryWrite("gap");
    }

    public RevisedItems? Revised { get; private set; }

    /// <summary>The server's times up to which all was said to be delivered.</summary>
    public List<long> Complete { get; } = [];

    public void OnItemsRevised(RevisedItems? revised) => Revised = revised;

    public void OnComplete(uint subscriptionId, long serverTicks, long receivedTicks) => Complete.Add(serverTicks);

    public void OnSubscriptionsChanged(SessionCheckpoint checkpoint) => Checkpoint = checkpoint;

    public void OnTakenOver(IReadOnlyList<uint>? clientHandles, long completeTicks) => TakenOver = (clientHandles?.Count, completeTicks);

    public void OnServerState(ServerState state) => _events.Writer.TryWrite($"server {state}");

    /// <summary>How many items went on from an earlier run (null = all), and up to when that had everything.</summary>
    public (int? Items, long CompleteTicks)? TakenOver { get; private set; }

    public void OnStateChanged(SubscriptionState state, string reason)
    {
        States.Add($"{state}: {reason}");
        if (state == SubscriptionState.Running)
        {
            _events.Writer.TryWrite("running");
        }
    }

    public void OnItemStatus(uint clientHandle, StatusCode status) => _events.Writer.TryWrite($"item {clientHandle} {status}");

    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _events.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return "nothing; states: " + string.Join(" | ", States);
        }
    }

    public async Task ExpectAsync(params string[] events)
    {
        foreach (var expected in events)
        {
            var next = await NextAsync();
            Assert.True(expected == next, $"{next} came instead of {expected}; states: {string.Join(" | ", States)}");
        }
    }
}
