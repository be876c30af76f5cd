using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Simulators.Tests.Profiles;

/// <summary>The plant has the units and tags that its planning gives, type by type.</summary>
public sealed class PlantTableTests(ITestOutputHelper output)
{
    private const int Units = 1019, Tags = 57_442;

    private static readonly SimulationProfile Plant = SimulationProfile.Plant;

    [Fact]
    public void Units_and_tags_are_those_of_the_table()
    {
        var made = Plant.CreateUnits(Run.Context(new RecordingSink())).Select(u => u.Unit).ToDictionary(u => u.Code);
        output.WriteLine("type     units  tags each  of the table   total  signals offered");
        var wrong = new List<string>();
        foreach (var kind in Plant.Rows.SelectMany(r => r.Kinds))
        {
            var units = kind.Codes.Select(c => made[c]).ToList();
            var tags = units.Select(u => u.Signals.Count(Plant.IsTag)).Distinct().ToList();
            var letters = EquipmentCatalogue.LettersOf(kind.Codes[0]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{letters,-8} {units.Count,5} {string.Join('/', tags),10} {kind.TagsEach,13} {units.Sum(u => u.Signals.Count(Plant.IsTag)),7} {units.Sum(u => u.Signals.Count),16}"));
            if (tags is not [var each] || each != kind.TagsEach) wrong.Add($"{letters}: {string.Join('/', tags)} tags, not {kind.TagsEach}");
        }

        var total = made.Values.Sum(u => u.Signals.Count(Plant.IsTag));
        output.WriteLine($"plant {made.Count} units, {total} tags; {made.Values.Sum(u => u.Signals.Count)} signals");
        Assert.Empty(wrong);
        Assert.Equal((Units, Tags), (made.Count, total));
        Assert.Equal((Units, Tags), (Plant.Rows.Sum(r => r.Units), Plant.Rows.Sum(r => r.Tags)));
    }

    [Fact]
    public void Every_unit_is_on_one_of_24_servers_and_in_one_row()
    {
        var hosted = Plant.Servers.SelectMany(s => s.Units).ToList();
        Assert.Equal(24, Plant.Servers.Count);
        Assert.Equal(hosted.Order(), hosted.Distinct().Order());
        Assert.Equal(hosted.Order(), Plant.Rows.SelectMany(r => r.Kinds).SelectMany(k => k.Codes).Order());
        Assert.Empty(Plant.Apply(new()).Validate());
    }

    [Fact]
    public void The_rates_of_the_table_add_up_to_those_of_the_plant() =>
        Assert.Equal((5341, 15_128), (Plant.Rows.Sum(r => r.Average), Plant.Rows.Sum(r => r.Peak)));

    [Fact]
    public void The_stress_profile_has_5000_values_on_each_of_20_servers()
    {
        var stress = SimulationProfile.Stress;
        var tags = stress.CreateUnits(Run.Context(new RecordingSink()))
            .GroupBy(u => u.Server.Name, u => u.Unit.Signals.Count(s => !s.Name.StartsWith("Alarm.", StringComparison.Ordinal)));
        Assert.Equal(20, stress.Servers.Count);
        Assert.All(tags, server => Assert.Equal(5000, server.Sum()));
        Assert.Empty(stress.Apply(new()).Validate());
    }
}
