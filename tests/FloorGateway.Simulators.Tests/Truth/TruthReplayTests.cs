using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.Truth;
using FloorGateway.TestKit;

namespace FloorGateway.Simulators.Tests.Truth;

public sealed class TruthReplayTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string> RecordAsync(string name, ulong seed = 3, int daysLater = 0, int seconds = 20)
    {
        var time = new ManualTimeProvider();
        time.Advance(TimeSpan.FromDays(daysLater));
        await using var simulation = await Simulation.StartAsync(
            new()
            {
                Seed = seed,
                TimeScale = 10,
                DataDir = _folder.Path,
                TruthFile = _folder[name],
                Connected = false,
                Servers = [new() { Name = "all", Port = 0, Units = ["TT01", "RT01"] }],
                Faults = [new FaultOrder { At = TimeSpan.FromSeconds(60), Unit = "TT01", Signal = "ToolTemp", Fault = "F4", For = TimeSpan.FromSeconds(30) }],
            },
            time: time,
            cancellationToken: TestContext.Current.CancellationToken);
        for (var i = 0; i < seconds; i++) time.Advance(TimeSpan.FromSeconds(1));
        await simulation.StopAsync();
        return simulation.TruthFile;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Replay_publishes_the_same_changes_with_their_distances_shifted_to_now(double speed)
    {
        var file = await RecordAsync("recorded.jsonl");
        var recorded = TruthReader.Read(file).Where(l => l.Event.Length == 0).ToList();
        var time = new ManualTimeProvider();
        time.Advance(TimeSpan.FromDays(400));
        await using var replay = await TruthReplay.StartAsync(new() { File = file, Speed = speed, DataDir = _folder.Path }, time: time, cancellationToken: TestContext.Current.CancellationToken);
        var start = time.GetUtcNow().UtcTicks;
        while (!replay.Completion.IsCompleted) time.Advance(TimeSpan.FromMilliseconds(100));
        await replay.StopPublishingAsync();

        Assert.Equal(recorded.Count, replay.Truth.Count);
        Assert.Equal(0, replay.Unknown);
        foreach (var path in recorded.GroupBy(l => l.Path))
        {
            var totals = replay.Truth.Totals[path.Key];
            var last = path.Last();
            Assert.Equal((path.Count(), path.Count(l => l.Status != 0)), (totals.Count, totals.NotGood));
            Assert.Equal(start + (last.Ticks - recorded[0].Ticks) / speed, totals.LastTicks, 10_000.0);
        }

        // The nodes show the end of the recording.
        var server = replay.Servers[0];
        foreach (var signal in server.Units.SelectMany(u => u.Signals))
        {
            var ns = (ushort)server.Space.NamespaceUris.ToList().IndexOf(signal.Unit.NamespaceUri);
            var node = server.Space.Get<VariableNode>(new NodeId(ns, signal.NodeName)).GetValue();
            Assert.Equal(recorded.Last(l => l.Path == signal.Path).Value.ToVariant().ToString(), node.Value.ToString());
        }
    }

    [Fact]
    public async Task Summary_beside_a_file_says_the_same_until_the_file_is_changed()
    {
        var file = await RecordAsync("run.jsonl", seconds: 3);
        var truth = TruthFile.Read(file);
        Assert.Empty(truth.Check());
        var lines = File.ReadAllLines(file).ToList();
        lines.RemoveAt(lines.Count / 2);
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        Assert.NotEmpty(TruthFile.Read(file).Check());
        File.AppendAllText(file, "{\"path\":");
        Assert.Contains($"{file}:{lines.Count + 1}:", Assert.Throws<FormatException>(() => TruthFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_are_compared_from_their_first_change_on()
    {
        var file = await RecordAsync("a.jsonl", seconds: 3);
        var same = await RecordAsync("b.jsonl", seconds: 3);
        var longer = await RecordAsync("c.jsonl", seconds: 4);
        var other = await RecordAsync("d.jsonl", seed: 4, seconds: 3);
        Assert.Null(TruthFile.FirstDifference(file, same));
        Assert.Equal(TruthFile.Read(file).Checksum, TruthFile.Read(same).Checksum);
        var (a, b) = TruthFile.FirstDifference(file, other)!.Value;
        Assert.Equal((1, 1), (a!.Number, b!.Number));
        var (end, more) = TruthFile.FirstDifference(file, longer)!.Value;
        // Faults end with production, so the shorter run tells that instead.
        Assert.True(end is null || end.Event == "end" || end.Ticks <= more!.Ticks);
    }
}
