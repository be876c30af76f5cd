using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Fast-charge test: every vehicle is charged with 400 A for 30 s, one in fifty from 10 to 80 % in at most 600 s. Bays FC03 and FC04 do the full curve only.
/// </summary>
public sealed partial class FastChargeTest : PassThroughStation
{
    private const double QuickCycle = 180, QuickCurrent = 400, QuickSeconds = 30, FullShare = 0.02, FullFrom = 0.10, FullTo = 0.80, FullLimitSeconds = 600;
    private const double Ramp = 48, FallRamp = 480, Ambient = 25, PinTau = 90, PinHeating = 6e-5, InsulationLimit = 5, StepSeconds = 0.2, LongestCharge = 3600, CurvePoint = 5;
    private const string Line = "LINE", Quick = "QUICK", Full = "FULL-10-80";

    private enum ChargePhase { Idle, Plug, Handshake, Insulation, Precharge, Charge, Taper, End, Fault }

    private readonly RandomStream _vehicle, _sample;
    private readonly Ar1Noise _meter, _pinNoise;
    private readonly Sampler _fast, _pins, _slow;
    private readonly Pt1[] _pinLag = [new(PinTau, Ambient), new(PinTau, Ambient)];
    private readonly double[] _pinValues = [Ambient, Ambient];
    private readonly List<float> _curveT = [], _curveI = [], _curveV = [];
    private FastChargeCurve _pack = new("S120", FullFrom, 30);
    private double _current, _charged, _chargeSeconds, _startTemperature, _shownSoc, _quickLeft, _spread;
    private bool _isFull, _isCharging, _isStopped;

    /// <param name="code">FC01 to FC04.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public FastChargeTest(string code, UnitContext context)
        : base(code, $"LXE/JSH/EOL/L01/{code}", PartKind.Vehicle, code is "FC03" or "FC04" ? [Full, Line, Quick] : [Line, Quick, Full], context)
    {
        _vehicle = Stream("vehicle");
        _sample = Stream("sample");
        _meter = new(Stream("meter"), 0.5, 0.3);
        _pinNoise = new(Stream("pins"), 0.9, 0.3);
        Declare();
        Cycle
            .Add(1, () => 30, PlugIn)
            .Add(2, () => 12, Handshake)
            .Add(3, () => 20, CheckInsulation)
            .Add(4, () => 10, Precharge, when: () => IsSoundSoFar)
            .Add(5, () => LongestCharge, Charge, when: () => IsSoundSoFar)
            .Add(6, () => LongestCharge, Taper, when: () => IsSoundSoFar && _isFull && !IsAtEnd)
            .Add(7, () => Remainder(20), EndCharge);
        _fast = Every(200, SampleFast);
        _pins = Every(500, SamplePins);
        _slow = Every(1000, SampleSlow);
    }

    /// <summary>The coolant pump gives this share of its flow; 1 when sound.</summary>
    public double CoolantFlow { get; set; } = 1;

    /// <summary>The vehicle's battery management asks for no more than this, A; null when sound.</summary>
    public double? BmsLimit { get; set; }

    /// <summary>The published state of charge stays where it is.</summary>
    public bool SocIsStuck { get; set; }

    /// <summary>Contact resistance of pin 1 against a sound one; 1 when sound.</summary>
    public double PinResistance { get; set; } = 1;

    /// <summary>What the charger delivers against the request; 1 when sound.</summary>
    public double ChargerGain { get; set; } = 1;

    /// <summary>The plug is locked in the inlet; an interlock of the bay.</summary>
    public bool PlugCanLock { get; set; } = true;

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "快充 " + Code;

