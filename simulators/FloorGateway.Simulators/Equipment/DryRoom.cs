using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Dry room: 6,000 m³ with 50 m³/s of supply air at a dew point of -60 °C. Its humidity follows from a mass balance of what people and doors bring in and
/// the supply air takes out, with a lag of 120 s. It goes on whatever its alarms say, and asks the lines in it to hold.
/// </summary>
public sealed partial class DryRoom : EquipmentUnit
{
    private const int Sensors = 6;
    private const double Volume = 6000, Supply = 50, PerPerson = 0.028, AirlockGrams = 0.5, BothDoorsGrams = 5, Kelvin = 293;
    private const double AirlockSeconds = 60, DoorSeconds = 20, UsualPeople = 10, PassageSeconds = 300, ExposureLotSeconds = 4 * 3600;

    private readonly RandomStream _people, _air, _sensor;
    private readonly Ar1Noise _supplyNoise, _tempNoise, _pressureNoise, _regenNoise;
    private readonly Pt1 _regen = new(300, 180);
    private readonly double[] _offset = new double[Sensors], _reading = new double[Sensors], _exposure = new double[4];
    private readonly Sampler _twoSeconds;
    private readonly List<EquipmentUnit> _lines = [], _held = [];
    private readonly double _limit, _highLimit;
    private double _humidity, _wheel, _airlockUntil = double.NegativeInfinity, _innerFrom, _lotSince;
    private bool _holdAsked;
    private uint _lots, _results;

    /// <param name="code">DRY01 to DRY04 keep solid-state cells dry, DRY05 and DRY06 liquid ones.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public DryRoom(string code, UnitContext context)
        : base(code, $"LXE/JSH/{(IsSolid(code) ? "SSC" : "LQC")}/L01/{code}", code, ["STANDARD"], new(100_000, 60), context)
    {
        (_limit, _highLimit) = IsSolid(code) ? (-50.0, -45.0) : (-40, -35);
        _people = Stream("people");
        _air = Stream("air");
        _sensor = Stream("sensor");
        _supplyNoise = new(_air, 0.998, 0.3);
        _tempNoise = new(_air, 0.99, 0.3);
        _pressureNoise = new(_air, 0.9, 0.6);
        _regenNoise = new(_air, 0.95, 1.5);
        for (var i = 0; i < Sensors; i++) _offset[i] = Math.Clamp(_sensor.Normal(0, 0.15), -0.3, 0.3);
        Declare();
        _humidity = HumidityAt(-56);
        _twoSeconds = Every(2000, Sample);
    }

    /// <summary>People come and go by themselves; without, only those of <see cref="SetPeople"/> are there.</summary>
    public bool Traffic { get; set; } = true;

    /// <summary>Both doors of the airlock are stuck open.</summary>
    public bool DoorsStuckOpen { get; set; }

    /// <summary>The heater that dries the desiccant wheel has failed.</summary>
    public bool RegenHeaterFailed { get; set; }

    /// <summary>A sensor that shows -60 °C whatever the air: 1 to 6; 0 when all are sound.</summary>
    public int StuckSensor { get; set; }

    /// <summary>Hydrogen sulfide from a leak, ppm.</summary>
    public double H2SSource { get; set; }

    /// <summary>Air that leaks in, g of water a second.</summary>
    public double Leak { get; set; }

    /// <summary>Dew point that follows from the mass balance, °C.</summary>
    public double TrueDewPoint => DewPointOf(_humidity);

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "干燥房 " + Code;

    private static bool IsSolid(string code) => code is not ("DRY05" or "DRY06");

    /// <summary>A line inside the room: it gets a Hold request when the air is far too wet.</summary>
    public void Protects(EquipmentUnit line) => _lines.Add(line);

    /// <summary>Puts so many people into the room at once.</summary>
    public void SetPeople(int count) => People.Set((ushort)Math.Clamp(count, 0, ushort.MaxValue));

    /// <summary>Somebody passes the airlock: one door after the other, 60 s in all.</summary>
    public void PassAirlock()
    {
        _innerFrom = Math.Max(Seconds, _airlockUntil) + AirlockSeconds - DoorSeconds;
        _airlockUntil = Math.Max(Seconds, _airlockUntil) + AirlockSeconds;
    }

    /// <summary>Water in the air at a dew point over ice, g/m³ at 293 K.</summary>
    public static double HumidityAt(double dewPoint) => 216.7 * 6.112 * DeterministicMath.Exp(22.46 * dewPoint / (272.62 + dewPoint)) / Kelvin;

