using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the die-cast cell.</summary>
public sealed partial class DieCastCell
{
    public Signal<double> MetalTemp { get; private set; } = null!;
    public Signal<double> DoseMass { get; private set; } = null!;
    public Signal<double[]> DieTemp { get; private set; } = null!;
    public Signal<double> VacuumPressure { get; private set; } = null!;
    public Signal<double> EndVacuum { get; private set; } = null!;
    public Signal<double> ShotPosition { get; private set; } = null!;
    public Signal<double> ShotVelocity { get; private set; } = null!;
    public Signal<double> ShotPressure { get; private set; } = null!;
    public Signal<double> ClampForce { get; private set; } = null!;
    public Signal<double[]> TieBars { get; private set; } = null!;
    public Signal<double> Biscuit { get; private set; } = null!;
    public Signal<double> SprayVolume { get; private set; } = null!;
    public Signal<bool> PartPresent { get; private set; } = null!;
    public Signal<string> DieId { get; private set; } = null!;

    /// <summary>Time of the shot curve's points from plunger start, s; the three curves carry one timestamp.</summary>
    public Signal<float[]> CurveT { get; private set; } = null!;

    /// <summary>Plunger speed at those points, m/s.</summary>
    public Signal<float[]> CurveV { get; private set; } = null!;

    /// <summary>Metal pressure at those points, MPa.</summary>
    public Signal<float[]> CurveP { get; private set; } = null!;

    /// <summary>The casting the result belongs to; published last, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultPart { get; private set; } = null!;
    public Signal<uint> ResultShot { get; private set; } = null!;
    public Signal<double> ResultVelocity { get; private set; } = null!;
    public Signal<double> ResultPressure { get; private set; } = null!;
    public Signal<double> ResultQ { get; private set; } = null!;

