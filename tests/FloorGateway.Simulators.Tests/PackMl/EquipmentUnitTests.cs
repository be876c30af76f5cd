using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.PackMl;

public sealed class EquipmentUnitTests
{
    private readonly RecordingSink _sink = new();

    private DieCastCell Cell(bool @operator = false)
    {
        var cell = new DieCastCell("DC01", Run.Context(_sink, @operator: @operator));
        cell.Advance(0);
        return cell;
    }

    private DieCastCell Executing()
    {
        var cell = Cell(@operator: true);
        cell.ForSeconds(60);
        Assert.Equal(PackMlState.Execute, cell.PackMl);
        return cell;
    }

    private static MethodOutcome Start(Unit unit, string recipe = "") => unit.Call("Start", SignalValue.From("J1"), SignalValue.From(recipe));

    private static MethodOutcome Hold(Unit unit) => unit.Call("Hold", SignalValue.From("test"));

    private List<int> States(EquipmentUnit unit) => [.. _sink.Of(unit.State).Select(c => (int)c.Value.AsInt64)];

    [Fact]
    public void Remote_start_up_passes_resetting_idle_and_starting()
    {
        var cell = Cell();
        Assert.Equal(PackMlState.Stopped, cell.PackMl);
        Assert.True(cell.Call("Reset").IsGood);
        cell.ForSeconds(6);
        Assert.True(Start(cell, "GC-F-01").IsGood);
        cell.ForSeconds(60);
        Assert.Equal([2, 15, 4, 3, 6], States(cell));
        Assert.Equal("J1", cell.JobId.Value);
        Assert.Equal("GC-F-01", cell.RecipeId.Value);
    }

    [Fact]
    public void Acting_states_last_one_to_five_seconds()
    {
        var cell = Executing();
        Hold(cell);
        cell.ForSeconds(6);
        cell.Call("Unhold");
        cell.ForSeconds(6);
        var states = _sink.Of(cell.State);
        foreach (var acting in new[] { PackMlState.Resetting, PackMlState.Holding, PackMlState.Unholding })
        {
            var at = states.FindIndex(c => c.Value.AsInt64 == (int)acting);
            Assert.InRange(states[at + 1].Seconds - states[at].Seconds, 1, 5);
        }

        Assert.Equal([10, 11, 12, 6], States(cell).TakeLast(4));
    }

    [Fact]
    public void Held_unit_waits_for_unhold_and_continues_the_same_cycle()
    {
        var cell = Executing();
        while (cell.Step.Value != 9) cell.ForSeconds(1);
        Hold(cell);
        cell.ForSeconds(3600);
        Assert.Equal(PackMlState.Held, cell.PackMl);
        Assert.Equal(9, cell.Step.Value);
        cell.Call("Unhold");
        cell.ForSeconds(10);
        Assert.Equal(9, cell.Step.Value);
        cell.ForSeconds(33);
        Assert.Equal([9, 10], _sink.Of(cell.Step).Select(c => (int)c.Value.AsInt64).Where(s => s >= 9));
    }

    [Fact]
    public void Hold_during_a_shot_takes_effect_after_it()
    {
        var cell = Executing();
        while (cell.Step.Value != 3) cell.ForSeconds(0.5);
        Hold(cell);
        Assert.Equal(PackMlState.Holding, cell.PackMl);
        cell.ForSeconds(8);
        Assert.Equal(PackMlState.Held, cell.PackMl);
        Assert.Contains(_sink.Of(cell.Step), c => c.Value.AsInt64 == 5);
    }

    [Fact]
    public void Abort_drops_the_part_and_needs_clear_reset_and_start()
    {
        var cell = Executing();
        while (cell.Step.Value != 6) cell.ForSeconds(1);
        var rejects = cell.RejectCount.Value;
        Assert.True(cell.Call("Abort", SignalValue.From("test")).IsGood);
        cell.ForSeconds(6);
        Assert.Equal(PackMlState.Aborted, cell.PackMl);
        Assert.Equal(rejects + 1, cell.RejectCount.Value);
        Assert.False(cell.Call("Reset").IsGood);
        Assert.True(cell.Call("Clear").IsGood);
        cell.ForSeconds(6);
        Assert.True(cell.Call("Reset").IsGood);
        cell.ForSeconds(6);
        Assert.True(Start(cell).IsGood);
        cell.ForSeconds(30);
        Assert.Equal([8, 9, 1, 2, 15, 4, 3, 6], States(cell).TakeLast(8));
        Assert.InRange(cell.Step.Value, 1, 2);
    }

