using System.Collections.Concurrent;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>A hundred servers that hold one session each, and what a gateway may not do to them.</summary>
public sealed class ManyServersTests
{
    private const int Servers = 100;
    private const int Tags = 100;

    // A server with room for one session refuses a second one: whoever burnt one would be shut out.
    private static readonly ServerLimits OneSession = new() { MaxSessions = 1, MinSessionTimeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task All_come_back_after_lost_lines_and_restarts_without_a_session_too_many()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => PlainServer.StartAsync(Tags, OneSession)));
        var watchers = servers.Select(s => new Watcher(Tags)).ToArray();
        var subscriptions = servers.Select((s, i) => ResilientSubscription.Start(s.Options, PlainServer.Fast, s.Items(Tags), watchers[i])).ToArray();
        await SetAndReceiveAsync(servers, watchers, 1);

        foreach (var server in servers)
        {
            server.Server.DropConnections();
        }

        await SetAndReceiveAsync(servers, watchers, 2);
        Assert.All(watchers, w => Assert.Equal(0, w.Gaps));

        foreach (var server in servers)
        {
            await server.RestartAsync(Tags);
        }

        await SetAndReceiveAsync(servers, watchers, 3);
        Assert.All(servers, s => Assert.Equal(1, s.Server.SessionCount));
        Assert.All(watchers, w => Assert.Equal(1, w.Gaps));
        Assert.All(watchers, w => Assert.DoesNotContain(w.Reasons, r => r.Contains("BadTooManySessions", StringComparison.Ordinal)));
        await Task.WhenAll(subscriptions.Select(s => s.DisposeAsync().AsTask()));
        Assert.All(servers, s => Assert.Equal(0, s.Server.SessionCount));
        await Task.WhenAll(servers.Select(s => s.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_session_that_a_dead_process_left_is_waited_for_and_then_its_place_is_taken()
    {
        await using var server = await PlainServer.StartAsync(1, OneSession);
        var dead = await UaClient.ConnectAsync(server.Options with { SessionTimeout = TimeSpan.FromSeconds(1), KeepAliveInterval = TimeSpan.Zero });
        await dead.AbandonAsync();
        var watcher = new Watcher(1);
        await using var subscription = ResilientSubscription.Start(server.Options, PlainServer.Fast, server.Items(1), watcher);
        await SetAndReceiveAsync([server], [watcher], 1);
        Assert.Contains(watcher.Reasons, r => r.Contains("BadTooManySessions", StringComparison.Ordinal));
        Assert.Equal(1, server.Server.SessionCount);
    }

    private static async Task SetAndReceiveAsync(PlainServer[] servers, Watcher[] watchers, double value)
    {
        for (var i = 0; i < servers.Length; i++)
        {
            foreach (var variable in servers[i].Variables)
            {
                variable.SetValue(value);
            }
        }

        await Task.WhenAll(watchers.Select(w => w.UntilAllAsync(value)));
    }

    private sealed class Watcher(int tags) : ISubscriptionHandler
    {
        private readonly Lock _gate = new();
        private readonly double[] _values = new double[tags];
        private (double Value, TaskCompletionSource Reached)? _waiting;

        public int Gaps { get; private set; }

        public ConcurrentQueue<string> Reasons { get; } = new();

        public ValueTask OnNotificationAsync(Notification notification)
        {
            lock (_gate)
            {
                var changes = notification.DataChanges;
                while (changes.MoveNext())
                {
                    _values[changes.ClientHandle] = changes.Double;
                }

                Check_NeedsLock();
            }

            notification.Acknowledge();
            return default;
        }

        public void OnGap(SubscriptionGap gap) => Gaps++;

        public void OnStateChanged(SubscriptionState state, string reason) => Reasons.Enqueue(reason);

        public void OnItemStatus(uint clientHandle, StatusCode status)
        {
        }

        public async Task UntilAllAsync(double value)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _waiting = (value, reached);
                Check_NeedsLock();
            }

            try
            {
                await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"{value} never came: {string.Join(" | ", Reasons.TakeLast(10))}");
            }
        }

        private void Check_NeedsLock()
        {
            if (_waiting is { } waiting && Array.TrueForAll(_values, v => v == waiting.Value))
            {
                waiting.Reached.TrySetResult();
            }
        }
    }
}
