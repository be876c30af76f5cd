using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class DieCastCellTests
{
    private RecordingSink _sink = new();

    private DieCastCell AfterLong(TimeSpan span, bool breakdowns = false)
    {
        _sink = new(s => s.Traits.SamplingMs == 0 && !s.Name.StartsWith("ShotCurve", StringComparison.Ordinal));
        return After(span, breakdowns: breakdowns);
    }

    private DieCastCell After(TimeSpan span, ulong seed = 1, bool breakdowns = false)
    {
        var cell = new DieCastCell("DC01", Run.Context(_sink, seed, breakdowns: breakdowns));
        cell.Advance(0);
        cell.For(span);
        return cell;
    }

    private static double Mean(List<RecordingSink.Change> changes) => changes.Average(c => c.Value.AsDouble);

    private static double Sigma(List<RecordingSink.Change> changes)
    {
        var mean = Mean(changes);
        return Math.Sqrt(changes.Average(c => (c.Value.AsDouble - mean) * (c.Value.AsDouble - mean)));
    }

    [Fact]
    public void Cycle_takes_120_seconds_and_its_steps_come_in_order()
    {
        var cell = After(TimeSpan.FromHours(8));
        var cycles = _sink.Of(cell.CycleTime).Skip(1).Select(c => c.Value.AsDouble).Order().ToArray();
        Assert.InRange(cycles.Length, 150, 240);
        Assert.Equal(120, cycles[cycles.Length / 2], 1.0);

        var steps = _sink.Of(cell.Step).Where(c => c.Seconds < 600).Select(c => (int)c.Value.AsInt64).SkipWhile(s => s == 0).Take(20);
        Assert.Equal(Enumerable.Range(1, 10).Concat(Enumerable.Range(1, 10)), steps);
    }

    [Fact]
    public void Steps_last_as_long_as_the_cycle_table_says()
    {
        var cell = After(TimeSpan.FromMinutes(10));
        var steps = _sink.Of(cell.Step).SkipWhile(c => c.Value.AsInt64 == 0).Take(10).ToArray();
        double[] expected = [12, 14, 2.5, 0.08, 0.05, 28, 8, 14, 32];
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], steps[i + 1].Seconds - steps[i].Seconds, 1e-6);
    }

    [Fact]
    public void Dose_biscuit_and_spray_are_distributed_as_the_model_says()
    {
        var cell = AfterLong(TimeSpan.FromHours(40));
        var dose = _sink.Of(cell.DoseMass).Skip(1).ToList();
        var biscuit = _sink.Of(cell.Biscuit).Skip(1).ToList();
        var spray = _sink.Of(cell.SprayVolume).Skip(1).ToList();
        Assert.Equal(108, Mean(dose), 0.08);
        Assert.Equal(0.6, Sigma(dose), 0.05);
        Assert.Equal(35, Mean(biscuit), 0.4);
        Assert.Equal(Math.Sqrt(2.5 * 2.5 + 2.4 * 2.4), Sigma(biscuit), 0.3);
        Assert.Equal(6, Mean(spray), 0.02);
        Assert.Equal(0.1, Sigma(spray), 0.01);
    }

    [Fact]
    public void About_two_percent_are_rejected_once_warm()
    {
        var cell = AfterLong(TimeSpan.FromHours(120));
        var grades = _sink.Of(cell.ResultPart).Count - 1;
        var rejects = 0;
        var shots = 0;
        var grade = 0;
        foreach (var change in _sink.Changes)
        {
            if (change.Signal == cell.ResultGrade) grade = (int)change.Value.AsInt64;
            if (change.Signal != cell.ResultPart || grade is 0 or 5 or 6) continue;
            shots++;
            if (grade == 4) rejects++;
        }

        Assert.True(shots > 2400, $"{shots} of {grades}");
        Assert.InRange(rejects / (double)shots, 0.012, 0.030);
        Assert.Equal((uint)_sink.Of(cell.ResultPart).Count - 1, cell.GoodCount.Value + cell.RejectCount.Value);
    }

    [Fact]
    public void First_five_shots_after_a_long_stop_are_scrap()
    {
        var cell = After(TimeSpan.FromMinutes(16));
        var grades = new List<int>();
        var grade = 0;
        foreach (var change in _sink.Changes)
        {
            if (change.Signal == cell.ResultGrade) grade = (int)change.Value.AsInt64;
            if (change.Signal == cell.ResultPart && change.Value.AsString.Length > 0) grades.Add(grade);
        }

        Assert.Equal([5, 5, 5, 5, 5], grades.Take(5));
        Assert.DoesNotContain(5, grades.Skip(5));
    }

    [Fact]
    public void End_vacuum_is_55_mbar_from_shot_to_shot()
    {
        var cell = AfterLong(TimeSpan.FromHours(24));
        var end = _sink.Of(cell.EndVacuum).Skip(1).ToList();
        Assert.Equal(55, Mean(end), 1.5);
        Assert.Equal(8, Sigma(end), 1.0);
    }

    [Fact]
    public void Vacuum_falls_with_a_lag_of_350_ms()
    {
        var cell = After(TimeSpan.FromMinutes(3));
        // Between two samples 50 ms apart the distance to the target shrinks by e^(-50/350).
        var falling = _sink.Of(cell.VacuumPressure).Skip(1).Where(c => c.Value.AsDouble > 300).Take(4).ToArray();
        var ratio = (falling[2].Value.AsDouble - falling[1].Value.AsDouble) / (falling[1].Value.AsDouble - falling[0].Value.AsDouble);
        Assert.Equal(Math.Exp(-0.05 / 0.35), ratio, 0.001);
    }

    [Fact]
    public void Shot_accelerates_in_15_ms_and_fills_the_die_in_80()
    {
        var shot = new DieCastShot(6.5, 1065, 80);
        Assert.Equal(0.05, shot.Velocity(1e-9), 1e-6);
        Assert.Equal(200, shot.Position(1.0), 1e-6);
        Assert.Equal(0.35, shot.Velocity(1.5), 1e-9);
        Assert.Equal(620, shot.Position(DieCastShot.FastStartSeconds), 1e-6);
        Assert.Equal(6.5, shot.Velocity(DieCastShot.FastStartSeconds + 0.0155), 1e-9);
        Assert.InRange(shot.ImpactSeconds - DieCastShot.FastStartSeconds, 0.070, 0.080);
        Assert.Equal(1065, shot.Position(shot.ImpactSeconds), 1e-6);
        Assert.Equal(0, shot.Velocity(shot.ImpactSeconds + 0.001));

        Assert.Equal(2, shot.MetalPressure(1));
        Assert.Equal(15, shot.MetalPressure(DieCastShot.FastStartSeconds + 0.01));
        Assert.Equal(15 + 65 * (1 - Math.Exp(-1)), shot.MetalPressure(shot.ImpactSeconds + 0.012), 1e-9);
        Assert.Equal(80, shot.MetalPressure(shot.ImpactSeconds + 10), 1e-6);
        Assert.Equal(0, shot.MetalPressure(shot.ImpactSeconds + 25.1));
    }

    [Fact]
    public void Stroke_is_the_integral_of_the_speed()
    {
        var shot = new DieCastShot(6.4, 1061, 82);
        var position = 0.0;
        const double step = 1e-5;
        for (var t = 0.0; t < shot.ImpactSeconds; t += step) position += shot.Velocity(t + step / 2) * step * 1000;
        Assert.Equal(1061, position, 0.2);
    }

    [Fact]
    public void Fast_phase_is_sampled_every_10_ms()
    {
        var cell = After(TimeSpan.FromMinutes(3));
        var solid = _sink.Of(cell.Step).First(c => c.Value.AsInt64 == 6).Seconds;
        var fast = _sink.Of(cell.ShotPosition).Where(c => c.Seconds < solid && c.Value.AsDouble is > 650 and < 1050).ToArray();
        Assert.InRange(fast.Length, 4, 8);
        for (var i = 1; i < fast.Length; i++) Assert.Equal(100_000, fast[i].ProcessTicks - fast[i - 1].ProcessTicks);
        Assert.All(fast, c => Assert.Equal(0, c.ProcessTicks % 100_000));
    }

    [Fact]
    public void Shot_curve_comes_once_a_shot_as_three_arrays_of_1200_points_with_one_timestamp()
    {
        var cell = After(TimeSpan.FromHours(1));
        var t = _sink.Of(cell.CurveT);
        var v = _sink.Of(cell.CurveV).Skip(1).ToArray();
        var p = _sink.Of(cell.CurveP).Skip(1).ToArray();
        Assert.Equal(v.Length, p.Length);
        Assert.Equal(v.Length, _sink.Of(cell.DoseMass).Count - 1);
        Assert.Equal(2, t.Count); // the time axis never changes after the first shot
        Assert.Equal(v[0].SourceTicks, p[0].SourceTicks);
        Assert.Equal(1200, v[0].Value.AsArray.Length);
        Assert.InRange(((float[])v[0].Value.AsArray).Max(), 5.8f, 7f);
        Assert.InRange(((float[])p[0].Value.AsArray)[^1], 65f, 90f);
    }

    [Fact]
    public void Metal_and_die_temperatures_settle_in_their_bands()
    {
        var cell = After(TimeSpan.FromHours(2));
        var metal = _sink.Of(cell.MetalTemp).Where(c => c.Seconds > 3600).ToList();
        Assert.InRange(metal.Min(c => c.Value.AsDouble), 683, 687);
        Assert.InRange(metal.Max(c => c.Value.AsDouble), 687, 692);
        var zones = _sink.Of(cell.DieTemp).Where(c => c.Seconds > 3600).SelectMany(c => (double[])c.Value.AsArray).ToArray();
        Assert.InRange(zones.Min(), 160, 180);
        Assert.InRange(zones.Max(), 200, 225);
        Assert.DoesNotContain(_sink.Changes, c => c.Signal.Name == "Alarm.DIE_HI" && c.Value.AsBoolean);
    }

    [Fact]
    public void Cold_die_keeps_the_cell_in_starting()
    {
        var cell = After(TimeSpan.Zero);
        cell.ForSeconds(14);
        Assert.Equal(PackMlState.Starting, cell.PackMl);
        cell.ForSeconds(30);
        Assert.Equal(PackMlState.Execute, cell.PackMl);
        var started = _sink.Of(cell.State).Single(c => c.Value.AsInt64 == 6);
        var coldest = ((double[])_sink.Of(cell.DieTemp).Last(c => c.ProcessTicks <= started.ProcessTicks).Value.AsArray).Min();
        Assert.InRange(coldest, 159, 165);
    }

    [Fact]
    public void Leaking_vacuum_raises_the_alarm_and_holds_the_cell()
    {
        var cell = After(TimeSpan.FromMinutes(5));
        cell.VacuumLeak = 60;
        cell.ForSeconds(130);
        Assert.Contains(cell.Alarms, a => a is { Tag: "VAC_HI", IsActive: true });
        Assert.Equal(PackMlState.Held, cell.PackMl);
        Assert.Equal(12, cell.StopReason.Value);
    }

    [Fact]
    public void Too_much_intensification_aborts_the_cell_as_flash()
    {
        var cell = After(TimeSpan.FromMinutes(5));
        Assert.True(cell.Call("SetPoint", SignalValue.From("IntensPressure"), SignalValue.From(90.0), SignalValue.From("MPA")).IsGood);
        cell.ForSeconds(600);
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.FLASH" && c.Value.AsBoolean);
        Assert.Contains(_sink.Of(cell.State), c => c.Value.AsInt64 == 9);
    }

    [Fact]
    public void Casting_id_carries_the_plant_date_cell_and_shot()
    {
        var cell = After(TimeSpan.FromMinutes(10));
        Assert.Equal("GC-R-270315-DC01-00001", _sink.Of(cell.PartId)[1].Value.AsString);
    }

    [Fact]
    public void Breakdowns_leave_about_four_fifths_of_the_time_in_execute()
    {
        var cell = AfterLong(TimeSpan.FromHours(150), breakdowns: true);
        double execute = 0, since = double.NaN;
        foreach (var change in _sink.Of(cell.State))
        {
            if (change.Value.AsInt64 == 6) since = change.Seconds;
            else if (!double.IsNaN(since))
            {
                execute += change.Seconds - since;
                since = double.NaN;
            }
        }

        Assert.InRange(execute / (150 * 3600), 0.65, 0.95);
    }
}
