using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;

namespace FloorGateway.Simulators.Tests.Profiles;

/// <summary>What one unit of the stress profile does.</summary>
public sealed class LoadUnitTests
{
    private readonly RecordingSink _sink = new();
    private readonly LoadUnit _unit;

    public LoadUnitTests()
    {
        _unit = new LoadUnit("LOAD001", Run.Context(_sink));
        _unit.Advance(0);
    }

    [Fact]
    public void Changes_come_at_250_a_second_spread_over_the_time()
    {
        _unit.Advance(TimeSpan.TicksPerSecond);
        var tenths = new List<int>();
        for (var i = 1; i <= 200; i++)
        {
            var before = _sink.Changes.Count;
            _unit.Advance(TimeSpan.TicksPerSecond + (i * TimeSpan.TicksPerSecond / 10));
            tenths.Add(_sink.Changes.Count - before);
        }

        Assert.Equal(20 * LoadUnit.ChangesPerSecond, tenths.Sum());
        Assert.InRange(tenths.Max(), 25, 28);
    }

    [Fact]
    public void Values_have_the_intervals_of_their_groups()
    {
        _unit.Advance(TimeSpan.TicksPerMinute);
        var perMinute = _unit.Signals.Where(s => s.Traits.SamplingMs > 0).GroupBy(s => s.Traits.SamplingMs).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(new() { [10_000] = 350, [1000] = 100, [500] = 45, [200] = 5 }, perMinute);
        foreach (var signal in _unit.Signals.Where(s => s.Traits.SamplingMs > 0))
            Assert.Equal(60_000.0 / signal.Traits.SamplingMs, _sink.Of(signal).Count - 1, 2.0);
    }

    [Fact]
    public void A_burst_is_three_times_as_fast_for_its_time_and_not_longer()
    {
        Assert.True(_unit.Call("Burst", SignalValue.From(30.0)).IsGood);
        var start = _sink.Changes.Count;
        _unit.Advance(30 * TimeSpan.TicksPerSecond);
        var burst = _sink.Changes.Count - start;
        _unit.Advance(60 * TimeSpan.TicksPerSecond);
        Assert.InRange(burst, 30 * 750 - 100, 30 * 750 + 100);
        Assert.InRange(_sink.Changes.Count - start - burst, 30 * 250 - 100, 30 * 250 + 100);
    }

    [Fact]
    public void Ten_alarms_come_within_the_time_and_go_again()
    {
        Assert.True(_unit.Call("RaiseAlarms", SignalValue.From(60.0)).IsGood);
        _unit.Advance(60 * TimeSpan.TicksPerSecond);
        Assert.Equal(10, _unit.Signals.OfType<Signal<bool>>().Count(s => s.Name.StartsWith("Alarm.", StringComparison.Ordinal) && s.Value));
        _unit.Advance(121 * TimeSpan.TicksPerSecond);
        Assert.DoesNotContain(_unit.Signals.OfType<Signal<bool>>(), s => s.Name.StartsWith("Alarm.", StringComparison.Ordinal) && s.Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(1e9)]
    public void A_time_that_makes_no_sense_is_refused(double seconds) =>
        Assert.Equal(MethodOutcome.BadOutOfRange, _unit.Call("Burst", SignalValue.From(seconds)).Status);
}
