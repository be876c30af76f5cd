using System.Diagnostics.CodeAnalysis;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.History;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Status;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Hmi.Tests;

/// <summary>Every port the screens read, in memory and as the test wants it.</summary>
public sealed class FakeGateway : ITagCatalog, ILiveTags, ILedger, IGatewayStatus, IHistory
{
    private readonly Lock gate = new();
    private readonly List<TagDefinition> tags = [];
    private readonly Dictionary<int, (Sample Sample, long Version)> latest = [];
    private readonly Dictionary<string, List<HistoryPoint>> points = new(StringComparer.Ordinal);

    /// <summary>2027-03-15T00:00:00Z.</summary>
    public static readonly DateTime T0 = new(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc);

    public LedgerSnapshot Ledger { get; set; } = new([], 0, []);

    public string GatewayId { get; set; } = "jsh-cas-1";

    public DateTimeOffset Started { get; set; } = T0;

    public IReadOnlyList<ConnectionStatus> Connections { get; set; } = [];

    public IReadOnlyList<string> InsecureChoices { get; set; } = [];

    public IReadOnlyList<GapRecord> Gaps { get; set; } = [];

    public IReadOnlyList<GatewayCondition> Conditions { get; set; } = [];

    public int Count
    {
        get
        {
            lock (gate)
                return tags.Count;
        }
    }

    public long Version { get; private set; }

    public TagDefinition this[int id]
    {
        get
        {
            lock (gate)
                return tags[id];
        }
    }

    public int Add(string unitPath, string signal, Func<TagDefinition, TagDefinition>? more = null)
    {
        lock (gate)
        {
            var tag = new TagDefinition { Id = tags.Count, Path = $"{unitPath}/{signal}", Server = "cas", EquipmentType = "DieCastCell", UnitPath = unitPath, Signal = signal };
            tags.Add(more?.Invoke(tag) ?? tag);
            return tag.Id;
        }
    }

    public void Set(int tag, TagValue value, DateTime time, uint status = 0)
    {
        lock (gate)
        {
            latest[tag] = (new() { Tag = tag, Value = value, SourceTime = time.Ticks, ReceiveTime = time.Ticks, Status = status }, ++Version);
            if (!points.TryGetValue(tags[tag].Path, out var series))
                points.Add(tags[tag].Path, series = []);
            series.Add(new(time.Ticks, value, status));
        }
    }

    public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag)
    {
        lock (gate)
            return (tag = tags.Find(t => t.Path == path)) is not null;
    }

    public bool TryGet(int tag, out Sample sample)
    {
        lock (gate)
        {
            var found = latest.TryGetValue(tag, out var known);
            sample = known.Sample;
            return found;
        }
    }

    public long VersionOf(int tag)
    {
        lock (gate)
            return latest.TryGetValue(tag, out var known) ? known.Version : 0;
    }

    public LedgerSnapshot Snapshot() => Ledger;

    public IReadOnlyList<TagLedger> TagLedgers { get; set; } = [];

    public IReadOnlyList<TagLedger> Tags() => TagLedgers;

    public ValueTask<IReadOnlyList<HistoryPoint>> ReadRawAsync(string path, long from, long to, int limit, CancellationToken cancel)
    {
        lock (gate)
            return ValueTask.FromResult<IReadOnlyList<HistoryPoint>>([.. points.GetValueOrDefault(path, []).Where(p => p.SourceTime >= from && p.SourceTime < to).Take(limit)]);
    }

    public ValueTask<IReadOnlyList<HistoryBucket>> ReadBucketsAsync(string path, long from, long to, int buckets, CancellationToken cancel)
    {
        lock (gate)
        {
            var width = Math.Max(1, (to - from) / buckets);
            return ValueTask.FromResult<IReadOnlyList<HistoryBucket>>(
            [
                .. points.GetValueOrDefault(path, []).Where(p => p.SourceTime >= from && p.SourceTime < to).GroupBy(p => (p.SourceTime - from) / width).Select(bucket =>
                {
                    var good = bucket.Where(p => StatusQuality.IsGood(p.Status) && p.Value.IsNumeric).Select(p => p.Value.AsDouble()).DefaultIfEmpty(double.NaN).ToArray();
                    var notGood = bucket.Count(p => !StatusQuality.IsGood(p.Status));
                    return new HistoryBucket(from + (bucket.Key * width), good.Min(), good.Max(), good.Average(), good[0], good[^1], bucket.Count() - notGood, notGood);
                }),
            ]);
        }
    }

    public ValueTask<HistoryPoint?> ReadLastAsync(string path, long at, CancellationToken cancel)
    {
        lock (gate)
            return ValueTask.FromResult<HistoryPoint?>(points.GetValueOrDefault(path, []).LastOrDefault(p => p.SourceTime <= at) is { SourceTime: > 0 } point ? point : null);
    }

    /// <summary>One bucket with the mean of the points: what the API makes of it is tested, not the mean.</summary>
    public ValueTask<IReadOnlyList<TimeWeightedBucket>> ReadTimeWeightedAsync(string path, long from, long to, int buckets, CancellationToken cancel)
    {
        lock (gate)
        {
            var good = points.GetValueOrDefault(path, []).Where(p => p.SourceTime >= from && p.SourceTime < to).Select(p => p.Value.AsDouble()).ToArray();
            return ValueTask.FromResult<IReadOnlyList<TimeWeightedBucket>>(good.Length == 0 ? [] : [new(from, good.Average(), to - from)]);
        }
    }

    /// <summary>Each value with its points as entries and the length of the range.</summary>
    public ValueTask<IReadOnlyList<StateDuration>> ReadStatesAsync(string path, long from, long to, CancellationToken cancel)
    {
        lock (gate)
        {
            return ValueTask.FromResult<IReadOnlyList<StateDuration>>(
                [.. points.GetValueOrDefault(path, []).Where(p => p.SourceTime >= from && p.SourceTime < to).GroupBy(p => p.Value).Select(g => new StateDuration(g.Key, to - from, g.Count()))]);
        }
    }

    public ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel)
    {
        lock (gate)
            return ValueTask.FromResult<IReadOnlyDictionary<string, long>>(points.ToDictionary(p => p.Key, p => (long)p.Value.Count));
    }

    public ValueTask<IReadOnlyList<GapRecord>> ReadGapsAsync(long from, long to, CancellationToken cancel) => new([.. Gaps.Where(g => g.From < to && g.To >= from)]);
}
