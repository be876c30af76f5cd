using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Flow;

/// <summary>The vehicles' end of line and the packs' as the layout connects them, with breakdowns and rework.</summary>
public sealed class EndOfLineTests
{
    private static readonly string[] Vehicles = ["ADAS01", "ADAS02", "ADAS03", "ADAS04", "RT01", "RT02", "RT03", "FC01", "FC02"];
    private static readonly string[] Packs = ["LK01", "LK02", "LK03", "PE01", "PE02", "PE03", "PE04", "PE05"];

    [Fact]
    public void Vehicles_pass_calibration_rollers_and_charge_at_the_plants_rate_and_none_is_lost()
    {
        var (context, layout, units) = Run(Vehicles, PartKind.Vehicle, hours: 10);
        // 26.67 vehicles an hour are wanted.
        Assert.InRange(context.Parts.Ended(PartKind.Vehicle, PartFate.Shipped) / 10.0, 26.67, 34.5);
        AssertConserved(context, layout, PartKind.Vehicle);
        var shipped = context.Genealogy.Events.Last(e => e.Kind == GenealogyEventKind.Result && e.Unit.StartsWith("FC", StringComparison.Ordinal) && e.Text == "OK").Part;
        var visited = context.Genealogy.Events.Where(e => e.Kind == GenealogyEventKind.Result && e.Part == shipped && e.Text == "OK").Select(e => e.Unit.TrimEnd("0123456789".ToCharArray()));
        Assert.Equal(["ADAS", "RT", "FC"], visited);
        var rejects = units.Sum(u => u.RejectCount.Value);
        Assert.True(rejects > 0);
        Assert.Equal(rejects, context.Genealogy.Events.Count(e => e is { Kind: GenealogyEventKind.Disposition, Other: "Rework" or "Scrap" }));
    }

    [Fact]
    public void Packs_pass_leak_test_and_electrical_test_at_the_plants_rate_and_none_is_lost()
    {
        var (context, layout, units) = Run(Packs, PartKind.Pack, hours: 10);
        Assert.InRange(context.Parts.Ended(PartKind.Pack, PartFate.Shipped) / 10.0, 26.67, 36);
        AssertConserved(context, layout, PartKind.Pack);
        var underTest = units.Where(u => u.Code.StartsWith("PE", StringComparison.Ordinal)).SelectMany(u => u.InWork).ToList();
        Assert.NotEmpty(underTest);
        Assert.All(underTest, p => Assert.InRange(p["LeakTestedAt"], 9 * 3600, 36_000));
    }

    [Fact]
    public void Same_seed_gives_the_same_day()
    {
        var (first, _, _) = Run(Packs, PartKind.Pack, hours: 3);
        var (second, _, _) = Run(Packs, PartKind.Pack, hours: 3);
        Assert.Equal(first.Genealogy.Events, second.Genealogy.Events);
    }

    private static void AssertConserved(UnitContext context, PlantLayout layout, PartKind kind)
    {
        var parts = context.Parts;
        Assert.Equal(layout.Found(kind), parts.InStock(kind));
        Assert.Equal(parts.Made(kind), parts.InStock(kind) + parts.Ended(kind, PartFate.Shipped) + parts.Ended(kind, PartFate.Scrapped));
    }

    private static (UnitContext Context, PlantLayout Layout, List<EquipmentUnit> Units) Run(string[] codes, PartKind kind, int hours)
    {
        var context = Tests.Run.Context(new RecordingSink(_ => false), seed: 4, breakdowns: true);
        var units = codes.Select(code => (EquipmentUnit)EquipmentCatalogue.Create(code, context)).ToList();
        var layout = PlantLayout.Connect(units);
        Assert.Equal(kind, layout.Buffers[0].Kind);
        new World(units).Advance(TimeSpan.FromHours(hours).Ticks);
        return (context, layout, units);
    }
}
