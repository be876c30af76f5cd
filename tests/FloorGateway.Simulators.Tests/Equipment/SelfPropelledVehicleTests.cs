using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

/// <summary>The line and the vehicles on it.</summary>
public sealed class SelfPropelledVehicleTests
{
    private readonly RecordingSink _sink = new(s => s.Unit.Code != "SPV002" && s.Name is not ("Heartbeat" or "RadioLatency" or "LateralError"));

    private (World World, VehicleLine Line, SelfPropelledVehicle First, SelfPropelledVehicle Second) Line(double minutes)
    {
        var context = Run.Context(_sink);
        var line = new VehicleLine("SPL01", context);
        var (first, second) = (new SelfPropelledVehicle("SPV001", context), new SelfPropelledVehicle("SPV002", context));
        PlantLayout.Connect([line, first, second]);
        var world = new World([line, first, second]);
        world.Advance(TimeSpan.FromMinutes(minutes).Ticks);
        return (world, line, first, second);
    }

    [Fact]
    public void Vehicles_follow_at_takt_speed_six_metres_apart()
    {
        var (_, line, first, second) = Line(30);
        Assert.Equal(LineOfVehicles.NominalSpeed, first.Speed.Value, 1e-9);
        Assert.InRange(second.GapAhead.Value, 1.0, 1.6);
        Assert.Equal((int)DriveState.Follow, first.DriveStateSignal.Value);
        var stations = _sink.Of(first.StationId).Where(c => c.Value.AsString.Length > 0).ToArray();
        Assert.Equal(["ST001", "ST002", "ST003"], stations.Take(3).Select(c => c.Value.AsString));
        Assert.Equal(121.5, stations[3].Seconds - stations[2].Seconds, 0.3);
        Assert.Equal($"{first.VehicleId.Value}-{first.ResultStation.Value}", first.ResultId.Value);
        Assert.Equal(121.5, (first.ResultOut.Value - first.ResultIn.Value).TotalSeconds, 0.3);
        Assert.InRange(line.OnLine.Value, 14u, 16u);
    }

    [Fact]
    public void Pulse_mode_moves_six_metres_in_62_seconds_and_stands_for_the_rest()
    {
        var line = new LineOfVehicles(1) { Pulsed = true };
        var vehicle = line.Enter(new PartBook().Make("V", PartKind.Vehicle));
        var (moving, fastest) = (0, 0.0);
        for (var i = 0; i < 607; i++)
        {
            line.Step(running: true);
            if (vehicle.Speed > 0) moving++;
            fastest = Math.Max(fastest, vehicle.Speed);
        }

        Assert.Equal(6, vehicle.Position, 0.05);
        Assert.Equal(62, moving * LineOfVehicles.StepSeconds, 0.5);
        Assert.Equal(0.10, fastest, 1e-9);
    }

    [Fact]
    public void A_blocked_vehicle_stops_those_behind_it_before_they_are_near()
    {
        var (world, _, first, second) = Line(20);
        first.Block(5);
        world.Advance(world.Now + TimeSpan.FromSeconds(7).Ticks);
        Assert.Equal((int)DriveState.ProtectiveStop, first.DriveStateSignal.Value);
        Assert.InRange(second.GapAhead.Value, 0.78, 1.2);
        world.Advance(world.Now + TimeSpan.FromSeconds(60).Ticks);
        Assert.Equal((int)DriveState.Follow, first.DriveStateSignal.Value);
        first.Block(40);
        world.Advance(world.Now + TimeSpan.FromSeconds(30).Ticks);
        Assert.Contains(first.Alarms, a => a is { Tag: "OBST", IsActive: true });
        Assert.InRange(second.GapAhead.Value, 0.75, 1.0);
    }

    [Fact]
    public void A_pulled_cord_stops_the_line_at_the_end_of_the_station()
    {
        var (world, line, first, _) = Line(20);
        first.PullAndon(400);
        world.Advance(world.Now + TimeSpan.FromSeconds(200).Ticks);
        Assert.Equal(1, line.LineStopReason.Value);
        Assert.Equal(first.StationId.Value, line.StopStation.Value);
        Assert.InRange(first.LinePosition.Value % 6, 5.9, 6.0);
        Assert.InRange(first.Speed.Value, 0, 0.005); // the deadband hides less
        world.Advance(world.Now + TimeSpan.FromSeconds(300).Ticks);
        Assert.Equal(0, line.LineStopReason.Value);
        Assert.True(first.Speed.Value > 0);
    }

    [Fact]
    public void Line_speed_changes_slowly_and_hold_requests_name_the_vehicle()
    {
        var (world, line, first, _) = Line(10);
        Assert.Equal(MethodOutcome.BadOutOfRange, line.Call("SetLineSpeed", SignalValue.From(0.07)).Status);
        Assert.Equal(MethodOutcome.BadOutOfRange, line.Call("SetLineSpeed", SignalValue.From(0.06)).Status);
        Assert.True(line.Call("SetLineSpeed", SignalValue.From(0.052)).IsGood);
        Assert.Equal(MethodOutcome.BadInvalidState, first.Call("SetLineSpeed", SignalValue.From(0.054)).Status);
        Assert.Equal(MethodOutcome.BadInvalidArgument, first.Call("RequestHold", SignalValue.From("X")).Status);
        Assert.True(first.Call("RequestHold", SignalValue.From(first.VehicleId.Value)).IsGood);
        world.Advance(world.Now + TimeSpan.FromSeconds(10).Ticks);
        Assert.InRange(first.Speed.Value, 0, 0.005); // the deadband hides less
        Assert.True(first.Call("RequestRelease", SignalValue.From(first.VehicleId.Value)).IsGood);
        world.Advance(world.Now + TimeSpan.FromSeconds(10).Ticks);
        Assert.Equal(0.052, first.Speed.Value, 0.003);
    }

    [Fact]
    public void Radio_loss_stops_the_vehicle_and_is_told()
    {
        var (world, _, first, _) = Line(10);
        first.RadioFade = 600;
        world.Advance(world.Now + TimeSpan.FromSeconds(10).Ticks);
        Assert.InRange(first.Speed.Value, 0, 0.005); // the deadband hides less
        Assert.Contains(first.Alarms, a => a is { Tag: "RADIO", IsActive: true });
    }

    [Fact]
    public void Guidance_error_and_latency_have_the_stated_spread()
    {
        var sink = new RecordingSink(s => s.Name is "LateralError" or "RadioLatency");
        var vehicle = new SelfPropelledVehicle("SPV001", Run.Context(sink));
        vehicle.For(TimeSpan.FromHours(3));
        var errors = sink.Of(vehicle.LateralError).Select(c => c.Value.AsDouble).ToArray();
        Assert.InRange(Math.Sqrt(errors.Average(e => e * e)), 5, 8);
        var latency = sink.Of(vehicle.RadioLatency).Select(c => c.Value.AsDouble).Order().ToArray();
        Assert.InRange(latency[latency.Length / 2], 9, 16);
        Assert.Equal(PackMlState.Execute, vehicle.PackMl);
    }
}
