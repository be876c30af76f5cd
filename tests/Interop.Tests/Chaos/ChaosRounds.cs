using System.Globalization;
using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.Chaos;

/// <summary>What can happen between a client and its server.</summary>
public enum Fault
{
    /// <summary>Every connection is reset, and none can be made for a moment.</summary>
    TcpCut,

    /// <summary>SIGKILL, then a new process.</summary>
    ServerKilled,

    /// <summary>No byte passes for a while, and none is lost.</summary>
    Stall,

    /// <summary>The connection is dead and neither side is told.</summary>
    HalfOpen,

    /// <summary>The server comes back and numbers its namespaces anew.</summary>
    NamespaceMoved,

    /// <summary>The line is cut for longer than the server keeps a session.</summary>
    SessionTimeout,

    /// <summary>The server comes back with another certificate.</summary>
    CertificateSwapped,
}

/// <summary>Runs one fault against a server a number of times while it counts, and judges what came.</summary>
internal static class ChaosRounds
{
    /// <summary>One round in the tests; FLOORGATEWAY_CHAOS_ROUNDS=20 is the long form, with stalls of 30 s.</summary>
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("FLOORGATEWAY_CHAOS_ROUNDS") ?? "1", CultureInfo.InvariantCulture);

    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(Rounds > 1 ? 30 : 3);
    private static readonly TimeSpan CutTime = TimeSpan.FromMilliseconds(500);

    public static TheoryData<Fault> Faults => [.. Enum.GetValues<Fault>()];

    public static async Task RunAsync(ChaosServer server, Fault fault, Action<string> print)
    {
        // The shortest timeout that both servers grant.
        var sessionTimeout = fault == Fault.SessionTimeout ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(2);
        var settings = new SubscriptionSettings
        {
            PublishingInterval = TimeSpan.FromMilliseconds(50),
            KeepAliveInterval = TimeSpan.FromSeconds(1),
            Lifetime = TimeSpan.FromMinutes(5),
            Backoff = new BackoffOptions { First = TimeSpan.FromMilliseconds(100), Max = TimeSpan.FromSeconds(1) },
        };
        var counter = new MonitoredItemSettings(1, new ExpandedNodeId(new NodeId(0, "Counter"), "http://chaos.example/UA/")) { SamplingIntervalMs = 0, QueueSize = 10_000 };
        var values = new CountedValues();
        var before = server.Relay.Connections;
        await using var subscription = ResilientSubscription.Start(server.Options(sessionTimeout), settings, [counter], values);
        await values.UntilMoreAsync(1);
        await server.CountAsync();
        await values.UntilMoreAsync(20);
        for (var round = 0; round < Rounds; round++)
        {
            await HappenAsync(server, values, fault, sessionTimeout);
            await values.UntilMoreAsync(50);
        }

        await values.UntilValueAsync(await server.StopCountingAsync());
        await subscription.DisposeAsync();
        var (wrong, produced, delivered, named) = values.Judge(server.TruthFile);
        print(string.Create(CultureInfo.InvariantCulture, $"{server.GetType().Name,-16} {fault,-19} rounds {Rounds,3}  produced {produced,7}  delivered {delivered,7}  named by {values.Gaps,3} gaps {named,5}  repeated by the server {values.Resent,3}  connections {server.Relay.Connections - before,3}  {(wrong is null ? "ok" : "WRONG")}"));
        Assert.True(wrong is null, wrong);

        // Where the server kept everything, nothing may be missing.
        if (fault is Fault.TcpCut or Fault.Stall or Fault.HalfOpen or Fault.SessionTimeout)
            Assert.Equal(0, named);
    }

    private static async Task HappenAsync(ChaosServer server, CountedValues values, Fault fault, TimeSpan sessionTimeout)
    {
        var mark = values.Mark();
        switch (fault)
        {
            case Fault.TcpCut:
                server.Relay.Cut();
                await values.UntilLostAsync(mark);
                await Task.Delay(CutTime);
                server.Relay.Mend();
                break;
            case Fault.Stall:
                server.Relay.Stall();
                await Task.Delay(StallTime);
                server.Relay.Mend();
                break;
            case Fault.HalfOpen:
                server.Relay.Abandon();
                await values.UntilLostAsync(mark);
                break;
            case Fault.SessionTimeout:
                server.Relay.Cut();
                await values.UntilLostAsync(mark);
                await Task.Delay(sessionTimeout * 3);
                server.Relay.Mend();
                break;
            case Fault.NamespaceMoved:
                server.MoveNamespace();
                await server.KillAndRestartAsync();
                break;
            case Fault.CertificateSwapped:
                server.SwapCertificate();
                await server.KillAndRestartAsync();
                break;
            default:
                await server.KillAndRestartAsync();
                break;
        }
    }
}
