using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class TighteningStationTests
{
    private static readonly TighteningProcess Torque = new("TA-90", 90, 100, StopsAtYield: false);
    private static readonly TighteningProcess Yield = new("YIELD-80", 90, 80, StopsAtYield: true);

    private RecordingSink _sink = new();

    private TighteningStation After(TimeSpan span, ulong seed = 1)
    {
        var station = new TighteningStation("TT01", Run.Context(_sink, seed));
        station.Advance(0);
        station.For(span);
        return station;
    }

    [Fact]
    public void Sound_joints_end_at_90_newton_metres_and_52_degrees()
    {
        var random = new RandomStream(1, "test");
        var curves = Enumerable.Range(0, 3000).Select(_ => TighteningCurve.Draw(Torque, JointFault.None, random)).ToArray();
        Assert.Equal(90, curves.Average(c => c.FinalTorque), 0.1);
        Assert.Equal(0.012 * 90, Deviation(curves.Select(c => c.FinalTorque)), 0.05);
        Assert.Equal(52.5, curves.Average(c => c.FinalAngle), 0.2);
        Assert.Equal(3, Deviation(curves.Select(c => c.FinalAngle)), 0.15);
        Assert.Equal(1.2, curves.Average(c => c.Gradient), 0.02);
        Assert.True(curves.Count(c => !Torque.Accepts(c.FinalTorque, c.FinalAngle)) <= 2);
        Assert.All(curves, c => Assert.InRange(c.Seconds, 0.7, 1.0));
    }

    [Fact]
    public void Curve_runs_down_900_degrees_below_one_newton_metre_and_then_rises_along_a_line()
    {
        var curve = TighteningCurve.Draw(Torque, JointFault.None, new RandomStream(3, "test"));
        var runDown = curve.Angle.Count(a => a < 860);
        Assert.All(curve.Torque.Take(runDown), t => Assert.InRange(t, 0.6f, 1.0f));
        Assert.Equal(1.8, curve.Angle[10] - curve.Angle[9], 0.001); // 300 r/min over 1 ms
        var n = curve.Torque.Count;
        Assert.Equal(0.18, curve.Angle[n - 20] - curve.Angle[n - 21], 0.001); // 30 r/min
        var gradient = (curve.Torque[n - 2] - curve.Torque[n - 102]) / (curve.Angle[n - 2] - curve.Angle[n - 102]);
        Assert.Equal(curve.Gradient, gradient, 0.01);
        Assert.Equal(curve.FinalTorque, curve.Torque[n - 1], 1e-4);
    }

    [Theory]
    [InlineData(JointFault.CrossThread)]
    [InlineData(JointFault.Stripped)]
    [InlineData(JointFault.Slip)]
    [InlineData(JointFault.ReHit)]
    public void Every_fault_shape_is_refused_by_the_windows(JointFault fault)
    {
        var random = new RandomStream(5, "test");
        for (var i = 0; i < 300; i++)
        {
            var curve = TighteningCurve.Draw(Torque, fault, random);
            Assert.False(Torque.Accepts(curve.FinalTorque, curve.FinalAngle), $"{fault} {curve.FinalTorque} {curve.FinalAngle}");
            if (fault == JointFault.CrossThread) Assert.True(curve.Angle[^1] < 360);
            if (fault == JointFault.ReHit) Assert.True(curve.Angle[^1] < 30);
            if (fault == JointFault.Stripped) Assert.True(curve.Torque[^1] < curve.Torque.Max());
        }
    }

    [Fact]
    public void Yield_process_stops_when_the_gradient_has_halved_over_five_degrees()
    {
        var random = new RandomStream(5, "test");
        for (var i = 0; i < 100; i++)
        {
            var curve = TighteningCurve.Draw(Yield, JointFault.None, random);
            // 17.3° to half the gradient plus the window of 5°: 80 + k·25·(1 - e^(-22.3/25)).
            Assert.Equal(80 + curve.Gradient * 25 * (1 - Math.Exp(-22.3 / 25)), curve.FinalTorque, 0.6);
            Assert.True(Yield.Accepts(curve.FinalTorque, curve.FinalAngle));
        }
    }

    [Fact]
    public void Three_in_a_thousand_joints_are_not_ok()
    {
        _sink = new(s => s.Name is "Result.Id" or "ResultEvaluation" or "BatchCounter");
        var station = After(TimeSpan.FromHours(70));
        int total = 0, nok = 0, verdict = 0;
        foreach (var change in _sink.Changes)
        {
            if (change.Signal == station.ResultEvaluation) verdict = (int)change.Value.AsInt64;
            if (change.Signal != station.ResultId || verdict == 0) continue;
            total++;
            if (verdict == 2) nok++;
        }

        Assert.True(total > 15_000, total.ToString());
        Assert.InRange(nok / (double)total, 0.0015, 0.0045);
    }

    [Fact]
    public void Batch_counts_eight_joints_per_vehicle_and_a_vehicle_comes_each_takt()
    {
        var station = After(TimeSpan.FromHours(4));
        var batch = _sink.Of(station.BatchCounter).Select(c => (int)c.Value.AsInt64).ToArray();
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1], batch.Take(11));
        Assert.Equal(8, batch.Max());
        var vehicles = _sink.Of(station.PartId).Skip(1).ToArray();
        var gaps = vehicles.Zip(vehicles.Skip(1), (a, b) => b.Seconds - a.Seconds).Order().ToArray();
        Assert.Equal(121.5, gaps[gaps.Length / 2], 1.5);
        Assert.All(vehicles, v => Assert.True(Simulators.Identification.Vin.IsValid(v.Value.AsString)));
        Assert.Equal((uint)_sink.Of(station.CycleTime).Count - 1, station.GoodCount.Value + station.RejectCount.Value);
    }

    [Fact]
    public void Trace_is_published_every_millisecond_where_it_moves_and_kept_whole()
    {
        var station = After(TimeSpan.FromSeconds(60));
        var tightening = _sink.Of(station.Step).First(c => c.Value.AsInt64 == 3).ProcessTicks;
        var end = _sink.Of(station.Step).First(c => c.Value.AsInt64 == 4).ProcessTicks;
        var angles = _sink.Of(station.Angle).Where(c => c.ProcessTicks > tightening && c.ProcessTicks < end).ToArray();
        Assert.All(angles, c => Assert.Equal(0, c.ProcessTicks % 10_000));
        Assert.Equal(30_000, angles[2].ProcessTicks - angles[1].ProcessTicks); // 1.8° a millisecond against a deadband of 5°
        var trace = (float[])_sink.Of(station.TraceAngle)[1].Value.AsArray;
        Assert.Equal((end - tightening) / 10_000, trace.Length);
        Assert.Equal(_sink.Of(station.TraceTorque)[1].Value.AsArray.Length, trace.Length);
    }

    [Fact]
    public void Drifting_transducer_is_found_after_twenty_joints_and_holds_the_station()
    {
        var station = After(TimeSpan.FromMinutes(10));
        station.TransducerError = 4;
        station.For(TimeSpan.FromMinutes(10));
        Assert.Contains(station.Alarms, a => a is { Tag: "XDUCER", IsActive: true });
        Assert.Equal(PackMlState.Held, station.PackMl);
    }

    [Fact]
    public void Joining_methods_check_their_arguments()
    {
        var station = After(TimeSpan.FromMinutes(1));
        Assert.Equal(MethodOutcome.BadInvalidArgument, station.Call("SelectJoiningProcess", SignalValue.From("XX")).Status);
        Assert.Equal(MethodOutcome.BadOutOfRange, station.Call("SetJoiningProcessSize", SignalValue.From((ushort)17)).Status);
        Assert.True(station.Call("SetJoiningProcessSize", SignalValue.From((ushort)2)).IsGood);
        Assert.True(station.Call("EnableAsset", SignalValue.From(false)).IsGood);
        station.For(TimeSpan.FromMinutes(2));
        Assert.Equal(PackMlState.Suspended, station.PackMl);
        Assert.True(station.Call("EnableAsset", SignalValue.From(true)).IsGood);
        Assert.True(station.Call("SelectJoiningProcess", SignalValue.From("YIELD-80")).IsGood);
        station.For(TimeSpan.FromMinutes(5));
        Assert.Equal(PackMlState.Execute, station.PackMl);
        Assert.InRange(station.FinalTorque.Value, 94, 102);
    }

    private static double Deviation(IEnumerable<double> values)
    {
        var list = values.ToList();
        var mean = list.Average();
        return Math.Sqrt(list.Average(v => (v - mean) * (v - mean)));
    }
}
