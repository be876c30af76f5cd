using FloorGateway.Configuration;
using FloorGateway.Hosting;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Faults;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Configuration;

public sealed class FaultScriptTests
{
    private static readonly IReadOnlyList<FaultTarget> Plant = SimulatedPlants.Look(SimulationOptions.Demo, FloorGateway.Simulators.Profiles.PlantScale.Demo);

    private static FaultScript Read(string text) => FaultScript.Read("faults.yaml", text, Plant);

    [Fact]
    public void Script_tells_when_where_what_how_much_and_how_long()
    {
        var script = Read("""
            - at: 00:05:00
              unit: DC01
              signal: Shot.Velocity
              fault: F3
              param: 2.5
              for: 30s
            - {at: 90s, unit: TT01, fault: jam, for: 00:01:30}
            """);
        Assert.Empty(script.Errors);
        Assert.Equal(new FaultOrder { At = TimeSpan.FromMinutes(5), Unit = "DC01", Signal = "Shot.Velocity", Fault = "F3", Param = "2.5", For = TimeSpan.FromSeconds(30) }, script.Orders[0]);
        Assert.Equal(new FaultOrder { At = TimeSpan.FromSeconds(90), Unit = "TT01", Fault = "jam", For = TimeSpan.FromSeconds(90) }, script.Orders[1]);
    }

    [Fact]
    public void All_errors_come_at_once_with_place_and_remedy()
    {
        var script = Read("""
            - {at: soon, unit: DC01, fault: F9}
            - {at: 00:00:10, unit: DC1, fault: F1}
            - {at: 00:00:10, unit: DC01, signal: Furnace.MetalTmp, fault: F2, param: much}
            - {at: 00:00:10, unit: DC01, fault: vacum-leak, duration: 5s}
            - {unit: DC01}
            """);
        Assert.Empty(script.Orders);
        Assert.Equal(
            [
                "faults.yaml:1:8: 'at' must be a time, not 'soon'; write 00:05:00, or a number with its unit such as 30s or 5m",
                "faults.yaml:2:24: there is no unit DC1; did you mean 'DC01'?",
                "faults.yaml:3:38: DC01 has no signal Furnace.MetalTmp; did you mean 'Furnace.MetalTemp'?",
                "faults.yaml:3:74: the parameter of F2 must be a number, not 'much'; write the units an hour of process time",
                "faults.yaml:4:37: DC01 has no fault vacum-leak; did you mean 'vacuum-leak'?",
                "faults.yaml:4:49: unknown key 'duration' in a fault; write for: 30s",
                "faults.yaml:5:3: 'at' is missing in a fault; add at: 00:01:00",
                "faults.yaml:5:3: 'fault' is missing in a fault; add fault: F1",
            ],
            script.Errors.Select(e => e.ToString()));
    }

    [Theory]
    [InlineData("", "the script holds no fault")]
    [InlineData("at: 00:00:10", "a fault script must be a list, not a mapping")]
    [InlineData("- {", "not YAML")]
    public void What_is_no_script_is_said_so(string text, string message) => Assert.Contains(message, Assert.Single(Read(text).Errors).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Script_of_all_faults_uses_each_of_them_within_ten_minutes()
    {
        var file = RepositoryRoot.Combine("config/faults/every-fault.yaml");
        var script = FaultScript.Read(file, File.ReadAllText(file), Plant);
        Assert.Empty(script.Errors.Select(e => e.ToString()));
        Assert.Superset(Enumerable.Range(1, 11).Select(i => $"F{i}").ToHashSet(), script.Orders.Select(o => o.Fault).ToHashSet());
        Assert.All(script.Orders, o => Assert.True(o.At + o.For <= TimeSpan.FromMinutes(10), $"{o}"));
        // Each equipment type of the demo shows at least one of its own.
        foreach (var type in Plant.SelectMany(t => t.Units).GroupBy(u => u.GetType()))
        {
            var own = FaultCatalogue.Of(type.First()).Except(FaultCatalogue.Common).Select(f => f.Code).ToList();
            Assert.True(own.Count == 0 || script.Orders.Any(o => type.Any(u => u.Code == o.Unit) && own.Contains(o.Fault)), $"{type.Key.Name} shows none of its own faults");
        }
    }
}
