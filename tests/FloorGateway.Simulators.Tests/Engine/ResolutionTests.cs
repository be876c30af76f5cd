using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Tests.Engine;

public sealed class ResolutionTests
{
    [Theory]
    [InlineData(0, 5, 0.0001)]
    [InlineData(-30, 30, 0.001)]
    [InlineData(0, 100, 0.001)]
    [InlineData(84_000, 90_000, 0.1)]
    [InlineData(0, 100_000, 1)]
    [InlineData(0, 1e9, 10_000)]
    [InlineData(0, 0, 0)]
    public void A_range_has_the_decimal_step_nearest_to_that_of_a_converter_of_16_bits(double low, double high, double step) =>
        Assert.Equal(step, Resolution.OfRange(low, high).Step);

    [Theory]
    [InlineData(0.01, 0.01)]
    [InlineData(0.029, 0.01)]
    [InlineData(0.3, 0.1)]
    [InlineData(100, 0.1)]
    public void Changes_that_are_reported_are_shown(double deadband, double step) => Assert.Equal(step, Resolution.OfRange(0, 6000, deadband).Step);

    [Theory]
    [InlineData(0.000_001)]
    [InlineData(0.001)]
    [InlineData(0.002)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(50)]
    public void What_is_shown_is_the_number_nearest_to_its_own_decimal(double step)
    {
        var resolution = new Resolution(step);
        var random = new RandomStream(1, "values");
        for (var i = 0; i < 2000; i++)
        {
            var value = random.Normal(0, 1000);
            var shown = resolution.Show(value);
            Assert.InRange(Math.Abs(shown - value), 0, step * 0.500_001);
            Assert.Equal((double)(Math.Round((decimal)value / (decimal)step) * (decimal)step), shown);
            var single = resolution.Show((float)value);
            Assert.Equal((float)resolution.Show((double)(float)value), single);
            Assert.True(step < 0.01 || single.ToString(CultureInfo.InvariantCulture).Length <= 8, $"{single} is not short");
        }
    }

    [Fact]
    public void Nothing_becomes_minus_zero_and_what_is_no_number_stays()
    {
        var resolution = new Resolution(0.1);
        Assert.Equal(0, BitConverter.DoubleToInt64Bits(resolution.Show(-0.04)));
        Assert.Equal(double.NaN, resolution.Show(double.NaN));
        Assert.Equal(double.NegativeInfinity, resolution.Show(double.NegativeInfinity));
        Assert.Equal(1e300, resolution.Show(1e300));
        Assert.Equal([0.1f, float.NaN], resolution.Show([0.123f, float.NaN]));
    }

    [Fact]
    public void Without_a_step_all_digits_are_shown()
    {
        Assert.Equal(Math.PI, default(Resolution).Show(Math.PI));
        Assert.Equal(Math.PI, new Resolution(0).Show(Math.PI));
        double[] values = [Math.PI];
        Assert.Same(values, default(Resolution).Show(values));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_step_that_makes_no_sense_is_refused(double step) => Assert.Throws<ArgumentOutOfRangeException>(() => new Resolution(step));
}
