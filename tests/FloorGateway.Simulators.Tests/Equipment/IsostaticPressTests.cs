using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class IsostaticPressTests
{
    private const double Warm = 1000;

    private readonly RecordingSink _sink = new();
    private UnitContext _context = null!;

    private IsostaticPress After(double seconds, Action<IsostaticPress>? prepare = null)
    {
        _context = Run.Context(_sink);
        var press = new IsostaticPress("WIP01", _context);
        prepare?.Invoke(press);
        press.Advance(0);
        press.ForSeconds(seconds);
        return press;
    }

    [Fact]
    public void Batch_of_96_cells_takes_20_minutes()
    {
        var press = After(12 * 3600);
        var cycles = _sink.Numbers(press.CycleTime, 1);
        Assert.InRange(cycles.Length, 32, 36);
        Assert.Equal(1200, cycles.Median(), 15.0);
        var steps = _sink.Of(press.Step).Where(c => c.Value.AsInt64 > 0).Take(5).ToArray();
        Assert.Equal([1, 2, 3, 4, 5], steps.Select(s => (int)s.Value.AsInt64));
        double[] expected = [180, 240.4, 360, 240.4];
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], steps[i + 1].Seconds - steps[i].Seconds, 0.1);
        Assert.Equal(cycles.Length * 96, (int)(press.GoodCount.Value + press.RejectCount.Value));
        Assert.Equal(96, press.ResultCells.Value.Distinct().Count());
    }

    [Fact]
    public void Pressure_rises_by_2_08_a_second_and_is_held_within_two()
    {
        var press = After(Warm + 1400);
        var hold = _sink.When(press.Step, 3);
        var ramp = _sink.Of(press.Pressure).Where(c => c.Value.AsDouble is > 50 and < 450 && c.Seconds < hold).ToArray();
        Assert.Equal(2.08, (ramp[^1].Value.AsDouble - ramp[0].Value.AsDouble) / (ramp[^1].Seconds - ramp[0].Seconds), 1e-6);
        var held = _sink.Numbers(press.Pressure, hold + 1, hold + 359);
        Assert.All(held, p => Assert.InRange(p, 498, 502));
        Assert.Equal(98.45, press.ResultDensity.Value, 0.1);
        Assert.Equal(98.445, IsostaticPress.RelativeDensity(500), 0.01);
        Assert.False(_sink.Raised("P_DEV"));
    }

    [Fact]
    public void Fluid_is_85_degrees_and_three_warmer_under_pressure()
    {
        var press = After(Warm + 8 * 1200);
        var hold = _sink.Of(press.Step).Where(c => c.Value.AsInt64 == 3).Select(c => c.Seconds).Last();
        var before = _sink.Of(press.FluidTemp).Last(c => c.Seconds < hold - 240).Value.AsDouble;
        var at = _sink.Of(press.FluidTemp).Last(c => c.Seconds < hold + 1).Value.AsDouble;
        Assert.InRange(at - before, 1.5, 3.5);
        Assert.Equal(85, press.ResultTemp.Value, 1.5);
        Assert.False(_sink.Raised("TEMP"));
    }

    [Fact]
    public void Door_is_locked_until_the_pressure_is_off()
    {
        var press = After(Warm + 1300);
        var locked = _sink.Of(press.DoorLocked).Where(c => c.Seconds > 0).ToArray();
        Assert.True(locked[0].Value.AsBoolean);
        Assert.False(locked[1].Value.AsBoolean);
        Assert.True(_sink.Of(press.Pressure).Last(c => c.ProcessTicks <= locked[1].ProcessTicks).Value.AsDouble < 0.1);
    }

    [Fact]
    public void A_leaking_seal_leaves_the_batch_undecided_and_holds_the_press()
    {
        var press = After(Warm + 200, p => p.SealLeak = 0.8);
        press.ForSeconds(1100);
        Assert.True(_sink.Raised("P_DEV"));
        Assert.Equal(12, press.StopReason.Value);
        press.SealLeak = 0;
        press.ForSeconds(1.5 * 3600);
        Assert.Contains(_sink.Of(press.ResultEvaluation), c => c.Value.AsInt64 == 3);
        Assert.Equal(96u, press.RejectCount.Value);
        Assert.Equal(96, _context.Parts.Ended(PartKind.Cell, PartFate.Scrapped));
    }

    [Fact]
    public void A_runaway_pump_opens_the_relief_valve_and_aborts()
    {
        var press = After(Warm + 200, p => p.Overshoot = 2);
        press.ForSeconds(500);
        Assert.True(_sink.Raised("P_HI"));
        Assert.InRange(_sink.Numbers(press.Pressure).Max(), 520, 525);
        Assert.Contains(_sink.Of(press.State), c => c.Value.AsInt64 == (int)PackMlState.Aborted);
        Assert.Equal(0, press.Pressure.Value);
        Assert.False(press.DoorLocked.Value);
        Assert.Empty(press.InWork);
    }

    [Fact]
    public void One_leaking_bag_costs_one_cell()
    {
        var press = After(Warm + 1500, p => p.NextBagLeaks = true);
        Assert.Equal(95u, press.GoodCount.Value);
        Assert.Equal(1u, press.RejectCount.Value);
        Assert.Equal(2, press.ResultEvaluation.Value);
        Assert.Contains(_sink.Of(press.BagLeak), c => c.Value.AsBoolean);
    }

    [Fact]
    public void Holding_time_and_pressure_are_set_in_their_ranges()
    {
        var press = After(10);
        Assert.True(press.SetPoint("Hold", 600).IsGood);
        Assert.True(press.SetPoint("Pressure", 400).IsGood);
        Assert.Equal(MethodOutcome.BadOutOfRange, press.SetPoint("Pressure", 501).Status);
        press.ForSeconds(Warm + 1500);
        Assert.Equal(600, press.ResultHold.Value, 1.0);
        Assert.Equal(400, press.ResultPressure.Value, 1.0);
        Assert.Equal(IsostaticPress.RelativeDensity(400), press.ResultDensity.Value, 0.1);
    }

    [Fact]
    public void Inspection_is_due_after_20000_cycles()
    {
        var press = After(10);
        press.VesselCycles.Set(20_000);
        press.ForSeconds(Warm + 400);
        Assert.True(_sink.Raised("CYC"));
        Assert.Equal(PackMlState.Execute, press.PackMl);
    }

    [Fact]
    public void Pressure_in_raw_counts_is_27648_for_500()
    {
        var press = After(Warm + 400, p => p.PressureInRawCounts = true);
        Assert.Equal(27_648, press.Pressure.Value, 150.0);
    }
}
