using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Tightening controller on the chassis line: a batch of joints per vehicle, 12 s a joint, one vehicle per takt of 121.5 s.</summary>
public sealed class TighteningStation : CyclicUnit
{
    private const double Takt = 121.5, JointSeconds = 12, EvaluateSeconds = 0.3, NokRate = 0.003;
    private const int MaxRetries = 2, TraceLimit = 1000;

    private static readonly TighteningProcess[] Processes =
    [
        new("TA-90", 90, 100, StopsAtYield: false),
        new("YIELD-80", 90, 80, StopsAtYield: true),
    ];

    private readonly RandomStream _joints, _sensor;
    private readonly Sampler _trace, _slow;
    private readonly Pt1 _tool = new(1200, 30);
    private readonly AlarmBit _nok, _nok3, _service, _transducer;
    private readonly Inlet _vehiclesIn;
    private readonly Outlet _vehiclesOut;
    private Part? _vehicle;
    private TighteningProcess _process = Processes[0];
    private TighteningCurve? _curve;
    private long _curveStart;
    private bool _needsVehicle = true, _assetEnabled = true, _vehicleOk = true;
    private double _vehicleAt, _vehiclePlanned;
    private int _serial, _retries, _nokRun, _deviating;
    private ushort _joint;
    private uint _results;

    /// <param name="code">TT01 to TT73.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public TighteningStation(string code, UnitContext context)
        : base(code, $"LXE/JSH/ASM/CHAS/{code}", code, [.. Processes.Select(p => p.Id)], new(150, 10), context)
    {
        _joints = Stream("joints");
        _sensor = Stream("sensor");
        _vehiclesIn = In("vehicle", PartKind.Vehicle, () => Context.Parts.Make(Vin.Create(++_serial), PartKind.Vehicle));
        _vehiclesOut = Out("vehicle", PartKind.Vehicle);
        var main = MainSubUnit;
        Torque = Analog(main, "Torque", "NU", 0, 120, 1, 0.5, 0, "扭矩");
        Angle = Analog(main, "Angle", "DD", 0, 1100, 1, 5, 0, "角度");
        FinalTorque = Analog(main, "FinalTorque", "NU", 0, 120, 0, 0, 0, "最终扭矩");
        FinalAngle = Analog(main, "FinalAngle", "DD", 0, 120, 0, 0, 0, "最终角度");
        Gradient = Analog(main, "Result.Gradient", null, 0, 10, 0, 0, 0);
        ResultEvaluation = Add(main, "ResultEvaluation", 0);
        ProcessId = Add(main, "ProcessId", _process.Id);
        JointId = Add(main, "JointId", "");
        BatchSize = Add(main, "BatchSize", (ushort)8);
        BatchCounter = Add(main, "BatchCounter", (ushort)0);
        ToolTemp = Analog(main, "ToolTemp", "CEL", 0, 90, 5000, 1, 30, "工具温度");
        ToolCycles = Add(main, "ToolCycles", 0u);
        ToolEnabled = Add(main, "ToolEnabled", false);
        Deviation = Analog(main, "TransducerDeviation", "P1", -10, 10, 0, 0, 0);
        TraceTorque = Add(main, "Trace.Torque", Array.Empty<float>(), new() { Unit = "NU", Low = 0, High = 120 });
        TraceAngle = Add(main, "Trace.Angle", Array.Empty<float>(), new() { Unit = "DD", Low = 0, High = 1100 });
        ResultId = Add(main, "Result.Id", "");
        _nok = Alarm(main, "TQ_NOK", 3);
        _nok3 = Alarm(main, "NOK3", 2, latched: true);
        _service = Alarm(main, "TOOL_SVC", 4);
        _transducer = Alarm(main, "XDUCER", 2, latched: true);
        AddRemoteMethod("SelectJoiningProcess", [new("processId", SignalType.String, "a released joining process")], SelectProcess);
        AddRemoteMethod("EnableAsset", [new("enable", SignalType.Boolean, "false locks the tool")], EnableAsset);
        AddRemoteMethod("SetJoiningProcessSize", [new("size", SignalType.UInt16, "1 to 16 joints per vehicle")], SetSize);
        AddRemoteMethod("ResetJoiningProcess", [], ResetBatch);
        Cycle
            .Add(1, UntilNextVehicle, () => ToolEnabled.Set(false), when: () => _needsVehicle)
            .Add(2, Position, () => { })
            .Add(3, Tighten, StartTrace, interruptible: false)
            .Add(4, () => EvaluateSeconds, Evaluate, interruptible: false);
        _trace = Every(1, SampleTrace);
        _slow = Every(5000, SampleSlow);
    }

