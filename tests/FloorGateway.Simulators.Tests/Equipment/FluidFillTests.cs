using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class FluidFillTests
{
    private RecordingSink _sink = new();

    private FluidFill After(TimeSpan span, ulong seed = 1)
    {
        var station = new FluidFill("FF01", Run.Context(_sink, seed));
        station.Advance(0);
        station.For(span);
        return station;
    }

    [Fact]
    public void Evacuation_follows_the_pump_and_the_fill_its_flow()
    {
        var station = After(TimeSpan.FromMinutes(2));
        var steps = _sink.Of(station.Step).ToLookup(c => c.Value.AsInt64, c => c.Seconds);
        var (evacuate, hold, fill, release) = (steps[2].First(), steps[3].First(), steps[4].First(), steps[5].First());
        Assert.Equal(25, hold - evacuate, 1e-6);
        Assert.Equal(10, fill - hold, 1e-6);
        Assert.InRange(release - fill, 68, 74);
        foreach (var change in Of(station, "Coolant.Pressure").Where(c => c.Seconds > evacuate + 1 && c.Seconds < hold))
            Assert.Equal(2 + 1011 * Math.Exp(-(change.Seconds - evacuate) / 4), change.Value.AsDouble, 25.0);
        Assert.InRange(Of(station, "Coolant.Pressure").Last(c => c.Seconds <= hold).Value.AsDouble, 2, 5);
        // 12 l/min: 6 l after half a minute.
        Assert.Equal(6, Of(station, "Coolant.Volume").Last(c => c.Seconds <= fill + 30).Value.AsDouble, 0.25);
        Assert.Equal(14, Of(station, "Coolant.Filled").Last().Value.AsDouble, 0.2);
    }

    [Fact]
    public void A_vehicle_takes_108_seconds_and_nearly_all_are_good()
    {
        _sink = new(s => s.Name is "CycleTime" or "PartId" || s.Name.StartsWith("Result", StringComparison.Ordinal) || s.Name.EndsWith("Filled", StringComparison.Ordinal));
        var station = After(TimeSpan.FromHours(30));
        var times = _sink.Of(station.CycleTime).Select(c => c.Value.AsDouble).Where(t => t > 0).Order().ToArray();
        Assert.Equal(108, times[times.Length / 2], 2.0);
        Assert.True(station.GoodCount.Value > 800);
        Assert.InRange(station.RejectCount.Value / (double)station.GoodCount.Value, 0, 0.015);
        Assert.All(_sink.Of(station.PartId).Skip(1), c => Assert.True(Vin.IsValid(c.Value.AsString)));
        var brake = Of(station, "Brake.Filled").Select(c => c.Value.AsDouble).Where(v => v > 0).ToArray();
        Assert.Equal(0.9, brake.Average(), 0.001);
        Assert.True(brake.Count(v => Math.Abs(v / 0.9 - 1) > 0.01) <= brake.Length / 200);
    }

    [Fact]
    public void Worn_adapter_seal_raises_EVAC_and_holds_the_station()
    {
        var station = After(TimeSpan.FromMinutes(3));
        station.SealLeak = 0.3;
        station.For(TimeSpan.FromMinutes(3));
        Assert.Equal(PackMlState.Held, station.PackMl);
        Assert.Contains(station.Alarms, a => a is { Tag: "EVAC", IsActive: true });
        station.SealLeak = 0;
        station.For(TimeSpan.FromHours(2));
        Assert.Equal(PackMlState.Execute, station.PackMl);
        Assert.DoesNotContain(station.Alarms, a => a.IsActive);
        Assert.Contains(_sink.Of(station.ResultCode), c => c.Value.AsString.Contains("EVAC", StringComparison.Ordinal));
    }

    [Fact]
    public void Leaking_refrigerant_raises_GAS_after_three_seconds_and_aborts()
    {
        var station = After(TimeSpan.FromMinutes(3));
        station.GasLeak = 1500;
        station.ForSeconds(10);
        Assert.Contains(station.Alarms, a => a is { Tag: "GAS", IsActive: true });
        Assert.True(station.PackMl is PackMlState.Aborted or PackMlState.Aborting);
        station.GasLeak = 0;
        station.ForSeconds(60);
        Assert.DoesNotContain(station.Alarms, a => a is { Tag: "GAS", IsActive: true });
        Assert.Equal("GIVEN_UP", station.ResultCode.Value);
        Assert.Equal(3, station.ResultEvaluation.Value);
    }

    [Fact]
    public void Controller_that_publishes_megapascal_is_off_by_ten()
    {
        var station = After(TimeSpan.FromSeconds(20));
        Assert.InRange(station.PressureTest.Value, 3.9, 4.0);
        station.PublishesMegapascal = true;
        station.ForSeconds(5);
        Assert.InRange(station.PressureTest.Value, 0.39, 0.40);
    }

    [Fact]
    public void Set_points_move_three_per_cent_and_no_more()
    {
        var station = After(TimeSpan.FromMinutes(1));
        Assert.Equal(MethodOutcome.BadOutOfRange, SetPoint(station, "CoolantVolume", 14.5, "LTR").Status);
        Assert.True(SetPoint(station, "CoolantVolume", 14.3, "LTR").IsGood);
        station.For(TimeSpan.FromMinutes(5));
        Assert.Equal(14.3, Of(station, "Coolant.Filled").Last().Value.AsDouble, 0.2);
    }

    [Fact]
    public void Same_seed_gives_the_same_changes()
    {
        After(TimeSpan.FromMinutes(20), seed: 9);
        var first = Checksum(_sink);
        _sink = new();
        After(TimeSpan.FromMinutes(20), seed: 9);
        Assert.Equal(first, Checksum(_sink));
        _sink = new();
        After(TimeSpan.FromMinutes(20), seed: 10);
        Assert.NotEqual(first, Checksum(_sink));
    }

    internal static double Checksum(RecordingSink sink) => sink.Changes.Aggregate(0.0, (sum, c) => sum * 0.9 + c.Value.Total + c.SourceTicks % 1_000_003);

    private static MethodOutcome SetPoint(Unit unit, string tag, double value, string code) =>
        unit.Call("SetPoint", SignalValue.From(tag), SignalValue.From(value), SignalValue.From(code));

    private List<RecordingSink.Change> Of(Unit unit, string name) => _sink.Of(unit.Signals.Single(s => s.Name == name));
}
