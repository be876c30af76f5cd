using EndToEnd.Tests.Peers;
using FloorGateway.Historian.Sqlite;
using FloorGateway.TestKit;

namespace EndToEnd.Tests;

/// <summary>The demo with a script that uses every fault. The oracle is the truth log, which holds what the servers were given, faults included.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly TempDirectory work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public async Task Every_fault_at_once_loses_nothing_that_is_not_named()
    {
        // Ten minutes of process time in 20 s, and a little longer, so that the last faults end within it.
        var (code, output) = await GatewayProcess.RunAsync(
            "demo", "--for", "22s", "--http", "0", "--mqtt", "0", "--opcua", "0", "--data", work["data"], "--time-scale", "30",
            "--faults", RepositoryRoot.Combine("config/faults/every-fault.yaml"));
        Assert.True(code == 0, output);
        Assert.Contains("The sums close.", output, StringComparison.Ordinal);

        var truth = await DemoTruth.ReadAsync(work["data/simulators"]);
        await using var history = new SqliteHistory(new NoTags(), new SqliteHistoryOptions { Path = work["data/history.db"] });
        var gaps = await history.ReadGapsAsync(0, long.MaxValue, CancellationToken.None);
        var (stored, inGaps) = (0, 0);
        foreach (var path in (await history.CountAsync(CancellationToken.None)).Keys)
        {
            var points = await history.ReadRawAsync(path, 0, long.MaxValue, int.MaxValue, CancellationToken.None);
            var held = points.Select(point => DemoTruth.Line(point.SourceTime, point.Status, point.Value)).ToHashSet();
            Assert.Empty(held.Except(truth[path]).Select(line => $"{path}: {line} was never produced").Take(5));
            stored += held.Count;
            var times = points.Select(point => point.SourceTime).ToHashSet();
            var missing = truth[path].Select(DemoTruth.Ticks).Where(time => !times.Contains(time)).ToList();
            Assert.Empty(missing.Where(time => !gaps.Any(gap => (gap.Tag ?? path) == path && gap.From <= time && time <= gap.To)).Select(time => $"{path} at {new DateTime(time):O} is neither stored nor in a gap\n{output}").Take(5));
            inGaps += missing.Count;
        }

        Assert.True(stored > 1000, $"only {stored} changes arrived: that proves little");
        Assert.True(inGaps > 0 && gaps.Count > 0, "the restart of a server lost nothing: did it happen?");
    }
}
