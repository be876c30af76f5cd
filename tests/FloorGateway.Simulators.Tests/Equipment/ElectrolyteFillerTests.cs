using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class ElectrolyteFillerTests
{
    private readonly RecordingSink _sink = new();

    private ElectrolyteFiller Filler(UnitContext? context = null)
    {
        var filler = new ElectrolyteFiller("ELF01", context ?? Run.Context(_sink));
        filler.Advance(0);
        return filler;
    }

    [Fact]
    public void Six_hundred_cells_an_hour_get_their_dose()
    {
        var filler = Filler();
        filler.For(TimeSpan.FromHours(6));
        var perHour = (filler.GoodCount.Value + filler.RejectCount.Value) / 6.0;
        Assert.InRange(perHour, 540, 605);
        Assert.Equal(120, _sink.Of(filler.CycleTime).Skip(1).Select(c => c.Value.AsDouble).Where(c => c < 135).Average(), 0.8);
        var doses = _sink.Of(filler.DoseMass).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(245, doses.Average(), 0.05);
        Assert.Equal(0.8, Math.Sqrt(doses.Average(d => (d - 245) * (d - 245))), 0.03);
        Assert.InRange(filler.RejectCount.Value / (double)doses.Length, 0, 0.006);
        Assert.Equal(244.6, _sink.Of(filler.Retention).Skip(1).Average(c => c.Value.AsDouble), 0.1);
    }

    [Fact]
    public void The_chamber_reaches_its_vacuum_with_three_seconds()
    {
        var filler = Filler();
        filler.ForSeconds(400);
        var vacuum = _sink.Of(filler.Vacuum);
        Assert.InRange(vacuum.Min(c => c.Value.AsDouble), -95, -94.4);
        var evacuate = _sink.Of(filler.Step).First(c => c.Value.AsInt64 == 2).Seconds;
        var after = vacuum.Last(c => c.Seconds <= evacuate + 3.25 && c.Seconds > evacuate);
        Assert.Equal(-95 * (1 - Math.Exp(-(after.Seconds - evacuate) / 3)), after.Value.AsDouble, 0.01);
    }

    [Fact]
    public void Cells_come_out_after_a_day_of_soaking()
    {
        var context = Run.Context(new RecordingSink(s => s.Name == "Result.SoakHours"));
        var filler = Filler(context);
        filler.For(TimeSpan.FromHours(23.9));
        Assert.Equal(0, context.Parts.Ended(PartKind.Cell, PartFate.Shipped));
        Assert.InRange(filler.SoakCount.Value, 13_000u, 14_400u);
        Assert.InRange(filler.SoakElapsed.Value, 23.5, 24);
        filler.For(TimeSpan.FromHours(1));
        var shipped = context.Parts.Ended(PartKind.Cell, PartFate.Shipped);
        Assert.InRange(shipped, 400, 600);
        Assert.Equal(24, filler.ResultSoak.Value, 0.01);
        Assert.Equal(context.Parts.Made(PartKind.Cell), shipped + context.Parts.Ended(PartKind.Cell, PartFate.Scrapped) + filler.InWork.Count());
    }

    [Fact]
    public void A_blocked_nozzle_rejects_its_cells_and_stops_the_machine()
    {
        var filler = Filler();
        filler.BlockedNozzle = 7;
        filler.ForSeconds(400);
        Assert.True(filler.RejectCount.Value >= 1);
        Assert.Contains(_sink.Of(filler.Alarms.Single(a => a.Tag == "DOSE").Signal), c => c.Value.AsBoolean);
        Assert.Contains(_sink.Of(filler.State), c => c.Value.AsInt64 == (int)PackMlState.Held);
    }

    [Theory]
    [InlineData("VAC", 0)]
    [InlineData("H2O", 1)]
    [InlineData("HF", 2)]
    public void Process_alarms_rise_and_stop_the_machine(string tag, int fault)
    {
        var filler = Filler();
        filler.ForSeconds(150);
        if (fault == 0) filler.PumpLoss = 8;
        else if (fault == 1) filler.WaterIngress = 20;
        else filler.FluorideLeak = 2;
        filler.ForSeconds(260);
        Assert.Contains(_sink.Of(filler.Alarms.Single(a => a.Tag == tag).Signal), c => c.Value.AsBoolean);
        var expected = tag == "HF" ? PackMlState.Aborted : PackMlState.Held;
        Assert.Contains(_sink.Of(filler.State), c => c.Value.AsInt64 == (int)expected);
        (filler.PumpLoss, filler.WaterIngress, filler.FluorideLeak) = (0, 0, 0);
        filler.For(TimeSpan.FromHours(3));
        Assert.False(filler.Alarms.Single(a => a.Tag == tag).IsActive);
        Assert.Equal(PackMlState.Execute, filler.PackMl);
    }

    [Fact]
    public void The_dose_set_point_is_followed()
    {
        var filler = Filler();
        Assert.Equal(MethodOutcome.BadOutOfRange, filler.Call("SetPoint", SignalValue.From("Dose"), SignalValue.From(261.0), SignalValue.From("GRM")).Status);
        Assert.True(filler.Call("SetPoint", SignalValue.From("Dose"), SignalValue.From(250.0), SignalValue.From("GRM")).IsGood);
        filler.For(TimeSpan.FromMinutes(30));
        Assert.Equal(250, _sink.Of(filler.DoseMass).Skip(1).Average(c => c.Value.AsDouble), 0.2);
        Assert.Equal(0u, filler.RejectCount.Value / 10);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static ulong Checksum(ulong seed)
        {
            var log = new TruthLog(null);
            new ElectrolyteFiller("ELF01", Run.Context(log, seed)).Advance(TimeSpan.FromHours(1).Ticks);
            return log.Checksum;
        }

        Assert.Equal(Checksum(1), Checksum(1));
        Assert.NotEqual(Checksum(1), Checksum(2));
    }
}