    [Fact]
    public void Remotely_stopped_unit_is_not_started_again_by_the_operator()
    {
        var cell = Executing();
        cell.Call("Stop");
        cell.For(TimeSpan.FromHours(5));
        Assert.Equal(PackMlState.Stopped, cell.PackMl);
    }

    [Fact]
    public void Starved_unit_suspends_at_cycle_end_and_recovers_by_itself()
    {
        var cell = Executing();
        cell.SetInputAvailable(false);
        cell.ForSeconds(200);
        Assert.Equal(PackMlState.Suspended, cell.PackMl);
        Assert.True(cell.Starved.Value);
        cell.SetInputAvailable(true);
        cell.ForSeconds(10);
        Assert.Equal(PackMlState.Execute, cell.PackMl);
    }

    [Fact]
    public void Job_quantity_leads_to_complete()
    {
        var cell = Executing();
        cell.JobQuantity = 2;
        cell.For(TimeSpan.FromMinutes(30));
        Assert.Equal(PackMlState.Complete, cell.PackMl);
        Assert.Equal(2u, cell.GoodCount.Value);
        Assert.Equal([6, 16, 17], States(cell).TakeLast(3));
    }

    [Fact]
    public void Methods_refuse_what_the_state_mode_or_key_does_not_allow()
    {
        var cell = Cell();
        Assert.Equal(MethodOutcome.BadInvalidState, Start(cell).Status);
        Assert.Equal(MethodOutcome.BadInvalidState, Hold(cell).Status);
        cell.Call("Reset");
        cell.ForSeconds(6);
        Assert.True(cell.Call("SetMode", SignalValue.From(2)).IsGood);
        Assert.Equal(MethodOutcome.BadInvalidState, Start(cell).Status);
        Assert.Equal(MethodOutcome.BadOutOfRange, cell.Call("SetMode", SignalValue.From(4)).Status);
        Assert.True(cell.Call("SetMode", SignalValue.From(1)).IsGood);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Start(cell, "unknown").Status);
        cell.GuardClosed.Set(false);
        Assert.Equal(MethodOutcome.BadInvalidState, Start(cell).Status);
        cell.GuardClosed.Set(true);
        cell.RemoteAllowed.Set(false);
        Assert.Equal(MethodOutcome.BadUserAccessDenied, Start(cell).Status);
        cell.RemoteAllowed.Set(true);
        Assert.True(Start(cell).IsGood);
        Assert.Equal(MethodOutcome.BadInvalidState, cell.Call("SetRecipe", SignalValue.From("GC-F-01"), SignalValue.From(1u)).Status);
        Assert.Equal(MethodOutcome.BadMethodInvalid, cell.Call("Fly").Status);
        Assert.Equal(MethodOutcome.BadInvalidArgument, cell.Call("Hold").Status);
        Assert.Equal(MethodOutcome.BadInvalidArgument, cell.Call("Hold", SignalValue.From(1)).Status);
    }

    [Fact]
    public void Set_points_are_kept_to_their_range_unit_and_rate()
    {
        var cell = Executing();
        MethodOutcome Set(string tag, double value, string unit = "MTS") =>
            cell.Call("SetPoint", SignalValue.From(tag), SignalValue.From(value), SignalValue.From(unit));

        Assert.Equal(MethodOutcome.BadOutOfRange, Set("FastVelocity", 7.1).Status);
        Assert.Equal(MethodOutcome.BadOutOfRange, Set("FastVelocity", double.NaN).Status);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Set("FastVelocity", 6, "MPA").Status);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Set("Shot.Velocity", 6).Status);
        Assert.True(Set("FastVelocity", 6).IsGood);
        Assert.Equal(6, cell.FastVelocity.Value);
        Assert.Equal(MethodOutcome.BadInvalidState, Set("FastVelocity", 5).Status);
        cell.ForSeconds(1);
        Assert.True(Set("FastVelocity", 5).IsGood);
    }

    [Fact]
    public void Changed_set_point_shows_in_the_next_shots()
    {
        var cell = Executing();
        cell.Call("SetPoint", SignalValue.From("FastVelocity"), SignalValue.From(5.0), SignalValue.From("MTS"));
        cell.ForSeconds(600);
        Assert.Equal(5, cell.ResultVelocity.Value, 0.6);
    }

    [Fact]
    public void Heartbeat_beats_once_a_wall_second_whatever_the_time_scale()
    {
        var cell = new DieCastCell("DC01", Run.Context(_sink, timeScale: 60));
        cell.Advance(0);
        cell.ForSeconds(601);
        Assert.Equal(10, cell.Heartbeat.Value);
    }
}
