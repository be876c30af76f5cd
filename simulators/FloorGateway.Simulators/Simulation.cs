using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.Truth;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Simulators;

/// <summary>
/// A running plant: units paced along the wall clock, their OPC UA servers and the truth log. One lock orders stepping and
/// method calls; within it each change goes to the truth log and to the server's node, so both hold exactly the same.
/// </summary>
public sealed class Simulation : IAsyncDisposable
{
    private static readonly TimeSpan LagLimit = TimeSpan.FromSeconds(1), StockAge = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly SimulationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly World _world;
    private readonly SourceClock _clock;
    private long _startTimestamp;
    private bool _begun;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private bool _stopped;

    private Simulation(SimulationOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<Simulation>();
        Directory.CreateDirectory(options.DataDir);
        StartTime = options.Start ?? time.GetUtcNow().UtcDateTime;
        _startTimestamp = time.GetTimestamp();
        _clock = new SourceClock(StartTime, options.TimeScale);
        TruthFile = options.WriteTruth
            ? options.TruthFile ?? Path.Combine(options.DataDir, StartTime.ToString("'truth-'yyyyMMdd'T'HHmmss'.jsonl'", CultureInfo.InvariantCulture))
            : "";
        Truth = new TruthLog(options.WriteTruth ? new FileStream(TruthFile, FileMode.Create, FileAccess.Write, FileShare.Read) : null) { WriteThrough = options.WriteTruthThrough };
        GenealogyFile = options is { WriteTruth: true, Connected: true } ? GenealogyBeside(TruthFile) : "";
        Genealogy = new Genealogy(GenealogyFile.Length > 0 ? new FileStream(GenealogyFile, FileMode.Create, FileAccess.Write, FileShare.Read) : null);
        Truth.OnRun(options.Seed, options.TimeScale, options.Servers, options.Scale);
        var nodes = new NodeSink();
        Faults = new FaultBench(Truth, nodes, options.Seed, options.TimeScale);
        var context = new UnitContext
        {
            Seed = options.Seed,
            Clock = _clock,
            Sink = Faults,
            Operator = options.Operator,
            Breakdowns = options.Breakdowns,
            Scale = options.Scale,
            WarmUpScale = options.Scale.WarmUpScale,
            Parts = Parts,
            Genealogy = Genealogy,
        };
        Servers = [.. options.Servers.Select(s =>
            new EquipmentServer(s, [.. s.Units.Select(u => EquipmentCatalogue.Create(u, context))], nodes, Call, Inject, ClearFaults, time))];
        Layout = PlantLayout.Connect(options.Connected ? Servers.SelectMany(s => s.Units) : []);
        if (options.Connected) new PlantStock(context, StockAge).Fill(Layout);
        _world = new World(Servers.SelectMany(s => s.Units));
        Faults.Attach(_world, Servers);
    }

    /// <summary>Wall-clock time of process time zero, UTC.</summary>
    public DateTime StartTime { get; private set; }

    /// <summary>The truth log. Its totals are final after <see cref="StopProductionAsync"/>; before, read them through <see cref="Read"/>.</summary>
    public TruthLog Truth { get; }

    /// <summary>Path of the truth log; empty when none is written.</summary>
    public string TruthFile { get; }

    /// <summary>Counts the parts of the run; read it through <see cref="Read"/>.</summary>
    public PartBook Parts { get; } = new();

    /// <summary>Who is inside whom; read it through <see cref="Read"/>.</summary>
    public Genealogy Genealogy { get; }

    /// <summary>Path of the genealogy's events, one JSON line each; empty when none are written.</summary>
    public string GenealogyFile { get; }

    /// <summary>The faults at work; read it through <see cref="Read"/>.</summary>
    public FaultBench Faults { get; }

    /// <summary>How the units hang together.</summary>
    public PlantLayout Layout { get; }

    /// <summary>The servers, in the order of the options.</summary>
    public IReadOnlyList<EquipmentServer> Servers { get; }

    /// <summary>All units.</summary>
    public IReadOnlyList<Unit> Units => _world.Units;

    /// <summary>Ends when production ends; faulted when the loop failed.</summary>
    public Task Completion => _loop;

