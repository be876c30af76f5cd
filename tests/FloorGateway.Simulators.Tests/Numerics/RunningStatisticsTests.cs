using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Tests.Numerics;

public sealed class RunningStatisticsTests
{
    [Fact]
    public void Mean_and_sigma_are_those_of_the_numbers()
    {
        var statistics = new RunningStatistics();
        Assert.Equal(0, statistics.Sigma);
        foreach (var value in new[] { 2.0, 4, 4, 4, 5, 5, 7, 9 }) statistics.Add(value);
        Assert.Equal(5, statistics.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(32.0 / 7), statistics.Sigma, 1e-12);
        statistics.Clear();
        Assert.Equal(0, statistics.Count);
    }

    [Fact]
    public void Sine_and_cosine_agree_with_the_platform()
    {
        for (var x = -1000.0; x < 1000; x += 0.037)
        {
            Assert.Equal(Math.Sin(x), DeterministicMath.Sin(x), 1e-12);
            Assert.Equal(Math.Cos(x), DeterministicMath.Cos(x), 1e-12);
        }

        Assert.Equal(Math.Sin(1e6), DeterministicMath.Sin(1e6), 1e-9);
    }
}
