using System.Diagnostics;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;

namespace FloorGateway.Simulators.Tests.Flow;

/// <summary>Ten hours of the demonstration plant, the ten minutes of a visitor at sixty times the clock.</summary>
public sealed class TraceabilityTests(ITestOutputHelper output)
{
    [Fact]
    public void Vehicles_of_ten_hours_are_traced_to_their_lots_and_castings_and_back()
    {
        var plant = VirtualPlant.Demo(seed: 1);
        plant.Run(TimeSpan.FromHours(10));
        var genealogy = plant.Genealogy;
        var begin = Simulators.Tests.Run.Start.Ticks;
        var packsOfRun = genealogy.Events.Where(e => e.Kind == GenealogyEventKind.Consumed && e.Unit == "P01" && e.Ticks > begin).Select(e => e.Other).ToHashSet();
        var married = genealogy.Events.Where(e => e is { Kind: GenealogyEventKind.Consumed, Unit: "MAR01" } && e.Ticks > begin).Select(e => (Vin: e.Other, Pack: e.Part)).ToList();
        var tested = genealogy.Events.Where(e => e is { Kind: GenealogyEventKind.Result, Unit: "FC01", Text: "OK" }).Select(e => e.Part).ToHashSet();
        var vehicles = married.Where(m => packsOfRun.Contains(m.Pack)).Select(m => m.Vin).ToList();
        var finished = married.Where(m => tested.Contains(m.Vin)).Select(m => m.Vin).ToList();
        output.WriteLine($"{plant.Parts.Ended(PartKind.Vehicle, PartFate.Shipped)} vehicles left, {finished.Count} of them got their pack in the run; "
            + $"of {packsOfRun.Count} packs built in the run {vehicles.Count} are in vehicles; {genealogy.Count:N0} events");
        Assert.True(finished.Count >= 10, $"{finished.Count} vehicles got their pack and left");
        Assert.True(vehicles.Count >= 10, $"{vehicles.Count} vehicles with packs of the run");
        vehicles = [.. vehicles.Concat(finished).Distinct()];
        foreach (var vin in vehicles)
        {
            Assert.True(Vin.IsValid(vin));
            var inside = genealogy.Backward(vin).ToLookup(PartIds.KindOf);
            Assert.Equal((1, 12, 432), (inside[PartKind.Pack].Count(), inside[PartKind.Module].Count(), inside[PartKind.Cell].Count(c => BatteryCode.IsValid(c))));
            Assert.Equal((1, 1, 2), (inside[PartKind.PaintedBody].Count(), inside[PartKind.Body].Count(), inside[PartKind.Casting].Count()));
            Assert.NotEmpty(inside[PartKind.SlurryLot]);
            foreach (var cell in inside[PartKind.Cell].Where(c => BatteryCode.IsValid(c)))
            {
                var origin = genealogy.Backward(cell).ToLookup(PartIds.KindOf);
                Assert.True(origin[PartKind.Coil].Any() && origin[PartKind.Roll].Any() && origin[PartKind.SlurryLot].Any(), cell);
            }

            foreach (var origin in (string[])[inside[PartKind.Casting].First(), inside[PartKind.SlurryLot].First(), inside[PartKind.Coil].First(), inside[PartKind.Cell].First(), inside[PartKind.Module].First()])
                Assert.Contains(vin, genealogy.Forward(origin));
        }

        var clock = Stopwatch.StartNew();
        var parts = genealogy.Backward(vehicles[0]).Sum(p => genealogy.Forward(p).Count);
        output.WriteLine($"everything inside {vehicles[0]} and everything each of it went into: {parts:N0} parts in {clock.Elapsed.TotalMilliseconds:0} ms");
    }

    [Fact]
    public void Cells_of_the_run_are_traced_from_their_tray_to_the_lot_of_the_mixer()
    {
        var plant = VirtualPlant.Demo(seed: 2);
        plant.Run(TimeSpan.FromHours(20));
        var genealogy = plant.Genealogy;
        var lots = genealogy.Events.Where(e => e is { Kind: GenealogyEventKind.Result, Unit: "MIX01", Text: "OK" }).Select(e => e.Part).ToList();
        var cells = lots.SelectMany(genealogy.Forward).Where(c => BatteryCode.IsValid(c)).Distinct().ToList();
        output.WriteLine($"{lots.Count} lots went into {cells.Count} cells");
        Assert.NotEmpty(cells);
        Assert.Contains(genealogy.Backward(cells[0]), id => PartIds.KindOf(id) is null && id.Contains("MIX01", StringComparison.Ordinal));
    }
}
