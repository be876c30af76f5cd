using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>The paint line's bath, oven and booth.</summary>
public sealed partial class PaintLine
{
    private static readonly double[] ZoneSetPoints = [120, 140, 165, 180, 185, 180];
    private Ar1Noise _lelNoise = null!;
    private AlarmBit _nok3 = null!;

    /// <summary>Film of the last body that left the bath, µm.</summary>
    public Signal<double> FilmThickness => _bath.Film;

    /// <summary>Film of the last body that was sprayed, µm.</summary>
    public Signal<double> FilmBuild => _booth.Build;
    public Signal<double> Voltage => _bath.Voltage;
    public Signal<double> Lel { get; private set; }
    public Signal<double> BoothTemp => _booth.Temp;
    public Signal<double> Humidity => _booth.Humidity;
    public Signal<string> ResultBody { get; private set; } = null!;
    public Signal<double> ResultFilm { get; private set; } = null!;
    public Signal<double> ResultBuild { get; private set; } = null!;

    /// <summary>Minutes the body was at 170 °C or more; 15 cure it.</summary>
    public Signal<double> ResultMinutes { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    /// <summary>What a blocked exhaust adds to the LEL reading, %; 0 when sound.</summary>
    public double ExhaustFault { get; set; }

    /// <summary>Zone (1 to 6) whose burner is out; 0 when all burn.</summary>
    public int BurnerOut { get; set; }

    /// <summary>Drift of zone 4's thermocouple, °C an hour; the model's fault is −0.5.</summary>
    public double ThermocoupleDrift { get; set; }

    /// <summary>What a failed humidifier adds to the booth's humidity, %; 0 when sound.</summary>
    public double HumidifierFault { get; set; }

    private LimitAlarm OvenLow { get; }
    private LimitAlarm LelHigh { get; }

    /// <summary>Reading of an oven zone, 1 to 6.</summary>
    public Signal<double> ZoneTemp(int zone) => _zones[zone - 1].Temp;

    /// <summary>Burner output of an oven zone, %.</summary>
    public Signal<double> ZoneBurner(int zone) => _zones[zone - 1].Burner;

    private void DeclareResult()
    {
        ResultBody = Add("LINE", "Result.BodyId", "");
        ResultFilm = Analog("LINE", "Result.FilmThickness", "4H", 0, 60, 0, 0, 0);
        ResultBuild = Analog("LINE", "Result.FilmBuild", "4H", 0, 60, 0, 0, 0);
        ResultMinutes = Analog("LINE", "Result.CureMinutes", "MIN", 0, 600, 0, 0, 0);
        ResultEvaluation = Add("LINE", "Result.Evaluation", 0);
        ResultId = Add("LINE", "Result.Id", "");
        _nok3 = Alarm("LINE", "NOK3", 2, latched: true);
    }

    /// <summary>E-coat bath: the voltage rises over 30 s while a body is in it.</summary>
    private sealed class Bath
    {
        private const double Full = 320, RampSeconds = 30, DipSeconds = 85;
        private readonly PaintLine _line;
        private readonly Signal<double> _temp, _ph, _conductivity;
        private readonly Ar1Noise _tempNoise, _phNoise, _conductivityNoise;
        private double _dipped = double.NegativeInfinity;

        public Bath(PaintLine line)
        {
            _line = line;
            Voltage = line.Analog("ECOAT", "Voltage", "VLT", 0, 400, 5000, 0.8, 0, "电泳电压");
            Film = line.Analog("ECOAT", "FilmThickness", "4H", 0, 60, 0, 0, 0, "膜厚");
            _temp = line.Analog("ECOAT", "BathTemp", "CEL", 0, 60, 5000, 0.1, 30, "槽温");
            _ph = line.Analog("ECOAT", "pH", "Q30", 0, 14, 5000, 0.02, 6);
            _conductivity = line.Analog("ECOAT", "Conductivity", "G42", 0, 3000, 5000, 6, 1200, "电导率");
            _tempNoise = new(line._air, 0.98, 0.3);
            _phNoise = new(line._air, 0.99, 0.06);
            _conductivityNoise = new(line._air, 0.99, 33);
        }

        public Signal<double> Voltage { get; }
        public Signal<double> Film { get; }

        public void Dip(double at) => _dipped = at;

        public void Off() => _dipped = double.NegativeInfinity;

        public void Sample()
        {
            var t = _line.Seconds - _dipped;
            Voltage.Set(t is < 0 or > DipSeconds ? 0 : Full * Math.Min(1, t / RampSeconds));
            _temp.Set(30 + Math.Clamp(_tempNoise.Next(), -1, 1));
            _ph.Set(6 + _phNoise.Next());
            _conductivity.Set(1200 + _conductivityNoise.Next());
        }
    }

    /// <summary>
    /// Oven zone: 3 °C per % of burner with a lag of 240 s and a dead time of 25 s, under a PI controller; each body that enters takes 4 °C.
    /// </summary>
    private sealed class OvenZone
    {
        private const double Gain = 3, Lag = 240, DeadTime = 25, Cold = 25, BodyLoad = 4, LoadTau = 120, HeatUpSeconds = 2400;

        // Lambda tuning with 60 s: Kp = lag / (gain (60 + dead time)), Ti = lag.
        private const double Kp = Lag / (Gain * (60 + DeadTime)), Ti = Lag;

        private readonly PaintLine _line;
        private readonly int _number;
        private readonly Fopdt _heat = new(Gain, Lag, DeadTime, SampleSeconds);
        private readonly Pt1 _load = new(LoadTau, 0);
        private readonly Signal<double> _setPoint;
        private readonly double _ramp;
        private double _wanted = Cold, _integral, _drift;

        public OvenZone(PaintLine line, int number)
        {
            _line = line;
            _number = number;
            _setPoint = line.SetPoint("OVEN", $"Zone{number}", "CEL", 100, 200, ZoneSetPoints[number - 1]);
            Temp = line.Analog("OVEN", $"Zone{number}.Temp", "CEL", 0, 250, 5000, 0.5, Cold, "区温");
            Burner = line.Analog("OVEN", $"Zone{number}.Burner", "P1", 0, 100, 5000, 0.2, 0, "燃烧器");
            _ramp = (185 - Cold) / HeatUpSeconds / line.Context.WarmUpScale * SampleSeconds;
        }

        public Signal<double> Temp { get; }
        public Signal<double> Burner { get; }

        /// <summary>What is there, whatever the thermocouple says.</summary>
        public double TrueTemp { get; private set; } = Cold;

        public bool IsHot => _wanted == _setPoint.Value && Math.Abs(TrueTemp + _drift - _wanted) < 3;

        public void TakeBody() => _load.Kick(-BodyLoad);

        /// <summary>One step of 5 s; returns the deviation from the wanted temperature.</summary>
        public double Sample(bool heating)
        {
            _wanted = heating ? _wanted + Math.Clamp(_setPoint.Value - _wanted, -_ramp, _ramp) : Math.Min(_wanted, TrueTemp);
            if (_number == 4) _drift += _line.ThermocoupleDrift * SampleSeconds / 3600;
            var reading = TrueTemp + _drift;
            var error = _wanted - reading;
            var output = heating ? Math.Clamp(Kp * error + _integral, 0, 100) : 0;
            // The integral stands while the output is at its limit.
            if (!heating) _integral = 0;
            else if (output is > 0 and < 100) _integral += Kp * error * SampleSeconds / Ti;
            TrueTemp = Cold + _heat.Step(_line.BurnerOut == _number ? 0 : output) + _load.Advance(_line.Seconds, 0);
            Burner.Set(output);
            Temp.Set(TrueTemp + _drift);
            return TrueTemp + _drift - _wanted;
        }
    }

    /// <summary>Spray booth: conditioned air from above.</summary>
    private sealed class Booth
    {
        private readonly PaintLine _line;
        private readonly Ar1Noise _temp, _humidity, _velocity;
        private readonly Signal<double> _airVelocity;
        private readonly LimitAlarm _deviation;

        public Booth(PaintLine line)
        {
            _line = line;
            _temp = new(line._air, 0.98, 0.33);
            _humidity = new(line._air, 0.98, 1.6);
            _velocity = new(line._air, 0.9, 0.03);
            Temp = line.Analog("BOOTH", "Booth.Temp", "CEL", 0, 50, 5000, 0.1, 23, "喷房温度");
            Humidity = line.Analog("BOOTH", "Booth.RH", "P1", 0, 100, 5000, 0.2, 65, "湿度");
            _airVelocity = line.Analog("BOOTH", "AirVelocity", "MTS", 0, 1, 5000, 0.002, 0.4, "风速");
            Build = line.Analog("BOOTH", "FilmBuild", "4H", 0, 60, 0, 0, 0, "漆膜厚度");
            _deviation = new(line.Alarm("BOOTH", "RH_DEV", 3), 8, above: true, 300);
        }

        public Signal<double> Temp { get; }
        public Signal<double> Humidity { get; }
        public Signal<double> Build { get; }

        public void Sample()
        {
            Temp.Set(23 + _temp.Next());
            Humidity.Set(65 + _humidity.Next() + _line.HumidifierFault);
            _airVelocity.Set(0.4 + _velocity.Next());
            _deviation.Evaluate(Math.Abs(Humidity.Value - 65), _line.Seconds);
        }
    }
}