    public Signal<double> Torque { get; }
    public Signal<double> Angle { get; }
    public Signal<double> FinalTorque { get; }
    public Signal<double> FinalAngle { get; }
    public Signal<double> Gradient { get; }

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; }
    public Signal<string> ProcessId { get; }
    public Signal<string> JointId { get; }
    public Signal<ushort> BatchSize { get; }

    /// <summary>Joints of the present vehicle that are finished.</summary>
    public Signal<ushort> BatchCounter { get; }
    public Signal<double> ToolTemp { get; }
    public Signal<uint> ToolCycles { get; }
    public Signal<bool> ToolEnabled { get; }

    /// <summary>Torque against the motor current's model, per cent, smoothed.</summary>
    public Signal<double> Deviation { get; }

    /// <summary>Torque of the last tightening, one point a millisecond, at most 1000.</summary>
    public Signal<float[]> TraceTorque { get; }

    /// <summary>Angle at the same points.</summary>
    public Signal<float[]> TraceAngle { get; }

    /// <summary>Published last of a result, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultId { get; }

    /// <summary>Scale error of the torque transducer, per cent; 0 when sound.</summary>
    public double TransducerError { get; set; }

    /// <summary>What goes wrong with each joint; None leaves it to chance.</summary>
    public JointFault ForcedFault { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "拧紧 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _vehicle is null ? [] : [_vehicle];

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    // On the line the vehicle itself keeps the takt; alone the station keeps it.
    private double UntilNextVehicle() => _vehiclesIn.Buffer is null ? Math.Max(2, _vehicleAt + _vehiclePlanned - Seconds) : 2;

    // The operator takes the tool to the joint; a new vehicle has been identified before the first one.
    private double Position()
    {
        if (_needsVehicle) TakeVehicle();
        ToolEnabled.Set(true);
        JointId.Set($"J{_joint + 1:D2}");
        return JointSeconds - 1.2 + _joints.Normal(0, 0.3);
    }

    private void TakeVehicle()
    {
        _needsVehicle = false;
        _vehicleAt = Seconds;
        _vehiclePlanned = DrawCycle(Takt);
        _vehicleOk = true;
        _joint = 0;
        _retries = 0;
        _vehicle = _vehiclesIn.Take();
        _vehiclesIn.IsNeeded = false;
        PartId.Set(_vehicle.Id);
        BatchCounter.Set(0);
    }

    private double Tighten()
    {
        var fault = _joints.Chance(NokRate) ? (JointFault)(1 + _joints.Index(4)) : JointFault.None;
        _curve = TighteningCurve.Draw(_process, ForcedFault == JointFault.None ? fault : ForcedFault, _joints);
        return _curve.Seconds;
    }

    private void StartTrace()
    {
        _curveStart = Now;
        _trace.Start();
    }

    private void SampleTrace()
    {
        var index = (int)((Now - _curveStart) / TimeSpan.TicksPerMillisecond);
        if (_curve is null || index >= _curve.Torque.Count)
        {
            _trace.Stop();
            return;
        }

        Torque.Set(_curve.Torque[index] * Scale);
        Angle.Set(_curve.Angle[index]);
    }

    private void Evaluate()
    {
        var curve = _curve!;
        var ok = _process.Accepts(curve.FinalTorque, curve.FinalAngle);
        // A safety joint keeps its whole trace; the live signals fall back to zero with the tool's release.
        var points = Math.Min(TraceLimit, curve.Torque.Count);
        TraceTorque.Set([.. curve.Torque.Skip(curve.Torque.Count - points)]);
        TraceAngle.Set([.. curve.Angle.Skip(curve.Angle.Count - points)]);
        Torque.Set(0);
        Angle.Set(0);
        ToolCycles.Set(ToolCycles.Value + 1);
        FinalTorque.Set(curve.FinalTorque * Scale);
        FinalAngle.Set(curve.FinalAngle);
        Gradient.Set(curve.Gradient);
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultId.Set($"{Code}-{++_results:D8}");
        _nok.Set(!ok);
        _nokRun = ok ? 0 : _nokRun + 1;
        Deviation.Set(0.9 * Deviation.Value + 0.1 * (TransducerError + _sensor.Normal(0, 0.5)));
        _deviating = Math.Abs(Deviation.Value) > 2 ? _deviating + 1 : 0;
        _service.Set(ToolCycles.Value > 250_000);
        CountJoint(ok);
        _transducer.Set(_deviating >= 20);
        _nok3.Set(_nokRun >= 3);
    }

    // A bad joint is backed out and tried again twice; then the vehicle goes to the repair bay.
    private void CountJoint(bool ok)
    {
        if (!ok && _retries < MaxRetries)
        {
            _retries++;
            return;
        }

        _vehicleOk &= ok;
        _retries = 0;
        _joint++;
        BatchCounter.Set(_joint);
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        if (_joint >= BatchSize.Value) FinishVehicle();
        var goOn = ContinueAfterCycle();
        if (!_assetEnabled && goOn) Fire(PackMlCommand.Suspend);
        else if (goOn) Cycle.Run();
        else Step.Set(0);
    }

    private void FinishVehicle()
    {
        _needsVehicle = true;
        CycleTime.Set(Seconds - _vehicleAt);
        if (_vehicleOk) GoodCount.Set(GoodCount.Value + 1);
        else RejectCount.Set(RejectCount.Value + 1);
        RollOn();
    }

    // A vehicle with an open joint rolls on too: the repair bay is at the end of the line.
    private void RollOn()
    {
        if (_vehicle is not { } vehicle) return;
        _vehicle = null;
        _vehiclesIn.IsNeeded = true;
        Judge(vehicle, ResultId.Value, vehicle.IsGood && _vehicleOk);
        _vehiclesOut.Put(vehicle);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        if (!_needsVehicle) RejectCount.Set(RejectCount.Value + 1);
        _vehicleOk = false;
        RollOn();
        _needsVehicle = true;
        _curve = null;
        ToolEnabled.Set(false);
        Torque.Set(0);
        Angle.Set(0);
    }

    private void SampleSlow() => ToolTemp.Set(_tool.Advance(Seconds, PackMl == PackMlState.Execute ? 48 : 25));

    private double Scale => 1 + TransducerError / 100;

    private MethodOutcome SelectProcess(SignalValue[] arguments)
    {
        if (Array.Find(Processes, p => p.Id == arguments[0].AsString) is not { } process)
            return new(MethodOutcome.BadInvalidArgument, $"{Code} has no process {arguments[0].AsString}; it has {string.Join(", ", Processes.Select(p => p.Id))}.");
        if (Cycle.Current == 3) return MethodOutcome.WrongState($"{Code}: the process cannot be changed while tightening.");
        _process = process;
        ProcessId.Set(process.Id);
        return MethodOutcome.Good;
    }

    private MethodOutcome EnableAsset(SignalValue[] arguments)
    {
        _assetEnabled = arguments[0].AsBoolean;
        if (_assetEnabled) Fire(PackMlCommand.Unsuspend);
        else ToolEnabled.Set(false);
        return MethodOutcome.Good;
    }

    private MethodOutcome SetSize(SignalValue[] arguments)
    {
        if (arguments[0].AsInt64 is < 1 or > 16)
            return new(MethodOutcome.BadOutOfRange, $"{Code}: a batch has 1 to 16 joints.");
        BatchSize.Set((ushort)arguments[0].AsInt64);
        return MethodOutcome.Good;
    }

    private MethodOutcome ResetBatch(SignalValue[] arguments)
    {
        if (Cycle.Current == 3) return MethodOutcome.WrongState($"{Code}: the batch cannot be reset while tightening.");
        _joint = 0;
        _retries = 0;
        BatchCounter.Set(0);
        return MethodOutcome.Good;
    }
}