    /// <summary>X-ray grade: 1 to 3 good, 4 reject, 5 warm-up scrap, 6 given up in the machine.</summary>
    public Signal<int> ResultGrade { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    public Signal<double> FastVelocity { get; private set; } = null!;
    public Signal<double> IntensPressure { get; private set; } = null!;
    public Signal<double> MetalSetPoint { get; private set; } = null!;

    private AlarmBit VacuumHigh { get; set; } = null!;
    private AlarmBit Flash { get; set; } = null!;
    private LimitAlarm MetalLow { get; set; } = null!;
    private LimitAlarm DieHigh { get; set; } = null!;

    /// <summary>A leaking vent in mbar added to the end vacuum; 0 when sound.</summary>
    public double VacuumLeak { get; set; }

    /// <summary>Die zone (1 to 8) whose spray nozzle clogs: it stays 2 °C warmer with each cycle. 0 when all are free.</summary>
    public int BlockedNozzle { get; set; }

    private void Declare()
    {
        FastVelocity = SetPoint("PRESS", "FastVelocity", "MTS", 4, 7, 6.5);
        IntensPressure = SetPoint("PRESS", "IntensPressure", "MPA", 60, 90, 80);
        MetalSetPoint = SetPoint("FURNACE", "MetalTemp", "CEL", 670, 720, 692);

        MetalTemp = Analog("FURNACE", "Furnace.MetalTemp", "CEL", 650, 750, 1000, 0.5, 692, "炉温");
        DoseMass = Analog("FURNACE", "Dose.Mass", "KGM", 0, 150, 0, 0, 0, "浇注量");
        DieTemp = Add("PRESS", "Die.Temp", Enumerable.Repeat(150.0, Zones).ToArray(), new()
        {
            Unit = "CEL", Low = 0, High = 400, SamplingMs = 1000, Deadband = 1, Length = Zones, DisplayName = "模温",
        });
        VacuumPressure = Analog("PRESS", "Vac.Pressure", "MBR", 0, 1100, 50, 5, Atmosphere, "真空压力");
        EndVacuum = Analog("PRESS", "Vac.End", "MBR", 0, 1100, 0, 0, Atmosphere);
        ShotPosition = Analog("PRESS", "Shot.Position", "MMT", 0, 1100, 10, 2, 0, "压射位置");
        ShotVelocity = Analog("PRESS", "Shot.Velocity", "MTS", 0, 7, 10, 0.05, 0, "压射速度");
        ShotPressure = Analog("PRESS", "Shot.MetalPressure", "MPA", 0, 90, 10, 0.5, 0, "压射压力");
        ClampForce = Analog("PRESS", "Clamp.Force", "B47", 0, 90_000, 1000, 100, 0, "锁模力");
        TieBars = Add("PRESS", "Clamp.TieBar", new double[4], new() { Unit = "B47", Low = 0, High = 25_000, SamplingMs = 1000, Deadband = 25, Length = 4 });
        Biscuit = Analog("PRESS", "Biscuit", "MMT", 0, 70, 0, 0, 0, "料饼厚度");
        SprayVolume = Analog("SPRAY", "Spray.Volume", "LTR", 0, 10, 0, 0, 0, "喷涂量");
        PartPresent = Add("EXTRACT", "Extract.PartPresent", false);
        DieId = Add("PRESS", "DieId", "DIE-R-01");

        CurveT = Curve("ShotCurve.t", "SEC", 0, 3);
        CurveV = Curve("ShotCurve.v", "MTS", 0, 7);
        CurveP = Curve("ShotCurve.p", "MPA", 0, 90);

        ResultShot = Add("PRESS", "Result.Shot", 0u);
        ResultVelocity = Analog("PRESS", "Result.FastVelocity", "MTS", 0, 7, 0, 0, 0);
        ResultPressure = Analog("PRESS", "Result.Pressure", "MPA", 0, 90, 0, 0, 0);
        ResultQ = Analog("PRESS", "Result.Q", "C62", -1, 5, 0, 0, 0);
        ResultGrade = Add("PRESS", "Result.XRayGrade", 0);
        ResultEvaluation = Add("PRESS", "Result.Evaluation", 0);
        ResultPart = Add("PRESS", "Result.PartId", "");

        VacuumHigh = Alarm("PRESS", "VAC_HI", 2, latched: true);
        Flash = Alarm("PRESS", "FLASH", 1, latched: true);
        MetalLow = new(Alarm("FURNACE", "MET_LO", 2), 675, above: false, 30, 3);
        DieHigh = new(Alarm("PRESS", "DIE_HI", 2), 280, above: true, 5, 5);
        AddRemoteMethod("ChangeDie", [new("dieId", SignalType.String, "id of the die that comes in")], ChangeDie);
    }

    private Signal<float[]> Curve(string name, string unit, double low, double high) =>
        Add("PRESS", name, Array.Empty<float>(), new() { Unit = unit, Low = low, High = high, DisplayName = "压射曲线" });

    // The die is out of the machine for 20 minutes and comes back cold.
    private MethodOutcome ChangeDie(SignalValue[] arguments)
    {
        if (PackMl != PackMlState.Stopped) return MethodOutcome.WrongState($"{Code}: ChangeDie needs state Stopped, the state is {PackMl}.");
        if (arguments[0].AsString.Length == 0) return new(MethodOutcome.BadInvalidArgument, $"{Code}: ChangeDie needs a die id.");
        DieId.Set("");
        After(1200, () =>
        {
            DieId.Set(arguments[0].AsString);
            foreach (var zone in _zones) zone.Reset(Seconds, 25);
        });
        return MethodOutcome.Good;
    }

    /// <summary>One die temperature unit: main line at set point, return line warmer by what the die gives off.</summary>
    private sealed class TemperatureUnit
    {
        private readonly DieCastCell _cell;
        private readonly Ar1Noise _main, _flow;
        private readonly Signal<double> _mainLine, _returnLine, _flowRate, _pressure;
        private readonly LimitAlarm _flowLow;
        private readonly int _zone;

        public TemperatureUnit(DieCastCell cell, int number)
        {
            _cell = cell;
            _zone = number - 1;
            var name = $"TCU{number}";
            _main = new(cell._thermal, 0.98, 0.6);
            _flow = new(cell._thermal, 0.95, 0.8);
            _mainLine = cell.Analog(name, "TemperatureMainLine", "CEL", 0, 300, 1000, 0.5, 190);
            _returnLine = cell.Analog(name, "TemperatureReturnLine", "CEL", 0, 300, 1000, 0.5, 190);
            _flowRate = cell.Analog(name, "FlowRate", "L2", 0, 60, 1000, 0.5, 45);
            _pressure = cell.Analog(name, "PressureMainLine", "BAR", 0, 16, 1000, 0.1, 6);
            _flowLow = new(cell.Alarm(name, "TCU_FLOW", 3), 35, above: false, 10, 2);
        }

        /// <summary>Temperature of the water going to the die, °C.</summary>
        public double MainLine => 190 + _main.Value;

        public void Sample()
        {
            _main.Next();
            var flow = 45 + _flow.Next();
            _mainLine.Set(MainLine);
            _returnLine.Set(MainLine + (_cell._zones[_zone].Value - MainLine) * 0.15);
            _flowRate.Set(flow);
            // Pump curve: pressure falls as the square of the flow.
            _pressure.Set(8 - 2 * (flow / 45) * (flow / 45));
            _flowLow.Evaluate(flow, _cell.Seconds);
        }
    }
}