    /// <summary>Dew point of air with so much water, °C.</summary>
    public static double DewPointOf(double gramsPerCubicMetre)
    {
        var l = DeterministicMath.Log(gramsPerCubicMetre * Kelvin / 216.7 / 6.112);
        return 272.62 * l / (22.46 - l);
    }

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _twoSeconds.Start();
        After(_people.Exponential(PassageSeconds), Pass);
    }

    /// <summary>A room goes on: its alarms inform, and other systems act on them.</summary>
    protected override bool StopsFor(AlarmBit alarm) => false;

    /// <inheritdoc/>
    protected override void OnExecute() => Step.Set(1);

    /// <inheritdoc/>
    protected override void OnLeaveExecute(PackMlState next) => Step.Set(0);

    /// <inheritdoc/>
    protected override void OnEnded(PackMlState ended)
    {
    }

    // Around ten people: who is above goes out, who is missing comes in, as far as the limit allows.
    private void Pass()
    {
        After(_people.Exponential(PassageSeconds), Pass);
        if (!Traffic || DoorsStuckOpen) return;
        var comesIn = _people.Uniform(0, 2 * UsualPeople) >= People.Value;
        if (comesIn && People.Value >= OccupancyLimit.Value) return;
        PassAirlock();
        People.Set((ushort)Math.Max(0, People.Value + (comesIn ? 1 : -1)));
    }

    private void Sample()
    {
        var inner = DoorsStuckOpen || (Seconds >= _innerFrom && Seconds < _airlockUntil);
        var outer = DoorsStuckOpen || (Seconds < _airlockUntil && Seconds >= _airlockUntil - AirlockSeconds && Seconds < _airlockUntil - AirlockSeconds + DoorSeconds);
        DoorInner.Set(inner);
        DoorOuter.Set(outer);
        var supplied = SupplyPoint();
        Balance(supplied, DoorsStuckOpen ? BothDoorsGrams : Seconds < _airlockUntil ? AirlockGrams : 0);
        for (var i = 0; i < Sensors; i++)
            _reading[i] = StuckSensor == i + 1 ? -60 : TrueDewPoint + _offset[i] + _sensor.Normal(0, 0.05);
        DewPoint.Set(_reading);
        SupplyDewPoint.Set(supplied);
        Temp.Set(22 + _tempNoise.Next());
        DiffPressure.Set(22 + _pressureNoise.Next() - (inner && outer ? 20 : inner || outer ? 12 : 0));
        H2S.Set(Math.Max(0, _sensor.Normal(0.05, 0.02)) + H2SSource);
        AirFlow.Set(Supply * 3600 * (1 + _sensor.Normal(0, 0.002)));
        WheelSpeed.Set(0.1);
        Particles.Set(Math.Round(3000 * (0.5 + People.Value / UsualPeople / 2) * _sensor.LogNormal(1, 0.1)));
        Judge(inner && outer);
        Expose();
    }

    // A wheel that is not dried lets the supply air get wetter by 1 °C in ten minutes, and recovers as slowly.
    private double SupplyPoint()
    {
        var regen = _regen.Advance(Seconds, RegenHeaterFailed ? 60 : 180) + _regenNoise.Next();
        RegenTemp.Set(regen);
        RegenLow.Evaluate(regen, Seconds);
        _wheel = Math.Clamp(_wheel + (regen < 165 ? 2.0 : -2.0) / 600, 0, 40);
        return SupplySetPoint.Value + _wheel + _supplyNoise.Next();
    }

    // V C' = people + doors + leak - Q (C - Cs), solved exactly over the two seconds.
    private void Balance(double supplied, double door)
    {
        var rest = HumidityAt(supplied) + (PerPerson * People.Value + door + Leak) / Supply;
        _humidity = rest + (_humidity - rest) * Decay;
    }

    private static readonly double Decay = DeterministicMath.Exp(-2 * Supply / Volume);

    private void Judge(bool bothOpen)
    {
        var wettest = _reading.Max();
        DewHigh.Evaluate(wettest, Seconds);
        DewTooHigh.Evaluate(wettest, Seconds);
        GasHigh.Evaluate(H2S.Value, Seconds);
        PressureLow.Evaluate(DiffPressure.Value, Seconds);
        DoorsOpen.Evaluate(bothOpen ? 1 : 0, Seconds);
        HoldRequest.Set(DewTooHigh.Bit.IsActive);
        if (DewTooHigh.Bit.IsActive == _holdAsked) return;
        _holdAsked = DewTooHigh.Bit.IsActive;
        if (_holdAsked) AskToHold();
        else if (Context.Operator) LetGoOn();
    }

    private void AskToHold()
    {
        foreach (var line in _lines)
        {
            PostTo(line, () =>
            {
                if (line.Fire(PackMlCommand.Hold)) _held.Add(line);
            });
        }
    }

    // The operators start again what stood still for the room alone.
    private void LetGoOn()
    {
        foreach (var line in _held) PostTo(line, () => line.Fire(PackMlCommand.Unhold));
        _held.Clear();
    }

    // Minutes that what lies in the room has spent below -55, -50, -45 and above.
    private void Expose()
    {
        var wettest = _reading.Max();
        _exposure[wettest < -55 ? 0 : wettest < -50 ? 1 : wettest < -45 ? 2 : 3] += 2.0 / 60;
        if (Seconds - _lotSince < ExposureLotSeconds) return;
        _lotSince = Seconds;
        ResultExposure.Set(_exposure);
        ResultLot.Set($"{Code}-{++_lots:D6}");
        ResultEvaluation.Set(_exposure[3] > 0 ? 2 : 1);
        ResultId.Set($"{Code}-{++_results:D8}");
        Array.Clear(_exposure);
    }

    private MethodOutcome SetOccupancyLimit(SignalValue[] arguments)
    {
        if (arguments[0].AsInt64 is < 0 or > 30) return new(MethodOutcome.BadOutOfRange, $"{Code}: the limit lies between 0 and 30 people.");
        OccupancyLimit.Set((ushort)arguments[0].AsInt64);
        return MethodOutcome.Good;
    }
}
