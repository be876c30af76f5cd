using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.PackMl;

/// <summary>A stand between two buffers with a way back.</summary>
public sealed class PassThroughStationTests
{
    private readonly PartBuffer _before = new("packs to test", PartKind.Pack, 50), _after = new("sound packs", PartKind.Pack, 50), _rework = new("rework", PartKind.Pack, 50);
    private readonly UnitContext _context = Run.Context(new RecordingSink());

    [Fact]
    public void Sound_parts_go_on_in_their_order()
    {
        var (stand, world) = Build(3);
        world.Advance(Ticks(1000));
        Assert.Equal(["P1", "P2", "P3"], _after.Parts.Select(p => p.Id));
        Assert.Equal(PackMlState.Suspended, stand.PackMl);
        Assert.True(stand.Starved.Value);
        Assert.Equal(3u, stand.GoodCount.Value);
    }

    [Fact]
    public void A_part_is_reworked_twice_and_then_scrap()
    {
        var (stand, world) = Build(1);
        stand.Verdict = "BAD";
        world.Advance(Ticks(100));
        var part = Assert.Single(_rework.Parts);
        Assert.False(part.IsGood);
        Assert.Equal(1, part.Reworks);
        part.Reworks = 2;
        var (second, again) = Build(0, "PT02");
        second.Verdict = "BAD";
        _before.Fill([part]);
        again.Advance(Ticks(100));
        Assert.Equal(PartFate.Scrapped, part.Fate);
        Assert.Contains(_context.Genealogy.Events, e => e is { Kind: GenealogyEventKind.Disposition, Other: "Rework", Text: "BAD" });
        Assert.Contains(_context.Genealogy.Events, e => e is { Kind: GenealogyEventKind.Disposition, Other: "Scrap", Text: "BAD" });
    }

    [Theory]
    [InlineData("Scrap")]
    [InlineData("Release")]
    [InlineData("Rework")]
    public void An_operator_decides_about_a_part_that_is_not_OK_while_it_waits(string decision)
    {
        var (stand, world) = Build(1);
        stand.Verdict = "BAD";
        world.Advance(Ticks(100));
        var part = Assert.Single(_rework.Parts);
        uint Decide(string id, string what) => world.Call(stand, "Disposition", SignalValue.From(id), SignalValue.From(what), SignalValue.From("because")).Status;

        Assert.Equal(MethodOutcome.BadInvalidArgument, Decide(part.Id, "Sell"));
        Assert.Equal(MethodOutcome.BadInvalidArgument, Decide("unknown", decision));
        Assert.Equal(0u, Decide(part.Id, decision));
        Assert.Equal((part.Id, decision), (stand.DispositionPartId, stand.DispositionPartState));
        Assert.Equal(decision == "Rework" ? 1 : 0, _rework.Count);
        Assert.Equal(decision == "Release", _after.Parts.Contains(part));
        Assert.Equal(decision == "Scrap" ? PartFate.Scrapped : PartFate.InStock, part.Fate);
        Assert.Equal(decision == "Release", part.IsGood);
        Assert.Equal(decision == "Rework" ? 0u : MethodOutcome.BadInvalidState, Decide(part.Id, decision));
        Assert.Contains(_context.Genealogy.Events, e => e.Kind == GenealogyEventKind.Disposition && e.Part == part.Id && e.Other == decision && e.Text == "because");
    }

    [Fact]
    public void Three_bad_parts_in_a_row_raise_NOK3_and_hold()
    {
        var (stand, world) = Build(5);
        stand.Verdict = "BAD";
        world.Advance(Ticks(60));
        Assert.Equal(3u, stand.RejectCount.Value);
        Assert.Equal(PackMlState.Held, stand.PackMl);
        Assert.Contains(stand.Alarms, a => a is { Tag: "NOK3", IsActive: true });
        stand.Verdict = "";
        world.Advance(Ticks(7200));
        Assert.Equal(2u, stand.GoodCount.Value);
        Assert.DoesNotContain(stand.Alarms, a => a.IsActive);
    }

    [Fact]
    public void An_aborted_part_was_not_judged_and_comes_again()
    {
        var (stand, world) = Build(1);
        world.Advance(Ticks(15));
        Assert.Single(stand.InWork);
        world.Call(stand, "Abort", SignalValue.From("test"));
        world.Advance(Ticks(30));
        Assert.Empty(stand.InWork);
        var part = Assert.Single(_rework.Parts);
        Assert.Equal(0, part.Reworks);
        Assert.Equal(3, stand.ResultEvaluation.Value);
        Assert.Equal("GIVEN_UP", stand.ResultCode.Value);
    }

    [Fact]
    public void Start_method_takes_the_part_that_waits_and_no_other()
    {
        var (stand, world) = Build(2, @operator: false);
        world.Advance(Ticks(1));
        world.Call(stand, "Reset");
        world.Advance(Ticks(10));
        Assert.Equal(MethodOutcome.BadInvalidArgument, world.Call(stand, "StartTest", SignalValue.From("P2"), SignalValue.From("R1")).Status);
        Assert.True(world.Call(stand, "StartTest", SignalValue.From("P1"), SignalValue.From("R1")).IsGood);
        world.Advance(Ticks(60));
        Assert.Equal(PackMlState.Complete, stand.PackMl);
        Assert.Equal(["P1"], _after.Parts.Select(p => p.Id));
    }

    private (Stand Stand, World World) Build(int parts, string code = "PT01", bool @operator = true)
    {
        var stand = new Stand(code, _context with { Operator = @operator });
        stand.Inlets[0].Connect(_before);
        stand.Outlets[0].Connect(_after);
        stand.Outlets[1].Connect(_rework);
        _before.Fill(Enumerable.Range(1, parts).Select(n => _context.Parts.Make($"P{n}", PartKind.Pack)));
        return (stand, new World([stand]));
    }

    private static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);

    private sealed class Stand : PassThroughStation
    {
        public Stand(string code, UnitContext context)
            : base(code, $"LXE/JSH/MPK/L01/{code}", PartKind.Pack, ["R1"], context)
        {
            AddStartMethod("StartTest", "packId", new("program", SignalType.String), () => null, p => p.AsString);
            Cycle.Add(1, () => 10, () => Take(10));
        }

        public string Verdict { get; set; } = "";

        public override string NamespaceUri => "http://jsev.example/UA/Battery/";

        public override string DisplayName => Code;

        protected override void OnJudge()
        {
            if (Verdict.Length > 0) Fail(Verdict);
        }

        protected override void ToRest()
        {
        }
    }
}
