using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class PaintLineTests
{
    private readonly RecordingSink _sink = new(s => s.Name != "Heartbeat");
    private UnitContext _context = null!;

    private PaintLine Line(double hours, double warmUp = 0.1)
    {
        var line = new PaintLine("PNT01", _context = Run.Context(_sink) with { WarmUpScale = warmUp });
        line.For(TimeSpan.FromHours(hours));
        return line;
    }

    [Fact]
    public void Heating_up_takes_forty_minutes()
    {
        var line = Line(1.2, warmUp: 1);
        var ready = _sink.Of(line.State).First(c => c.Value.AsInt64 == (int)PackMlState.Execute).Seconds;
        Assert.InRange(ready / 60, 38, 48);
    }

    [Fact]
    public void Zones_hold_their_set_points_under_load()
    {
        var line = Line(6);
        double[] wanted = [120, 140, 165, 180, 185, 180];
        for (var zone = 1; zone <= 6; zone++)
        {
            var values = _sink.Of(line.ZoneTemp(zone)).Where(c => c.Seconds > 3 * 3600).Select(c => c.Value.AsDouble).ToArray();
            Assert.Equal(wanted[zone - 1], values.Average(), 1.5);
            Assert.All(values, v => Assert.InRange(v, wanted[zone - 1] - 8, wanted[zone - 1] + 8));
        }
    }

    [Fact]
    public void Bodies_come_out_cured_with_the_stated_films()
    {
        var line = Line(24);
        var films = _sink.Of(line.ResultFilm).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(20, films.Average(), 0.2);
        Assert.All(_sink.Of(line.ResultMinutes).Skip(1), c => Assert.InRange(c.Value.AsDouble, 15, 40));
        Assert.Equal(35, _sink.Of(line.ResultBuild).Skip(1).Average(c => c.Value.AsDouble), 0.3);
        Assert.InRange(line.RejectCount.Value / (double)line.GoodCount.Value, 0, 0.02);
        Assert.InRange(line.GoodCount.Value, 620u, 720u);
        Assert.Equal(_context.Parts.InStock(PartKind.Body), line.PartsInside.Count());
        var painted = _context.Genealogy.Events.First(e => e.Kind == GenealogyEventKind.Consumed);
        Assert.Equal("PB" + painted.Part[2..], painted.Other);
    }

    [Fact]
    public void The_bath_ramps_its_voltage_in_thirty_seconds()
    {
        var line = Line(2);
        var volts = _sink.Of(line.Voltage).Where(c => c.Seconds > 3600).ToArray();
        Assert.Equal(320, volts.Max(c => c.Value.AsDouble), 1e-9);
        var up = volts.SkipWhile(c => c.Value.AsDouble > 0).SkipWhile(c => c.Value.AsDouble <= 0).TakeWhile(c => c.Value.AsDouble < 320).ToArray();
        Assert.InRange(up.Length, 4, 7);
    }

    [Fact]
    public void A_burner_that_is_out_holds_the_line_and_its_bodies_for_audit()
    {
        var line = Line(2.5);
        line.BurnerOut = 5;
        line.For(TimeSpan.FromMinutes(25));
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.OV_LO" && c.Value.AsBoolean);
        Assert.Contains(_sink.Of(line.State), c => c.Value.AsInt64 == (int)PackMlState.Held);
        line.BurnerOut = 0;
        line.For(TimeSpan.FromHours(3));
        Assert.Contains(_context.Genealogy.Events, e => e.Text == "hold for audit");
        Assert.Equal(PackMlState.Execute, line.PackMl);
    }

    [Fact]
    public void Solvent_in_the_oven_aborts_and_damp_air_only_tells()
    {
        var line = Line(1);
        line.HumidifierFault = 12;
        line.For(TimeSpan.FromMinutes(8));
        Assert.Contains(line.Alarms, a => a is { Tag: "RH_DEV", IsActive: true });
        Assert.Equal(PackMlState.Execute, line.PackMl);
        line.HumidifierFault = 0;
        line.ExhaustFault = 30;
        line.ForSeconds(20);
        Assert.Contains(line.PackMl, new[] { PackMlState.Aborting, PackMlState.Aborted });
        line.ExhaustFault = 0;
        line.ForSeconds(20);
        Assert.Contains(line.Alarms, a => a is { Tag: "LEL", IsActive: false });
        Assert.Contains(line.Alarms, a => a is { Tag: "RH_DEV", IsActive: false });
    }

    [Fact]
    public void Drifting_thermocouple_makes_the_zone_hotter_than_it_says()
    {
        var line = Line(2);
        line.ThermocoupleDrift = -5;
        line.For(TimeSpan.FromHours(2));
        Assert.Equal(180, _sink.Of(line.ZoneTemp(4)).TakeLast(200).Average(c => c.Value.AsDouble), 1.5);
        Assert.True(_sink.Of(line.ZoneBurner(4)).TakeLast(200).Average(c => c.Value.AsDouble) > _sink.Of(line.ZoneBurner(6)).TakeLast(200).Average(c => c.Value.AsDouble) + 2);
    }

    [Fact]
    public void Zone_set_points_are_limited()
    {
        var line = Line(1);
        Assert.Equal(MethodOutcome.BadOutOfRange, Set(line, 205).Status);
        Assert.True(Set(line, 150).IsGood);
        line.For(TimeSpan.FromHours(1));
        Assert.Equal(150, line.ZoneTemp(2).Value, 5.0);
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes() => Assert.Equal(Checksum(1), Checksum(1));

    private static ulong Checksum(ulong seed)
    {
        using var truth = new TruthLog();
        new PaintLine("PNT01", Run.Context(truth, seed)).Advance(TimeSpan.FromMinutes(60).Ticks);
        return truth.Checksum;
    }

    private static MethodOutcome Set(PaintLine line, double value) => line.Call("SetPoint", SignalValue.From("Zone2"), SignalValue.From(value), SignalValue.From("CEL"));
}
