using System.Globalization;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Simulators.Tests.Profiles;

/// <summary>
/// The plant changes as often as planned. The run begins in full swing, but rolls and the paint oven still warm up and the first vehicles are on their way to the test stands, so that these
/// rows are lower in the first minutes than in the first hour; tests/Benchmarks measures that.
/// </summary>
public sealed class PlantRatesTests(ITestOutputHelper output)
{
    // Peaks depend on which machines start a cycle in the window.
    private const double Tolerance = 0.15, PeakLow = 0.6, PeakHigh = 1.1;

    // Rows that are what they are from the first minutes on, with what they may be off by: robots all join here, where the plan has half of them handle parts only, and a stacker shows the
    // place of every layer.
    private static readonly Dictionary<string, (double Low, double High)> Steady = new()
    {
        ["DC"] = (0.8, 1.3), ["RB"] = (1, 2.5), ["MIX"] = (0.8, 1.4), ["STK"] = (0.8, 2), ["WLD; ELF"] = (0.7, 1.4), ["FR"] = (0.7, 1.1), ["GRD+AGE"] = (0.6, 1.2),
        ["M/P cells"] = (0.7, 1.3), ["LK+PE"] = (0.7, 1.5), ["Station PLC"] = (0.8, 1.2), ["Meters"] = (0.9, 1.2),
    };

    [Fact]
    public void Average_and_peak_rate_are_the_planned_ones()
    {
        var plant = SimulationProfile.Plant;
        var rates = new RateMeter(plant);
        var run = new VirtualRun(plant, rates);
        foreach (var unit in run.Units) rates.Add(unit);
        run.Run(TimeSpan.FromSeconds(90));
        rates.Restart(run.SourceTicks);
        run.Run(TimeSpan.FromSeconds(90));

        var rows = rates.Rows();
        foreach (var row in rows)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Row.Name,-14} {row.Average,7:N0} of {row.Row.Average,6:N0}   peak {row.Peak,7:N0} of {row.Row.Peak,6:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all {rows.Sum(r => r.Average):N0} of {rows.Sum(r => r.Row.Average):N0}, peak {rows.Sum(r => r.Peak):N0} of {rows.Sum(r => r.Row.Peak):N0}, busiest second {rates.BusiestSecond:N0}"));
        Assert.InRange(rows.Sum(r => r.Average), 5341 * (1 - Tolerance), 5341 * (1 + Tolerance));
        Assert.InRange(rows.Sum(r => r.Peak), 15_128 * PeakLow, 15_128 * PeakHigh);
        Assert.All(rows.Where(r => Steady.ContainsKey(r.Row.Name)), r => Assert.InRange(r.Average / r.Row.Average, Steady[r.Row.Name].Low, Steady[r.Row.Name].High));
    }
}
