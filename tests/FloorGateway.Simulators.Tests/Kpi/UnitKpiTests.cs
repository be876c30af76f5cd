using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Kpi;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Kpi;

public sealed class UnitKpiTests
{
    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);

    [Fact]
    public void Indicators_follow_the_formulas_of_ISO_22400()
    {
        var kpi = new UnitKpi(Pbt: Minutes(400), Apt: Minutes(300), Aust: Minutes(40), Adet: Minutes(35), Adot: Minutes(25), Pri: Minutes(2), Pq: 120, Gq: 114, Sq: 4, Rq: 9);
        Assert.Equal(0.75, kpi.Availability, 1e-12);
        Assert.Equal(0.8, kpi.Effectiveness, 1e-12);
        Assert.Equal(0.95, kpi.QualityRate, 1e-12);
        Assert.Equal(0.75 * 0.8 * 0.95, kpi.Oee, 1e-12);
        Assert.Equal(340 / 400.0 * 0.8 * 0.95, kpi.NeeIndex, 1e-12);
        Assert.Equal(4 / 120.0, kpi.ScrapRatio, 1e-12);
        Assert.Equal(9 / 120.0, kpi.ReworkRatio, 1e-12);
    }

    [Fact]
    public void Nothing_produced_has_no_quality() =>
        Assert.Equal(double.NaN, new UnitKpi(Minutes(1), Minutes(1), default, default, default, Minutes(1), 0, 0, 0, 0).QualityRate);

    [Fact]
    public void All_the_time_of_a_run_is_on_one_element_or_another_and_counts_are_the_machines()
    {
        var states = new StateLog();
        var context = Run.Context(states, seed: 3, breakdowns: true);
        var cell = new DieCastCell("DC01", context);
        cell.Advance(0);
        cell.For(TimeSpan.FromHours(20));
        var kpi = UnitKpi.Of(cell, states, context.Genealogy, TimeSpan.FromSeconds(120));
        Assert.Equal(TimeSpan.FromHours(20), kpi.Apt + kpi.Aust + kpi.Adet + kpi.Adot);
        Assert.Equal(kpi.Pq, kpi.Gq + cell.RejectCount.Value);
        Assert.True(kpi.Adet > TimeSpan.Zero, "no breakdown in twenty hours");
        Assert.Equal(context.Parts.Ended(PartKind.Casting, PartFate.Scrapped), kpi.Sq);
    }

    [Theory]
    [InlineData(PackMlState.Execute, TimeElement.Production)]
    [InlineData(PackMlState.Resetting, TimeElement.Setup)]
    [InlineData(PackMlState.Suspended, TimeElement.Delay)]
    [InlineData(PackMlState.Held, TimeElement.Delay)]
    [InlineData(PackMlState.Aborted, TimeElement.Down)]
    [InlineData(PackMlState.Stopped, TimeElement.Down)]
    public void States_belong_to_the_elements_that_the_plant_says(PackMlState state, TimeElement element) => Assert.Equal(element, TimeElements.Of(state));
}
