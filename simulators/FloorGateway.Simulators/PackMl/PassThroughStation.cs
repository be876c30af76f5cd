using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.PackMl;

/// <summary>
/// A station that takes one vehicle or pack, works on it or tests it, judges it and hands it on: sound ones by the outlet "out", others by "rework",
/// and those that were reworked twice in vain to scrap. A part that is still in work when the station is aborted was not judged and comes again.
/// </summary>
public abstract class PassThroughStation : CyclicUnit
{
    private const int Ok = 1, NotOk = 2, NotDecidable = 3;

    private readonly Inlet _in;
    private readonly Outlet _out, _rework;
    private readonly RandomStream _standalone;
    private readonly NokRun _nokRun;
    private readonly List<string> _codes = [];
    private readonly int _firstSerial;
    private Part? _part;
    private string _ordered = "";
    private int _verdict = Ok, _made;
    private uint _results;
    private double _takenAt, _planned;
    private bool _single, _completeNext;

    /// <param name="code">Cell code.</param>
    /// <param name="location">ISA-95 path of the cell.</param>
    /// <param name="kind">Vehicle or Pack.</param>
    /// <param name="recipes">Released recipes; the first is loaded.</param>
    /// <param name="context">Seed, clock and sink.</param>
    protected PassThroughStation(string code, string location, PartKind kind, IReadOnlyList<string> recipes, UnitContext context)
        : base(code, location, code, recipes, new(60, 15), context)
    {
        _standalone = Stream("standalone");
        _firstSerial = 10_000 * int.Parse(code.AsSpan(code.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1), CultureInfo.InvariantCulture);
        _in = In("in", kind, () => kind == PartKind.Pack ? MakePack() : MakeVehicle());
        _out = Out("out", kind);
        _rework = Out("rework", kind);
        ResultEvaluation = Add(MainSubUnit, "Result.Evaluation", 0, new() { DisplayName = "判定" });
        ResultCode = Add(MainSubUnit, "Result.Code", "");
        ResultPart = Add(MainSubUnit, "Result.PartId", "");
        ResultId = Add(MainSubUnit, "Result.Id", "");
        _nokRun = new(Alarm(MainSubUnit, "NOK3", 2, latched: true));
    }

    /// <summary>1 OK, 2 NotOK, 3 NotDecidable.</summary>
    public Signal<int> ResultEvaluation { get; }

    /// <summary>What was wrong, by the tags of the limits, joined by "+"; empty when nothing was.</summary>
    public Signal<string> ResultCode { get; }

    /// <summary>The part the result belongs to.</summary>
    public Signal<string> ResultPart { get; }

    /// <summary>Published last of a result, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultId { get; }

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _part is null ? [] : [_part];

    /// <summary>Parts come out not OK, whatever was measured.</summary>
    public bool IsForcedNok { get; set; }

    /// <summary>The part in work; null between two cycles.</summary>
    protected Part? Part => _part;

    /// <summary>What is wrong with the part in work so far.</summary>
    protected bool IsSoundSoFar => _verdict == Ok;

    /// <summary>Ends the measurement: publish the result's values and <see cref="Fail(string)"/> what is out of limits.</summary>
    protected abstract void OnJudge();

    /// <summary>Brings the machine to rest when a cycle is given up; may be called with nothing in work.</summary>
    protected abstract void ToRest();

    /// <summary>Takes the next part; the entry of a cycle's first step.</summary>
    /// <param name="nominalSeconds">Length of the whole cycle; drawn with the plant's jitter.</param>
    protected Part Take(double nominalSeconds)
    {
        _part = _in.Take();
        _takenAt = Seconds;
        _planned = DrawCycle(nominalSeconds);
        _codes.Clear();
        _verdict = Ok;
        PartId.Set(_part.Id);
        return _part;
    }

    /// <summary>What is left of the planned cycle: the duration of its last step.</summary>
    protected double Remainder(double atLeast) => Math.Max(atLeast, _takenAt + _planned - Seconds);

    /// <summary>The part is not OK.</summary>
    protected void Fail(string code) => Note(code, NotOk);

    /// <summary>The part is not OK, and the alarm says so.</summary>
    protected void Fail(AlarmBit alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        Fail(alarm.Tag);
        alarm.Set(true);
    }

    /// <summary>The conditions let no verdict be given, whatever was measured.</summary>
    protected void CannotDecide(string code) => Note(code, NotDecidable);

    /// <summary>Declares the method that starts the test of one named part; afterwards the stand is Complete.</summary>
    /// <param name="name">StartTest, for example.</param>
    /// <param name="part">Name of the argument with the part's id.</param>
    /// <param name="choice">The second argument.</param>
    /// <param name="unmet">The interlock that forbids a start, in words; null when all are met.</param>
    /// <param name="recipe">Recipe of the second argument's value, null for one that does not exist; a side effect may follow it.</param>
    protected void AddStartMethod(string name, string part, MethodArgument choice, Func<string?> unmet, Func<SignalValue, string?> recipe) =>
        AddRemoteMethod(
            name,
            [new(part, SignalType.String, "id of the one part to test"), choice],
            arguments => StartOne(name, arguments, unmet, recipe),
            "State Idle, interlocks met, the part waits at the stand. Read back: State 6, then 17 when the part is done.");

