using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Equipment;

/// <summary>From the mixer to the stacked cell: slurry lots, rolls and coils are used up little by little and none is lost.</summary>
public sealed class ElectrodeLineTests
{
    [Fact]
    public void Parts_in_are_parts_out_and_stock_and_scrap_and_a_cell_knows_its_lots()
    {
        var context = Run.Context(new RecordingSink(s => s.Name == "Result.CellId"), breakdowns: true);
        var mixer = new SlurryMixer("MIX01", context);
        var coater = new Coater("COAT01", context);
        var calender = new Calender("CAL01", context);
        var stacker = new Stacker("STK10", context);
        PartBuffer tanks = new("tanks", PartKind.SlurryLot, 2), rolls = new("rolls", PartKind.Roll, 12), coils = new("coils", PartKind.Coil, 8), cells = new("cells", PartKind.Cell, 500);
        mixer.Outlets[0].Connect(tanks);
        coater.Inlets[0].Connect(tanks);
        coater.Outlets[0].Connect(rolls);
        calender.Inlets[0].Connect(rolls);
        calender.Outlets[0].Connect(coils);
        foreach (var inlet in stacker.Inlets) inlet.Connect(coils);
        stacker.Outlets[0].Connect(cells);
        EquipmentUnit[] units = [mixer, coater, calender, stacker];
        var world = new World(units);
        world.Advance(TimeSpan.FromHours(12).Ticks);

        var inside = units.SelectMany(u => u.InWork).ToList();
        foreach (var (kind, buffer) in new[] { (PartKind.SlurryLot, tanks), (PartKind.Roll, rolls), (PartKind.Coil, coils), (PartKind.Cell, cells) })
            Assert.Equal(context.Parts.InStock(kind), buffer.Count + inside.Count(p => p.Kind == kind));
        Assert.Equal(500, cells.Count);
        Assert.True(stacker.Blocked.Value);
        Assert.Equal(PackMlState.Suspended, stacker.PackMl);

        var made = context.Genealogy.Backward(cells.Parts.First().Id);
        Assert.Contains(made, id => id.StartsWith("RL-", StringComparison.Ordinal));
        Assert.Contains(made, id => id.StartsWith("SL-", StringComparison.Ordinal));
        Assert.Contains(made, id => id.StartsWith("AM-", StringComparison.Ordinal));
        var lot = made.First(id => id.StartsWith("SL-", StringComparison.Ordinal));
        Assert.Contains(cells.Parts.First().Id, context.Genealogy.Forward(lot));
    }

    [Fact]
    public void Solid_state_cells_go_from_stacker_to_press_in_batches_of_96_and_none_is_lost()
    {
        var context = Run.Context(new RecordingSink(s => s.Name == "Result.CellIds"), breakdowns: true);
        var room = new DryRoom("DRY01", context);
        var stacker = new Stacker("STK01", context);
        var press = new IsostaticPress("WIP01", context);
        room.Protects(stacker);
        PartBuffer stacked = new("stacked", PartKind.Cell, 500), pressed = new("pressed", PartKind.Cell, 600);
        stacker.Outlets[0].Connect(stacked);
        press.Inlets[0].Connect(stacked);
        press.Outlets[0].Connect(pressed);
        new World([room, stacker, press]).Advance(TimeSpan.FromHours(3).Ticks);

        Assert.Equal(context.Parts.InStock(PartKind.Cell), stacked.Count + pressed.Count + stacker.InWork.Concat(press.InWork).Count(p => p.Kind == PartKind.Cell));
        Assert.Equal(stacker.GoodCount.Value, (uint)stacked.Entered);
        Assert.Equal(press.GoodCount.Value, (uint)pressed.Entered);
        Assert.InRange(press.GoodCount.Value, 300u, 600u);
        Assert.Equal(0u, (press.GoodCount.Value + press.RejectCount.Value) % 96);
        Assert.Equal(3, context.Genealogy.InsideOf(pressed.Parts.First().Id).Count);
    }

    [Fact]
    public void Slurry_older_than_a_day_is_scrapped()
    {
        var context = Run.Context(new RecordingSink());
        var coater = new Coater("COAT01", context);
        var tanks = new PartBuffer("tanks", PartKind.SlurryLot, 2);
        coater.Inlets[0].Connect(tanks);
        var lot = context.Parts.Make("OLD", PartKind.SlurryLot);
        lot[Supply.MadeAt] = -25 * 3600.0;
        tanks.Fill([lot]);
        coater.Advance(0);
        coater.ForSeconds(2400);
        Assert.Equal(PartFate.Scrapped, lot.Fate);
        Assert.Equal(PackMlState.Suspended, coater.PackMl);
        Assert.True(coater.Starved.Value);
    }

    [Theory]
    [InlineData("MIX01", 3.2)]
    [InlineData("COAT01", 0.6)]
    [InlineData("CAL01", 0.6)]
    [InlineData("STK01", 0.3)]
    [InlineData("WIP01", 0.8)]
    [InlineData("DRY01", 1)]
    public void One_seed_gives_one_run_and_another_a_different_one(string code, double hours)
    {
        var run = Checksum(code, hours, 7);
        Assert.Equal(run, Checksum(code, hours, 7));
        Assert.NotEqual(run, Checksum(code, hours, 8));
    }

    private static ulong Checksum(string code, double hours, ulong seed)
    {
        using var truth = new TruthLog(null);
        var unit = EquipmentCatalogue.Create(code, Run.Context(truth, seed, breakdowns: true));
        unit.Advance(0);
        unit.ForSeconds(hours * 3600);
        truth.Flush();
        return truth.Checksum;
    }
}
