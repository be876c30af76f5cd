using System.Text.Json;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.Truth;
using FloorGateway.TestKit;

namespace FloorGateway.Simulators.Tests;

public sealed class SimulationTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    private SimulationOptions Options(double timeScale = 60) => new()
    {
        Seed = 3,
        TimeScale = timeScale,
        DataDir = _folder.Path,
        Servers = [new() { Name = "all", Port = 0, Units = ["DC01", "TT01", "FR01"] }],
    };

    [Fact]
    public async Task Paced_run_produces_the_same_bytes_as_one_stepped_at_once()
    {
        var time = new ManualTimeProvider();
        var options = Options();
        await using var simulation = await Simulation.StartAsync(options, time: time);
        for (var i = 0; i < 50; i++) time.Advance(TimeSpan.FromMilliseconds(97));
        await simulation.StopProductionAsync();

        using var truth = new TruthLog();
        truth.OnRun(options.Seed, options.TimeScale, options.Servers);
        var context = new UnitContext { Seed = options.Seed, Clock = new SourceClock(simulation.StartTime, options.TimeScale), Sink = truth };
        new World(options.Servers[0].Units.Select(u => EquipmentCatalogue.Create(u, context))).Advance(TimeSpan.FromMilliseconds(50 * 97 * 60).Ticks);
        Assert.True(truth.Count > 1000);
        Assert.Equal(truth.Count, simulation.Truth.Count);
        Assert.Equal(truth.Checksum, simulation.Truth.Checksum);
    }

    [Fact]
    public async Task Stop_leaves_a_truth_log_whose_last_values_are_those_of_the_nodes()
    {
        var time = new ManualTimeProvider();
        await using var simulation = await Simulation.StartAsync(Options(), time: time);
        time.Advance(TimeSpan.FromSeconds(20));
        await simulation.StopAsync();

        var space = simulation.Servers[0].Space;
        var totals = simulation.Truth.Totals;
        foreach (var unit in simulation.Units)
        {
            var ns = (ushort)space.NamespaceUris.ToList().IndexOf(unit.NamespaceUri);
            foreach (var signal in unit.Signals)
            {
                var node = space.Get<VariableNode>(new NodeId(ns, signal.NodeName)).GetValue();
                Assert.Equal(totals[signal.Path].LastTicks, node.SourceTicks);
                Assert.Equal(totals[signal.Path].Last.ToVariant().ToString(), node.Value.ToString());
            }
        }

        Assert.Equal(simulation.Truth.Count, File.ReadLines(simulation.TruthFile).LongCount(line => line.StartsWith("{\"path\"", StringComparison.Ordinal)));
        var summary = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(simulation.TruthFile, ".summary.json"))).RootElement;
        Assert.Equal(simulation.Truth.Count, summary.GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task Call_acts_at_the_instant_of_the_call_and_not_at_the_last_tick()
    {
        var time = new ManualTimeProvider();
        await using var simulation = await Simulation.StartAsync(Options(timeScale: 1) with { Operator = false }, time: time);
        time.Advance(TimeSpan.FromMilliseconds(12_345));
        var unit = simulation.Unit("DC01");
        Assert.True(simulation.Call(unit, "Reset").IsGood);
        Assert.Equal(simulation.StartTime.AddMilliseconds(12_345).Ticks, unit.Signals.Single(s => s.Name == "State").SourceTicks);
        await simulation.StopAsync();
        Assert.False(simulation.Call(unit, "Stop").IsGood);
    }

    [Fact]
    public void Options_tell_all_that_is_wrong_at_once()
    {
        var options = new SimulationOptions
        {
            TimeScale = 601,
            Tick = TimeSpan.Zero,
            Servers = [new() { Name = "a", Port = 5000, Units = ["DC01", "XX01"] }, new() { Name = "A", Port = 5000, Units = ["DC01", "DC"] }],
        };
        Assert.Equal(7, options.Validate().Count);
        Assert.Empty(new SimulationOptions().Validate());
    }
}
