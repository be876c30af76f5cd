using System.Runtime.InteropServices;
using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Sqlite.Rollups;

/// <summary>Makes the cells of one level out of samples in time order, and coarser ones out of finer ones.</summary>
internal sealed class RollupBuilder(long span)
{
    private readonly List<RollupCell> cells = [];

    public List<RollupCell> Cells => cells;

    /// <summary>Samples added.</summary>
    public long Samples { get; private set; }

    public void Add(SampleColumns samples, int from, int to)
    {
        Samples += to - from;
        for (var i = from; i < to; i++)
        {
            var time = samples.Times[i];
            var good = StatusQuality.IsGood(samples.Status[i]);
            var number = samples.Kinds[i] <= ValueKind.Double && TagValue.FromBits(samples.Kinds[i], samples.Bits[i]).TryGetDouble(out var found) ? found : double.NaN;
            CellOf(time).Add(time, good, number);
        }
    }

    /// <summary>The same in cells of a longer span, a multiple of this one.</summary>
    public RollupBuilder Coarser(long longer)
    {
        var coarse = new RollupBuilder(longer) { Samples = Samples };
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(cells))
            coarse.CellOf(cell.Start).Add(in cell);
        return coarse;
    }

    private ref RollupCell CellOf(long time)
    {
        var start = time / span * span;
        if (cells.Count == 0 || cells[^1].Start != start)
            cells.Add(new RollupCell { Start = start });
        return ref CollectionsMarshal.AsSpan(cells)[^1];
    }
}
