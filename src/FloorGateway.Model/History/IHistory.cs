using FloorGateway.Model.Values;

namespace FloorGateway.Model.History;

/// <summary>One stored sample.</summary>
public readonly record struct HistoryPoint(long SourceTime, TagValue Value, uint Status);

/// <summary>One bucket of a downsampled series. Only good numeric samples enter the numbers; NaN where there is none.</summary>
/// <param name="Start">UTC ticks at which the bucket begins.</param>
/// <param name="Min">Smallest good value.</param>
/// <param name="Max">Largest good value.</param>
/// <param name="Mean">Arithmetic mean of the good values.</param>
/// <param name="Last">Last good value.</param>
/// <param name="Count">Good numeric samples.</param>
/// <param name="NotGood">Samples whose quality is not good.</param>
public readonly record struct HistoryBucket(long Start, double Min, double Max, double Mean, double Last, long Count, long NotGood);

/// <summary>The contract of every store that trends come from. Times are UTC ticks (100 ns); ranges include <c>from</c> and exclude <c>to</c>.</summary>
public interface IHistory
{
    /// <summary>Stored samples in source-time order, at most <paramref name="limit"/>, oldest first. An unknown path gives none.</summary>
    ValueTask<IReadOnlyList<HistoryPoint>> ReadRawAsync(string path, long from, long to, int limit, CancellationToken cancel);

    /// <summary>The range cut into <paramref name="buckets"/> equal buckets; empty buckets are left out.</summary>
    ValueTask<IReadOnlyList<HistoryBucket>> ReadBucketsAsync(string path, long from, long to, int buckets, CancellationToken cancel);

    /// <summary>Number of stored samples per tag path, for the ledger's check against the store.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel);
}
