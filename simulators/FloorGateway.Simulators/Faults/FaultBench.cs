using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Faults;

/// <summary>
/// Stands between the units on one side and truth log and servers on the other, and injects faults. What the log records is what the servers were
/// given, faults included; a line of its own says when a fault began and ended. Not thread-safe: the run's lock guards it like the units.
/// </summary>
public sealed class FaultBench : IChangeSink
{
    private readonly TruthLog _truth;
    private readonly IChangeSink _nodes;
    private readonly ulong _seed;
    private readonly double _timeScale;
    private readonly Dictionary<Signal, SignalGate> _gates = [];
    private readonly Dictionary<Unit, SlowServer> _slow = [];
    private readonly List<RunningFault> _running = [];
    private IReadOnlyList<IFaultyServer> _servers = [];
    private World? _world;
    private int _count;

    /// <param name="truth">Records what is published.</param>
    /// <param name="nodes">The servers' nodes.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="timeScale">Process seconds per second of the clock.</param>
    internal FaultBench(TruthLog truth, IChangeSink nodes, ulong seed, double timeScale)
    {
        _truth = truth;
        _nodes = nodes;
        _seed = seed;
        _timeScale = timeScale;
    }

    /// <summary>The units by server, for <see cref="FaultCheck"/>.</summary>
    public IReadOnlyList<FaultTarget> Targets { get; private set; } = [];

    /// <summary>The faults at work, in the order in which they began.</summary>
    public IReadOnlyList<ActiveFault> Active => [.. _running.Select(r => r.Fault)];

    /// <summary>Faults that began since the run's begin.</summary>
    public int Begun { get; private set; }

    /// <inheritdoc/>
    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        if (_gates.Count > 0 && _gates.TryGetValue(signal, out var gate)) gate.Send(new(value, status, sourceTicks), 0);
        else Emit(unit, signal, value, status, sourceTicks);
    }

    internal void Attach(World world, IReadOnlyList<IFaultyServer> servers)
    {
        _world = world;
        _servers = servers;
        Targets = [.. servers.Select(s => new FaultTarget(s.Name, s.Units))];
    }

    /// <summary>Puts a fault into the unit's future.</summary>
    /// <returns>The fault's number.</returns>
    /// <exception cref="ArgumentException">The order is not sound; the message says all that is wrong.</exception>
    internal int Inject(FaultOrder order)
    {
        if (FaultCheck.Of(order, Targets) is { Count: > 0 } problems) throw new ArgumentException(string.Join(". ", problems), nameof(order));
        var unit = FaultCheck.Unit(order, Targets)!;
        var type = FaultCatalogue.Find(unit, order.Fault)!;
        var id = ++_count;
        var setting = new FaultSetting(
            this,
            unit,
            FaultCheck.Signals(order, type, unit),
            order.Param.Length > 0 ? order.Param : type.Standard!,
            new RandomStream(_seed, $"{unit.Code}/fault/{id}"),
            _servers.FirstOrDefault(s => s.Units.Contains(unit)));
        var length = order.For > TimeSpan.Zero ? order.For : type.Length;
        var effect = type.Make(setting);
        Post(unit, order.At.Ticks, () => Begin(id, order, type, setting, effect, length));
        return id;
    }

    /// <summary>Ends faults before their time.</summary>
    /// <param name="unit">Code of a unit or name of a server; empty for all.</param>
    /// <returns>How many were ended.</returns>
    internal int Clear(string unit = "")
    {
        var found = _running.Where(r => unit.Length == 0 || r.Fault.Order.Unit == unit).ToList();
        foreach (var running in found) End(running);
        return found.Count;
    }

    internal SignalGate GateOf(Signal signal)
    {
        if (!_gates.TryGetValue(signal, out var gate)) _gates.Add(signal, gate = new(this, signal));
        return gate;
    }

    internal void Release(SignalGate gate)
    {
        if (gate.IsSound) _gates.Remove(gate.Signal);
    }

    internal SlowServer SlowServer(FaultSetting setting) =>
        new(this, setting.Unit, setting.Server?.Units ?? [setting.Unit], (long)(setting.Number * _timeScale * TimeSpan.TicksPerSecond));

    internal void SlowDown(Unit unit, SlowServer by) => _slow.TryAdd(unit, by);

    internal void SpeedUp(Unit unit, SlowServer by)
    {
        if (_slow.TryGetValue(unit, out var found) && found == by) _slow.Remove(unit);
    }

    internal void Emit(Signal signal, in Change change) => Emit(signal.Unit, signal, change.Value, change.Status, change.Ticks);

    internal void Show(Signal signal, in Change change) => _nodes.OnChange(signal.Unit, signal, change.Value, change.Status, change.Ticks);

    internal void Post(Unit unit, long processTicks, Action action)
    {
        unit.At(processTicks, action);
        _world!.Reschedule(unit);
    }

    private void Emit(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        _truth.OnChange(unit, signal, value, status, sourceTicks);
        if (_slow.Count > 0 && _slow.TryGetValue(unit, out var slow)) slow.Add(unit, signal, new(value, status, sourceTicks));
        else _nodes.OnChange(unit, signal, value, status, sourceTicks);
    }

    private void Begin(int id, FaultOrder order, FaultType type, FaultSetting setting, FaultEffect effect, TimeSpan length)
    {
        var since = TimeSpan.FromTicks(setting.Unit.Now);
        var running = new RunningFault(new(id, order with { Param = setting.Param }, type.Code, since, length > TimeSpan.Zero ? since + length : null), setting, effect);
        Begun++;
        _running.Add(running);
        _truth.OnFault("begin", running.Fault, setting.Unit.SourceNow);
        effect.Begin();
        Show(setting.Server);
        if (length > TimeSpan.Zero) Post(setting.Unit, setting.Unit.Now + length.Ticks, () => End(running));
    }

    private void End(RunningFault running)
    {
        if (!_running.Remove(running)) return;
        running.Effect.End();
        _truth.OnFault("end", running.Fault, running.Setting.Unit.SourceNow);
        Show(running.Setting.Server);
    }

    private void Show(IFaultyServer? server) =>
        server?.Show([.. _running.Where(r => r.Setting.Server == server).Select(r => r.Fault.ToString())]);

    private sealed record RunningFault(ActiveFault Fault, FaultSetting Setting, FaultEffect Effect);
}
