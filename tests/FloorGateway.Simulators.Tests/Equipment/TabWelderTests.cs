using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class TabWelderTests
{
    private readonly RecordingSink _sink = new();

    private TabWelder Welder(ulong seed = 1, bool @operator = true, string code = "WLD01")
    {
        var welder = new TabWelder(code, Run.Context(_sink, seed, @operator: @operator));
        welder.Advance(0);
        return welder;
    }

    [Fact]
    public void A_cell_takes_two_welds_and_a_seal_of_10_4_seconds()
    {
        var welder = Welder();
        welder.For(TimeSpan.FromHours(4));
        var cycles = _sink.Of(welder.CycleTime).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(10.4, cycles.Where(c => c < 15).Average(), 0.05);
        Assert.InRange(cycles.Count(c => c > 20) / (double)cycles.Length, 0.004, 0.02);
        var steps = _sink.Of(welder.Step);
        var first = steps.FindIndex(s => s.Value.AsInt64 == 1);
        Assert.Equal(2.2, steps[first + 1].Seconds - steps[first].Seconds, 0.001);
        Assert.Equal(2.2, steps[first + 2].Seconds - steps[first + 1].Seconds, 0.001);
    }

    [Fact]
    public void Scores_resistance_and_seal_scatter_as_specified()
    {
        var welder = Welder();
        welder.For(TimeSpan.FromHours(12));
        var (mean, sigma) = Statistics(_sink.Of(welder.Score).Skip(1));
        Assert.Equal(0.92, mean, 0.002);
        Assert.Equal(0.03, sigma, 0.002);
        (mean, sigma) = Statistics(_sink.Of(welder.ResultResistance).Skip(1));
        Assert.Equal(45, mean, 0.15);
        Assert.Equal(2, sigma, 0.1);
        Assert.Equal(280, Statistics(_sink.Of(welder.PullForce).Skip(1)).Mean, 15.0);
        Assert.Equal(185, Statistics(_sink.Of(welder.SealTemp)).Mean, 0.2);
        Assert.All(_sink.Of(welder.SealPressure).Where(c => c.Value.AsDouble > 0), c => Assert.InRange(c.Value.AsDouble, 0.38, 0.42));
        Assert.Equal(2500, Statistics(_sink.Of(welder.Power).Where(c => c.Value.AsDouble > 0)).Mean, 10.0);
    }

    [Fact]
    public void Each_cell_gets_a_valid_code_and_keeps_its_past()
    {
        var context = Run.Context(_sink);
        var welder = new TabWelder("WLD08", context);
        welder.Advance(0);
        welder.For(TimeSpan.FromMinutes(30));
        var codes = _sink.Of(welder.PartId).Select(c => c.Value.AsString).Where(c => c.Length > 0).ToArray();
        Assert.True(codes.Length > 100);
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, c => Assert.Null(BatteryCode.Problem(c)));
        Assert.Equal('E', codes[0][4]);
        Assert.Equal(["WLD08-T0000001"], context.Genealogy.Backward(codes[0]));
        Assert.Equal(context.Parts.Made(PartKind.Cell), context.Parts.Ended(PartKind.Cell, PartFate.Consumed)
            + context.Parts.Ended(PartKind.Cell, PartFate.Scrapped) + context.Parts.Ended(PartKind.Cell, PartFate.Shipped) + welder.InWork.Count());
    }

    [Fact]
    public void A_dirty_lens_shows_as_lost_power_and_holds_the_machine_until_it_is_clean()
    {
        var welder = Welder(@operator: false);
        Assert.Equal(MethodOutcome.BadInvalidState, welder.Call("Start", SignalValue.From("J"), SignalValue.From("")).Status);
        welder.Call("Reset");
        welder.ForSeconds(6);
        Assert.True(welder.Call("Start", SignalValue.From("J"), SignalValue.From("WLD-S120")).IsGood);
        welder.ForSeconds(60);
        Assert.Equal(MethodOutcome.BadInvalidState, welder.Call("CleanLens").Status);
        welder.LensDirt = 0.05;
        welder.ForSeconds(60);
        Assert.Equal(PackMlState.Held, welder.PackMl);
        Assert.True(welder.Alarms.Single(a => a.Tag == "PWR").IsActive);
        Assert.True(welder.Call("CleanLens").IsGood);
        Assert.Equal(0, welder.LensDirt);
        Assert.True(welder.Call("Unhold").IsGood);
        welder.ForSeconds(120);
        Assert.Equal(PackMlState.Execute, welder.PackMl);
        Assert.False(welder.Alarms.Single(a => a.Tag == "PWR").IsActive);
    }

    [Fact]
    public void A_drifting_photodiode_rejects_cells_and_raises_the_score_alarm()
    {
        var welder = Welder();
        welder.PhotodiodeDrift = -0.05;
        welder.For(TimeSpan.FromHours(3));
        Assert.Contains(_sink.Of(welder.Alarms.Single(a => a.Tag == "SCORE").Signal), c => c.Value.AsBoolean);
        Assert.True(welder.RejectCount.Value > 0);
        Assert.True(_sink.Of(welder.ResultEvaluation).Exists(c => c.Value.AsInt64 == 2));
    }

    [Fact]
    public void A_cold_sealing_bar_rejects_what_it_seals()
    {
        var welder = Welder(@operator: false);
        welder.Call("Reset");
        welder.ForSeconds(6);
        welder.Call("Start", SignalValue.From("J"), SignalValue.From(""));
        welder.ForSeconds(30);
        welder.HeaterError = -6;
        welder.ForSeconds(30);
        Assert.True(welder.Alarms.Single(a => a.Tag == "SEAL_T").IsActive);
        Assert.Equal(PackMlState.Held, welder.PackMl);
        var rejects = welder.RejectCount.Value;
        welder.Call("Unhold");
        welder.ForSeconds(20);
        Assert.True(welder.RejectCount.Value > rejects);
    }

    [Fact]
    public void The_power_set_point_is_read_back_and_limited()
    {
        var welder = Welder();
        Assert.Equal(MethodOutcome.BadOutOfRange, welder.Call("SetPoint", SignalValue.From("Power"), SignalValue.From(3600.0), SignalValue.From("WTT")).Status);
        Assert.True(welder.Call("SetPoint", SignalValue.From("Power"), SignalValue.From(2600.0), SignalValue.From("WTT")).IsGood);
        Assert.Equal(2600, welder.PowerSetPoint.Value);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static ulong Checksum(ulong seed)
        {
            var log = new TruthLog(null);
            var welder = new TabWelder("WLD01", Run.Context(log, seed));
            welder.Advance(TimeSpan.FromMinutes(30).Ticks);
            return log.Checksum;
        }

        Assert.Equal(Checksum(1), Checksum(1));
        Assert.NotEqual(Checksum(1), Checksum(2));
    }

    private static (double Mean, double Sigma) Statistics(IEnumerable<RecordingSink.Change> changes)
    {
        var values = changes.Select(c => c.Value.AsDouble).ToArray();
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))));
    }
}
