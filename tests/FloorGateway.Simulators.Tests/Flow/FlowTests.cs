using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Flow;

/// <summary>Two machines with a buffer between them.</summary>
public sealed class FlowTests
{
    [Fact]
    public void A_machine_without_parts_is_starved_and_goes_on_when_one_comes()
    {
        var (world, first, second, buffer, _) = Build(firstCycle: 50, secondCycle: 10, capacity: 4);
        world.Advance(Ticks(40));
        Assert.Equal(PackMlState.Suspended, second.PackMl);
        Assert.True(second.Starved.Value);
        Assert.False(first.Starved.Value);

        world.Advance(Ticks(3000));
        Assert.InRange(second.GoodCount.Value, 50u, 60u);
        Assert.InRange(first.GoodCount.Value - second.GoodCount.Value, 0u, 2u);
        Assert.InRange(buffer.Count, 0, 1);
    }

    [Fact]
    public void A_machine_without_room_is_blocked_and_nothing_is_lost()
    {
        var (world, first, second, buffer, parts) = Build(firstCycle: 5, secondCycle: 50, capacity: 3);
        world.Advance(Ticks(3000));
        Assert.True(first.Blocked.Value);
        Assert.Equal(3, buffer.Count);
        Assert.Equal(parts.Made(PartKind.Casting), parts.InStock(PartKind.Casting) + parts.Ended(PartKind.Casting, PartFate.Consumed));
        Assert.Equal(parts.InStock(PartKind.Casting), buffer.Count + first.InWork.Concat(second.InWork).Count(p => p.Kind == PartKind.Casting));
        Assert.Equal(parts.Made(PartKind.Body), parts.Ended(PartKind.Body, PartFate.Shipped) + parts.InStock(PartKind.Body));
    }

    [Fact]
    public void The_way_time_is_sliced_changes_nothing()
    {
        var (all, _, second, _, _) = Build(firstCycle: 11, secondCycle: 10, capacity: 2);
        var (slices, _, sliced, _, _) = Build(firstCycle: 11, secondCycle: 10, capacity: 2);
        all.Advance(Ticks(2000));
        for (var t = 0; t <= 2000; t += 7) slices.Advance(Ticks(t));
        slices.Advance(Ticks(2000));
        Assert.Equal(second.GoodCount.Value, sliced.GoodCount.Value);
        Assert.Equal(second.State.SourceTicks, sliced.State.SourceTicks);
    }

    [Fact]
    public void Wiring_the_wrong_kind_is_refused_with_names()
    {
        var (_, first, _, _, _) = Build(1, 1, 1);
        var error = Assert.Throws<ArgumentException>(() => first.Inlets[0].Connect(new PartBuffer("coils", PartKind.Coil, 9)));
        Assert.Contains("M1.raw is for Casting, buffer 'coils' holds Coil", error.Message, StringComparison.Ordinal);
    }

    private static (World World, Machine First, Machine Second, PartBuffer Buffer, PartBook Parts) Build(double firstCycle, double secondCycle, int capacity)
    {
        var context = Run.Context(new RecordingSink());
        var first = new Machine("M1", firstCycle, PartKind.Casting, PartKind.Casting, context);
        var second = new Machine("M2", secondCycle, PartKind.Casting, PartKind.Body, context);
        var buffer = new PartBuffer("castings", PartKind.Casting, capacity);
        first.Outlets[0].Connect(buffer);
        second.Inlets[0].Connect(buffer);
        return (new World([first, second]), first, second, buffer, context.Parts);
    }

    private static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);

    private sealed class Machine : CyclicUnit
    {
        private readonly Inlet _raw;
        private readonly Outlet _done;
        private Part? _part;
        private int _serial;

        public Machine(string code, double cycle, PartKind takes, PartKind gives, UnitContext context)
            : base(code, $"LXE/JSH/CAS/L01/{code}", code, ["R1"], new(1000, 1), context)
        {
            _raw = In("raw", takes, () => Context.Parts.Make($"{code}-raw-{++_serial}", takes));
            _done = Out("done", gives);
            Cycle.Add(1, () => cycle, () => _part = _raw.Take());
        }

        public override string NamespaceUri => "http://jsev.example/UA/Base/";

        public override string DisplayName => Code;

        public override IEnumerable<Part> InWork => _part is null ? [] : [_part];

        protected override void OnCycleDone()
        {
            var part = _part!;
            if (_done.Kind != part.Kind)
            {
                var made = Context.Parts.Make($"{Code}-{part.Id}", _done.Kind);
                Consume(part, made, 1);
                part = made;
            }

            _done.Put(part);
            _part = null;
            GoodCount.Set(GoodCount.Value + 1);
            if (ContinueAfterCycle()) Cycle.Run();
        }

        protected override void Drop()
        {
            if (_part is not null) Scrap(_part, "given up");
            _part = null;
        }
    }
}
