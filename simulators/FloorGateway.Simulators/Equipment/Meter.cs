using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// A meter of the plant's utilities with twelve readings: electricity up to MTR180, then compressed air, chilled water and nitrogen, forty each. Consumption follows the hour of the plant's
/// day. The daily register goes back to zero at local midnight.
/// </summary>
public sealed class Meter : Unit
{
    private const int LastElectric = 180, LastAir = 220, LastWater = 260, FastMs = 4800, SlowMs = 9600, StepMs = 400;
    private static readonly TimeSpan LocalOffset = TimeSpan.FromHours(8);

    private readonly RandomStream _noise;
    private readonly List<Action> _fast = [], _slow = [];
    private readonly Signal<double> _total, _today;
    private readonly double _nominal;
    private double _sum, _dayBegin, _load = 0.6;
    private DateOnly _day;
    private ScheduledEvent? _next;
    private long _steps;

    /// <param name="code">MTR001 to MTR300.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public Meter(string code, UnitContext context)
        : base(code, $"LXE/JSH/UTL/{LineOf(code)}/{code}", code, context)
    {
        var number = Number(code);
        _noise = Stream("noise");
        switch (number)
        {
            case <= LastElectric:
                _nominal = _noise.Uniform(40, 900);
                DeclareElectric();
                _total = Analog(code, "EnergyTotal", "KWH", 0, 1e9, SlowMs, 0, 0, "电能", resolution: 0.001);
                _today = Analog(code, "EnergyToday", "KWH", 0, 1e6, SlowMs, 0, 0, "当日电能", resolution: 0.001);
                break;
            case <= LastAir:
                _nominal = _noise.Uniform(80, 2400);
                DeclareFluid("MQH", "BAR", (6.2, 0.03), "CEL", (24, 0.1), "DewPoint", (-30, 0.2));
                (_total, _today) = Volumes();
                break;
            case <= LastWater:
                _nominal = _noise.Uniform(5, 160);
                DeclareFluid("MQH", "BAR", (4.1, 0.02), "CEL", (7, 0.05), "ReturnTemp", (12, 0.1));
                (_total, _today) = Volumes();
                break;
            default:
                _nominal = _noise.Uniform(10, 400);
                DeclareFluid("MQH", "BAR", (7.8, 0.03), "CEL", (22, 0.1), "Purity", (99.99, 0.002));
                (_total, _today) = Volumes();
                break;
        }
    }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Base/";

    /// <inheritdoc/>
    public override string DisplayName => "计量 " + Code;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        _sum = Math.Round(_noise.Uniform(10_000, 900_000), 1);
        _dayBegin = _sum;
        _day = PlantDay();
        _next = At(Now + (long)(_noise.Uniform() * FastMs * TimeSpan.TicksPerMillisecond), Read);
    }

    private static int Number(string code) => int.Parse(code.AsSpan("MTR".Length), CultureInfo.InvariantCulture);

    private static string LineOf(string code) => Number(code) switch
    {
        <= LastElectric => "ELEC",
        <= LastAir => "AIR",
        <= LastWater => "WATER",
        _ => "N2",
    };

    private DateTime LocalTime => new DateTime(Clock.ToSource(Now), DateTimeKind.Utc) + LocalOffset;

    private DateOnly PlantDay() => DateOnly.FromDateTime(LocalTime);

    private void DeclareElectric()
    {
        for (var i = 1; i <= 3; i++)
        {
            Reading(_fast, $"VoltageL{i}", "VLT", 500, 0.4, _ => 400);
            Reading(_fast, $"CurrentL{i}", "AMP", 2000, 0.8, load => load * _nominal * 1000 / (400 * 1.732 * 0.92));
        }

        Reading(_fast, "PowerActive", "KWT", 2000, 0.5, load => load * _nominal);
        Reading(_fast, "PowerReactive", "KVR", 2000, 0.4, load => load * _nominal * 0.42);
        Reading(_slow, "PowerFactor", null, 1, 0.004, load => 0.88 + 0.06 * load);
        Reading(_slow, "Frequency", "HTZ", 60, 0.01, _ => 50);
    }

    private void DeclareFluid(string flow, string pressure, (double Mean, double Noise) bar, string temperature, (double Mean, double Noise) celsius, string extra, (double Mean, double Noise) third)
    {
        Reading(_fast, "Flow", flow, 4000, _nominal / 200, load => load * _nominal);
        Reading(_fast, "Pressure", pressure, 20, bar.Noise, load => bar.Mean - 0.15 * load);
        Reading(_fast, "Temp", temperature, 60, celsius.Noise, _ => celsius.Mean, -40);
        Reading(_fast, extra, extra == "Purity" ? "P1" : "CEL", 100, third.Noise, _ => third.Mean, extra == "Purity" ? 90 : -80);
        Reading(_fast, "Velocity", "MTS", 60, 0.05, load => 12 * load);
        Reading(_fast, "Density", "KMQ", 1200, 0.01, _ => 1.2 * bar.Mean);
        Reading(_fast, "MassFlow", "E93", 6000, _nominal / 150, load => 1.2 * load * _nominal);
        Reading(_fast, "Signal", "P1", 100, 0.4, _ => 92);
        Reading(_slow, "PressureDrop", "PAL", 50_000, 30, load => 9000 * load * load);
        Reading(_slow, "ValveOpen", "P1", 100, 0.3, load => 30 + 50 * load);
    }

    private (Signal<double> Total, Signal<double> Today) Volumes() =>
        (Analog(Code, "VolumeTotal", "MTQ", 0, 1e9, SlowMs, 0, 0, "累计量", resolution: 0.001), Analog(Code, "VolumeToday", "MTQ", 0, 1e6, SlowMs, 0, 0, "当日量", resolution: 0.001));

    private void Reading(List<Action> grid, string name, string? unit, double high, double noise, Func<double, double> value, double low = 0)
    {
        var signal = Analog(Code, name, unit, low, high, grid == _fast ? FastMs : SlowMs, noise / 2, value(_load));
        grid.Add(() => signal.Set(value(_load) + _noise.Normal(0, noise)));
    }

    // One reading after the other, as the bus brings them: twelve in 4.8 s, the slow ones every second time.
    private void Read()
    {
        Again(_next!, Now + StepMs * TimeSpan.TicksPerMillisecond);
        var step = (int)(_steps % (FastMs / StepMs));
        var round = _steps++ / (FastMs / StepMs);
        if (step == 0)
        {
            // Half as much by night, most about noon.
            var hour = LocalTime.TimeOfDay.TotalHours;
            _load = 0.55 - 0.25 * DeterministicMath.Cos(2 * Math.PI * hour / 24) + _noise.Normal(0, 0.01);
        }

        if (step < _fast.Count) _fast[step]();
        else if (round % (SlowMs / FastMs) != 0) return;
        else if (step < _fast.Count + _slow.Count) _slow[step - _fast.Count]();
        else if (step == _fast.Count + _slow.Count) Register();
        else _today.Set(_sum - _dayBegin);
    }

    private void Register()
    {
        _sum += _nominal * _load * SlowMs / 3.6e6;
        if (PlantDay() != _day)
        {
            _day = PlantDay();
            _dayBegin = _sum;
        }

        _total.Set(_sum);
    }
}
