using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class PackLeakStandTests
{
    private RecordingSink _sink = new();

    private PackLeakStand After(TimeSpan span, ulong seed = 1, bool @operator = true)
    {
        var stand = new PackLeakStand("LK01", Run.Context(_sink, seed, @operator: @operator));
        stand.Advance(0);
        stand.For(span);
        return stand;
    }

    [Fact]
    public void Ten_cubic_centimetres_a_minute_lose_eight_pascal_in_a_minute()
    {
        var circuit = new LeakCircuit(new(0.12, 5000, 10, 6, 20, 40, 60));
        circuit.Begin(10);
        circuit.Fill(20);
        Assert.InRange(circuit.Pressure, 4980, 5000);
        circuit.Hold(0, 0, 0);
        Assert.Equal(5006, circuit.Pressure, 0.01);
        circuit.Hold(40, 0, 0);
        circuit.Mark();
        var start = circuit.Pressure;
        circuit.Hold(100, 0, 0);
        var settling = 6 * (Math.Exp(-40 / 15.0) - Math.Exp(-100 / 15.0));
        Assert.Equal(8.44, start - circuit.Pressure - settling, 0.02);
        circuit.Evaluate();
        Assert.Equal(10, circuit.MeasuredLeak, 0.001);
    }

    [Fact]
    public void Cooling_plates_at_their_limit_lose_84_hundredths_of_a_pascal_a_second()
    {
        var circuit = new LeakCircuit(new(0.004, 250_000, 2, 0, 15, 45, 40));
        circuit.Begin(2);
        circuit.Hold(10, 0, 0);
        var start = circuit.Pressure;
        circuit.Hold(11, 0, 0);
        Assert.Equal(0.844, start - circuit.Pressure, 0.001);
    }

    [Fact]
    public void Measured_leaks_are_lognormal_about_two_and_nearly_all_packs_pass()
    {
        _sink = new(s => s.Name is "Cavity.Leak" or "Cool.Leak" or "CycleTime");
        var stand = After(TimeSpan.FromHours(40));
        var leaks = _sink.Of(stand.CavityLeak).Skip(1).Select(c => c.Value.AsDouble).Order().ToArray();
        Assert.Equal(2, leaks[leaks.Length / 2], 0.25);
        Assert.InRange(stand.RejectCount.Value / (double)(stand.RejectCount.Value + stand.GoodCount.Value), 0, 0.02);
        Assert.True(_sink.Of(stand.CoolLeak).Skip(1).Average(c => c.Value.AsDouble) < 0.7);
        var times = _sink.Of(stand.CycleTime).Select(c => c.Value.AsDouble).Where(t => t > 0).Order().ToArray();
        Assert.Equal(300, times[times.Length / 2], 3.0);
    }

    [Fact]
    public void Both_curves_fall_second_by_second()
    {
        var stand = After(TimeSpan.FromMinutes(6));
        var cavity = (float[])_sink.Of(stand.CavityCurve).Last().Value.AsArray;
        var cool = (float[])_sink.Of(stand.CoolCurve).Last().Value.AsArray;
        Assert.InRange(cavity.Length, 99, 101);
        Assert.InRange(cool.Length, 84, 86);
        Assert.InRange(cavity[0], 5004, 5007);
        Assert.True(cavity[^1] < cavity[40] && cavity[40] < cavity[0]);
        Assert.InRange(cool[^1], 249_900, 250_050);
    }

    [Fact]
    public void Bad_gasket_raises_LEAK_and_sends_the_pack_to_rework()
    {
        var stand = After(TimeSpan.FromSeconds(1));
        stand.GasketLeak = 15;
        stand.For(TimeSpan.FromMinutes(5));
        Assert.Contains(stand.Alarms, a => a is { Tag: "LEAK", IsActive: true });
        Assert.Equal(PackMlState.Held, stand.PackMl);
        stand.GasketLeak = 0;
        stand.For(TimeSpan.FromHours(1));
        Assert.Contains(_sink.Of(stand.ResultCode), c => c.Value.AsString == "LEAK");
        Assert.Equal(PackMlState.Execute, stand.PackMl);
    }

    [Fact]
    public void Open_door_lets_nothing_be_decided_and_a_warm_pack_is_a_false_leak()
    {
        var stand = After(TimeSpan.FromSeconds(1));
        stand.Draught = 0.6;
        stand.For(TimeSpan.FromMinutes(6));
        Assert.Equal(3, _sink.Of(stand.ResultEvaluation).Skip(1).First().Value.AsInt64);
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.TEMP_BIAS" && c.Value.AsBoolean);

        _sink = new();
        stand = After(TimeSpan.FromSeconds(1));
        stand.PackCooling = 0.08;
        stand.For(TimeSpan.FromMinutes(6));
        Assert.Contains(stand.Alarms, a => a is { Tag: "LEAK", IsActive: true });
        Assert.DoesNotContain(stand.Alarms, a => a is { Tag: "TEMP_BIAS", IsActive: true });
    }

    [Fact]
    public void Blocked_hose_shows_exactly_no_leak()
    {
        var stand = After(TimeSpan.FromSeconds(1));
        stand.HoseIsBlocked = true;
        stand.GasketLeak = 50;
        stand.For(TimeSpan.FromMinutes(6));
        Assert.Equal(0, stand.CavityLeak.Value);
        Assert.True(stand.GoodCount.Value >= 1);
    }

    [Fact]
    public void StartTest_needs_the_cover_closed_and_the_interlock()
    {
        var stand = After(TimeSpan.FromSeconds(5), @operator: false);
        stand.Call("Reset");
        stand.ForSeconds(10);
        stand.CoverStandsOpen = true;
        Assert.Equal(MethodOutcome.BadInvalidState, Start(stand).Status);
        stand.CoverStandsOpen = false;
        Assert.True(Start(stand).IsGood);
        stand.For(TimeSpan.FromMinutes(8));
        Assert.Equal(PackMlState.Complete, stand.PackMl);
        Assert.Equal("9LXPZ01JSP001AH3F0000042", stand.ResultPart.Value);
    }

    [Fact]
    public void Same_seed_gives_the_same_changes()
    {
        After(TimeSpan.FromMinutes(20), seed: 9);
        var first = FluidFillTests.Checksum(_sink);
        _sink = new();
        After(TimeSpan.FromMinutes(20), seed: 9);
        Assert.Equal(first, FluidFillTests.Checksum(_sink));
    }

    private static MethodOutcome Start(PackLeakStand stand) =>
        stand.Call("StartTest", SignalValue.From("9LXPZ01JSP001AH3F0000042"), SignalValue.From("LEAK-S120"));
}
