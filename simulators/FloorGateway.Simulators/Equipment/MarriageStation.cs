using System.Numerics;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Marriage of pack and vehicle in 115 s: a camera aligns the pack under the body, a lift raises it, sixteen bolts hold it, coolant and high voltage are connected. The packs come in the
/// sequence of the vehicles, so the build sheet's chemistry is that of the next pack.
/// </summary>
public sealed partial class MarriageStation : CyclicUnit
{
    private const int Bolts = 16, MaxPasses = 5, MaxRetries = 2;
    private const double NominalCycle = 115, PassSeconds = 3.5, LiftHeight = 1450, LiftSpeed = 200, ContactHeight = 1420;
    private const double Tolerance = 0.2, AngleTolerance = 0.02, BoltNok = 0.003, LeakValidHours = 72;

    // Identify, align, lift, bolt, connect, verify: the last fills up to the takt.
    private static readonly double[] StepSeconds = [8, 17.5, LiftHeight / LiftSpeed * 1.5, 44, 14, 20];

    private readonly RandomStream _camera, _bolts;
    private readonly Inlet _vehicles, _packs;
    private readonly Outlet _married;
    private readonly Sampler _lift;
    private string _packBefore = "";
    private bool _misread;
    private Part? _vehicle, _pack;
    private double _cycleStart, _cyclePlanned, _liftMoved, _x, _y, _theta;
    private int _vins, _packSerial, _passes, _nokRun;
    private bool _raising, _checked;
    private uint _results;

    /// <param name="code">MAR01, at station ST052.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public MarriageStation(string code, UnitContext context)
        : base(code, $"LXE/JSH/ASM/CHAS/{code}", "LIFT", ["S120", "L110"], new(60, 15), context)
    {
        _camera = Stream("camera");
        _bolts = Stream("bolts");
        _vehicles = In("vehicle", PartKind.Vehicle, () => Context.Parts.Make(Vin.Create(++_vins), PartKind.Vehicle));
        _packs = In("pack", PartKind.Pack, MakePack);
        _married = Out("vehicle", PartKind.Vehicle);
        Declare();
        Cycle
            .Add(1, () => StepSeconds[0], Identify)
            .Add(2, AlignSeconds, Align)
            .Add(3, () => StepSeconds[2], () => StartLift(up: true))
            .Add(4, () => StepSeconds[3], Bolt)
            .Add(5, () => StepSeconds[4], Connect)
            .Add(6, () => Math.Max(StepSeconds[2] + 1, _cycleStart + _cyclePlanned - Seconds), Verify);
        _lift = Every(200, SampleLift);
    }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "合车 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork
    {
        get
        {
            if (_vehicle is not null) yield return _vehicle;
            if (_pack is not null) yield return _pack;
        }
    }

    private Part MakePack()
    {
        var chemistry = _camera.Chance(0.3) ? "S120" : "L110";
        var code = BatteryCode.Create(BatteryProduct.Pack, chemistry == "S120" ? 'Z' : 'E', BatteryCode.TraceOf("P01"), Dates.PlantDate(Clock.ToSource(Now)), ++_packSerial);
        return Context.Parts.Make(code, PartKind.Pack, chemistry);
    }

    private void Identify()
    {
        Watch(1);
        _cycleStart = Seconds;
        _cyclePlanned = DrawCycle(NominalCycle);
        _vehicle = _vehicles.Take();
        _pack = _packs.Take();
        if (_vehicle.Model.Length == 0) _vehicle.Model = _pack.Model;
        _checked = false;
        VehicleId.Set(_vehicle.Id);
        PartId.Set(_vehicle.Id);
        var scanned = DuplicateScan && _packBefore.Length > 0 ? _packBefore : _pack.Id;
        PackCode.Set(WrongPack ? _pack.Id[..^1] + (_pack.Id[^1] == '0' ? '1' : '0') : scanned);
        _misread = WrongPack || scanned != _pack.Id;
        _packBefore = _pack.Id;
        RecipeId.Set(_pack.Model.Length > 0 ? _pack.Model : RecipeId.Value);
        BoltOk.Set(0);
        CoolantMate.Set(false);
        HvMate.Set(false);
        HvInterlock.Set(true);
        InThisCycle(5, Check);
    }

    // The interlocks of the marriage: the right pack, passed at its end of line, its leak test not too long ago.
    private void Check()
    {
        var (vehicle, pack) = (_vehicle!, _pack!);
        var leakHours = (Seconds - pack["LeakTestedAt"]) / 3600;
        _checked = !_misread && pack.IsGood && pack.Model == vehicle.Model && !(leakHours > LeakValidHours);
        Mismatch.Set(!_checked);
    }

