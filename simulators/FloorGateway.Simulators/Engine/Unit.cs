using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Simulators.Engine;

/// <summary>
/// One piece of equipment: signals, methods and a future of events in process time. Pure and deterministic: the same
/// seed, clock and calls give the same changes. Not thread-safe; whoever advances it also serialises method calls.
/// Process time counts ticks of 100 ns from zero.
/// </summary>
public abstract class Unit
{
    private readonly EventQueue _events = new();
    private readonly List<Signal> _signals = [];
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UnitMethod> _methods = new(StringComparer.Ordinal);
    private readonly List<Action> _extensions = [];
    private readonly UnitContext _context;
    private World? _world;
    private bool _started;

    /// <param name="code">Cell code, for example DC01.</param>
    /// <param name="location">ISA-95 path of the cell, for example LXE/JSH/CAS/L01/DC01.</param>
    /// <param name="mainSubUnit">The work unit that carries the common signals, for example PRESS.</param>
    /// <param name="context">Seed, clock and sink.</param>
    protected Unit(string code, string location, string mainSubUnit, UnitContext context)
    {
        Code = code;
        Location = location;
        MainSubUnit = mainSubUnit;
        _context = context;
    }

    /// <summary>Cell code, for example DC01.</summary>
    public string Code { get; }

    /// <summary>ISA-95 path of the cell.</summary>
    public string Location { get; }

    /// <summary>The work unit that carries the common signals.</summary>
    public string MainSubUnit { get; }

    /// <summary>The OPC UA namespace of the unit's nodes.</summary>
    public abstract string NamespaceUri { get; }

    /// <summary>Chinese display text of the unit.</summary>
    public abstract string DisplayName { get; }

    /// <summary>All signals in order of declaration.</summary>
    public IReadOnlyList<Signal> Signals => _signals;

    /// <summary>All methods by name.</summary>
    public IReadOnlyDictionary<string, UnitMethod> Methods => _methods;

    /// <summary>Present process time in ticks.</summary>
    public long Now { get; private set; }

    /// <summary>Present process time in seconds.</summary>
    public double Seconds => Now / (double)TimeSpan.TicksPerSecond;

    /// <summary>Process time of the next event.</summary>
    public long NextDue => _started ? _events.NextDue : 0;

    /// <summary>Source clock of the run.</summary>
    protected SourceClock Clock => _context.Clock;

    /// <summary>Options that hold for all units of a run.</summary>
    protected UnitContext Context => _context;

    /// <summary>
    /// Runs every event up to and including <paramref name="processTicks"/>. The first call publishes the initial value
    /// of every signal at process time zero.
    /// </summary>
    public void Advance(long processTicks)
    {
        while (NextDue <= processTicks) RunNext();
        if (processTicks > Now) Now = processTicks;
    }

    /// <summary>Runs the next event only.</summary>
    internal void RunNext()
    {
        if (!_started)
        {
            _started = true;
            foreach (var signal in _signals) signal.Publish();
            OnStarted();
            foreach (var start in _extensions) start();
            return;
        }

        var item = _events.Take();
        Now = item.Due;
        item.Action();
    }