    // What is lacking to the end of a quick test is a time, of the full curve a state of charge.
    private bool IsAtEnd => _isFull ? _pack.Soc >= FullTo : _quickLeft <= 0;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _pins.Start();
    }

    private void PlugIn()
    {
        var drawn = _sample.Chance(FullShare);
        _isFull = RecipeId.Value == Full || (RecipeId.Value == Line && drawn);
        // The full curve takes the time the pack needs; only the quick one is planned.
        var vehicle = Take(QuickCycle);
        _tooSlow.Set(false);
        _startTemperature = _vehicle.Normal(30, 0.3);
        var soc = _isFull ? FullFrom : _vehicle.Uniform(0.25, 0.35);
        _pack = new(vehicle.Model, soc, _startTemperature);
        _pack.Advance(0, 0);
        _spread = _vehicle.Uniform(0.8, 1.4);
        (_current, _charged, _chargeSeconds, _shownSoc, _quickLeft, _isStopped) = (0, 0, 0, soc, QuickSeconds, false);
        _curveT.Clear();
        _curveI.Clear();
        _curveV.Clear();
        Energy.Set(0);
        Soc.Set(100 * soc);
        Enter(ChargePhase.Plug);
        InThisCycle(15, () => PlugLocked.Set(PlugCanLock));
    }

    private void Handshake()
    {
        Enter(ChargePhase.Handshake);
        if (!PlugLocked.Value) Fail("PLUG");
    }

    private void CheckInsulation()
    {
        Enter(ChargePhase.Insulation);
        Insulation.Set(Math.Max(0, _vehicle.Normal(40, 3)));
        if (Insulation.Value < InsulationLimit) Fail("INSULATION");
    }

    private void Precharge()
    {
        Enter(ChargePhase.Precharge);
        Voltage.Set(_pack.Voltage);
        _slow.Start();
    }

    private void Charge()
    {
        Enter(ChargePhase.Charge);
        _isCharging = true;
        _fast.Start();
    }

    private void Taper() => Enter(ChargePhase.Taper);

    private void EndCharge()
    {
        Enter(ChargePhase.End);
        _isCharging = false;
    }

    private void SampleFast()
    {
        // A hold lets the current fall; the time counts while the vehicle may charge.
        var runs = _isCharging && !Cycle.IsAtRest;
        var demand = runs ? Math.Min(_isFull ? _pack.Demand : Math.Min(_pack.Demand, QuickCurrent), BmsLimit ?? double.MaxValue) : 0;
        var wanted = Math.Min(demand, MaxCurrent.Value);
        var step = wanted * ChargerGain - _current;
        _current += Math.Clamp(step, -FallRamp * StepSeconds, Ramp * StepSeconds);
        // While it climbs at the ramp the current is behind the request, and rightly so.
        var climbs = step > Ramp * StepSeconds;
        _pack.Advance(_current, StepSeconds, CoolantFlow);
        if (runs) _chargeSeconds += StepSeconds;
        if (runs && !climbs) _quickLeft -= StepSeconds;
        DemandCurrent.Set(demand);
        Current.Set(_current <= 0 ? 0 : Math.Max(0, _current + _meter.Next()));
        Voltage.Set(_pack.Voltage);
        if (runs) Keep();
        _deviates.Evaluate(runs && !climbs ? Math.Abs(_current - wanted) : 0, Seconds);
        _cellHot.Evaluate(_pack.Temperature + _spread, Seconds);
        if (runs) GoOn();
        else if (!_isCharging && _current <= 0) _fast.Stop();
    }

    private void Keep()
    {
        if (_chargeSeconds < _charged) return;
        _charged += CurvePoint;
        _curveT.Add((float)_chargeSeconds);
        _curveI.Add((float)_current);
        _curveV.Add((float)_pack.Voltage);
    }

    private void GoOn()
    {
        var tapers = _isFull && Cycle.Current == 5 && _pack.IsTapering;
        if (IsAtEnd || tapers || _isStopped) Cycle.Finish();
    }

    private void SampleSlow()
    {
        var pack = _pack;
        if (!SocIsStuck) _shownSoc = pack.Soc;
        Soc.Set(100 * _shownSoc);
        PackTempMax.Set(pack.Temperature + _spread);
        PackTempMin.Set(pack.Temperature - _spread);
        Energy.Set(pack.Energy);
    }

    private void SamplePins()
    {
        for (var i = 0; i < 2; i++)
        {
            var heating = PinHeating * _current * _current * (i == 0 ? PinResistance : 1);
            _pinValues[i] = _pinLag[i].Advance(Seconds, Ambient + heating) + _pinNoise.Next();
        }

        PinTemp.Set(_pinValues);
        _pinHot.Evaluate(Math.Max(_pinLag[0].Value, _pinLag[1].Value), Seconds);
    }

    /// <inheritdoc/>
    protected override void OnJudge()
    {
        Unplug();
        Enter(ChargePhase.Idle);
        Publish();
        if (_isFull && _chargeSeconds > FullLimitSeconds) Fail(_tooSlow);
    }

    private void Publish()
    {
        var pack = _pack;
        Energy.Set(pack.Energy);
        ResultFull.Set(_isFull);
        ResultMinutes.Set(_chargeSeconds / 60);
        ResultEnergy.Set(pack.Energy);
        ResultPeakPower.Set(pack.PeakPower);
        ResultTemperatureRise.Set(pack.Temperature - _startTemperature);
        CurveT.Set([.. _curveT]);
        CurveI.Set([.. _curveI]);
        CurveV.Set([.. _curveV]);
    }

    /// <inheritdoc/>
    protected override void ToRest()
    {
        Unplug();
        if (Part is null) return;
        var isHot = _pinHot.Bit.IsActive || _cellHot.Bit.IsActive;
        if (isHot) Fail(_pinHot.Bit.IsActive ? _pinHot.Bit.Tag : _cellHot.Bit.Tag);
        Enter(isHot ? ChargePhase.Fault : ChargePhase.Idle);
        Publish();
    }

    // Whoever looks at the bay after the vehicle has left finds it without current.
    private void Unplug()
    {
        _fast.Stop();
        _slow.Stop();
        _isCharging = false;
        _current = 0;
        DemandCurrent.Set(0);
        Current.Set(0);
        Voltage.Set(0);
        PlugLocked.Set(false);
        _deviates.Evaluate(0, Seconds);
        _cellHot.Evaluate(0, Seconds);
    }

    private void Enter(ChargePhase phase) => Phase.Set((int)phase);
}
