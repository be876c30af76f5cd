using FloorGateway.Model.Gaps;

namespace FloorGateway.Model.History;

/// <summary>The contract of every store that trends come from. Times are UTC ticks (100 ns); ranges include <c>from</c> and exclude <c>to</c>. An unknown path gives nothing.</summary>
public interface IHistory
{
    /// <summary>Stored samples in source-time order, at most <paramref name="limit"/>, oldest first.</summary>
    ValueTask<IReadOnlyList<HistoryPoint>> ReadRawAsync(string path, long from, long to, int limit, CancellationToken cancel);

    /// <summary>The newest sample at or before a moment, whatever its quality; null where there is none.</summary>
    ValueTask<HistoryPoint?> ReadLastAsync(string path, long at, CancellationToken cancel);

    /// <summary>The range cut into at most <paramref name="buckets"/> buckets of one width (the last may be shorter); buckets without a sample are left out.</summary>
    ValueTask<IReadOnlyList<HistoryBucket>> ReadBucketsAsync(string path, long from, long to, int buckets, CancellationToken cancel);

    /// <summary>
    /// Time-weighted means of the same buckets: a good number holds until the next sample, also one from before the range; after a sample that is not good nothing
    /// is known until the next good one. Buckets in which nothing is known are left out. End the range now at the latest: the last value holds until its end.
    /// </summary>
    ValueTask<IReadOnlyList<TimeWeightedBucket>> ReadTimeWeightedAsync(string path, long from, long to, int buckets, CancellationToken cancel);

    /// <summary>How long the tag held each of its values (a machine's states, a switch), the longest first. The value from before the range counts from its beginning.</summary>
    ValueTask<IReadOnlyList<StateDuration>> ReadStatesAsync(string path, long from, long to, CancellationToken cancel);

    /// <summary>Number of stored samples per tag path, for the ledger's check against the store.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel);

    /// <summary>Gap records that touch the range, in the order of their beginnings: what is known to be missing, and why.</summary>
    ValueTask<IReadOnlyList<GapRecord>> ReadGapsAsync(long from, long to, CancellationToken cancel);
}
