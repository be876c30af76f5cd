using System.Diagnostics;
using System.Text.Json;
using Benchmarks.OpcUa;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;
using FloorGateway.TestKit;

namespace Benchmarks.Simulators;

/// <summary>A client of all servers of a profile that asks for every signal and counts. Prints READY when the first value of each has come; on <c>mark N</c> its count.</summary>
internal sealed class SimulatorsClient : ISubscriptionHandler
{
    private static long received;
    private static long overflowed;
    private static long gaps;

    public static async Task<int> RunAsync(SimulationProfile profile, bool encrypt, int publishingInterval)
    {
        using var folder = new TempDirectory();
        using var peer = new UaPeer("consumer", folder.Path);
        var context = new UnitContext { Seed = 1, Clock = new SourceClock(DateTime.UnixEpoch, 1), Sink = new ChangeFanOut() };
        var subscriptions = new List<IAsyncDisposable>();
        var count = 0L;
        foreach (var server in profile.CreateUnits(context).GroupBy(u => u.Server))
        {
            var options = new UaClientOptions
            {
                EndpointUrl = $"opc.tcp://127.0.0.1:{server.Key.Port}",
                SecurityPolicy = encrypt ? SecurityPolicy.Basic256Sha256 : SecurityPolicy.None,
                SecurityMode = encrypt ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None,
                Certificate = peer.Certificate,
                TrustList = peer.Trust,
                CertificateRules = UaPeer.Rules,
            };
            var items = server.SelectMany(u => u.Unit.Signals)
                .Select((s, i) => new MonitoredItemSettings((uint)i, ExpandedNodeId.Parse($"nsu={s.Unit.NamespaceUri};s={s.NodeName}")) { SamplingIntervalMs = 0, QueueSize = 500 }).ToArray();
            count += items.Length;
            subscriptions.Add(ResilientSubscription.Start(options, new() { PublishingInterval = TimeSpan.FromMilliseconds(publishingInterval) }, items, new SimulatorsClient()));
        }

        while (Interlocked.Read(ref received) < count) await Task.Delay(100);
        Console.WriteLine("READY");
        while (await Console.In.ReadLineAsync() is { } line && line != "stop")
        {
            var mark = new
            {
                received = Interlocked.Read(ref received),
                allocated = GC.GetTotalAllocatedBytes(precise: true),
                workingSet = Process.GetCurrentProcess().WorkingSet64,
                overflowed = Interlocked.Read(ref overflowed),
                gaps = Interlocked.Read(ref gaps),
            };
            Console.WriteLine($"MARK {line.Split(' ')[^1]} {JsonSerializer.Serialize(mark)}");
        }

        foreach (var subscription in subscriptions) await subscription.DisposeAsync();
        return 0;
    }

    ValueTask ISubscriptionHandler.OnNotificationAsync(Notification notification)
    {
        var changes = notification.DataChanges;
        var (here, lost) = (0, 0);
        while (changes.MoveNext())
        {
            here++;
            if (changes.Status.IsOverflow) lost++;
        }

        Interlocked.Add(ref received, here);
        Interlocked.Add(ref overflowed, lost);
        notification.Acknowledge();
        return ValueTask.CompletedTask;
    }

    void ISubscriptionHandler.OnGap(SubscriptionGap gap) => Interlocked.Increment(ref gaps);

    void ISubscriptionHandler.OnStateChanged(SubscriptionState state, string reason) => Console.WriteLine($"STATE {state} {reason}");

    void ISubscriptionHandler.OnItemStatus(uint clientHandle, StatusCode status)
    {
        if (status.IsBad) Console.WriteLine($"ITEM {clientHandle} {status}");
    }
}
