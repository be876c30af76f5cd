using FloorGateway.Configuration;
using FloorGateway.Model.Values;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Engine;

namespace FloorGateway.Tests.Configuration;

/// <summary>The demo's configuration names every signal of the simulated plant, and nothing that is not there.</summary>
public sealed class DemoPlantTests
{
    private static readonly (string Server, Signal Signal)[] Plant =
    [
        .. SimulationOptions.Demo.SelectMany(server => server.Units.Select(code => (server.Name, Unit: EquipmentCatalogue.Create(code, Nothing)))
            .SelectMany(u => u.Unit.Signals.Select(signal => (u.Name, signal)))),
    ];

    private static UnitContext Nothing => new() { Seed = 1, Clock = new SourceClock(new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc), 1), Sink = new Deaf() };

    [Fact]
    public void Every_tag_is_a_signal_of_the_plant_with_its_node_server_type_unit_and_range()
    {
        var plant = Plant.Select(s => (s.Signal.Path, $"nsu={s.Signal.Unit.NamespaceUri};s={s.Signal.NodeName}", s.Server, Kind(s.Signal.Type), s.Signal.Traits.Unit, s.Signal.Traits.Low ?? double.NaN, s.Signal.Traits.High ?? double.NaN)).ToHashSet();
        var tags = DemoConfiguration.Load().Tags.Select(t => (t.Path, t.Node, t.Server, t.Kind == ValueKind.Array ? $"{t.ElementKind}[]" : $"{t.Kind}", t.UnitCode, t.Low, t.High));
        Assert.Equal([], tags.Except(plant));
    }

    [Fact]
    public void Every_machine_shows_its_state_step_part_and_counts_and_something_of_its_process()
    {
        var tags = DemoConfiguration.Load().Tags.Select(t => t.Path).ToHashSet();
        foreach (var unit in Plant.Select(s => s.Signal.Unit).DistinctBy(u => u.Code))
        {
            Assert.Equal([], ((string[])["State", "Step", "PartId", "GoodCount", "RejectCount"]).Select(s => $"{unit.Location}/{unit.MainSubUnit}/{s}").Except(tags));
            Assert.True(unit.Signals.Count(s => tags.Contains(s.Path)) > 5, unit.Code);
        }
    }

    [Fact]
    public void The_demo_has_about_as_many_tags_as_the_plant_model_says() => Assert.InRange(DemoConfiguration.Load().Tags.Count, 395, 415);

    [Fact]
    public void Each_equipment_type_of_the_plant_is_there() =>
        Assert.Equal(
            ["ADAS", "AGE", "CAL", "COAT", "DC", "DRY", "ELF", "FC", "FF", "FR", "GL", "GRD", "LK", "M", "MAR", "MIX", "P", "PE", "PNT", "RB", "RT", "SPL", "SPV", "STK", "TT", "WIP", "WLD"],
            Plant.Select(s => s.Signal.Unit.Code.TrimEnd("0123456789".ToCharArray())).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_servers_ports_are_those_of_the_simulation() =>
        Assert.Equal(SimulationOptions.Demo.Select(s => (s.Name, $"opc.tcp://127.0.0.1:{s.Port}")), DemoConfiguration.Load().Servers.Select(s => (s.Name, s.Url)));

    private static string Kind(SignalType type) => type switch
    {
        SignalType.Boolean => "Boolean",
        SignalType.Int32 or SignalType.Int64 => "Int64",
        SignalType.UInt16 or SignalType.UInt32 or SignalType.UInt64 => "UInt64",
        SignalType.Float => "Single",
        SignalType.Double => "Double",
        SignalType.String => "String",
        SignalType.DateTime => "DateTime",
        SignalType.FloatArray => "Single[]",
        SignalType.DoubleArray => "Double[]",
        SignalType.Int32Array => "Int64[]",
        SignalType.StringArray => "String[]",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private sealed class Deaf : IChangeSink
    {
        public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
        {
            // The plant is looked at, not run.
        }
    }
}