    /// <summary>Calls a method at the present process time.</summary>
    public MethodOutcome Call(string method, params SignalValue[] arguments)
    {
        if (!_methods.TryGetValue(method, out var found))
            return new(MethodOutcome.BadMethodInvalid, $"{Code} has no method {method}.");
        if (arguments.Length != found.Inputs.Count)
            return new(MethodOutcome.BadInvalidArgument, $"{Code}.{method} takes {found.Inputs.Count} arguments, {arguments.Length} were given.");
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Type != found.Inputs[i].Type)
                return new(MethodOutcome.BadInvalidArgument, $"{Code}.{method}: argument {found.Inputs[i].Name} must be {found.Inputs[i].Type}.");
        }

        return found.Run(arguments);
    }

    /// <summary>The node's string identifier: a numbered work unit (TCU1, TRAY02) is part of it, a single one (PRESS) is not.</summary>
    internal string NodeNameOf(string subUnit, string name) =>
        subUnit != Code && char.IsAsciiDigit(subUnit[^1]) ? $"{Code}.{subUnit}.{name}" : $"{Code}.{name}";

    internal void Publish(Signal signal, in SignalValue value)
    {
        if (!_started) throw new InvalidOperationException($"{signal.Path} was set before the unit was started; give the value at declaration.");
        // Two changes in one instant of process time, or in one 100 ns of a compressed clock, still get two stamps.
        var ticks = Math.Max(Clock.ToSource(Now), signal.SourceTicks + 1);
        signal.SourceTicks = ticks;
        _context.Sink.OnChange(this, signal, value, signal.Status, ticks);
    }

    /// <summary>Source time of this instant, UTC ticks.</summary>
    internal long SourceNow => Clock.ToSource(Now);

    /// <summary>Schedules an action at a process time; the past means now.</summary>
    protected internal ScheduledEvent At(long processTicks, Action action)
    {
        var item = new ScheduledEvent(Math.Max(processTicks, Now), action);
        _events.Add(item);
        return item;
    }

    /// <summary>Schedules an event that has just run once more, so that what repeats allocates nothing.</summary>
    internal void Again(ScheduledEvent item, long processTicks)
    {
        item.Due = processTicks;
        _events.Add(item);
    }

    /// <summary>Schedules an action after some seconds of process time.</summary>
    protected internal ScheduledEvent After(double seconds, Action action) => At(Now + Ticks(seconds), action);

    /// <summary>Schedules an action of another unit at this unit's instant: what one machine does to the next goes through the other's own future.</summary>
    internal void PostTo(Unit other, Action action)
    {
        other.At(Now, action);
        other._world?.Reschedule(other);
    }

    internal void Join(World world) => _world = world;

    /// <summary>Runs an action after <see cref="OnStarted"/>: what is fitted to the unit from outside, with signals of its own, begins there.</summary>
    internal void OnceStarted(Action start) => _extensions.Add(start);

    /// <summary>A named random stream of this unit.</summary>
    protected internal RandomStream Stream(string name) => new(_context.Seed, $"{Code}/{name}");

    /// <summary>A sampler on the grid of <paramref name="intervalMs"/>; it starts switched off.</summary>
    protected internal Sampler Every(int intervalMs, Action sample) => new(this, intervalMs, sample);

    /// <summary>Declares a signal.</summary>
    protected internal Signal<T> Add<T>(string subUnit, string name, T initial, SignalTraits? traits = null)
        where T : notnull
    {
        var signal = new Signal<T>(this, subUnit, name, initial, traits ?? new());
        if (!_nodeNames.Add(signal.NodeName)) throw new ArgumentException($"{Code} declares {signal.NodeName} twice.", nameof(name));
        _signals.Add(signal);
        return signal;
    }

    /// <summary>Declares an analogue signal (Double) sampled on a grid, or set by events where <paramref name="ms"/> is 0.</summary>
    protected internal Signal<double> Analog(string subUnit, string name, string? unit, double low, double high, int ms, double deadband, double initial, string? zh = null, double? resolution = null) =>
        Add(subUnit, name, initial, new() { Unit = unit, Low = low, High = high, SamplingMs = ms, Deadband = deadband, Resolution = resolution, DisplayName = zh });

    /// <summary>Declares an analogue array of Float.</summary>
    protected Signal<float[]> FloatArray(string subUnit, string name, string? unit, double low, double high, int ms, double deadband, int length, float initial = 0, double? resolution = null)
    {
        var values = new float[length];
        Array.Fill(values, initial);
        return Add(subUnit, name, values, new() { Unit = unit, Low = low, High = high, SamplingMs = ms, Deadband = deadband, Resolution = resolution, Length = length });
    }

    /// <summary>Declares a method.</summary>
    protected void AddMethod(string name, IReadOnlyList<MethodArgument> inputs, Func<SignalValue[], MethodOutcome> run, string description = "") =>
        _methods.Add(name, new UnitMethod(name, inputs, run, description));

    /// <summary>Called once at process time zero, after the initial values were published.</summary>
    protected abstract void OnStarted();

    /// <summary>Seconds as ticks of process time, to the nearest.</summary>
    protected static long Ticks(double seconds) => (long)Math.Round(seconds * TimeSpan.TicksPerSecond);
}

/// <summary>What all units of a run share.</summary>
public sealed record UnitContext
{
    /// <summary>Seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Source clock of the run.</summary>
    public required SourceClock Clock { get; init; }

    /// <summary>Where changes go.</summary>
    public required IChangeSink Sink { get; init; }

    /// <summary>A simulated operator starts each unit at time zero and brings it back after a repair.</summary>
    public bool Operator { get; init; } = true;

    /// <summary>Equipment breaks down at its mean time between failures.</summary>
    public bool Breakdowns { get; init; } = true;

    /// <summary>Scales warm-up times (ovens, baths): 1 as at the machine, less for a demonstration that can't wait.</summary>
    public double WarmUpScale { get; init; } = 1;

    /// <summary>How fully the units are equipped.</summary>
    public PlantScale Scale { get; init; } = PlantScale.Demo;

    /// <summary>Counts the parts of the run.</summary>
    public PartBook Parts { get; init; } = new();

    /// <summary>Who is inside whom.</summary>
    public Genealogy Genealogy { get; init; } = new();
}