    /// <summary>Starts units, servers and the pacing loop.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves; the message lists everything that is wrong.</exception>
    public static async Task<Simulation> StartAsync(SimulationOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } errors)
            throw new ArgumentException("The simulation cannot run: " + string.Join(" ", errors), nameof(options));
        time ??= TimeProvider.System;
        loggers ??= NullLoggerFactory.Instance;
        var simulation = new Simulation(options, time, loggers);
        try
        {
            foreach (var fault in options.Faults) simulation.Faults.Inject(fault);
            // Initial values first: a client that connects at once must not find empty nodes.
            lock (simulation._gate) simulation._world.Advance(0);
            foreach (var server in simulation.Servers)
            {
                await server.StartAsync(options.DataDir, time, loggers, cancellationToken);
                simulation._logger.Listening(server.Name, server.EndpointUrl);
            }
        }
        catch
        {
            await simulation.DisposeAsync();
            throw;
        }

        simulation._logger.Started(simulation.Units.Count <= 40 ? string.Join(", ", simulation.Units.Select(u => u.Code)) : $"{simulation.Units.Count} units", options.TimeScale, options.Seed, simulation.TruthFile);
        if (!options.WaitForBegin) simulation.Begin();
        return simulation;
    }

    /// <summary>Starts production where <see cref="SimulationOptions.WaitForBegin"/> held it back; process time begins now.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_begun || _stopped) return;
            _begun = true;
            // The servers of a whole plant take longer to start than a client takes to notice: production that begins late is not production that lags.
            if (_options.WaitForBegin || _time.GetElapsedTime(_startTimestamp) > _options.Tick)
            {
                _startTimestamp = _time.GetTimestamp();
                if (_options.Start is null) StartTime = _time.GetUtcNow().UtcDateTime;
                if (_options.Start is null) _clock.StartAt(StartTime);
            }

            _loop = RunAsync();
        }
    }

    /// <summary>Cuts all connections of all servers in one instant.</summary>
    public void DropConnections()
    {
        foreach (var server in Servers) server.DropConnections();
    }

    /// <summary>The unit with this code.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Unit Unit(string code) => Units.FirstOrDefault(u => u.Code == code)
        ?? throw new KeyNotFoundException($"The simulation has no unit {code}; it has {string.Join(", ", Units.Select(u => u.Code))}.");

    /// <summary>Reads units or totals while nothing moves.</summary>
    public T Read<T>(Func<Simulation, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        lock (_gate) return read(this);
    }

    /// <summary>Calls a method of a unit at the present instant.</summary>
    public MethodOutcome Call(Unit unit, string method, params SignalValue[] arguments)
    {
        ArgumentNullException.ThrowIfNull(unit);
        MethodOutcome outcome;
        lock (_gate)
        {
            if (_stopped) return MethodOutcome.WrongState($"{unit.Code}: the simulation has stopped.");
            _world.Advance(Math.Max(_world.Now, Present));
            outcome = _world.Call(unit, method, arguments);
        }

        if (!outcome.IsGood) _logger.Refused(unit.Code, method, outcome.Reason);
        return outcome;
    }

    /// <summary>Injects a fault at the present instant, whatever time the order names.</summary>
    /// <returns>What is wrong with the order; empty when the fault has begun.</returns>
    public IReadOnlyList<FaultProblem> Inject(FaultOrder order)
    {
        lock (_gate)
        {
            if (_stopped) return [new(nameof(order.Unit), "the simulation has stopped", "start another")];
            if (FaultCheck.Of(order, Faults.Targets) is { Count: > 0 } problems) return problems;
            _world.Advance(Math.Max(_world.Now, Present));
            Faults.Inject(order with { At = TimeSpan.Zero });
            _world.Advance(_world.Now);
        }

        _logger.FaultInjected(order.Unit, order.Signal, order.Fault, order.Param, order.For);
        return [];
    }

    /// <summary>Ends the faults of a unit or a server before their time; empty ends all.</summary>
    /// <returns>How many were ended.</returns>
    public int ClearFaults(string unit = "")
    {
        lock (_gate)
        {
            if (_stopped) return 0;
            _world.Advance(Math.Max(_world.Now, Present));
            return Faults.Clear(unit);
        }
    }

    /// <summary>
    /// Ends production and completes the truth log with its summary; the servers go on, so that clients can fetch what waits
    /// for them. Production ends at the instant of the call; the truth then holds exactly what the servers were given.
    /// </summary>
    public async Task StopProductionAsync()
    {
        if (!_stop.IsCancellationRequested) await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_stopped) return;
            if (!_loop.IsFaulted) _world.Advance(Math.Max(_world.Now, Present));
            // Servers that were cut off or late give out what they have; a fault does not outlive production.
            Faults.Clear();
            _stopped = true;
            Truth.Dispose();
            Genealogy.Dispose();
            if (TruthFile.Length > 0)
            {
                using var summary = File.Create(Path.ChangeExtension(TruthFile, ".summary.json"));
                Truth.WriteSummary(summary);
            }
        }

        _logger.Stopped(Truth.Count, Truth.Checksum.ToString("x16", CultureInfo.InvariantCulture));
    }

    /// <summary>Ends production, then the servers.</summary>
    public async Task StopAsync()
    {
        await StopProductionAsync();
        foreach (var server in Servers) await server.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static string GenealogyBeside(string truthFile) => Path.GetFileName(truthFile).StartsWith("truth-", StringComparison.Ordinal)
        ? Path.Combine(Path.GetDirectoryName(truthFile) ?? "", "genealogy-" + Path.GetFileName(truthFile)["truth-".Length..])
        : Path.ChangeExtension(truthFile, ".genealogy.jsonl");

    private long Present => !_begun ? 0 : Math.Min(End, _clock.ToProcess(_time.GetElapsedTime(_startTimestamp)));

    private long End => _options.Length?.Ticks ?? long.MaxValue;

    private async Task RunAsync()
    {
        var flushed = _startTimestamp;
        var warned = false;
        using var timer = new PeriodicTimer(_options.Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                CatchUp();
                if (_world.Now >= End) return;
                var lag = _time.GetElapsedTime(_startTimestamp) - TimeSpan.FromTicks((long)(_world.Now / _options.TimeScale));
                if (lag > LagLimit && !warned) _logger.Lagging(lag, _options.TimeScale);
                warned = lag > LagLimit;
                if (_time.GetElapsedTime(flushed) < TimeSpan.FromSeconds(1)) continue;
                flushed = _time.GetTimestamp();
                lock (_gate)
                {
                    Truth.Flush();
                    Genealogy.Flush();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception error)
        {
            _logger.Failed(error);
            throw;
        }
    }

    // In slices of one tick, so that after a pause (a suspended machine) calls and the stop need not wait for all of it.
    private void CatchUp()
    {
        var target = Present;
        var slice = Math.Max(1, _clock.ToProcess(_options.Tick));
        while (_world.Now < target && !_stop.IsCancellationRequested)
        {
            lock (_gate) _world.Advance(Math.Min(target, _world.Now + slice));
        }
    }
}
