using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Historian.Sqlite.Rollups;

namespace FloorGateway.Historian.Buckets;

/// <summary>Takes a series in time order, as samples or, where whole cells of a roll-up fit, as those.</summary>
internal interface ISeriesSink
{
    void Add(SampleColumns samples, int from, int to);

    /// <param name="time">A time in the bucket that the cell counts in.</param>
    /// <param name="cell">The cell.</param>
    void Add(long time, in RollupCell cell);
}
