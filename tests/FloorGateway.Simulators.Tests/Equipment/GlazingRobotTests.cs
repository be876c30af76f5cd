using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class GlazingRobotTests
{
    private RecordingSink _sink = new();

    private GlazingRobot After(TimeSpan span, ulong seed = 1)
    {
        var robot = new GlazingRobot("GL01", Run.Context(_sink, seed));
        robot.Advance(0);
        robot.For(span);
        return robot;
    }

    [Fact]
    public void Bead_is_ten_millimetres_wide_and_twelve_high()
    {
        var robot = After(TimeSpan.FromHours(2));
        var width = _sink.Of(robot.BeadWidth).Select(c => c.Value.AsDouble).Where(w => w > 0).ToArray();
        var height = _sink.Of(robot.BeadHeight).Select(c => c.Value.AsDouble).Where(w => w > 0).ToArray();
        Assert.Equal(10, width.Average(), 0.05);
        Assert.Equal(0.4, Math.Sqrt(width.Average(w => (w - 10) * (w - 10))), 0.03);
        Assert.Equal(12, height.Average(), 0.05);
        Assert.Equal(0.5, Math.Sqrt(height.Average(h => (h - 12) * (h - 12))), 0.04);
        Assert.All(_sink.Of(robot.AdhesiveTemp), c => Assert.InRange(c.Value.AsDouble, 77, 83));
        Assert.All(_sink.Of(robot.NozzlePressure).Where(c => c.Value.AsDouble > 45), c => Assert.InRange(c.Value.AsDouble, 60, 110));
    }

    [Fact]
    public void Glass_fits_within_a_millimetre_and_a_vehicle_takes_105_seconds()
    {
        _sink = new(s => s.Name is "CycleTime" or "OpenTime" or "PrimerAge" || s.Name.StartsWith("Fit", StringComparison.Ordinal));
        var robot = After(TimeSpan.FromHours(40));
        var fit = _sink.Of(robot.FitX).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(0.3, Math.Sqrt(fit.Average(f => f * f)), 0.02);
        var times = _sink.Of(robot.CycleTime).Select(c => c.Value.AsDouble).Where(t => t > 0).Order().ToArray();
        Assert.Equal(105, times[times.Length / 2], 1.0);
        Assert.InRange(robot.RejectCount.Value / (double)robot.GoodCount.Value, 0.0005, 0.015);
        Assert.All(_sink.Of(robot.PrimerAge).Skip(1), c => Assert.InRange(c.Value.AsDouble, 0, 45));
        Assert.Equal(0.2, _sink.Of(robot.OpenTime).Skip(1).Select(c => c.Value.AsDouble).Min(), 0.01);
    }

    [Fact]
    public void Clogged_nozzle_raises_BEAD_and_the_glass_is_not_placed()
    {
        var robot = After(TimeSpan.FromMinutes(4));
        robot.NozzleClogging = 3;
        robot.For(TimeSpan.FromMinutes(4));
        Assert.Equal(PackMlState.Held, robot.PackMl);
        Assert.Contains(robot.Alarms, a => a is { Tag: "BEAD", IsActive: true });
        robot.NozzleClogging = 0;
        robot.For(TimeSpan.FromHours(1));
        var rejected = _sink.Of(robot.ResultCode).First(c => c.Value.AsString == "BEAD" || c.Value.AsString.StartsWith("BEAD+", StringComparison.Ordinal));
        var cycle = _sink.Of(robot.Step).Where(c => c.Seconds < rejected.Seconds).TakeLast(5).Select(c => c.Value.AsInt64).ToArray();
        Assert.Equal([1, 2, 3, 4, 7], cycle);
        Assert.Equal(PackMlState.Execute, robot.PackMl);
    }

    [Fact]
    public void Bead_that_waits_longer_than_eight_minutes_is_scrap()
    {
        var robot = After(TimeSpan.FromSeconds(5));
        while (robot.Step.Value != 4) robot.ForSeconds(1);
        Assert.True(robot.Call("Hold", SignalValue.From("test")).IsGood);
        robot.For(TimeSpan.FromMinutes(9));
        Assert.True(robot.Call("Unhold").IsGood);
        robot.ForSeconds(30);
        Assert.True(robot.OpenTime.Value > 8);
        Assert.Contains(robot.Alarms, a => a is { Tag: "OPEN_T", IsActive: true });
    }

    [Fact]
    public void Blurred_camera_publishes_uncertain_values_and_decides_nothing()
    {
        var robot = After(TimeSpan.FromSeconds(5));
        robot.CameraIsBlurred = true;
        robot.For(TimeSpan.FromMinutes(2));
        Assert.Equal(0x4090_0000u, _sink.Of(robot.FitX).Last().Status);
        Assert.Equal(3, robot.ResultEvaluation.Value);
        Assert.Equal("CAMERA", robot.ResultCode.Value);
    }

    [Fact]
    public void Jam_at_placement_holds_until_the_operator_has_freed_it()
    {
        var robot = After(TimeSpan.FromSeconds(5));
        robot.JamsAtPlacement = true;
        robot.For(TimeSpan.FromSeconds(100));
        Assert.Equal(PackMlState.Held, robot.PackMl);
        Assert.Equal(5, robot.Step.Value);
        robot.For(TimeSpan.FromHours(2));
        Assert.Equal(PackMlState.Execute, robot.PackMl);
        Assert.DoesNotContain(robot.Alarms, a => a.IsActive);
    }

    [Fact]
    public void Same_seed_gives_the_same_changes()
    {
        After(TimeSpan.FromMinutes(20), seed: 9);
        var first = FluidFillTests.Checksum(_sink);
        _sink = new();
        After(TimeSpan.FromMinutes(20), seed: 9);
        Assert.Equal(first, FluidFillTests.Checksum(_sink));
    }
}
