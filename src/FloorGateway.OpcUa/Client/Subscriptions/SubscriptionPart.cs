using FloorGateway.OpcUa.Client.Recovery;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>One subscription on the server and the items that are in it.</summary>
internal sealed class SubscriptionPart(TimeSpan interval, List<MonitoredItemSettings> items, SubscriptionProgress progress, SubscriptionIntake intake)
{
    private ulong? _hash;

    /// <summary>The publishing interval asked for.</summary>
    public TimeSpan Interval { get; } = interval;

    public IReadOnlyList<MonitoredItemSettings> Items => items;

    public SubscriptionProgress Progress { get; } = progress;

    public SubscriptionIntake Intake { get; } = intake;

    /// <summary>The server's id; 0 before the first.</summary>
    public uint Id => Intake.SubscriptionId;

    /// <summary>Changes with any setting of any item.</summary>
    public ulong Hash => _hash ??= ItemsHash.Of(items);

    /// <summary>Start time of the server that the subscription was made on, UTC .NET ticks; 0 = not known.</summary>
    public long ServerStartTicks { get; set; }

    /// <summary>An earlier run made it, and it was not taken over yet.</summary>
    public bool IsOfEarlierRun { get; set; }

    /// <summary>Messages that the server keeps, as a transfer told; null = not known.</summary>
    public IReadOnlyList<uint>? Available { get; set; }

    /// <summary>Silence after which it counts as dead.</summary>
    public TimeSpan StalledAfter { get; set; }

    /// <summary>Timestamp of the last message.</summary>
    public long LastHeard { get; set; }

    /// <summary>Times in a row that it fell silent.</summary>
    public int Silences { get; set; }

    public void Replace(IEnumerable<MonitoredItemSettings> now)
    {
        List<MonitoredItemSettings> kept = [.. now];
        items.Clear();
        items.AddRange(kept);
        _hash = null;
    }

    public void Add(IEnumerable<MonitoredItemSettings> more)
    {
        items.AddRange(more);
        _hash = null;
    }

    public uint[] Handles() => [.. items.Select(i => i.ClientHandle)];

    /// <summary>What a later run needs to take it over.</summary>
    public SubscriptionCheckpoint Checkpoint(uint lastSequence, long publishTicks) => new(Id, lastSequence, publishTicks, Hash, ServerStartTicks);
}
