using System.Text.Json;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Truth;

public sealed class TruthLogTests
{
    private static TruthLog Log(Stream? file, ulong seed, int slices = 1, double timeScale = 60)
    {
        var log = new TruthLog(file);
        var cell = new DieCastCell("DC01", Run.Context(log, seed, timeScale, breakdowns: true));
        var world = new World([cell]);
        var end = TimeSpan.FromHours(1).Ticks;
        for (var i = 1; i <= slices; i++) world.Advance(end * i / slices);
        log.Flush();
        return log;
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes_however_time_is_sliced()
    {
        using var a = Log(null, 5);
        using var b = Log(null, 5, slices: 977);
        using var c = Log(null, 6);
        Assert.Equal(a.Count, b.Count);
        Assert.Equal(a.Checksum, b.Checksum);
        Assert.NotEqual(a.Checksum, c.Checksum);
    }

    [Fact]
    public void Written_through_each_change_is_in_the_file_before_the_server_gets_it()
    {
        using var file = new MemoryStream();
        using var log = new TruthLog(file) { WriteThrough = true };
        var server = new LineCounter(file);
        var world = new World([new DieCastCell("DC01", Run.Context(new ChangeFanOut(log, server), 5, 60))]);
        world.Advance(TimeSpan.FromMinutes(1).Ticks);
        Assert.NotEqual(0, server.Changes);
        Assert.Equal(0, server.Ahead);
    }

    [Fact]
    public void Lines_say_path_type_value_status_and_time()
    {
        using var file = new MemoryStream();
        var log = Log(file, 5);
        var lines = System.Text.Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(log.Count, lines.Length);
        var totals = new Dictionary<string, (long Count, double Sum)>();
        foreach (var line in lines)
        {
            var json = JsonDocument.Parse(line).RootElement;
            Assert.Equal(0u, json.GetProperty("status").GetUInt32());
            Assert.Equal(28, json.GetProperty("time").GetString()!.Length);
            var path = json.GetProperty("path").GetString()!;
            totals.TryGetValue(path, out var sum);
            var value = json.GetProperty("value");
            totals[path] = (sum.Count + 1, sum.Sum + (json.GetProperty("type").GetString() == "Double" ? value.GetDouble() : 0));
        }

        Assert.Contains("LXE/JSH/CAS/L01/DC01/PRESS/Shot.Velocity", totals.Keys);
        foreach (var (path, sum) in totals)
        {
            Assert.Equal(sum.Count, log.Totals[path].Count);
            if (log.Totals[path].Last.Type == SignalType.Double) Assert.Equal(sum.Sum, log.Totals[path].Sum);
        }

        log.Dispose();
    }

    [Fact]
    public void Timestamps_of_one_signal_increase_strictly_even_at_600_times()
    {
        using var log = Log(null, 9, timeScale: 600);
        Assert.True(log.Count > 10_000, log.Count.ToString());
        Assert.All(log.Totals.Values, t => Assert.Equal(0, t.NotIncreasing));
    }

    [Fact]
    public void Summary_lists_count_and_sum_per_path()
    {
        using var log = Log(null, 5);
        using var target = new MemoryStream();
        log.WriteSummary(target);
        var json = JsonDocument.Parse(target.ToArray()).RootElement;
        Assert.Equal(log.Count, json.GetProperty("count").GetInt64());
        Assert.Equal(log.Totals.Count, json.GetProperty("paths").GetArrayLength());
    }

    /// <summary>Looks into the truth's file at each change, as one who kills the equipment just then would.</summary>
    private sealed class LineCounter(MemoryStream file) : IChangeSink
    {
        public long Changes { get; private set; }

        public long Ahead { get; private set; }

        public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
        {
            Changes++;
            if (file.GetBuffer().AsSpan(0, (int)file.Length).Count((byte)'\n') != Changes)
                Ahead++;
        }
    }
}
