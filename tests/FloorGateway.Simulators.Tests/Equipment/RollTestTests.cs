using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class RollTestTests
{
    private RecordingSink _sink = new();

    private RollTest After(TimeSpan span, ulong seed = 1, bool @operator = true)
    {
        var bench = new RollTest("RT01", Run.Context(_sink, seed, @operator: @operator));
        bench.Advance(0);
        bench.For(span);
        return bench;
    }

    [Fact]
    public void Speed_reaches_120_in_25_seconds_coasts_brakes_and_reverses()
    {
        var bench = After(TimeSpan.FromMinutes(4.5));
        var at = Steps(bench);
        Assert.Equal(110, SpeedAt(bench, at[3] + 24.4), 5.0);
        Assert.Equal(120, SpeedAt(bench, at[3] + 29.9), 0.5);
        // 70 N on 1,900 kg take 2.2 m/s in a minute.
        Assert.InRange(SpeedAt(bench, at[4] + 60), 106, 116);
        Assert.Equal(0, SpeedAt(bench, at[6]), 1.0);
        Assert.Equal(-10, SpeedAt(bench, at[8] - 0.1), 0.5);
        Assert.Equal(0, bench.Speed.Value);
        Assert.InRange(bench.ResultTopSpeed.Value, 119, 121);
    }

    [Fact]
    public void Ramp_needs_what_1900_kilograms_need_and_coasting_nothing()
    {
        var bench = After(TimeSpan.FromMinutes(4.5));
        var at = Steps(bench);
        var torque = _sink.Of(bench.MotorTorque);
        var ramp = torque.Where(c => c.Seconds > at[3] + 10 && c.Seconds < at[3] + 24).Select(c => ((double[])c.Value.AsArray)[0]).ToArray();
        var wanted = (1900 * 120 / 3.6 / 25 + bench.DragForce.Value) * 0.30 / 2;
        Assert.All(torque, c => Assert.All((double[])c.Value.AsArray, t => Assert.InRange(t, -400, 400)));
        // Once steady, the torque stays within its deadband, so one value may stand for the ramp.
        var steady = ramp.Length > 0 ? ramp.Average() : ((double[])torque.Last(c => c.Seconds < at[3] + 20).Value.AsArray)[0];
        Assert.Equal(wanted, steady, 5.0);
        Assert.Equal(0, ((double[])torque.Last(c => c.Seconds < at[5]).Value.AsArray)[0]);
    }

    [Fact]
    public void Each_anti_lock_valve_pulses_twelve_times_at_eight_hertz()
    {
        var bench = After(TimeSpan.FromMinutes(4.5));
        foreach (var valve in bench.AbsPulse)
        {
            var rising = _sink.Of(valve).Where(c => c.Value.AsBoolean).Select(c => c.Seconds).ToArray();
            Assert.Equal(12, rising.Length);
            for (var i = 1; i < rising.Length; i++) Assert.Equal(0.125, rising[i] - rising[i - 1], 1e-6);
        }
    }

    [Fact]
    public void Brakes_differ_by_three_per_cent_and_eight_vehicles_in_a_thousand_have_trouble_codes()
    {
        _sink = new(s => s.Name is "BrakeImbalance" or "DragForce" or "CycleTime");
        var bench = After(TimeSpan.FromHours(30));
        var imbalance = _sink.Of(bench.BrakeImbalance).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        // Half-normal: the mean is 0.8 sigma; against the stronger of two that differ by d it is d/(1 + d/2).
        Assert.Equal(3 * 0.798, imbalance.Average(), 0.25);
        var drag = _sink.Of(bench.DragForce).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(70, drag.Average(), 1.0);
        Assert.Equal(8, Math.Sqrt(drag.Average(d => (d - 70) * (d - 70))), 0.6);
        Assert.InRange(bench.RejectCount.Value / (double)(bench.RejectCount.Value + bench.GoodCount.Value), 0.001, 0.022);
        var times = _sink.Of(bench.CycleTime).Select(c => c.Value.AsDouble).Where(t => t > 0).Order().ToArray();
        Assert.Equal(240, times[times.Length / 2], 2.0);
    }

    [Fact]
    public void Weak_front_brake_raises_IMBAL_and_the_vehicle_goes_to_rework()
    {
        var bench = After(TimeSpan.FromSeconds(1));
        bench.WeakBrake = 35;
        bench.For(TimeSpan.FromMinutes(4));
        Assert.Contains(bench.Alarms, a => a is { Tag: "IMBAL", IsActive: true });
        Assert.Equal(PackMlState.Held, bench.PackMl);
        bench.WeakBrake = 0;
        bench.For(TimeSpan.FromHours(1));
        Assert.Contains(_sink.Of(bench.ResultCode), c => c.Value.AsString == "IMBAL");
        Assert.DoesNotContain(bench.Alarms, a => a is { Tag: "IMBAL", IsActive: true });
    }

    [Fact]
    public void Bench_trips_at_135_kilometres_an_hour()
    {
        var bench = After(TimeSpan.FromSeconds(1));
        bench.SpeedOvershoot = 0.2;
        bench.ForSeconds(82);
        Assert.Contains(bench.Alarms, a => a is { Tag: "OVERSPD", IsActive: true });
        Assert.True(bench.PackMl is PackMlState.Aborting or PackMlState.Aborted);
        Assert.InRange(_sink.Of(bench.Speed).Max(c => c.Value.AsDouble), 135, 137);
        Assert.Equal(0, bench.Speed.Value);
        bench.SpeedOvershoot = 0;
        bench.For(TimeSpan.FromHours(1));
        Assert.Equal(PackMlState.Execute, bench.PackMl);
    }

    [Fact]
    public void Status_word_shows_the_step_and_may_come_with_its_bytes_exchanged()
    {
        var bench = After(TimeSpan.FromSeconds(70));
        Assert.Equal(3, bench.Step.Value);
        Assert.Equal(3 | 1 << 4 | 1 << 8 | 1 << 13, bench.StatusWord.Value);
        bench.SwapsStatusBytes = true;
        bench.ForSeconds(30);
        Assert.Equal(4, bench.Step.Value);
        Assert.Equal(0x1421, bench.StatusWord.Value);
    }

    [Fact]
    public void StartTest_needs_a_driver_and_a_known_profile()
    {
        var bench = After(TimeSpan.FromSeconds(10), @operator: false);
        bench.Call("Reset");
        bench.ForSeconds(10);
        bench.DriverIsReady = false;
        var refused = bench.Call("StartTest", SignalValue.From(Vin.Create(5)), SignalValue.From("SHORT-60"));
        Assert.Equal(MethodOutcome.BadInvalidState, refused.Status);
        Assert.Contains("driver", refused.Reason, StringComparison.Ordinal);
        bench.DriverIsReady = true;
        Assert.Equal(MethodOutcome.BadInvalidArgument, bench.Call("StartTest", SignalValue.From(Vin.Create(5)), SignalValue.From("X")).Status);
        Assert.True(bench.Call("StartTest", SignalValue.From(Vin.Create(5)), SignalValue.From("SHORT-60")).IsGood);
        bench.For(TimeSpan.FromMinutes(6));
        Assert.InRange(bench.ResultTopSpeed.Value, 59, 61);
        Assert.Equal(PackMlState.Complete, bench.PackMl);
    }

    [Fact]
    public void Same_seed_gives_the_same_changes()
    {
        After(TimeSpan.FromMinutes(10), seed: 9);
        var first = FluidFillTests.Checksum(_sink);
        _sink = new();
        After(TimeSpan.FromMinutes(10), seed: 9);
        Assert.Equal(first, FluidFillTests.Checksum(_sink));
    }

    private Dictionary<long, double> Steps(RollTest bench) =>
        _sink.Of(bench.Step).Where(c => c.Value.AsInt64 > 0).GroupBy(c => c.Value.AsInt64).ToDictionary(g => g.Key, g => g.First().Seconds);

    private double SpeedAt(RollTest bench, double seconds) => _sink.Of(bench.Speed).Last(c => c.Seconds <= seconds).Value.AsDouble;
}
