using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class FormationRackTests
{
    private readonly RecordingSink _sink = new();

    private FormationRack Rack(bool @operator = true, ulong seed = 1)
    {
        var rack = new FormationRack("FR01", [FormationProgram.SolidState, FormationProgram.Liquid], Run.Context(_sink, seed, @operator: @operator));
        rack.Advance(0);
        return rack;
    }

    private double HoursInRun(FormationRack.Tray tray)
    {
        var states = _sink.Of(tray.State);
        var run = states.First(c => c.Value.AsInt64 == (int)TrayState.Run);
        var done = states.First(c => c.Value.AsInt64 == (int)TrayState.Done);
        return (done.Seconds - run.Seconds) / 3600;
    }

    private static float[] Values(RecordingSink.Change change) => (float[])change.Value.AsArray;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Programs_take_the_simulated_hours_of_the_plant_model(ulong seed)
    {
        var rack = Rack(seed: seed);
        rack.For(TimeSpan.FromHours(18));
        TestContext.Current.TestOutputHelper?.WriteLine($"{HoursInRun(rack.Trays[1])} {HoursInRun(rack.Trays[0])}");
        // Two per cent; the solid-state program heats the cells for an hour first.
        Assert.Equal(9.8, HoursInRun(rack.Trays[1]), 0.196);
        Assert.Equal(15.0, HoursInRun(rack.Trays[0]) - 1, 0.3);
    }

    [Fact]
    public void Tray_goes_through_loading_contact_check_run_done_and_empty()
    {
        var rack = Rack();
        rack.For(TimeSpan.FromHours(12));
        Assert.Equal([0, 1, 2, 3, 5, 0, 1], _sink.Of(rack.Trays[1].State).Select(c => (int)c.Value.AsInt64).Take(7));
        Assert.Equal(Enumerable.Range(1, 8), _sink.Of(rack.Trays[1].StepNo).Select(c => (int)c.Value.AsInt64).Skip(1).Take(8));
    }

    [Fact]
    public void Open_circuit_voltage_follows_the_table()
    {
        Assert.Equal(2.75, FormationCells.OpenCircuitVoltage.At(0));
        Assert.Equal(3.35, FormationCells.OpenCircuitVoltage.At(0.05), 1e-12);
        Assert.Equal(3.50, FormationCells.OpenCircuitVoltage.At(0.15), 1e-12);
        Assert.Equal(3.61, FormationCells.OpenCircuitVoltage.At(0.3), 1e-12);
        Assert.Equal(4.22, FormationCells.OpenCircuitVoltage.At(1.2));
    }

    [Fact]
    public void Cells_have_the_drawn_capacities_and_first_efficiency()
    {
        var rack = Rack();
        rack.For(TimeSpan.FromHours(12));
        var tray = rack.Trays[1];
        var discharge = Values(_sink.Of(tray.ResultDischarge)[1]);
        var charge = Values(_sink.Of(tray.ResultCharge)[1]);
        Assert.Equal(36, discharge.Length);
        Assert.Equal(0.97 * 70.4, discharge.Average(), 1.0);
        Assert.InRange(Values(_sink.Of(tray.ResultEfficiency)[1]).Average(), 85f, 89f);
        Assert.All(charge, c => Assert.InRange(c, 70f, 82f));
        Assert.InRange(_sink.Of(tray.Capacity).Max(c => Values(c).Max()), 66f, 78f);
    }

    [Fact]
    public void Capacities_are_normal_around_the_program_figures_over_many_trays()
    {
        var random = new RandomStream(1, "cells");
        var capacity = Enumerable.Range(0, 300)
            .SelectMany(_ => { var cells = new FormationCells(FormationProgram.SolidState, 25, random); return Enumerable.Range(0, 36).Select(cells.Capacity); })
            .ToArray();
        Assert.Equal(75.5, capacity.Average(), 0.05);
        var normal = capacity.Where(c => c > 73).ToArray();
        var mean = normal.Average();
        Assert.Equal(0.6, Math.Sqrt(normal.Average(c => (c - mean) * (c - mean))), 0.02);
        Assert.InRange(capacity.Count(c => c < 73.4) / (double)capacity.Length, 0.003, 0.007);
    }

    [Fact]
    public void Constant_voltage_current_tapers_with_600_seconds_to_a_twentieth()
    {
        var rack = Rack();
        rack.For(TimeSpan.FromHours(8));
        var tray = rack.Trays[1];
        // Channel 0 from the sample on at which it first holds 4.20 V.
        var current = _sink.Of(tray.Current).Select(c => (c.Seconds, I: Values(c)[0])).ToArray();
        const float full = 25; // 0.33 of a fresh cell's 80 A·h would be 26.4 A
        var start = Array.FindLastIndex(current, c => Math.Abs(c.I - full) < 0.01);
        var fall = current.Skip(start).TakeWhile(c => c.I > 0).ToArray();
        Assert.True(fall.Length > 50);
        var (from, to) = (fall[5], fall[45]);
        Assert.Equal(-1.0 / 600, Math.Log(to.I / from.I) / (to.Seconds - from.Seconds), 0.00002);
        Assert.Equal(0.05 * 70.4 / 0.88, fall[^1].I, 0.15);
        var voltage = _sink.Of(tray.Voltage).Last(c => c.Seconds <= fall[20].Seconds);
        Assert.Equal(4.20f, Values(voltage)[0], 0.003f);
    }

    [Fact]
    public void Voltages_currents_and_temperatures_stay_in_their_bands()
    {
        var rack = Rack();
        rack.For(TimeSpan.FromHours(17));
        foreach (var tray in rack.Trays)
        {
            var running = _sink.Of(tray.State);
            var from = running.First(c => c.Value.AsInt64 == (int)TrayState.Run).Seconds;
            var until = running.First(c => c.Value.AsInt64 == (int)TrayState.Done).Seconds;
            bool During(RecordingSink.Change c) => c.Seconds >= from + 10 && c.Seconds <= until;
            Assert.All(_sink.Of(tray.Voltage).Where(During).SelectMany(Values), v => Assert.InRange(v, 2.7f, 4.25f));
            Assert.All(_sink.Of(tray.Current).Where(During).SelectMany(Values), i => Assert.InRange(i, -25f, 25f));
            Assert.All(_sink.Of(tray.Temp).Where(During).SelectMany(Values), t => Assert.InRange(t, 20f, 64f));
        }

        Assert.Equal(60, Values(_sink.Of(rack.Trays[0].Temp).Last(c => c.Seconds < 6 * 3600)).Average(), 1.0);
        Assert.Contains(_sink.Of(rack.Trays[0].ClampPressure), c => c.Value.AsDouble is > 4.8 and < 5.2);
        Assert.All(_sink.Of(rack.Trays[1].ClampPressure), c => Assert.Equal(0, c.Value.AsDouble));
        Assert.DoesNotContain(rack.Alarms, a => a is { Priority: 1, IsActive: true });
    }

    [Fact]
    public void A_cell_that_heats_itself_raises_the_alarm_long_before_65_degrees()
    {
        var rack = Rack(@operator: false);
        rack.For(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(rack.Alarms, a => a is { Tag: "CELL_HOT", IsActive: true });
        rack.Trays[1].RunawayChannel = 4;
        rack.ForSeconds(90);
        Assert.Contains(rack.Alarms, a => a is { Tag: "CELL_HOT", IsActive: true });
        Assert.InRange(rack.Trays[1].Temp.Value[3], 26f, 40f);
        Assert.Equal(PackMlState.Aborted, Settled(rack));
    }

    [Fact]
    public void A_meter_with_an_offset_shows_five_millivolts_more()
    {
        var (sound, off) = (Rack(), Rack());
        off.Trays[1].OffsetChannel = 2;
        sound.For(TimeSpan.FromHours(1));
        off.For(TimeSpan.FromHours(1));
        Assert.Equal(0.005, off.Trays[1].Voltage.Value[1] - sound.Trays[1].Voltage.Value[1], 0.0021);
        Assert.Equal(sound.Trays[1].Voltage.Value[0], off.Trays[1].Voltage.Value[0], 0.002f);
    }

    private static PackMlState Settled(FormationRack rack)
    {
        rack.ForSeconds(20);
        return rack.PackMl;
    }

    [Fact]
    public void Channels_are_sampled_on_the_ten_second_grid()
    {
        var rack = Rack();
        rack.For(TimeSpan.FromHours(2));
        Assert.All(_sink.Of(rack.Trays[1].Voltage).Skip(1), c => Assert.Equal(0, c.ProcessTicks % 100_000_000));
        Assert.All(_sink.Of(rack.Trays[1].Capacity).Skip(1), c => Assert.Equal(0, c.ProcessTicks % 600_000_000));
        Assert.All(_sink.Of(rack.Trays[1].Current).Skip(1), c => Assert.Equal(36, c.Value.AsArray.Length));
    }

    [Fact]
    public void Cell_ids_are_unique_battery_codes()
    {
        var rack = Rack();
        rack.ForSeconds(400);
        var ids = rack.Trays.SelectMany(t => t.CellIds.Value).ToArray();
        Assert.Equal(72, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(24, id.Length));
        Assert.Equal("H3F", ids[0][14..17]); // 15 March 2027
    }

    [Fact]
    public void Announced_end_is_on_the_wall_clock()
    {
        var rack = new FormationRack("FR01", [FormationProgram.Liquid], Run.Context(_sink, timeScale: 60));
        rack.Advance(0);
        rack.For(TimeSpan.FromHours(1));
        var end = rack.Trays[0].EndTime.Value;
        Assert.InRange(end - Run.Start, TimeSpan.FromMinutes(9.8), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public void Hold_pauses_every_program_and_unhold_continues_it()
    {
        var rack = Rack();
        rack.For(TimeSpan.FromHours(2));
        var stored = rack.Trays[1].Cells!.Stored(0);
        rack.Call("Hold", SignalValue.From("test"));
        rack.For(TimeSpan.FromHours(1));
        Assert.Equal(PackMlState.Held, rack.PackMl);
        Assert.Equal((int)TrayState.Pause, rack.Trays[1].State.Value);
        Assert.Equal(stored, rack.Trays[1].Cells!.Stored(0), 0.02);
        Assert.Equal(0f, rack.Trays[1].Current.Value[0]);
        rack.Call("Unhold");
        rack.For(TimeSpan.FromHours(1));
        Assert.Equal((int)TrayState.Run, rack.Trays[1].State.Value);
        Assert.True(rack.Trays[1].Cells!.Stored(0) > stored + 1);
    }

    [Fact]
    public void Start_program_needs_a_loaded_tray_a_released_program_and_good_contacts()
    {
        var rack = Rack(@operator: false);
        MethodOutcome Start(string tray, string program) => rack.Call("StartProgram", SignalValue.From(tray), SignalValue.From(program));
        Assert.Equal(MethodOutcome.BadInvalidState, Start("TRAY01", "SSB-S120").Status);
        rack.Call("Reset");
        rack.ForSeconds(6);
        rack.Call("Start", SignalValue.From("J"), SignalValue.From(""));
        rack.ForSeconds(100);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Start("TRAY09", "SSB-S120").Status);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Start("TRAY01", "unknown").Status);
        rack.Trays[0].ContactBits.Set(4);
        Assert.Equal(MethodOutcome.BadInvalidState, Start("TRAY01", "SSB-S120").Status);
        rack.Trays[0].ContactBits.Set(0);
        Assert.True(Start("TRAY01", "SSB-S120").IsGood);
        Assert.Equal((int)TrayState.Run, rack.Trays[0].State.Value);
        Assert.Equal(MethodOutcome.BadInvalidState, Start("TRAY01", "SSB-S120").Status);
        Assert.True(rack.Call("PauseTray", SignalValue.From("TRAY01")).IsGood);
        Assert.True(rack.Call("ResumeTray", SignalValue.From("TRAY01")).IsGood);
        Assert.True(rack.Call("AbortTray", SignalValue.From("TRAY01")).IsGood);
        Assert.Equal((int)TrayState.Fault, rack.Trays[0].State.Value);
    }

    [Fact]
    public void Smoke_aborts_the_rack_and_shows_fire_alarm_on_the_trays()
    {
        var rack = Rack();
        rack.For(TimeSpan.FromHours(1));
        rack.SmokeSource = 5;
        rack.ForSeconds(20);
        Assert.Equal(PackMlState.Aborted, rack.PackMl);
        Assert.All(rack.Trays, t => Assert.Equal((int)TrayState.FireAlarm, t.State.Value));
        Assert.False(rack.Call("Reset").IsGood);
    }

    [Fact]
    public void Good_and_reject_counts_add_up_to_whole_trays()
    {
        var rack = Rack();
        rack.For(TimeSpan.FromHours(100));
        var trays = _sink.Of(rack.Trays[0].ResultTray).Count + _sink.Of(rack.Trays[1].ResultTray).Count - 2;
        Assert.True(trays >= 13, trays.ToString());
        Assert.Equal((uint)trays * 36, rack.GoodCount.Value + rack.RejectCount.Value);
        Assert.InRange(rack.RejectCount.Value / (trays * 36.0), 0.02, 0.10);
    }
}
