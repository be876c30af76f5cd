using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class JoiningRobotTests
{
    private readonly RecordingSink _sink = new(s => s.Name is not ("Axis.ActualPosition" or "Heartbeat"));
    private UnitContext _context = null!;

    private JoiningRobot Robot(double hours, string code = "RB001", Action<JoiningRobot>? prepare = null)
    {
        var robot = new JoiningRobot(code, _context = Run.Context(_sink));
        prepare?.Invoke(robot);
        robot.For(TimeSpan.FromHours(hours));
        return robot;
    }

    [Fact]
    public void A_body_takes_110_seconds_and_two_castings()
    {
        var robot = Robot(5);
        var cycles = _sink.Of(robot.CycleTime).Skip(1).Select(c => c.Value.AsDouble).Order().ToArray();
        Assert.Equal(110, cycles[cycles.Length / 2], 1.5);
        Assert.InRange(robot.GoodCount.Value, 140u, 165u);
        var body = _sink.Of(robot.PartId)[5].Value.AsString;
        Assert.Equal(["GC-R", "GC-F"], _context.Genealogy.InsideOf(body).Select(c => c[..4]));
        Assert.Equal(_context.Parts.Made(PartKind.Casting), 2 * _context.Parts.Made(PartKind.Body));
    }

    [Fact]
    public void Rivets_have_the_stated_force_and_height_and_a_curve()
    {
        var robot = Robot(8);
        var forces = _sink.Of(robot.RivetForce).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(55, forces.Average(), 0.2);
        Assert.Equal(1.2, Deviation(forces), 0.1);
        var heights = _sink.Of(robot.HeadHeight).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(0.08, Deviation(heights), 0.008);
        Assert.Equal(robot.RivetForce.Value, robot.CurveForce.Value[^1], 1e-3);
        Assert.Equal(8 / 62.0 * robot.RivetForce.Value, robot.CurveForce.Value[0], 1e-3);
        var currents = _sink.Of(robot.WeldCurrent).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.InRange(currents.Average(), 10.5, 10.5 * 1.006);
        Assert.All(currents, c => Assert.InRange(c, 9, 12));
    }

    [Fact]
    public void A_worn_punch_holds_the_robot_and_the_joint_is_made_again()
    {
        var robot = Robot(0.2, prepare: r => r.PunchWear = 0.6);
        Assert.Contains(_sink.Of(robot.State), c => c.Value.AsInt64 == (int)PackMlState.Held);
        Assert.Contains(robot.Alarms, a => a.Tag == "RIV_OUT" && _sink.Of(a.Signal).Count > 1);
        robot.ForSeconds(12_000);
        // Three bad heads in a row: the body is scrap.
        Assert.True(_context.Parts.Ended(PartKind.Body, PartFate.Scrapped) > 0);
        robot.PunchWear = 0;
        var good = robot.GoodCount.Value;
        robot.ForSeconds(7200);
        Assert.True(robot.GoodCount.Value > good + 20);
    }

    [Fact]
    public void A_blocked_nozzle_raises_its_alarm_and_adhesive_follows_the_speed()
    {
        var robot = Robot(0.5);
        var flows = _sink.Of(robot.AdhesiveFlow).Select(c => c.Value.AsDouble).ToArray();
        Assert.InRange(flows.Max(), 290, 320);
        Assert.DoesNotContain(_sink.Changes, c => c.Signal.Name == "Alarm.NOZ" && c.Value.AsBoolean);
        robot.BeadSkip = 2;
        robot.ForSeconds(200);
        Assert.Contains(_sink.Changes, c => c.Signal.Name == "Alarm.NOZ" && c.Value.AsBoolean);
        Assert.Contains(_sink.Of(robot.ResultTechnology), c => c.Value.AsString == "Bead");
    }

    [Fact]
    public void Motors_stay_below_85_degrees_and_a_failed_fan_is_told()
    {
        var robot = Robot(3);
        Assert.All(robot.MotorTemp.Value, t => Assert.InRange(t, 30, 85));
        robot.FanFailed = true;
        robot.For(TimeSpan.FromHours(1));
        Assert.Contains(robot.Alarms, a => a is { Tag: "MT_HI", IsActive: true });
        robot.FanFailed = false;
        robot.For(TimeSpan.FromHours(2));
        Assert.Contains(robot.Alarms, a => a is { Tag: "MT_HI", IsActive: false });
    }

    [Fact]
    public void A_collision_aborts_and_scraps_and_the_robot_drives_home_before_it_starts()
    {
        var robot = Robot(0.51);
        robot.Collide();
        robot.ForSeconds(10);
        Assert.Equal(PackMlState.Aborted, robot.PackMl);
        Assert.Equal(1, _context.Parts.Ended(PartKind.Body, PartFate.Scrapped));
        robot.ForSeconds(7200);
        Assert.Equal(PackMlState.Execute, robot.PackMl);
    }

    [Fact]
    public void Programs_are_selected_in_idle_only()
    {
        var robot = Robot(0.1);
        Assert.Equal(MethodOutcome.BadInvalidState, Select(robot, "BODY-B").Status);
        robot.Call("Stop");
        robot.ForSeconds(200);
        robot.Call("Reset");
        robot.ForSeconds(20);
        Assert.Equal(PackMlState.Idle, robot.PackMl);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Select(robot, "BODY-X").Status);
        Assert.True(Select(robot, "BODY-B").IsGood);
        Assert.Equal("BODY-B", robot.TaskProgramName.Value);
    }

    [Fact]
    public void Two_robots_work_on_one_body()
    {
        var context = Run.Context(_sink);
        var (first, second) = (new JoiningRobot("RB001", context), new JoiningRobot("RB002", context));
        var layout = PlantLayout.Connect([first, second]);
        new World([first, second]).Advance(TimeSpan.FromHours(1.5).Ticks);
        Assert.InRange(first.GoodCount.Value - second.GoodCount.Value, 0u, 2u);
        Assert.True(second.GoodCount.Value > 40);
        Assert.Equal(context.Parts.InStock(PartKind.Body), layout.Found(PartKind.Body));
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes()
    {
        Assert.Equal(Checksum(1), Checksum(1));
        Assert.NotEqual(Checksum(1), Checksum(2));
    }

    private static ulong Checksum(ulong seed)
    {
        using var truth = new TruthLog();
        new JoiningRobot("RB001", Run.Context(truth, seed)).Advance(TimeSpan.FromMinutes(20).Ticks);
        return truth.Checksum;
    }

    private static MethodOutcome Select(JoiningRobot robot, string program) => robot.Call("SelectProgram", SignalValue.From(program));

    private static double Deviation(double[] values) => Math.Sqrt(values.Average(v => (v - values.Average()) * (v - values.Average())));
}
