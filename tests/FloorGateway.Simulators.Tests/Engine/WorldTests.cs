using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Tests.Engine;

public sealed class WorldTests
{
    private readonly List<string> _order = [];

    private sealed class Ticker : Unit
    {
        private readonly List<string> _order;
        private readonly double _every;

        public Ticker(string code, double every, List<string> order)
            : base(code, $"LXE/JSH/CAS/L01/{code}", code, Run.Context(new RecordingSink()))
        {
            _order = order;
            _every = every;
            AddMethod("Soon", [], _ =>
            {
                After(0.1, () => _order.Add($"{Code} soon {Seconds}"));
                return MethodOutcome.Good;
            });
        }

        public override string NamespaceUri => "urn:test";

        public override string DisplayName => Code;

        protected override void OnStarted() => Next();

        private void Next() => After(_every, () =>
        {
            _order.Add($"{Code} {Seconds}");
            Next();
        });
    }

    [Fact]
    public void Events_run_in_process_time_across_units_and_ties_in_the_order_of_the_units()
    {
        var world = new World([new Ticker("A1", 2, _order), new Ticker("B1", 3, _order)]);
        world.Advance(TimeSpan.FromSeconds(6).Ticks);
        Assert.Equal(["A1 2", "B1 3", "A1 4", "A1 6", "B1 6"], _order);
    }

    [Fact]
    public void Order_does_not_depend_on_how_time_is_sliced()
    {
        var whole = new World([new Ticker("A1", 0.7, _order), new Ticker("B1", 1.1, _order)]);
        whole.Advance(TimeSpan.FromSeconds(50).Ticks);
        var sliced = new List<string>();
        var other = new World([new Ticker("A1", 0.7, sliced), new Ticker("B1", 1.1, sliced)]);
        for (var ms = 0; ms <= 50_000; ms += 10) other.Advance(ms * TimeSpan.TicksPerMillisecond);
        Assert.Equal(_order, sliced);
    }

    [Fact]
    public void Call_that_schedules_something_earlier_is_served_in_time_and_disturbs_nothing()
    {
        var slow = new Ticker("A1", 10, _order);
        var world = new World([slow, new Ticker("B1", 4, _order)]);
        world.Advance(TimeSpan.FromSeconds(1).Ticks);
        for (var i = 0; i < 3; i++) Assert.True(world.Call(slow, "Soon").IsGood);
        world.Advance(TimeSpan.FromSeconds(20).Ticks);
        Assert.Equal(["A1 soon 1.1", "A1 soon 1.1", "A1 soon 1.1", "B1 4", "B1 8", "A1 10", "B1 12", "B1 16", "A1 20", "B1 20"], _order);
    }

    [Fact]
    public void Adding_a_unit_leaves_the_runs_of_the_others_as_they_were()
    {
        ulong Checksum(params string[] codes)
        {
            using var truth = new Simulators.Truth.TruthLog();
            var alone = new OnlyUnit("DC01", truth);
            new World(codes.Select(c => EquipmentCatalogue.Create(c, Run.Context(alone, seed: 4)))).Advance(TimeSpan.FromMinutes(20).Ticks);
            return truth.Checksum;
        }

        Assert.Equal(Checksum("DC01"), Checksum("TT01", "DC01", "FR01"));
    }

    private sealed class OnlyUnit(string code, IChangeSink sink) : IChangeSink
    {
        public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
        {
            if (unit.Code == code) sink.OnChange(unit, signal, value, status, sourceTicks);
        }
    }
}
