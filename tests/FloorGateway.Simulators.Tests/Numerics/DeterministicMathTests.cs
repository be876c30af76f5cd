using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Tests.Numerics;

public sealed class DeterministicMathTests
{
    [Fact]
    public void Exp_and_log_agree_with_the_platform_to_the_last_bits()
    {
        for (var x = -700.0; x <= 700; x += 0.37)
            Assert.InRange(DeterministicMath.Exp(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
        for (var x = 1e-12; x < 1e12; x *= 1.07)
            Assert.Equal(Math.Log(x), DeterministicMath.Log(x), 1e-15 * Math.Max(1, Math.Abs(Math.Log(x))));
    }

    [Fact]
    public void Exp_saturates_and_log_refuses_what_it_cannot_take()
    {
        Assert.Equal(0, DeterministicMath.Exp(-800));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Exp(800));
        Assert.True(double.IsNaN(DeterministicMath.Log(0)));
        Assert.Equal(0, DeterministicMath.Log(1));
    }

    [Fact]
    public void First_order_lag_reaches_63_percent_after_one_time_constant_however_it_is_stepped()
    {
        var once = new Pt1(60, 0);
        var stepped = new Pt1(60, 0);
        once.Advance(60, 100);
        for (var i = 1; i <= 600; i++) stepped.Advance(i * 0.1, 100);
        Assert.Equal(63.21, once.Value, 0.01);
        Assert.Equal(once.Value, stepped.Value, 1e-9);
    }

    [Fact]
    public void Dead_time_delays_the_lag()
    {
        var process = new Fopdt(3, 240, 25, 1);
        for (var i = 0; i < 25; i++) Assert.Equal(0, process.Step(10));
        Assert.True(process.Step(10) > 0);
        for (var i = 0; i < 5000; i++) process.Step(10);
        Assert.Equal(30, process.Value, 0.001);
    }
}