    /// <inheritdoc/>
    protected override void OnExecute()
    {
        if (!CompletesNow()) base.OnExecute();
    }

    /// <inheritdoc/>
    protected sealed override void OnCycleDone()
    {
        OnJudge();
        CycleTime.Set(Seconds - _takenAt);
        Report();
        if (_single) _completeNext = true;
        _single = false;
        if (!CompletesNow() && ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    /// <inheritdoc/>
    protected sealed override void Drop()
    {
        ToRest();
        _single = _completeNext = false;
        if (_part is null) return;
        if (_verdict == Ok) CannotDecide("GIVEN_UP");
        Report();
    }

    private void Note(string code, int verdict)
    {
        _verdict = Math.Max(_verdict, verdict);
        if (!_codes.Contains(code)) _codes.Add(code);
    }

    private void Report()
    {
        var part = _part!;
        if (IsForcedNok) Fail("FORCED");
        var ok = _verdict == Ok;
        var id = $"{Code}-{++_results:D8}";
        var code = string.Join('+', _codes);
        ResultEvaluation.Set(_verdict);
        ResultCode.Set(code);
        ResultPart.Set(part.Id);
        Judge(part, id, ok, _verdict == NotDecidable ? "NotDecidable" : "");
        if (ok) GoodCount.Set(GoodCount.Value + 1);
        else RejectCount.Set(RejectCount.Value + 1);
        ResultId.Set(id);
        Send(part, code);
        // What could not be decided says nothing against the process.
        _nokRun.Count(_verdict != NotOk);
    }

    private void Send(Part part, string code)
    {
        _part = null;
        if (_verdict != NotDecidable)
        {
            PassOn(part, _out, _rework, code);
            return;
        }

        // It comes again, and has not been reworked.
        Context.Genealogy.Disposition(part.Id, "Rework", code, Code, Clock.ToSource(Now));
        _rework.Put(part);
    }

    private bool CompletesNow()
    {
        if (!_completeNext || !Fire(PackMlCommand.Complete)) return false;
        _completeNext = false;
        return true;
    }

    private MethodOutcome StartOne(string name, SignalValue[] arguments, Func<string?> unmet, Func<SignalValue, string?> recipe)
    {
        var id = arguments[0].AsString;
        if (PackMl != PackMlState.Idle) return MethodOutcome.WrongState($"{Code}: {name} needs state Idle, the state is {PackMl}.");
        if (unmet() is { } reason) return MethodOutcome.WrongState($"{Code}: {name} is interlocked: {reason}.");
        if (_in.Buffer is null && _in.Kind == PartKind.Vehicle && !Vin.IsValid(id)) return new(MethodOutcome.BadInvalidArgument, $"{Code}: '{id}' is no VIN.");
        if (_in.Buffer is not null && _in.Next is null) return MethodOutcome.WrongState($"{Code}: no part waits at the stand.");
        if (_in.Next is { } next && next.Id != id) return new(MethodOutcome.BadInvalidArgument, $"{Code}: {next.Id} waits at the stand, not '{id}'.");
        if (recipe(arguments[1]) is not { } found) return new(MethodOutcome.BadInvalidArgument, $"{Code}: {name} knows no such {Methods[name].Inputs[1].Name}.");
        var outcome = Call("Start", SignalValue.From(id), SignalValue.From(found));
        if (!outcome.IsGood) return outcome;
        _single = true;
        _ordered = _in.Buffer is null ? id : "";
        return outcome;
    }

    // Standing alone, a station sees vehicles and packs of the plant's mix; stands side by side don't see the same vehicle.
    private string NextId(Func<int, string> create)
    {
        var id = _ordered.Length > 0 ? _ordered : create(++_made);
        _ordered = "";
        return id;
    }

    private Part MakeVehicle() => Context.Parts.Make(NextId(n => Vin.Create(_firstSerial + n)), PartKind.Vehicle, DrawModel());

    private Part MakePack()
    {
        var model = DrawModel();
        return Context.Parts.Make(NextId(n => PackCode(model, n)), PartKind.Pack, model);
    }

    private string DrawModel() => _standalone.Chance(0.3) ? "S120" : "L110";

    private string PackCode(string model, int serial) =>
        BatteryCode.Create(BatteryProduct.Pack, model == "S120" ? 'Z' : 'E', BatteryCode.TraceOf(Code), Dates.PlantDate(Clock.ToSource(Now)), serial);
}
