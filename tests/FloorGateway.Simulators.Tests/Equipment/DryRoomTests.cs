using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class DryRoomTests
{
    private readonly RecordingSink _sink = new();

    private DryRoom Room(double seconds, string code = "DRY01", bool traffic = false)
    {
        var room = new DryRoom(code, Run.Context(_sink)) { Traffic = traffic };
        room.Advance(0);
        room.ForSeconds(seconds);
        return room;
    }

    private static double MeanDewPoint(DryRoom room, int seconds)
    {
        var sum = 0.0;
        for (var i = 0; i < seconds; i += 10)
        {
            room.ForSeconds(10);
            sum += room.TrueDewPoint;
        }

        return sum / (seconds / 10);
    }

    [Fact]
    public void Humidity_and_dew_point_are_each_others_inverse()
    {
        Assert.Equal(0.00799, DryRoom.HumidityAt(-60), 0.0001);
        foreach (var point in new[] { -65.0, -56, -38.4, 0, 10 }) Assert.Equal(point, DryRoom.DewPointOf(DryRoom.HumidityAt(point)), 1e-9);
    }

    [Fact]
    public void Ten_people_keep_the_air_at_minus_56()
    {
        var room = Room(1800);
        Assert.Equal(-56, MeanDewPoint(room, 20_000), 0.2);
        Assert.Equal(-56, _sink.Of(room.DewPoint).Where(c => c.Seconds > 1800).Average(c => ((double[])c.Value.AsArray).Average()), 0.35);
        Assert.Equal(PackMlState.Execute, room.PackMl);
        Assert.InRange(room.DiffPressure.Value, 15, 30);
    }

    [Fact]
    public void Sixty_seconds_of_airlock_bring_it_to_minus_54()
    {
        var room = Room(1800);
        var wettest = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            room.PassAirlock();
            room.ForSeconds(60);
            wettest.Add(room.TrueDewPoint);
            room.ForSeconds(1500);
        }

        Assert.Equal(-54, wettest.Average(), 0.3);
        Assert.False(_sink.Raised("DOORS"));
        Assert.Contains(_sink.Of(room.DoorOuter), c => c.Value.AsBoolean);
        Assert.Contains(_sink.Of(room.DoorInner), c => c.Value.AsBoolean);
    }

    [Fact]
    public void Both_doors_stuck_bring_it_to_minus_38_4()
    {
        var room = Room(600);
        room.DoorsStuckOpen = true;
        room.ForSeconds(1800);
        Assert.Equal(-38.4, room.TrueDewPoint, 0.2);
    }

    [Fact]
    public void Humidity_falls_with_a_lag_of_120_seconds()
    {
        var room = Room(600);
        room.DoorsStuckOpen = true;
        room.ForSeconds(1800);
        room.DoorsStuckOpen = false;
        var rest = DryRoom.HumidityAt(-56);
        var first = DryRoom.HumidityAt(room.TrueDewPoint) - rest;
        room.ForSeconds(120);
        Assert.Equal(Math.Exp(-1), (DryRoom.HumidityAt(room.TrueDewPoint) - rest) / first, 0.01);
        room.ForSeconds(120);
        Assert.Equal(Math.Exp(-2), (DryRoom.HumidityAt(room.TrueDewPoint) - rest) / first, 0.01);
    }

    [Fact]
    public void Stuck_doors_raise_their_alarms_in_order_and_the_room_goes_on()
    {
        var room = Room(600);
        room.DoorsStuckOpen = true;
        room.ForSeconds(14);
        Assert.True(_sink.Raised("DOORS"));
        Assert.False(_sink.Raised("DPRES"));
        room.ForSeconds(24);
        Assert.True(_sink.Raised("DPRES"));
        Assert.False(_sink.Raised("DP_HI"));
        room.ForSeconds(40);
        Assert.False(_sink.Raised("DP_HI"));
        room.ForSeconds(300);
        Assert.True(_sink.Raised("DP_HI"));
        Assert.True(_sink.Raised("DP_HH"));
        Assert.Equal(PackMlState.Execute, room.PackMl);
        room.DoorsStuckOpen = false;
        room.ForSeconds(1200);
        Assert.DoesNotContain(room.Alarms, a => a.IsActive);
    }

    [Fact]
    public void Solid_state_lines_in_the_room_are_asked_to_hold_and_liquid_ones_go_on()
    {
        var context = Run.Context(_sink);
        var room = new DryRoom("DRY01", context) { Traffic = false };
        Stacker solid = new("STK01", context), liquid = new("STK10", context);
        Unit[] units = [room, solid, liquid];
        PlantLayout.Connect(units);
        var world = new World(units);
        world.Advance(TimeSpan.FromMinutes(10).Ticks);
        Assert.Equal(PackMlState.Execute, solid.PackMl);
        room.DoorsStuckOpen = true;
        world.Advance(TimeSpan.FromMinutes(16).Ticks);
        Assert.True(room.HoldRequest.Value);
        Assert.Equal(PackMlState.Held, solid.PackMl);
        Assert.Equal(PackMlState.Execute, liquid.PackMl);
        room.DoorsStuckOpen = false;
        world.Advance(TimeSpan.FromMinutes(30).Ticks);
        Assert.False(room.HoldRequest.Value);
        Assert.Equal(PackMlState.Execute, solid.PackMl);
    }

    [Fact]
    public void A_room_for_liquid_cells_may_be_wetter()
    {
        var room = Room(600, "DRY05");
        Assert.Equal("LXE/JSH/LQC/L01/DRY05", room.Location);
        room.Leak = 2;
        room.ForSeconds(1800);
        Assert.InRange(room.TrueDewPoint, -47, -42);
        Assert.DoesNotContain(room.Alarms, a => a.IsActive);
    }

    [Fact]
    public void A_wheel_that_is_not_dried_lets_the_dew_point_rise_by_a_degree_in_ten_minutes()
    {
        var room = Room(1800);
        var before = MeanDewPoint(room, 3600);
        room.RegenHeaterFailed = true;
        room.ForSeconds(3600);
        Assert.True(_sink.Raised("REGEN"));
        Assert.InRange(_sink.When(room.Alarms.Single(a => a.Tag == "REGEN").Signal, 1) - 5400, 600, 720);
        var supply = _sink.Of(room.SupplyDewPoint).Where(c => c.Seconds > room.Seconds - 60).Average(c => c.Value.AsDouble);
        Assert.Equal(-54, supply, 1.0);
        Assert.True(room.TrueDewPoint > before + 1.5);
    }

    [Fact]
    public void Gas_is_told_after_two_seconds_and_left_to_the_safety_system()
    {
        var room = Room(600);
        Assert.InRange(_sink.Numbers(room.H2S).Max(), 0, 0.2);
        room.H2SSource = 8;
        room.ForSeconds(6);
        Assert.True(_sink.Raised("H2S"));
        Assert.Equal(PackMlState.Execute, room.PackMl);
    }

    [Fact]
    public void A_stuck_sensor_does_not_hide_the_others()
    {
        var room = Room(600);
        room.StuckSensor = 1;
        room.DoorsStuckOpen = true;
        room.ForSeconds(600);
        Assert.Equal(-60, room.DewPoint.Value[0]);
        Assert.True(_sink.Raised("DP_HH"));
    }

    [Fact]
    public void People_come_and_go_around_ten_and_never_above_the_limit()
    {
        var room = Room(12 * 3600, traffic: true);
        Assert.InRange(_sink.Numbers(room.People).Average(), 8, 12);
        Assert.True(_sink.Numbers(room.People).Max() <= 14);
        Assert.False(_sink.Raised("DP_HI"));
        Assert.True(room.Call("SetOccupancyLimit", SignalValue.From((ushort)5)).IsGood);
        Assert.Equal(5, room.OccupancyLimit.Value);
        room.ForSeconds(4 * 3600);
        Assert.InRange(room.People.Value, 0, 6);
        Assert.Equal(MethodOutcome.BadOutOfRange, room.Call("SetOccupancyLimit", SignalValue.From((ushort)31)).Status);
    }

    [Fact]
    public void Supply_air_is_set_between_minus_65_and_minus_45()
    {
        var room = Room(60);
        Assert.Equal(MethodOutcome.BadOutOfRange, room.SetPoint("SupplyDewPoint", -44).Status);
        Assert.True(room.SetPoint("SupplyDewPoint", -50).IsGood);
        room.ForSeconds(1800);
        Assert.InRange(room.TrueDewPoint, -50, -47.5);
    }

    [Fact]
    public void Exposure_of_a_lot_adds_up_to_its_four_hours()
    {
        var room = Room(4.1 * 3600);
        Assert.Equal(240, room.ResultExposure.Value.Sum(), 0.1);
        Assert.Equal("DRY01-000001", room.ResultLot.Value);
        Assert.Equal(1, room.ResultEvaluation.Value);
    }
}
