using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class ModuleAndPackTests
{
    private readonly RecordingSink _sink = new();

    [Fact]
    public void A_module_of_36_matched_cells_takes_41_6_seconds()
    {
        var line = Line(out _);
        line.For(TimeSpan.FromHours(1));
        var cycles = _sink.Of(line.CycleTime).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(41.6, cycles.Where(c => c < 50).Average(), 0.3);
        Assert.All(_sink.Of(line.ResultCapacitySpread), c => Assert.InRange(c.Value.AsDouble, 0, 0.5));
        Assert.All(_sink.Of(line.ResultResistanceSpread), c => Assert.InRange(c.Value.AsDouble, 0, 0.05));
        Assert.All(_sink.Of(line.ResultVoltageSpread), c => Assert.InRange(c.Value.AsDouble, 0, 3));
        Assert.All(_sink.Of(line.ModuleVoltage).Skip(1), c => Assert.Equal(18 * 3.608, c.Value.AsDouble, 0.1));
        Assert.Equal(0u, line.RejectCount.Value);
        Assert.Equal(36, line.CellIds.Value.Distinct().Count());
    }

    [Fact]
    public void Stack_force_ramps_and_creeps()
    {
        var line = Line(out _);
        line.ForSeconds(200);
        var stack = _sink.Of(line.Step).First(c => c.Value.AsInt64 == 3).Seconds;
        var force = _sink.Of(line.StackForce).Where(c => c.Seconds > stack && c.Seconds < stack + 20).ToArray();
        var peak = force.Max(c => c.Value.AsDouble);
        Assert.Equal(8, peak, 0.45);
        Assert.Equal(2, force.First(c => c.Seconds >= stack + 1).Value.AsDouble / (force.First(c => c.Seconds >= stack + 1).Seconds - stack), 0.1);
        var last = force[^1];
        var crept = last.Seconds - stack - peak / 2;
        Assert.Equal(peak * (1 - 0.04 * Math.Log(1 + crept / 60)), last.Value.AsDouble, 0.05);
    }

    [Fact]
    public void Modules_become_packs_of_twelve_and_every_cell_can_be_traced_both_ways()
    {
        var context = Run.Context(new RecordingSink(s => s.Name is "PackId" or "CycleTime"));
        var line = new ModuleLine("M01", context);
        var packs = new PackLine("P01", context);
        var between = new PartBuffer("modules", PartKind.Module, 240);
        var stock = new PartBuffer("packs", PartKind.Pack, 48);
        line.Outlets[0].Connect(between);
        packs.Inlets[0].Connect(between);
        packs.Outlets[0].Connect(stock);
        new World([line, packs]).Advance(TimeSpan.FromHours(3).Ticks);
        TestContext.Current.TestOutputHelper?.WriteLine($"{stock.Count} packs, {between.Count} modules between, {packs.StockCount.Value} in the pack line");
        Assert.InRange(stock.Count, 12, 22);
        foreach (var pack in stock.Parts)
        {
            Assert.Null(BatteryCode.Problem(pack.Id));
            var modules = context.Genealogy.InsideOf(pack.Id);
            Assert.Equal(12, modules.Count);
            Assert.All(modules, m => Assert.Equal(36, context.Genealogy.InsideOf(m).Count));
            var inside = context.Genealogy.Backward(pack.Id);
            Assert.Equal(432, inside.Count(i => BatteryCode.IsValid(i) && i[3] == 'C'));
            Assert.Contains(pack.Id, context.Genealogy.Forward(inside.First(i => BatteryCode.IsValid(i) && i[3] == 'C')));
            Assert.InRange(pack[CellProperties.Ocv], 778, 790);
        }

        foreach (var kind in (PartKind[])[PartKind.Cell, PartKind.Module, PartKind.Pack])
        {
            var found = line.InWork.Concat(packs.InWork).Concat(between.Parts).Concat(stock.Parts).Count(p => p.Kind == kind);
            Assert.Equal(context.Parts.InStock(kind), found);
        }
    }

    [Fact]
    public void A_pack_takes_the_design_cycle_of_121_5_seconds()
    {
        var packs = new PackLine("P01", Run.Context(_sink));
        packs.Advance(0);
        packs.For(TimeSpan.FromHours(4));
        Assert.Equal(121.5, _sink.Of(packs.CycleTime).Skip(1).Select(c => c.Value.AsDouble).Where(c => c < 138).Average(), 1.0);
        var fillers = _sink.Of(packs.GapFiller).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.Equal(1450, fillers.Average(), 4.0);
        Assert.True(packs.GoodCount.Value > 100);
        Assert.Equal(0u, packs.RejectCount.Value);
    }

    [Fact]
    public void Cells_are_replaced_before_the_weld_and_only_by_their_like()
    {
        var line = Line(out var context);
        RunTo(line, 3);
        var id = line.ModuleId.Value;
        var old = line.CellIds.Value[6];
        MethodOutcome Replace(string module, int position, string cell) =>
            line.Call("ReplaceCell", SignalValue.From(module), SignalValue.From(position), SignalValue.From(cell));
        Assert.Equal(MethodOutcome.BadInvalidState, Replace("other", 7, "x").Status);
        Assert.Equal(MethodOutcome.BadOutOfRange, Replace(id, 37, "x").Status);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Replace(id, 7, "x").Status);
        var free = Spare(line)!;
        Assert.True(Replace(id, 7, free.Id).IsGood);
        Assert.Equal(free.Id, line.CellIds.Value[6]);
        Assert.Equal(free.Id, context.Genealogy.InsideOf(id)[6]);
        Assert.DoesNotContain(id, context.Genealogy.ParentsOf(old));
        RunTo(line, 4);
        Assert.Equal(MethodOutcome.BadInvalidState, Replace(id, 8, free.Id).Status);
    }

    [Fact]
    public void A_swollen_cell_holds_the_line_and_the_stack_is_made_again()
    {
        var line = Line(out _);
        line.SwollenForce = 1.5;
        line.ForSeconds(120);
        line.SwollenForce = 0;
        Assert.Equal(PackMlState.Held, line.PackMl);
        Assert.True(line.Alarms.Single(a => a.Tag == "FORCE").IsActive);
        line.For(TimeSpan.FromHours(1));
        Assert.Equal(PackMlState.Execute, line.PackMl);
        Assert.False(line.Alarms.Single(a => a.Tag == "FORCE").IsActive);
        Assert.Equal(0u, line.RejectCount.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Codes_that_read_wrong_hold_the_line(bool duplicate)
    {
        var line = Line(out _);
        if (duplicate) line.DuplicateScan = true;
        else line.UnreadablePosition = 3;
        line.ForSeconds(60);
        Assert.Equal(PackMlState.Held, line.PackMl);
        Assert.True(line.Alarms.Single(a => a.Tag == "SCAN").IsActive);
        (line.DuplicateScan, line.UnreadablePosition) = (false, 0);
        line.For(TimeSpan.FromHours(1));
        Assert.Equal(PackMlState.Execute, line.PackMl);
        Assert.Equal(0u, line.RejectCount.Value);
    }

    [Fact]
    public void Without_a_matching_set_the_line_starves_and_says_so()
    {
        var context = Run.Context(_sink);
        var line = new ModuleLine("M01", context);
        var graded = new PartBuffer("graded cells", PartKind.Cell, 500);
        line.Inlets[0].Connect(graded);
        graded.Fill(Enumerable.Range(0, 36).Select(i => Cell(context, i, 73)).Append(Cell(context, 36, 74)));
        line.Advance(TimeSpan.FromMinutes(2).Ticks);
        Assert.Equal(PackMlState.Suspended, line.PackMl);
        Assert.True(line.Starved.Value);
        Assert.True(line.Alarms.Single(a => a.Tag == "MATCH").IsActive);
        Assert.Equal(37u, line.StockCount.Value);
        Assert.Equal(37, line.InWork.Count());
    }

    [Fact]
    public void Missed_cover_bolts_and_wrong_filler_mark_the_pack()
    {
        var packs = new PackLine("P01", Run.Context(_sink));
        packs.Advance(0);
        packs.MissingBolts = 4;
        packs.ForSeconds(300);
        Assert.Contains(_sink.Of(packs.ResultEvaluation), c => c.Value.AsInt64 == 2);
        packs.MissingBolts = 0;
        packs.FillerError = 100;
        packs.ForSeconds(300);
        Assert.True(packs.Alarms.Single(a => a.Tag == "GLUE").IsActive);
        Assert.True(packs.RejectCount.Value >= 2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static ulong Checksum(ulong seed)
        {
            var log = new TruthLog(null);
            var context = Run.Context(log, seed);
            new World([new ModuleLine("M01", context), new PackLine("P01", context)]).Advance(TimeSpan.FromMinutes(15).Ticks);
            return log.Checksum;
        }

        Assert.Equal(Checksum(1), Checksum(1));
        Assert.NotEqual(Checksum(1), Checksum(2));
    }

    private ModuleLine Line(out UnitContext context)
    {
        context = Run.Context(_sink);
        var line = new ModuleLine("M01", context);
        line.Advance(0);
        return line;
    }

    // A cell of the class of the module's seventh that waits for another module.
    private static Part? Spare(ModuleLine line)
    {
        var inModule = line.CellIds.Value.ToHashSet();
        var like = CellMatcher.ClassOf(line.InWork.First(c => c.Id == line.CellIds.Value[6]));
        return line.InWork.Take((int)line.StockCount.Value).FirstOrDefault(c => !inModule.Contains(c.Id) && CellMatcher.ClassOf(c) == like);
    }

    private static void RunTo(ModuleLine line, int step)
    {
        for (var i = 0; i < 2000 && line.Step.Value != step; i++) line.ForSeconds(0.5);
        Assert.Equal(step, line.Step.Value);
    }

    private static Part Cell(UnitContext context, int serial, double capacity)
    {
        var cell = context.Parts.Make(BatteryCode.Cell('Z', "JS1T01A", new(2027, 3, 15), serial), PartKind.Cell, "S120");
        cell[CellProperties.Capacity] = capacity;
        cell[CellProperties.Acir] = 0.55;
        cell[CellProperties.Ocv] = 3.608;
        cell[CellProperties.Grade] = 1;
        return cell;
    }
}
