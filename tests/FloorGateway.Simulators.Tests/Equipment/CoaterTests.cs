using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class CoaterTests
{
    private const double Warm = 1900;

    private readonly RecordingSink _sink = new();
    private UnitContext _context = null!;

    private Coater After(double seconds, Action<Coater>? prepare = null, string code = "COAT01")
    {
        _context = Run.Context(_sink);
        var coater = new Coater(code, _context);
        prepare?.Invoke(coater);
        coater.Advance(0);
        coater.ForSeconds(seconds);
        return coater;
    }

    [Fact]
    public void Oven_is_warmed_up_for_25_minutes_before_web_runs()
    {
        var coater = After(2400);
        Assert.InRange(_sink.When(coater.State, (int)PackMlState.Execute), 25 * 60, 31 * 60);
        for (var i = 0; i < 8; i++) Assert.Equal(coater.ZoneSetPoint[i].Value, coater.ZoneTemp[i].Value, 2.0);
        Assert.InRange(_sink.Numbers(coater.ZoneTemp[3]).Max(), 120, 132);
        Assert.False(_sink.Raised("ZONE_DEV"));
    }

    [Fact]
    public void Speed_rises_by_one_metre_a_minute_each_second()
    {
        var coater = After(2200);
        var rise = _sink.When(coater.WebSpeed, 60) - _sink.When(coater.State, (int)PackMlState.Execute);
        Assert.Equal(60, rise, 1.0);
    }

    [Fact]
    public void Loading_keeps_208_within_two_and_the_film_124_micrometres()
    {
        var coater = After(1.4 * 3600);
        var start = _sink.When(coater.WebSpeed, 60) + 30;
        var a = _sink.Numbers(coater.LoadingA, start);
        Assert.Equal(208, a.Average(), 0.15);
        Assert.Equal(Math.Sqrt(0.5 * 0.5 + 0.4 * 0.4 / 2), a.Sigma(), 0.06);
        Assert.True(a.Count(x => x is < 206 or > 210) < a.Length / 500);
        Assert.Equal(123.8, _sink.Numbers(coater.WetThickness, start).Average(), 0.3);
        Assert.Equal(9.66, coater.PumpFlow.Value, 0.05);
        Assert.False(_sink.Raised("LOAD_DEV"));
        var profile = coater.LoadingProfile.Value;
        Assert.Equal(0.97, profile[0] / profile.Skip(10).Take(40).Average(), 0.01);
    }

    [Fact]
    public void Roll_of_3000_metres_takes_50_minutes_and_is_spliced_once()
    {
        var coater = After(Warm + 4 * 3100);
        var cycles = _sink.Numbers(coater.CycleTime, 1);
        Assert.Equal(3030, cycles[0], 2.0);
        Assert.Equal(3000, cycles[1], 1.0);
        Assert.Equal(3000, coater.ResultMetres.Value, 1.0);
        Assert.Equal(208, coater.ResultLoading.Value, 0.2);
        Assert.Equal(4u, coater.GoodCount.Value);
        var splices = _sink.Of(coater.SpliceActive).Where(c => c.Seconds > 0).ToArray();
        Assert.InRange(splices.Length, 8, 9);
        Assert.Equal(1.5, splices[1].Seconds - splices[0].Seconds, 0.25);
        var pull = _sink.Numbers(coater.TensionUnwind, splices[0].Seconds + 0.1, splices[1].Seconds - 0.1);
        Assert.Equal(0.75 * 150, pull.Average(), 5.0);
        Assert.False(_sink.Raised("TENS"));
    }

    [Fact]
    public void A_lot_serves_several_rolls_and_ends_with_its_last_litre()
    {
        var coater = After(Warm + 5 * 3050);
        var lots = _context.Parts;
        Assert.Equal(6, lots.Made(PartKind.Roll));
        // Six rolls of 966 l each out of lots of 1,200 l.
        Assert.Equal(5, lots.Made(PartKind.SlurryLot));
        Assert.Equal(4, lots.Ended(PartKind.SlurryLot, PartFate.Consumed));
        Assert.Equal(lots.InStock(PartKind.SlurryLot), coater.InWork.Count(p => p.Kind == PartKind.SlurryLot));
        var second = _sink.Of(coater.PartId)[2].Value.AsString;
        Assert.Equal(2, _context.Genealogy.InsideOf(second).Count);
    }

    [Fact]
    public void Residual_solvent_is_a_fifth_of_a_per_cent_and_vapour_stays_below_18()
    {
        var coater = After(Warm + 3000);
        Assert.Equal(0.2, coater.Residual.Value, 0.02);
        var vapour = _sink.Of(coater.Lel).SelectMany(c => (double[])c.Value.AsArray).Max();
        Assert.InRange(vapour, 14, 18);
    }

    [Fact]
    public void Weak_exhaust_trips_the_coater()
    {
        var coater = After(Warm + 300);
        coater.ExhaustFraction = 0.5;
        coater.ForSeconds(90);
        Assert.True(_sink.Raised("LEL_HI"));
        Assert.Contains(_sink.Of(coater.State), c => c.Value.AsInt64 == (int)PackMlState.Aborted);
        Assert.Equal(1, _context.Parts.Ended(PartKind.Roll, PartFate.Scrapped));
    }

    [Fact]
    public void A_slipping_pump_holds_the_coater_and_the_web_is_marked()
    {
        var coater = After(Warm + 600);
        coater.PumpSlip = 0.8;
        coater.ForSeconds(60);
        Assert.True(_sink.Raised("LOAD_DEV"));
        Assert.Equal(12, coater.StopReason.Value);
        coater.PumpSlip = 1;
        coater.ForSeconds(3 * 3600);
        var intervals = _sink.Of(coater.ResultIntervals)[1].Value.AsArray;
        Assert.True(intervals.Length >= 2);
    }

    [Fact]
    public void A_failed_splice_holds_the_coater()
    {
        var coater = After(Warm, c => c.NextSpliceFails = true);
        coater.ForSeconds(1700);
        Assert.True(_sink.Raised("TENS"));
        Assert.Equal(12, coater.StopReason.Value);
        coater.ForSeconds(2 * 3600);
        Assert.Equal(PackMlState.Execute, coater.PackMl);
    }

    [Fact]
    public void A_dead_heater_is_told_after_two_minutes_and_stops_nothing()
    {
        var coater = After(Warm + 60, c => c.DeadHeater = 0);
        coater.DeadHeater = 5;
        coater.ForSeconds(60);
        Assert.False(_sink.Raised("ZONE_DEV"));
        coater.ForSeconds(300);
        Assert.True(_sink.Raised("ZONE_DEV"));
        Assert.Equal(PackMlState.Execute, coater.PackMl);
    }

    [Fact]
    public void A_cold_oven_leaves_too_much_solvent()
    {
        var coater = After(Warm + 60);
        for (var zone = 1; zone <= 8; zone++) Assert.True(coater.SetPoint($"Zone{zone}", 80).IsGood);
        coater.ForSeconds(600);
        Assert.True(_sink.Raised("SOLV"));
        Assert.Equal(MethodOutcome.BadOutOfRange, coater.SetPoint("WebSpeed", 81).Status);
    }

    [Fact]
    public void A_drifting_gauge_makes_the_control_coat_too_thin()
    {
        var coater = After(Warm + 600, c => c.GaugeDrift = 6);
        coater.ForSeconds(3600);
        var late = coater.Seconds - 300;
        Assert.Equal(208, _sink.Numbers(coater.LoadingA, late).Average(), 0.4);
        // 6 g/m² an hour over 1.69 h are 10.2 g/m², and 6.0 µm of wet film.
        Assert.Equal(123.8 - 6 * coater.Seconds / 3600 / 1.68, _sink.Numbers(coater.WetThickness, late).Average(), 0.5);
    }

    [Fact]
    public void Solid_state_layers_are_coated_at_half_the_speed()
    {
        var coater = After(Warm + 900, code: "COAT05");
        Assert.Equal(ElectrodeLayers.SolidElectrolyte, coater.RecipeId.Value);
        Assert.Equal(30, coater.WebSpeed.Value, 0.1);
        Assert.Equal(208, coater.LoadingA.Value, 3.0);
    }

    [Fact]
    public void A_pilot_coater_makes_short_rolls_at_walking_pace()
    {
        _context = Run.Context(_sink);
        var coater = new Coater("PCOAT01", _context, ElectrodeLayers.SolidCathode, "LXE/JSH/ELE/PILOT/PCOAT01", speed: 5, rollMetres: 100);
        coater.Advance(0);
        coater.ForSeconds(Warm + 3 * 1250);
        Assert.Equal(3u, coater.GoodCount.Value);
        Assert.Equal(100, coater.ResultMetres.Value, 0.1);
        Assert.Equal(208, coater.ResultLoading.Value, 0.4);
        Assert.Equal(1, _context.Parts.Made(PartKind.SlurryLot));
    }

    [Fact]
    public void Speed_in_millimetres_a_minute_is_a_thousand_times_as_much()
    {
        var coater = After(Warm + 200, c => c.SpeedInMillimetres = true);
        Assert.Equal(60_000, coater.WebSpeed.Value, 0.1);
        Assert.Equal(60, coater.Speed, 1e-9);
    }
}
