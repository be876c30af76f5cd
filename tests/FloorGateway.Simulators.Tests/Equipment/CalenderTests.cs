using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class CalenderTests
{
    private const double Warm = 1700;

    private readonly RecordingSink _sink = new();
    private UnitContext _context = null!;

    private Calender After(double seconds, Action<Calender>? prepare = null)
    {
        _context = Run.Context(_sink);
        var calender = new Calender("CAL01", _context);
        prepare?.Invoke(calender);
        calender.Advance(0);
        calender.ForSeconds(seconds);
        return calender;
    }

    [Fact]
    public void Pressed_web_has_3_5_grams_per_cubic_centimetre_and_131_micrometres()
    {
        Assert.Equal(3.497, Calender.DensityAt(1800), 0.001);
        var calender = After(Warm + 3100);
        var from = _sink.When(calender.WebSpeed, 60);
        Assert.Equal(3.497, _sink.Numbers(calender.Density, from).Average(), 0.003);
        var thickness = _sink.Numbers(calender.Thickness, from);
        Assert.Equal(130.96, thickness.Average(), 0.1);
        Assert.All(thickness, t => Assert.InRange(t, 129, 133));
        Assert.Equal(100, calender.RollTemp.Value[0], 6.0);
    }

    [Fact]
    public void Force_swings_by_one_per_cent_once_a_turn_of_the_press_roll()
    {
        var calender = After(Warm + 400);
        var force = _sink.Of(calender.LineForce).Where(c => c.Seconds > Warm + 300).ToArray();
        Assert.Equal(1818, force.Max(c => c.Value.AsDouble), 3.0);
        Assert.Equal(1782, force.Min(c => c.Value.AsDouble), 3.0);
        // Turns of 2.51 m at 1 m/s: between two upward crossings lie 2.51 s.
        var crossings = force.Zip(force.Skip(1)).Where(p => p.First.Value.AsDouble < 1800 && p.Second.Value.AsDouble >= 1800).Select(p => p.Second.Seconds).ToArray();
        Assert.Equal(Math.PI * 0.8, (crossings[^1] - crossings[0]) / (crossings.Length - 1), 0.02);
    }

    [Fact]
    public void Roll_is_cut_into_four_coils_in_50_minutes()
    {
        var calender = After(Warm + 3 * 3050);
        Assert.Equal(3000, _sink.Numbers(calender.CycleTime, 1)[1], 1.0);
        Assert.Equal(calender.GoodCount.Value, (uint)_context.Parts.Made(PartKind.Coil));
        var coils = calender.ResultCoils.Value;
        Assert.Equal(4, coils.Length);
        foreach (var coil in coils) Assert.Equal([calender.ResultRoll.Value], _context.Genealogy.InsideOf(coil));
        Assert.Equal(coils, _context.Genealogy.ParentsOf(calender.ResultRoll.Value));
        Assert.Equal(_context.Parts.Made(PartKind.Coil) / 4, _context.Parts.Ended(PartKind.Roll, PartFate.Consumed));
        Assert.Equal(1, _context.Parts.InStock(PartKind.Roll));
    }

    [Fact]
    public void Worn_knives_hold_the_machine_at_116_kilometres_and_the_fitter_changes_them()
    {
        var calender = After(Warm + 100);
        calender.KnifeMetres = 116_500;
        calender.ForSeconds(100);
        Assert.False(_sink.Raised("BURR"));
        calender.ForSeconds(120);
        Assert.True(_sink.Raised("BURR"));
        calender.ForSeconds(3 * 3600);
        Assert.Equal(PackMlState.Execute, calender.PackMl);
        Assert.False(calender.Alarms.Single(a => a.Tag == "BURR").IsActive);
        Assert.InRange(calender.KnifeMetres, 1000, 20_000);
    }

    [Fact]
    public void Knives_are_changed_at_rest_only()
    {
        var calender = After(Warm + 300);
        Assert.Equal(MethodOutcome.BadInvalidState, calender.Call("ChangeKnife").Status);
        Assert.True(calender.Call("Hold", SignalValue.From("knife")).IsGood);
        calender.ForSeconds(90);
        Assert.Equal(PackMlState.Held, calender.PackMl);
        Assert.True(calender.Call("ChangeKnife").IsGood);
        Assert.Equal(0, calender.KnifeLife.Value);
    }

    [Fact]
    public void A_skewed_roll_stops_the_machine()
    {
        var calender = After(Warm + 300);
        calender.Skew = 6;
        calender.ForSeconds(10);
        Assert.True(_sink.Raised("FORCE_DIFF"));
        Assert.Equal(1.06, calender.ForceDrive.Value / calender.ForceOperator.Value, 0.02);
        Assert.Equal(12, calender.StopReason.Value);
    }

    [Fact]
    public void Too_little_force_leaves_the_web_too_thick()
    {
        var calender = After(Warm + 300);
        Assert.True(calender.SetPoint("LineForce", 1300).IsGood);
        calender.ForSeconds(30);
        Assert.True(_sink.Raised("THK"));
        Assert.Equal(MethodOutcome.BadOutOfRange, calender.SetPoint("LineForce", 2501).Status);
    }

    [Fact]
    public void Force_in_raw_counts_is_27648_for_2500()
    {
        var calender = After(Warm + 300, c => c.ForceInRawCounts = true);
        Assert.Equal(1800 / 2500.0 * 27_648, calender.LineForce.Value, 260.0);
        Assert.Equal(calender.LineForce.Value, Math.Round(calender.LineForce.Value));
    }

    [Fact]
    public void A_held_roll_is_finished_and_a_stopped_one_is_scrap()
    {
        var calender = After(Warm + 600);
        var roll = calender.PartId.Value;
        Assert.True(calender.Call("Hold", SignalValue.From("test")).IsGood);
        calender.ForSeconds(30);
        Assert.Equal(PackMlState.Holding, calender.PackMl);
        calender.ForSeconds(60);
        Assert.Equal(PackMlState.Held, calender.PackMl);
        Assert.Equal(0, calender.WebSpeed.Value);
        Assert.Single(calender.InWork);
        Assert.True(calender.Call("Unhold").IsGood);
        calender.ForSeconds(3000);
        Assert.Equal(roll, calender.ResultRoll.Value);

        Assert.True(calender.Call("Stop").IsGood);
        calender.ForSeconds(90);
        Assert.Equal(PackMlState.Stopped, calender.PackMl);
        Assert.Empty(calender.InWork);
        Assert.Equal(1, _context.Parts.Ended(PartKind.Roll, PartFate.Scrapped));
        Assert.Equal(4u, calender.RejectCount.Value);
    }
}
