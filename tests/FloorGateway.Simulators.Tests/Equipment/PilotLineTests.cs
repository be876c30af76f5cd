using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class PilotLineTests
{
    [Fact]
    public void The_pilot_machines_stand_in_their_own_line()
    {
        var context = Run.Context(new RecordingSink(_ => false));
        foreach (var code in (string[])["PCOAT01", "PSTK01", "PFR01"])
            Assert.Equal($"LXE/JSH/RND/L01/{code}", EquipmentCatalogue.Create(code, context).Location);
    }

    [Fact]
    public void Stacked_trial_cells_are_formed_in_the_pilot_tray()
    {
        var sink = new RecordingSink(s => s.Name is "Capture.Id" or "Result.TrayId");
        var context = Run.Context(sink);
        var stacker = PilotLine.Stacker("PSTK01", context);
        var rack = PilotLine.Rack("PFR01", context);
        var cells = new PartBuffer("trial cells", PartKind.Cell, 60);
        stacker.Outlets.Single(o => o.Kind == PartKind.Cell).Connect(cells);
        rack.Inlets[0].Connect(cells);
        new World([stacker, rack]).Advance(TimeSpan.FromHours(8).Ticks);
        Assert.Contains(sink.Changes, c => c.Signal.Name == "Result.TrayId" && c.Signal.Unit == rack && c.Value.AsString.StartsWith("PFR01-TRAY01", StringComparison.Ordinal));
        Assert.Contains(sink.Changes, c => c.Signal.Name == "Capture.Id");
        Assert.True(rack.GoodCount.Value + rack.RejectCount.Value >= 36);
    }

    [Fact]
    public void The_small_coater_winds_short_rolls_at_its_own_speed()
    {
        var context = Run.Context(new RecordingSink(_ => false));
        var coater = PilotLine.Coater("PCOAT01", context);
        coater.Advance(TimeSpan.FromHours(3).Ticks);
        Assert.InRange(coater.WebSpeed.Value, 0, 5.2);
        // 50 m at 5 m/min: a roll every ten minutes once the dryer is warm.
        Assert.InRange(context.Parts.Made(PartKind.Roll), 8, 17);
    }

    [Fact]
    public void Trial_recipes_run_on_the_pilot_machines_only()
    {
        var context = Run.Context(new RecordingSink(_ => false), @operator: false);
        Unit pilot = PilotLine.Coater("PCOAT01", context), plant = new Coater("COAT03", context);
        pilot.Advance(0);
        plant.Advance(0);
        MethodOutcome Set(Unit unit) => unit.Call("SetRecipe", SignalValue.From(PilotLine.CoaterTrials[0]), SignalValue.From(1u));
        Assert.True(Set(pilot).IsGood);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Set(plant).Status);
    }
}
