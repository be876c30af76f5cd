using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Flow;

/// <summary>One machine of each type, connected, with the stock of earlier days.</summary>
public sealed class PlantLayoutTests(ITestOutputHelper output)
{
    private static readonly string[] Assembly = ["DC01", "RB001", "PNT01", "SPL01", "SPV001", "MAR01", "TT01", "FF01", "GL01", "ADAS01", "RT01", "FC01", "P01", "LK01", "PE01"];

    [Fact]
    public void Every_part_of_a_day_is_in_stock_or_went_somewhere()
    {
        var plant = VirtualPlant.Demo(seed: 4);
        var begun = Enum.GetValues<PartKind>().ToDictionary(k => k, plant.Parts.Made);
        var graded = plant.Layout.Buffer("graded cells")!.Count;
        foreach (var hours in (int[])[1, 2, 5, 8, 8])
        {
            plant.Run(TimeSpan.FromHours(hours));
            foreach (var kind in Enum.GetValues<PartKind>())
                Assert.True(plant.Parts.InStock(kind) == plant.Layout.Found(kind), $"{kind} after {plant.World.Now / TimeSpan.TicksPerHour} h: book {plant.Parts.InStock(kind)}, found {plant.Layout.Found(kind)}");
        }

        foreach (var kind in Enum.GetValues<PartKind>())
        {
            output.WriteLine($"{kind,-12} made {plant.Parts.Made(kind) - begun[kind],7} beside a stock of {begun[kind],6}: {plant.Parts.InStock(kind),6} in stock, "
                + $"{plant.Parts.Ended(kind, PartFate.Consumed),7} in others, {plant.Parts.Ended(kind, PartFate.Shipped),5} shipped, {plant.Parts.Ended(kind, PartFate.Scrapped),5} scrap");
        }

        // What the links say went into modules is what grading passed and the buffers no longer have.
        var (grading, line) = (plant.Unit<GradingStation>(), plant.Unit<ModuleLine>());
        var built = plant.Genealogy.Events.Count(e => e is { Kind: GenealogyEventKind.Consumed, Unit: "M01" } && e.Ticks > Simulators.Tests.Run.Start.Ticks);
        var waiting = plant.Layout.Buffer("graded cells")!.Count + line.InWork.Count(p => p.Kind == PartKind.Cell) + grading.Outlets.Sum(o => o.Waiting.Count(p => p.Kind == PartKind.Cell));
        output.WriteLine($"grading passed {grading.GoodCount.Value} cells, {built} went into modules, {waiting} wait after {graded} at first");
        Assert.Equal(grading.GoodCount.Value + graded, built + waiting);
        // Each vehicle has one pack, also where two stood in the marriage station, and none leaves without.
        var packs = plant.Genealogy.Events.Where(e => e.Kind == GenealogyEventKind.Consumed && PartIds.KindOf(e.Other) == PartKind.Vehicle && PartIds.KindOf(e.Part) == PartKind.Pack).ToLookup(e => e.Other, e => e.Part);
        Assert.All(packs, p => Assert.Single(p));
        Assert.All(plant.Genealogy.Events.Where(e => e is { Kind: GenealogyEventKind.Result, Unit: "FC01" }), e => Assert.True(packs.Contains(e.Part), $"{e.Part} has no pack"));
        Assert.True(plant.Parts.Ended(PartKind.Vehicle, PartFate.Shipped) > 24 * 4, $"{plant.Parts.Ended(PartKind.Vehicle, PartFate.Shipped)} vehicles");
    }

    [Fact]
    public void A_vehicle_is_traced_to_its_castings_and_to_the_lots_of_its_cells_and_a_lot_to_its_vehicles()
    {
        var plant = new VirtualPlant(Assembly, seed: 5, breakdowns: false);
        plant.World.Advance(TimeSpan.FromHours(1).Ticks);
        var genealogy = plant.Context.Genealogy;
        var married = genealogy.Events.First(e => e.Kind == GenealogyEventKind.Consumed && e.Unit == "MAR01" && e.Ticks > Simulators.Tests.Run.Start.Ticks);
        var inside = genealogy.Backward(married.Other);
        Assert.Equal(2, inside.Count(id => id.StartsWith("GC-", StringComparison.Ordinal)));
        Assert.Equal(12, inside.Count(id => id.StartsWith("9LXM", StringComparison.Ordinal)));
        Assert.Equal(432, inside.Count(id => id.StartsWith("9LXC", StringComparison.Ordinal)));
        var lot = inside.First(id => id.StartsWith("SL-", StringComparison.Ordinal));
        Assert.Contains(married.Other, genealogy.Forward(lot));
    }

    [Fact]
    public void The_line_drives_on_while_its_stations_keep_the_takt()
    {
        var plant = new VirtualPlant(["SPL01", "MAR01", "TT01", "FF01", "GL01"], seed: 6, breakdowns: false);
        plant.World.Advance(TimeSpan.FromHours(3).Ticks);
        var line = plant.Unit<VehicleLine>();
        // At most 29.6 vehicles an hour pass; minor stops of the stations cost some.
        Assert.InRange(line.GoodCount.Value, 3 * 29.6 * 0.80, 3 * 29.7);
        Assert.InRange(plant.Unit<TighteningStation>().GoodCount.Value, 3 * 29.6 * 0.80, 3 * 29.7 + 1);
    }

    [Fact]
    public void Without_packs_the_line_stops_at_the_marriage_as_starved()
    {
        var plant = new VirtualPlant(["SPL01", "MAR01", "PE01", "LK01"], seed: 7, breakdowns: false, stock: false);
        var line = plant.Unit<VehicleLine>();
        plant.Layout.Buffer("Packs before MAR")!.Fill([plant.Context.Parts.Make("P1", PartKind.Pack, "L110"), plant.Context.Parts.Make("P2", PartKind.Pack, "L110")]);
        plant.World.Advance(TimeSpan.FromHours(3).Ticks);
        Assert.True(line.OnLine.Value > 40);
        Assert.Equal(plant.Context.Parts.InStock(PartKind.Vehicle), plant.Layout.Found(PartKind.Vehicle));
        Assert.InRange(plant.Unit<MarriageStation>().GoodCount.Value, 2u, 25u);
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes_and_the_same_genealogy()
    {
        Assert.Equal(Run(1), Run(1));

        static (ulong, int) Run(ulong seed)
        {
            using var truth = new TruthLog();
            var plant = new VirtualPlant(Assembly, seed, breakdowns: true, sink: truth);
            plant.World.Advance(TimeSpan.FromMinutes(20).Ticks);
            return (truth.Checksum, plant.Context.Genealogy.Events.Count);
        }
    }
}
