using System.Diagnostics;
using System.Text.Json;
using Benchmarks.Chain;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace Benchmarks.OpcUa;

/// <summary>
/// Our client as a process: subscribes to all variables of a source, walks every value and adds it up. Prints READY when the first value of each has come;
/// on <c>mark N</c> it prints <c>MARK N {received, sum, allocated, workingSet}</c>; ends with <c>stop</c>.
/// </summary>
internal sealed class UaConsumer(int items) : ISubscriptionHandler
{
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long received;
    private double sum;

    public static async Task<int> RunAsync(string url, int variables, int publishingInterval, SecurityPolicy policy, TimestampsToReturn timestamps)
    {
        using var folder = new TempDirectory();
        using var peer = new UaPeer("consumer", folder.Path);
        var consumer = new UaConsumer(variables);
        var options = new UaClientOptions
        {
            EndpointUrl = url,
            SecurityPolicy = policy,
            SecurityMode = policy.IsNone ? MessageSecurityMode.None : MessageSecurityMode.SignAndEncrypt,
            Certificate = peer.Certificate,
            TrustList = peer.Trust,
            CertificateRules = UaPeer.Rules,
        };
        var settings = new SubscriptionSettings { PublishingInterval = TimeSpan.FromMilliseconds(publishingInterval), Timestamps = timestamps };
        var items = Enumerable.Range(0, variables)
            .Select(i => new MonitoredItemSettings((uint)i, new NodeId(2, LoadSource.NameOf(i))) { SamplingIntervalMs = 0, QueueSize = 1000 })
            .ToArray();
        await using var subscription = ResilientSubscription.Start(options, settings, items, consumer);
        items = null;
        await consumer.ready.Task;
        GC.Collect();
        Console.WriteLine("READY");
        while (await Console.In.ReadLineAsync() is { } line && line != "stop")
        {
            var mark = new { consumer.received, consumer.sum, allocated = GC.GetTotalAllocatedBytes(precise: true), workingSet = Process.GetCurrentProcess().WorkingSet64 };
            Console.WriteLine($"MARK {line.Split(' ')[^1]} {JsonSerializer.Serialize(mark)}");
        }

        return 0;
    }

    ValueTask ISubscriptionHandler.OnNotificationAsync(Notification notification)
    {
        var changes = notification.DataChanges;
        while (changes.MoveNext())
        {
            sum += changes.Double;
            received++;
        }

        notification.Acknowledge();
        if (received >= items)
            ready.TrySetResult();
        return ValueTask.CompletedTask;
    }

    void ISubscriptionHandler.OnGap(SubscriptionGap gap) => Console.WriteLine($"GAP {gap.Cause}");

    void ISubscriptionHandler.OnStateChanged(SubscriptionState state, string reason) => Console.WriteLine($"STATE {state} {reason}");

    void ISubscriptionHandler.OnItemStatus(uint clientHandle, StatusCode status)
    {
    }
}
