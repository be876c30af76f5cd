using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class SlurryMixerTests
{
    private readonly RecordingSink _sink = new();
    private UnitContext _context = null!;

    private SlurryMixer After(double hours, Action<SlurryMixer>? prepare = null)
    {
        _context = Run.Context(_sink);
        var mixer = new SlurryMixer("MIX01", _context);
        prepare?.Invoke(mixer);
        mixer.Advance(0);
        mixer.ForSeconds(hours * 3600);
        return mixer;
    }

    [Fact]
    public void Batch_takes_180_minutes_through_six_phases()
    {
        var mixer = After(40);
        var cycles = _sink.Numbers(mixer.CycleTime, 1);
        // Two batches in a row that take the same time to the hundredth of a second are one value.
        Assert.InRange(cycles.Length, 11, 13);
        Assert.Equal(10_800, cycles.Median(), 220.0);
        var steps = _sink.Of(mixer.Step).Where(c => c.Value.AsInt64 > 0).Take(7).ToArray();
        Assert.Equal([1, 2, 3, 4, 5, 6, 1], steps.Select(c => (int)c.Value.AsInt64));
        double[] expected = [1200, 2400, 1200, 3600, 1200];
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], steps[i + 1].Seconds - steps[i].Seconds, 1e-6);
        Assert.Equal(13u, mixer.GoodCount.Value);
        Assert.Equal(0u, mixer.RejectCount.Value);
    }

    [Fact]
    public void Viscosity_falls_with_35_minutes_towards_4500()
    {
        var mixer = After(12);
        var kneading = _sink.Of(mixer.Step).Where(c => c.Value.AsInt64 == 2).Select(c => c.Seconds).ToArray();
        var residuals = new List<double>();
        foreach (var change in _sink.Of(mixer.Viscosity).Where(c => c.Value.AsDouble > 0))
        {
            var t = change.Seconds - kneading.Last(k => k <= change.Seconds);
            if (t < 8390) residuals.Add(change.Value.AsDouble - (4500 + 16_000 * Math.Exp(-t / 2100)));
        }

        Assert.True(residuals.Count > 2000);
        Assert.Equal(0, residuals.Average(), 8.0);
        Assert.Equal(80, residuals.ToArray().Sigma(), 5.0);
    }

    [Fact]
    public void Torque_follows_viscosity_and_speed_and_its_power_warms_the_slurry_within_its_band()
    {
        var mixer = After(12);
        var disperse = _sink.When(mixer.Step, 4);
        var at = disperse + 3000;
        var torque = _sink.Of(mixer.ShaftTorque).Last(c => c.Seconds < at).Value.AsDouble;
        var viscosity = 4500 + 16_000 * Math.Exp(-(3000.0 + 3600) / 2100);
        Assert.Equal(25 * viscosity / 1000 * Math.Sqrt(800 / 60.0), torque, 8.0);
        var temps = _sink.Numbers(mixer.Temp);
        Assert.InRange(temps.Min(), 24.5, 26);
        Assert.InRange(temps.Max(), 31, 35);
    }

    [Fact]
    public void Stirring_too_fast_overheats_and_holds_the_batch()
    {
        var mixer = After(0.1);
        Assert.True(mixer.SetPoint("Speed", 1400).IsGood);
        Assert.Equal(1400, mixer.SpeedSetPoint.Value);
        mixer.ForSeconds(3 * 3600);
        Assert.True(_sink.Raised("TEMP_HI"));
        Assert.Contains(_sink.Of(mixer.State), c => c.Value.AsInt64 == (int)PackMlState.Held);
        Assert.Equal(MethodOutcome.BadOutOfRange, mixer.SetPoint("Jacket", 41).Status);
    }

    [Fact]
    public void Doses_are_within_a_fifth_of_a_per_cent_and_on_record()
    {
        var mixer = After(3.2);
        var lot = mixer.ResultLotId.Value;
        Assert.Equal("SL-270315-MIX01-0001", lot);
        double[] target = [1915.2, 40.32, 40.32, 20.16, 604.8, 259.2];
        var dosed = (double[])_sink.Of(mixer.MassDosed).Last(c => c.Seconds < _sink.When(mixer.Step, 5)).Value.AsArray;
        for (var i = 0; i < target.Length; i++) Assert.InRange(dosed[i] / target[i], 0.997, 1.003);
        Assert.Equal(mixer.ResultLots.Value, _context.Genealogy.InsideOf(lot));
        Assert.Equal(70, mixer.ResultSolids.Value, 1.0);
        Assert.True(mixer.ResultFineness.Value < 25);
        Assert.Equal(1, _context.Parts.Ended(PartKind.SlurryLot, PartFate.Shipped));
    }

    [Fact]
    public void A_jammed_feeder_holds_the_batch_and_added_material_corrects_it()
    {
        var mixer = After(0.02);
        Assert.Equal(MethodOutcome.BadInvalidState, mixer.Call("AddMaterial", SignalValue.From("CB-1"), SignalValue.From(20.0)).Status);
        mixer.FeederJammed = true;
        mixer.ForSeconds(900);
        Assert.Contains(mixer.Alarms, a => a is { Tag: "DOSE", IsActive: true });
        Assert.Equal(12, mixer.StopReason.Value);
        Assert.Equal(MethodOutcome.BadOutOfRange, mixer.Call("AddMaterial", SignalValue.From("CB-1"), SignalValue.From(101.0)).Status);
        Assert.True(mixer.Call("AddMaterial", SignalValue.From("CB-1"), SignalValue.From(20.16)).IsGood);
        Assert.Equal(40.32, mixer.MassDosed.Value[1], 0.1);
        mixer.ForSeconds(4 * 3600);
        Assert.Equal(1u, mixer.GoodCount.Value);
        Assert.Contains("CB-1", _context.Genealogy.InsideOf(mixer.ResultLotId.Value));
    }

    [Fact]
    public void A_batch_too_thick_at_the_end_is_held_and_scrapped()
    {
        var mixer = After(5, m => m.ViscosityFactor = 1.4);
        Assert.True(_sink.Raised("VISC"));
        Assert.Equal(1u, mixer.RejectCount.Value);
        Assert.Equal(2, mixer.ResultEvaluation.Value);
        Assert.Equal(1, _context.Parts.Ended(PartKind.SlurryLot, PartFate.Scrapped));
    }

    [Fact]
    public void A_leaking_lid_raises_an_alarm_that_stops_nothing()
    {
        var mixer = After(3.3, m => m.SealLeak = 12);
        Assert.True(_sink.Raised("VAC"));
        Assert.False(mixer.Alarms.Single(a => a.Tag == "VAC").IsActive);
        Assert.Equal(1u, mixer.GoodCount.Value);
    }

    [Fact]
    public void A_scale_that_shows_too_much_makes_lots_of_too_little_material()
    {
        var mixer = After(3.2, m => m.ScaleError = 12);
        Assert.False(_sink.Raised("DOSE"));
        Assert.Equal(67.7, mixer.ResultSolids.Value, 1.0);
        Assert.Equal(1u, mixer.RejectCount.Value);
    }
}
