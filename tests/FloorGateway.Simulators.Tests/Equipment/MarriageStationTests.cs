using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class MarriageStationTests
{
    private readonly RecordingSink _sink = new(s => s.Name != "Heartbeat");
    private UnitContext _context = null!;

    private MarriageStation Station(double hours, Action<MarriageStation>? prepare = null)
    {
        var station = new MarriageStation("MAR01", _context = Run.Context(_sink));
        prepare?.Invoke(station);
        station.For(TimeSpan.FromHours(hours));
        return station;
    }

    [Fact]
    public void A_marriage_takes_115_seconds_and_joins_one_pack_to_one_vehicle()
    {
        var station = Station(8);
        var cycles = _sink.Of(station.CycleTime).Skip(1).Select(c => c.Value.AsDouble).Order().ToArray();
        Assert.Equal(115, cycles[cycles.Length / 2], 1.5);
        Assert.InRange(station.GoodCount.Value, 225u, 255u);
        Assert.Equal([1L, 2, 3, 4, 5, 6, 1, 2], _sink.Of(station.Step).Select(c => c.Value.AsInt64).Where(s => s > 0).Take(8));
        Assert.Equal([station.ResultPack.Value], _context.Genealogy.InsideOf(station.ResultVin.Value));
        Assert.True(Vin.IsValid(station.ResultVin.Value));
        Assert.True(BatteryCode.IsValid(station.ResultPack.Value));
        Assert.Equal(16, station.ResultJoints.Value.Length);
        Assert.Equal(_context.Parts.InStock(PartKind.Pack) + _context.Parts.InStock(PartKind.Vehicle), station.PartsInside.Count());
    }

    [Fact]
    public void Alignment_leaves_forty_per_cent_of_the_error_a_pass_and_converges_within_five()
    {
        var station = Station(20);
        var start = _sink.Of(station.AlignX).Where((c, i) => i > 0 && Math.Abs(c.Value.AsDouble) > 2).ToArray();
        Assert.NotEmpty(start);
        var x = _sink.Of(station.AlignX).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        var ratios = x.Zip(x.Skip(1), (a, b) => (a, b)).Where(p => Math.Abs(p.a) > 3 && Math.Sign(p.a) == Math.Sign(p.b) && Math.Abs(p.b) < Math.Abs(p.a)).Select(p => p.b / p.a).Order().ToArray();
        Assert.Equal(0.4, ratios[ratios.Length / 2], 0.02);
        Assert.DoesNotContain(_sink.Changes, c => c.Signal.Name == "Alarm.ALIGN" && c.Value.AsBoolean);
        station.PalletWorn = true;
        station.For(TimeSpan.FromMinutes(10));
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.ALIGN" && c.Value.AsBoolean);
    }

    [Fact]
    public void The_lift_rises_to_1450_mm_at_no_more_than_200_mm_a_second_and_feels_the_pack()
    {
        var station = Station(0.5);
        var heights = _sink.Of(station.LiftHeightSignal).ToArray();
        Assert.Equal(1450, heights.Max(c => c.Value.AsDouble), 1.0);
        for (var i = 1; i < heights.Length; i++)
        {
            var seconds = heights[i].Seconds - heights[i - 1].Seconds;
            if (seconds < 0.25) Assert.InRange(Math.Abs(heights[i].Value.AsDouble - heights[i - 1].Value.AsDouble) / seconds, 0, 215);
        }

        Assert.Equal(7.4, _sink.Of(station.LiftForce).Max(c => c.Value.AsDouble), 1e-9);
    }

    [Fact]
    public void A_wrong_pack_and_a_bad_bolt_hold_the_station()
    {
        var station = Station(0.2, s => s.WrongPack = true);
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.MISMATCH" && c.Value.AsBoolean);
        Assert.Contains(_sink.Of(station.State), c => c.Value.AsInt64 == (int)PackMlState.Held);
        station.WrongPack = false;
        station.For(TimeSpan.FromHours(1));
        Assert.Equal(PackMlState.Execute, station.PackMl);
        Assert.Equal(0u, station.RejectCount.Value);
        station.BoltFault = 7;
        station.For(TimeSpan.FromMinutes(10));
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.BOLT" && c.Value.AsBoolean);
        Assert.Equal(ushort.MaxValue & ~(1 << 6), station.BoltOk.Value);
    }

    [Fact]
    public void High_voltage_interlock_is_inverted()
    {
        var station = Station(0.02);
        Assert.True(station.HvInterlock.Value);
        station.ForSeconds(90);
        var at = _sink.Of(station.HvMate).First(c => c.Value.AsBoolean);
        Assert.Equal(at.Seconds, _sink.Of(station.HvInterlock).First(c => !c.Value.AsBoolean).Seconds);
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes() => Assert.Equal(Checksum(), Checksum());

    private static ulong Checksum()
    {
        using var truth = new TruthLog();
        new MarriageStation("MAR01", Run.Context(truth)).Advance(TimeSpan.FromMinutes(30).Ticks);
        return truth.Checksum;
    }
}
