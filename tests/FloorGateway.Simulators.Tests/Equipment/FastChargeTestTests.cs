using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class FastChargeTestTests
{
    private RecordingSink _sink = new();

    private FastChargeTest After(TimeSpan span, string code = "FC03", ulong seed = 1, bool @operator = true)
    {
        var bay = new FastChargeTest(code, Run.Context(_sink, seed, @operator: @operator));
        bay.Advance(0);
        bay.For(span);
        return bay;
    }

    [Theory]
    [InlineData("S120", 613)]
    [InlineData("L110", 613 * 70 / 75.0)]
    public void Ten_to_eighty_per_cent_take_583_seconds(string model, double peak)
    {
        var pack = new FastChargeCurve(model, 0.1, 30);
        double seconds = 0, current = 0, hottest = 0;
        while (pack.Soc < 0.8)
        {
            current = Math.Min(pack.Demand, current + 48 * 0.2);
            pack.Advance(current, 0.2);
            hottest = Math.Max(hottest, pack.Temperature);
            seconds += 0.2;
            Assert.InRange(pack.Voltage, 650, 907);
        }

        Assert.InRange(seconds, 583 * 0.98, 583 * 1.02);
        Assert.Equal(peak, pack.PeakPower, peak * 0.005);
        if (model == "S120") Assert.InRange(hottest, 38.5, 41);
        Assert.Equal(model == "S120" ? 88 : 82, pack.Energy, 2.0);
        Assert.Equal(pack.MaxCurrent * 500 / 720, pack.Demand, 2.0);
    }

    [Fact]
    public void Full_curve_bay_keeps_the_curve_and_the_figures()
    {
        var bay = After(TimeSpan.FromMinutes(60));
        var minutes = _sink.Of(bay.ResultMinutes).Skip(1).Select(c => c.Value.AsDouble * 60).ToArray();
        Assert.NotEmpty(minutes);
        Assert.All(minutes, s => Assert.InRange(s, 583 * 0.98, 583 * 1.02));
        Assert.True(bay.GoodCount.Value >= 4);
        Assert.Equal(0u, bay.RejectCount.Value);
        Assert.InRange(bay.ResultPeakPower.Value, 565, 620);
        Assert.InRange(bay.ResultTemperatureRise.Value, 5, 11);
        var i = (float[])_sink.Of(bay.CurveI).Last().Value.AsArray;
        Assert.Equal(i.Length, ((float[])_sink.Of(bay.CurveT).Last().Value.AsArray).Length);
        Assert.InRange(i.Length, 115, 120);
        Assert.InRange(_sink.Of(bay.Soc).Where(c => c.Seconds > 60).Max(c => c.Value.AsDouble), 79.5, 80.2);
        // Contacts: 25 °C and 31 K at 720 A, less what 90 s of lag and the taper leave.
        Assert.InRange(_sink.Of(bay.PinTemp).Max(c => ((double[])c.Value.AsArray).Max()), 48, 58);
        Assert.Subset(new HashSet<long> { 0, 1, 2, 3, 4, 5, 6, 7 }, _sink.Of(bay.Phase).Select(c => c.Value.AsInt64).ToHashSet());
    }

    [Fact]
    public void Quick_bay_charges_thirty_seconds_at_400_ampere_in_a_cycle_of_180()
    {
        _sink = new(s => s.Name is "CycleTime" or "Current" or "Result.FullCurve" or "Result.Id" or "Result.Energy");
        var bay = After(TimeSpan.FromHours(40), "FC01");
        var times = _sink.Of(bay.CycleTime).Select(c => c.Value.AsDouble).Where(t => t > 0).Order().ToArray();
        Assert.Equal(180, times[times.Length / 2], 2.0);
        int total = 0, full = 0;
        var isFull = false;
        foreach (var change in _sink.Changes)
        {
            if (change.Signal == bay.ResultFull) isFull = change.Value.AsBoolean;
            if (change.Signal != bay.ResultId || total++ < 0) continue;
            if (isFull) full++;
        }

        Assert.True(total > 600, $"{total}");
        Assert.InRange(full / (double)total, 0.008, 0.035);
        var currents = _sink.Of(bay.Current).Take(200).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(400, currents.Max(), 2.0);
    }

    [Fact]
    public void Current_climbs_at_48_ampere_a_second()
    {
        var bay = After(TimeSpan.FromMinutes(5));
        var rise = _sink.Of(bay.Current).Where(c => c.Value.AsDouble is > 100 and < 600).Take(50).ToArray();
        Assert.Equal(48, (rise[^1].Value.AsDouble - rise[0].Value.AsDouble) / (rise[^1].Seconds - rise[0].Seconds), 1.0);
    }

    [Fact]
    public void Bad_contact_raises_PIN_HI_and_the_charger_stops()
    {
        var bay = After(TimeSpan.FromSeconds(1));
        bay.PinResistance = 4;
        bay.For(TimeSpan.FromMinutes(5));
        Assert.Contains(bay.Alarms, a => a is { Tag: "PIN_HI", IsActive: true });
        Assert.True(bay.PackMl is PackMlState.Aborting or PackMlState.Aborted);
        Assert.Equal(0, bay.Current.Value);
        Assert.Equal(8, bay.Phase.Value);
        Assert.Equal("PIN_HI", bay.ResultCode.Value);
        bay.PinResistance = 1;
        bay.For(TimeSpan.FromHours(2));
        Assert.Equal(PackMlState.Execute, bay.PackMl);
    }

    [Fact]
    public void Lost_coolant_raises_CELL_HI()
    {
        var bay = After(TimeSpan.FromSeconds(1));
        bay.CoolantFlow = 0;
        bay.For(TimeSpan.FromMinutes(12));
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.CELL_HI" && c.Value.AsBoolean);
        Assert.Equal("CELL_HI", bay.ResultCode.Value);
    }

    [Fact]
    public void Vehicle_that_asks_for_300_ampere_is_too_slow()
    {
        var bay = After(TimeSpan.FromSeconds(1));
        bay.BmsLimit = 300;
        bay.For(TimeSpan.FromMinutes(30));
        Assert.Equal("SLOW", bay.ResultCode.Value);
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.SLOW" && c.Value.AsBoolean);
        Assert.True(_sink.Of(bay.Current).Max(c => c.Value.AsDouble) < 303);
    }

    [Fact]
    public void Weak_charger_raises_CURR_DEV_after_three_seconds()
    {
        var bay = After(TimeSpan.FromSeconds(1));
        bay.ChargerGain = 0.9;
        bay.For(TimeSpan.FromMinutes(2));
        Assert.Contains(bay.Alarms, a => a is { Tag: "CURR_DEV", IsActive: true });
        bay.ChargerGain = 1;
        bay.ForSeconds(10);
        Assert.DoesNotContain(bay.Alarms, a => a.IsActive);
    }

    [Fact]
    public void Stuck_state_of_charge_stands_still_while_the_pack_fills()
    {
        var bay = After(TimeSpan.FromMinutes(3));
        bay.SocIsStuck = true;
        var shown = bay.Soc.Value;
        bay.For(TimeSpan.FromMinutes(4));
        Assert.Equal(shown, bay.Soc.Value);
        Assert.True(bay.Energy.Value > 40);
    }

    [Fact]
    public void StartTest_has_interlocks_and_StopCharge_leaves_the_vehicle_undecided()
    {
        var bay = After(TimeSpan.FromSeconds(5), @operator: false);
        bay.Call("Reset");
        bay.ForSeconds(10);
        var vin = Vin.Create(9);
        Assert.Equal(MethodOutcome.BadInvalidState, bay.Call("StopCharge").Status);
        bay.PlugCanLock = false;
        Assert.Equal(MethodOutcome.BadInvalidState, Start(bay, vin, "QUICK").Status);
        bay.PlugCanLock = true;
        Assert.Equal(MethodOutcome.BadInvalidArgument, Start(bay, vin, "SLOWLY").Status);
        Assert.True(Start(bay, vin, "FULL-10-80").IsGood);
        bay.For(TimeSpan.FromMinutes(4));
        Assert.Equal(5, bay.Phase.Value);
        Assert.True(bay.Call("StopCharge").IsGood);
        bay.For(TimeSpan.FromMinutes(3));
        Assert.Equal(PackMlState.Complete, bay.PackMl);
        Assert.Equal(3, bay.ResultEvaluation.Value);
        Assert.Equal("STOPPED", bay.ResultCode.Value);
        Assert.Equal(0, bay.Current.Value);
    }

    [Fact]
    public void Hold_takes_the_current_away_and_Unhold_gives_it_back()
    {
        var bay = After(TimeSpan.FromMinutes(4));
        Assert.True(bay.Current.Value > 600);
        Assert.True(bay.Call("Hold", SignalValue.From("test")).IsGood);
        bay.ForSeconds(10);
        Assert.Equal(0, bay.Current.Value);
        Assert.True(bay.Call("Unhold").IsGood);
        bay.ForSeconds(30);
        Assert.True(bay.Current.Value > 600);
    }

    [Fact]
    public void Set_point_limits_the_current()
    {
        var bay = After(TimeSpan.FromSeconds(1));
        Assert.Equal(MethodOutcome.BadOutOfRange, bay.Call("SetPoint", SignalValue.From("MaxCurrent"), SignalValue.From(800.0), SignalValue.From("AMP")).Status);
        Assert.True(bay.Call("SetPoint", SignalValue.From("MaxCurrent"), SignalValue.From(500.0), SignalValue.From("AMP")).IsGood);
        bay.For(TimeSpan.FromMinutes(4));
        Assert.Equal(500, bay.Current.Value, 2.0);
        Assert.DoesNotContain(bay.Alarms, a => a.IsActive);
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

    private static MethodOutcome Start(FastChargeTest bay, string vin, string profile) =>
        bay.Call("StartTest", SignalValue.From(vin), SignalValue.From(profile));
}
