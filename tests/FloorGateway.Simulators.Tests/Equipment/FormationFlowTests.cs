using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;

namespace FloorGateway.Simulators.Tests.Equipment;

/// <summary>Cells through formation, ageing and grading.</summary>
public sealed class FormationFlowTests
{
    [Fact]
    public void Cells_go_from_the_buffer_through_formation_ageing_and_grading()
    {
        var context = Run.Context(new RecordingSink(s => s.Name is "Result.TrayId"));
        var rack = new FormationRack("FR01", [FormationProgram.SolidState, FormationProgram.Liquid], context);
        var room = new AgeingRoom("AGE01", context);
        var grading = new GradingStation("GRD01", context);
        var (solid, liquid) = (new PartBuffer("solid-state cells", PartKind.Cell, 500), new PartBuffer("liquid cells", PartKind.Cell, 600));
        var (formed, aged, graded) = (new PartBuffer("formed", PartKind.Tray, 40), new PartBuffer("aged", PartKind.Tray, 40), new PartBuffer("graded", PartKind.Cell, 500));
        solid.Fill(Enumerable.Range(0, 80).Select(i => context.Parts.Make(BatteryCode.Cell('Z', "JSW001A", new(2027, 3, 15), i), PartKind.Cell, "S120")));
        liquid.Fill(Enumerable.Range(0, 40).Select(i => context.Parts.Make(BatteryCode.Cell('E', "JSW008A", new(2027, 3, 15), i), PartKind.Cell, "L110")));
        rack.Inlets.Single(i => i.Name == "S120 cells").Connect(solid);
        rack.Inlets.Single(i => i.Name == "L110 cells").Connect(liquid);
        rack.Outlets[0].Connect(formed);
        room.Inlets[0].Connect(formed);
        room.Outlets[0].Connect(aged);
        grading.Inlets[0].Connect(aged);
        grading.Outlets[0].Connect(graded);

        new World([rack, room, grading]).Advance(TimeSpan.FromHours(158).Ticks);

        // Two solid-state trays and a liquid one; the rest are not enough for a tray.
        Assert.Equal(8, solid.Count);
        Assert.Equal(4, liquid.Count);
        Assert.True(rack.Starved.Value);
        Assert.Equal(108, rack.GoodCount.Value + (int)rack.RejectCount.Value);
        Assert.Equal(108u, grading.GoodCount.Value + grading.RejectCount.Value);
        Assert.Equal(grading.GoodCount.Value, (uint)graded.Count);
        Assert.InRange(graded.Count, 92, 108);
        Assert.Equal(context.Parts.InStock(PartKind.Cell), solid.Count + liquid.Count + graded.Count);
        Assert.Equal(0, context.Parts.InStock(PartKind.Tray));
        var cell = graded.Parts.First();
        Assert.Single(context.Genealogy.ParentsOf(cell.Id));
        Assert.InRange(cell[CellProperties.Capacity], 60, 78);
        Assert.InRange(cell[CellProperties.Ocv], 3.59, 3.62);
        Assert.InRange(cell[CellProperties.Acir], 0.45, 0.65);
    }

    [Fact]
    public void A_full_outlet_keeps_the_tray_in_the_rack_and_shows_it()
    {
        var context = Run.Context(new RecordingSink(s => s.Name == "Blocked"));
        var rack = new FormationRack("FR02", [FormationProgram.Liquid], context);
        var formed = new PartBuffer("formed", PartKind.Tray, 1);
        formed.Fill([context.Parts.Make("T-0", PartKind.Tray, "L110")]);
        rack.Outlets[0].Connect(formed);
        rack.Advance(TimeSpan.FromHours(14).Ticks);
        Assert.True(rack.Blocked.Value);
        Assert.Equal((int)TrayState.Done, rack.Trays[0].State.Value);
        Assert.Single(rack.InWork);
        Assert.Equal(36, rack.InWork.Single().Contents.Count);
    }

    [Fact]
    public void The_pilot_rack_captures_each_change_of_current_in_steps_of_ten_milliseconds()
    {
        var sink = new RecordingSink(s => s.Name.StartsWith("Capture", StringComparison.Ordinal) || s.Name == "TrayState");
        var rack = PilotLine.Rack("PFR01", Run.Context(sink));
        rack.Advance(TimeSpan.FromHours(8).Ticks);
        var captures = rack.Signals.Single(s => s.Name == "Capture.Id");
        var ids = sink.Of(captures).Skip(1).Select(c => c.Value.AsString).ToArray();
        Assert.InRange(ids.Length, 8, 12);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var time = Array(rack, "Capture.t");
        Assert.Equal(500, time.Length);
        Assert.Equal(0.01f, time[1], 1e-6f);
        // The pulse of a quarter: the ohmic jump at once, the rest with 1.5 s.
        var pulse = sink.Of(captures).First(c => c.Value.AsString.EndsWith("S05", StringComparison.Ordinal));
        var volts = (float[])sink.Of(rack.Signals.Single(s => s.Name == "Capture.V")).Last(c => c.ProcessTicks <= pulse.ProcessTicks).Value.AsArray;
        var amps = (float[])sink.Of(rack.Signals.Single(s => s.Name == "Capture.I")).Last(c => c.ProcessTicks <= pulse.ProcessTicks).Value.AsArray;
        Assert.Equal(0, amps[0], 0.01);
        Assert.InRange(amps[^1], 20, 25);
        var ohmic = (volts[3] - volts[0]) / (amps[3] - amps[0]) * 1000;
        Assert.Equal(0.8, ohmic, 0.12);
        Assert.Equal(2.0, (volts[^1] - volts[0]) / (amps[^1] - amps[0]) * 1000, 0.3);
        Assert.Equal((int)TrayState.Done, sink.Of(rack.Trays[0].State).Max(c => (int)c.Value.AsInt64));

        static float[] Array(FormationRack rack, string name) => (float[])rack.Signals.Single(s => s.Name == name).Published.AsArray;
    }

    [Fact]
    public void Trial_programs_are_released_for_the_pilot_rack_only()
    {
        var rack = new FormationRack("FR01", [FormationProgram.SolidState], Run.Context(new RecordingSink(_ => false)));
        rack.Advance(TimeSpan.FromSeconds(100).Ticks);
        var outcome = rack.Call("StartProgram", SignalValue.From("TRAY01"), SignalValue.From(FormationProgram.PulseTrial.Id));
        Assert.Equal(MethodOutcome.BadInvalidArgument, outcome.Status);
        var pilot = PilotLine.Rack("PFR01", Run.Context(new RecordingSink(_ => false)));
        pilot.Advance(TimeSpan.FromSeconds(100).Ticks);
        Assert.True(pilot.Call("StartProgram", SignalValue.From("TRAY01"), SignalValue.From(FormationProgram.PulseTrial.Id)).IsGood);
    }
}