    // The first picture shows where the pallet stands; each pass leaves 40 % of the error.
    private double AlignSeconds()
    {
        if (!_checked) PackCode.Set(_pack!.Id); // held till the right pack had been fetched
        (_x, _y, _theta) = (_camera.Normal(0, 4), _camera.Normal(0, 4), _camera.Normal(0, 0.15));
        _passes = 0;
        var left = PalletWorn ? 0.8 : 0.4;
        var (x, y, theta) = (_x, _y, _theta);
        while (_passes < MaxPasses && !Aligned(x, y, theta))
        {
            _passes++;
            (x, y, theta) = (x * left, y * left, theta * left);
            var (shownX, shownY, shownTheta) = (x + _camera.Normal(0, 0.02), y + _camera.Normal(0, 0.02), theta);
            InThisCycle(_passes * PassSeconds, () => ShowAlignment(shownX, shownY, shownTheta));
        }

        var converged = Aligned(x, y, theta);
        var seconds = Math.Max(1, _passes * PassSeconds) + 0.5;
        InThisCycle(seconds - 0.2, () => AlignAlarm.Set(!converged));
        return seconds;
    }

    private static bool Aligned(double x, double y, double theta) => Math.Abs(x) <= Tolerance && Math.Abs(y) <= Tolerance && Math.Abs(theta) <= AngleTolerance;

    private void Align()
    {
        Watch(2);
        ShowAlignment(_x, _y, _theta);
    }

    private void ShowAlignment(double x, double y, double theta)
    {
        AlignX.Set(x);
        AlignY.Set(y);
        AlignTheta.Set(theta);
    }

    private void StartLift(bool up)
    {
        if (up) Watch(3);
        _raising = up;
        _liftMoved = 0;
        _lift.Start();
    }

    // Cosine ramp: the mean speed is 2/3 of the highest of 200 mm/s.
    private void SampleLift()
    {
        if (Cycle.InCycle && Cycle.IsAtRest) return;
        _liftMoved += 0.2;
        var way = (1 - DeterministicMath.Cos(Math.PI * Math.Min(1, _liftMoved / StepSeconds[2]))) / 2;
        var height = LiftHeight * (_raising ? way : 1 - way);
        LiftHeightSignal.Set(height);
        LiftForce.Set(_raising && height >= ContactHeight ? 7.4 : _raising ? 6.5 : 0.8);
        if (way >= 1) _lift.Stop();
    }

    private void Bolt()
    {
        Watch(4);
        var results = new string[Bolts];
        for (var i = 0; i < Bolts; i++)
        {
            var nok = BoltFault == i + 1;
            for (var attempt = 0; attempt <= MaxRetries && !nok; attempt++)
            {
                if (!_bolts.Chance(BoltNok)) break;
                nok = attempt == MaxRetries;
            }

            var bolt = i;
            results[i] = $"{Code}-{_results + 1:D8}-B{i + 1:D2}";
            if (!nok) InThisCycle((i + 1) * (StepSeconds[3] - 2) / Bolts, () => BoltOk.Set((ushort)(BoltOk.Value | (1 << bolt))));
        }

        ResultJoints.Set(results);
        InThisCycle(StepSeconds[3] - 0.5, () => BoltAlarm.Set(BoltOk.Value != ushort.MaxValue));
    }

    private void Connect()
    {
        Watch(5);
        InThisCycle(6, () => CoolantMate.Set(true));
        InThisCycle(12, () =>
        {
            HvMate.Set(true);
            HvInterlock.Set(false);
        });
    }

    private void Verify()
    {
        Watch(6);
        StartLift(up: false);
    }

    // A step that takes twice its time is told.
    private void Watch(int step)
    {
        Timeout.Set(false);
        InThisCycle(2 * StepSeconds[step - 1], () =>
        {
            if (Step.Value == step && Cycle.InCycle) Timeout.Set(true);
        });
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _cycleStart);
        Timeout.Set(false);
        Marry(ok: BoltOk.Value == ushort.MaxValue);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    private void Marry(bool ok)
    {
        var (vehicle, pack) = (_vehicle!, _pack!);
        (_vehicle, _pack) = (null, null);
        ResultCastings.Set([.. Context.Genealogy.Backward(vehicle.Id).Where(id => id.StartsWith("GC-", StringComparison.Ordinal))]);
        Consume(pack, vehicle, 2);
        ResultVin.Set(vehicle.Id);
        ResultPack.Set(pack.Id);
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultId.Set($"{Code}-{++_results:D8}");
        Judge(vehicle, ResultId.Value, ok && vehicle.IsGood, BitOperations.PopCount(BoltOk.Value) + " bolts");
        if (ok) GoodCount.Set(GoodCount.Value + 1);
        else RejectCount.Set(RejectCount.Value + 1);
        _nokRun = ok ? 0 : _nokRun + 1;
        Nok3.Set(_nokRun >= 3);
        _married.Put(vehicle);
    }

    // Whatever stops the station for good is finished by hand: the vehicle leaves with its pack and goes to the repair bay.
    protected override void Drop()
    {
        _lift.Stop();
        Timeout.Set(false);
        if (_vehicle is not null) Marry(ok: false);
    }
}
