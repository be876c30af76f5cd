using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Paint line: an indexing conveyor carries bodies through the e-coat bath, an oven of six zones and the spray booth; one place a takt of 121.5 s.
/// It goes on while there is a body on it, and holds bodies that were in the oven when the heat failed for audit.
/// </summary>
public sealed partial class PaintLine : CyclicUnit
{
    private const int DipPlaces = 3, ZonePlaces = 3, Zones = 6, BoothPlaces = 3;
    private const int OvenStart = DipPlaces, BoothStart = OvenStart + Zones * ZonePlaces, Places = BoothStart + BoothPlaces;
    private const double Takt = 121.5, IndexSeconds = 12, CureTemp = 170, CureMinutes = 15, SampleSeconds = 5;
    private const double FilmTolerance = 2.4, BuildTolerance = 3;

    private readonly RandomStream _film, _air;
    private readonly Inlet _bodies;
    private readonly Outlet _painted, _rework;
    private readonly PaintedBody?[] _places = new PaintedBody?[Places];
    private readonly OvenZone[] _zones;
    private readonly Bath _bath;
    private readonly Booth _booth;
    private readonly Sampler _slow;
    private double _indexed, _planned;
    private int _serial, _nokRun;
    private uint _results;

    /// <param name="code">PNT01 and on.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public PaintLine(string code, UnitContext context)
        : base(code, $"LXE/JSH/PNT/L01/{code}", "LINE", ["WHITE", "BLACK", "BLUE"], new(60, 15), context)
    {
        _film = Stream("film");
        _air = Stream("air");
        _bodies = In("body", PartKind.Body, () => Context.Parts.Make(Bodies.Id(Clock.ToSource(Now), "RB001", ++_serial), PartKind.Body));
        _painted = Out("painted", PartKind.PaintedBody);
        _rework = Out("rework", PartKind.Body);
        _bath = new(this);
        _zones = [.. Enumerable.Range(0, Zones).Select(i => new OvenZone(this, i + 1))];
        Lel = Analog("OVEN", "LEL", "P1", 0, 100, 5000, 0.2, 8, "爆炸下限");
        _lelNoise = new(_air, 0.95, 0.8);
        OvenLow = new(Alarm("OVEN", "OV_LO", 2), -8, above: false, 120, 2);
        LelHigh = new(Alarm("OVEN", "LEL", 1), 25, above: true, 3, 2);
        _booth = new(this);
        DeclareResult();
        Cycle
            .Add(1, () => IndexSeconds, Index)
            .Add(2, () => Math.Max(0.5, _indexed + _planned - Seconds), () => { });
        _slow = Every((int)(SampleSeconds * 1000), Sample);
    }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Base/";

    /// <inheritdoc/>
    public override string DisplayName => "涂装 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _places.Where(b => b is not null).Select(b => b!.Part);

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    // Warm-up: the zones follow a ramp of 40 minutes; no body enters a cold oven.
    protected override bool MayComplete(PackMlState acting) => acting == PackMlState.Starting
        ? Array.TrueForAll(_zones, z => z.IsHot)
        : base.MayComplete(acting);

    private void Index()
    {
        _indexed = Seconds;
        _planned = DrawCycle(Takt);
        if (_places[^1] is { } done) Finish(done);
        Array.Copy(_places, 0, _places, 1, Places - 1);
        _places[0] = _bodies.Available > 0 ? new(_bodies.Take(), Seconds) : null;
        _bodies.IsNeeded = Array.TrueForAll(_places, b => b is null);
        PartId.Set(_places[0]?.Part.Id ?? "");
        if (_places[0] is not null) _bath.Dip(Seconds + IndexSeconds);
        if (_places[DipPlaces - 1] is { } coated) FilmThickness.Set(coated.Film = _film.Normal(20, 0.8));
        for (var i = 0; i < Zones; i++)
        {
            if (_places[OvenStart + i * ZonePlaces] is not null) _zones[i].TakeBody();
        }

        if (_places[BoothStart + 1] is { } sprayed) FilmBuild.Set(sprayed.Build = _film.Normal(35, 1));
    }

    private void Finish(PaintedBody done)
    {
        var part = done.Part;
        var ok = !done.ForAudit && done.CureMinutes >= CureMinutes
            && Math.Abs(done.Film - 20) <= FilmTolerance && Math.Abs(done.Build - 35) <= BuildTolerance;
        ResultBody.Set(part.Id);
        ResultFilm.Set(done.Film);
        ResultBuild.Set(done.Build);
        ResultMinutes.Set(done.CureMinutes);
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultId.Set($"{Code}-{++_results:D8}");
        Judge(part, ResultId.Value, ok, done.ForAudit ? "hold for audit" : "");
        // A body held for audit says nothing new about the process.
        _nokRun = ok || done.ForAudit ? 0 : _nokRun + 1;
        if (ok)
        {
            var painted = Context.Parts.Make(Bodies.Painted(part.Id), PartKind.PaintedBody, RecipeId.Value);
            Consume(part, painted, 1);
            _painted.Put(painted);
            GoodCount.Set(GoodCount.Value + 1);
        }
        else
        {
            RejectCount.Set(RejectCount.Value + 1);
            if (MayRework(part, "paint")) _rework.Put(part);
        }

        _nok3.Set(_nokRun >= 3);
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _indexed);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    /// <summary>A stopped conveyor keeps its bodies.</summary>
    protected override void Drop() => _bath.Off();

    private void Sample()
    {
        var heating = PackMl is not (PackMlState.Stopped or PackMlState.Aborting or PackMlState.Aborted or PackMlState.Clearing);
        var coldest = double.PositiveInfinity;
        for (var i = 0; i < Zones; i++)
        {
            coldest = Math.Min(coldest, _zones[i].Sample(heating));
            for (var place = 0; place < ZonePlaces; place++) _places[OvenStart + i * ZonePlaces + place]?.Bake(Seconds, _zones[i].TrueTemp);
        }

        for (var place = BoothStart; place < Places; place++) _places[place]?.Bake(Seconds, 25);
        OvenLow.Evaluate(PackMl == PackMlState.Execute || OvenLow.Bit.IsActive ? coldest : 0, Seconds);
        if (OvenLow.Bit.IsActive) HoldForAudit();
        Lel.Set(Math.Max(0, 8 + _lelNoise.Next() + ExhaustFault));
        LelHigh.Evaluate(Lel.Value, Seconds);
        _bath.Sample();
        _booth.Sample();
    }

    private void HoldForAudit()
    {
        for (var place = OvenStart; place < BoothStart; place++)
        {
            if (_places[place] is { } body) body.ForAudit = true;
        }
    }

    /// <summary>A body on the conveyor and what was done to it.</summary>
    private sealed class PaintedBody(Part part, double seconds)
    {
        private const double BodyTau = 180;
        private readonly Pt1 _temp = new(BodyTau, 25, seconds);

        public Part Part => part;
        public double Film { get; set; }
        public double Build { get; set; }
        public double CureMinutes { get; private set; }
        public bool ForAudit { get; set; }

        public void Bake(double at, double air)
        {
            if (_temp.Advance(at, air) >= CureTemp) CureMinutes += SampleSeconds / 60;
        }
    }
}
