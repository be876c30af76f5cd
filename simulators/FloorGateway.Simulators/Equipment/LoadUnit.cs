using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// No machine but a load: 500 signals of which 350 change every 10 s, 100 every second, 45 every 500 ms and 5 every 200 ms, 250 changes a second in all. They are spread over the
/// interval. On request everything is three times as fast for a while, or ten alarms come within a minute.
/// </summary>
public sealed class LoadUnit : Unit
{
    /// <summary>Signals that change by themselves.</summary>
    public const int Tags = 500;

    /// <summary>Changes a second of one unit.</summary>
    public const double ChangesPerSecond = 250;

    /// <summary>Alarm bits, beside the other signals.</summary>
    public const int Alarms = 10;

    /// <summary>How much faster a burst is.</summary>
    public const int BurstFactor = 3;

    private const int StepMs = 100, LongestSeconds = 3600;

    // Signals and their interval in steps.
    private static readonly (int Count, int Steps)[] Groups = [(350, 100), (100, 10), (45, 5), (5, 2)];

    private readonly Action[][] _groups;
    private readonly Signal<bool>[] _alarms;
    private readonly RandomStream _random;
    private readonly int[] _at = new int[Groups.Length];
    private readonly double[] _due = new double[Groups.Length];
    private long _burstUntil;
    private ScheduledEvent? _next;

    /// <param name="code">LOAD001 and so on.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public LoadUnit(string code, UnitContext context)
        : base(code, $"LXE/JSH/STR/L01/{code}", code, context)
    {
        _random = Stream("load");
        var number = 0;
        _groups = [.. Groups.Select(g => Enumerable.Range(0, g.Count).Select(_ => Declare(++number, g.Steps * StepMs)).ToArray())];
        _alarms = [.. Enumerable.Range(1, Alarms).Select(n => Add(code, $"Alarm.A{n:D2}", false))];
        var seconds = new[] { new MethodArgument("seconds", SignalType.Double, "1 to 3600") };
        AddMethod("Burst", seconds, a => Within(a, Burst), "Three times as many changes for this time");
        AddMethod("RaiseAlarms", seconds, a => Within(a, RaiseAlarms), "All alarms, spread over this time; they go a minute after it");
    }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Base/";

    /// <inheritdoc/>
    public override string DisplayName => "负载 " + Code;

    /// <inheritdoc/>
    protected override void OnStarted() => _next = At(Now + (long)(_random.Uniform() * StepMs * TimeSpan.TicksPerMillisecond), Step);

    // Each kind of signal changes with every call, so that nothing is suppressed.
    private Action Declare(int number, int milliseconds)
    {
        // Ten signals to a work unit: so that the gateway's configuration needs one equipment type of ten.
        var (group, name) = ($"G{(number - 1) / 10 + 1:D2}", $"T{number % 10}");
        switch (number % 10)
        {
            case 0:
                var flag = Add(group, name, false, new() { SamplingMs = milliseconds });
                return () => flag.Set(!flag.Value);
            case 5:
                var count = Add(group, name, (uint)_random.Index(1_000_000), new() { SamplingMs = milliseconds });
                return () => count.Set(unchecked(count.Value + 1));
            default:
                var level = _random.Uniform(20, 80);
                var analog = Analog(group, name, "CEL", 0, 100, milliseconds, 0, level, resolution: 0);
                return () => analog.Set(level + _random.Uniform(-10, 10));
        }
    }

    private void Step()
    {
        Again(_next!, Now + StepMs * TimeSpan.TicksPerMillisecond);
        var factor = Now < _burstUntil ? BurstFactor : 1;
        for (var g = 0; g < Groups.Length; g++)
        {
            _due[g] += factor * (double)Groups[g].Count / Groups[g].Steps;
            var group = _groups[g];
            for (; _due[g] >= 1; _due[g]--)
            {
                group[_at[g]]();
                _at[g] = (_at[g] + 1) % group.Length;
            }
        }
    }

    private MethodOutcome Within(SignalValue[] arguments, Action<double> act)
    {
        var seconds = arguments[0].AsDouble;
        if (seconds is not (> 0 and <= LongestSeconds)) return new(MethodOutcome.BadOutOfRange, $"{Code}: give 1 to {LongestSeconds} s, not {seconds}.");
        act(seconds);
        return MethodOutcome.Good;
    }

    private void Burst(double seconds) => _burstUntil = Now + Ticks(seconds);

    // Spread over the time, and gone a minute after the last.
    private void RaiseAlarms(double seconds)
    {
        foreach (var alarm in _alarms)
        {
            After(_random.Uniform(0, seconds), () => alarm.Set(true));
            After(seconds + 60, () => alarm.Set(false));
        }
    }
}
