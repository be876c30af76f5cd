using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.Profiles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Simulators.Truth;

/// <summary>What a replay does.</summary>
public sealed record ReplayOptions
{
    /// <summary>The truth file to publish again.</summary>
    public required string File { get; init; }

    /// <summary>How many times as fast as it was recorded, 0.01 to 600.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Folder of the servers' certificates and of the replay's own truth.</summary>
    public string DataDir { get; init; } = "simulators-data";

    /// <summary>The servers, for their ports; null takes those of the recording on any free ports.</summary>
    public IReadOnlyList<SimulatedServer>? Servers { get; init; }

    /// <summary>How often the loop runs; changes are stamped to their own instant, not to the tick.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Servers show the first values and nothing moves until <see cref="TruthReplay.Begin"/>.</summary>
    public bool WaitForBegin { get; init; }
}

/// <summary>
/// Publishes a recorded run again: the same values with the same status in the same order on servers with the same nodes. The first change is stamped with
/// the moment of the replay's begin, the others keep their distance to it, divided by the speed. Nothing is simulated: methods and faults are refused.
/// </summary>
public sealed class TruthReplay : IAsyncDisposable
{
    private readonly ReplayOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeSink _nodes = new();
    private readonly Dictionary<string, (Signal Signal, long Recorded, long Stamp)> _signals = new(StringComparer.Ordinal);
    private readonly IEnumerator<TruthLine> _lines;
    private Task _loop = Task.CompletedTask;
    private long _startTimestamp, _startTicks, _firstTicks;
    private bool _begun, _stopped, _more;

    private TruthReplay(ReplayOptions options, IReadOnlyList<SimulatedServer> servers, PlantScale scale, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<TruthReplay>();
        _startTicks = time.GetUtcNow().UtcTicks;
        _startTimestamp = time.GetTimestamp();
        var context = new UnitContext { Seed = 0, Clock = new SourceClock(new DateTime(_startTicks, DateTimeKind.Utc), 1), Sink = new ChangeFanOut(), Scale = scale };
        Servers =
        [
            .. servers.Select(s => new EquipmentServer(
                s,
                [.. s.Units.Select(u => EquipmentCatalogue.Create(u, context))],
                _nodes,
                (unit, _, _) => MethodOutcome.WrongState($"{unit.Code} is a recording."),
                _ => [new("Unit", "a recording takes no faults", "inject them into a simulation")],
                _ => 0,
                time)),
        ];
        foreach (var signal in Servers.SelectMany(s => s.Units).SelectMany(u => u.Signals)) _signals.Add(signal.Path, (signal, 0, 0));
        _lines = TruthReader.Read(options.File).GetEnumerator();
        _more = _lines.MoveNext();
    }

    /// <summary>The servers.</summary>
    public IReadOnlyList<EquipmentServer> Servers { get; }

    /// <summary>What was published; read it through <see cref="Read"/> while the replay runs.</summary>
    public TruthLog Truth { get; } = new();

    /// <summary>Lines of signals that the equipment of today does not have.</summary>
    public long Unknown { get; private set; }

    /// <summary>Ends when the recording has ended, or with <see cref="StopAsync"/>.</summary>
    public Task Completion => _loop;

    /// <summary>Starts servers and replay.</summary>
    /// <exception cref="ArgumentException">The options or the file's first line can't be used; the message says why.</exception>
    /// <exception cref="FormatException">The file is no truth file.</exception>
    public static async Task<TruthReplay> StartAsync(ReplayOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Speed is not (>= 0.01 and <= 600)) throw new ArgumentException($"Speed is {options.Speed}; it must lie between 0.01 and 600.", nameof(options));
        var run = TruthReader.Run(options.File);
        var servers = options.Servers ?? run?.Servers
            ?? throw new ArgumentException($"{options.File} does not say which servers it was recorded from; name a profile.", nameof(options));
        time ??= TimeProvider.System;
        loggers ??= NullLoggerFactory.Instance;
        var replay = new TruthReplay(options, servers, run?.Scale ?? PlantScale.Demo, time, loggers);
        try
        {
            replay.PublishFirst();
            foreach (var server in replay.Servers)
            {
                await server.StartAsync(options.DataDir, time, loggers, cancellationToken);
                replay._logger.Listening(server.Name, server.EndpointUrl);
            }
        }
        catch
        {
            await replay.DisposeAsync();
            throw;
        }

        if (!options.WaitForBegin) replay.Begin();
        return replay;
    }

    /// <summary>Starts what <see cref="ReplayOptions.WaitForBegin"/> held back.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_begun || _stopped) return;
            _begun = true;
            _startTimestamp = _time.GetTimestamp();
            _startTicks = Math.Max(_startTicks + 1, _time.GetUtcNow().UtcTicks);
            _loop = RunAsync();
        }
    }

    /// <summary>Reads totals while nothing moves.</summary>
    public T Read<T>(Func<TruthReplay, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        lock (_gate) return read(this);
    }

    /// <summary>Ends the replay; the servers stay up until <see cref="StopAsync"/>.</summary>
    public async Task StopPublishingAsync()
    {
        if (!_stop.IsCancellationRequested) await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_stopped) return;
            _stopped = true;
            Truth.Dispose();
            _lines.Dispose();
        }
    }

    /// <summary>Ends the replay, then the servers.</summary>
    public async Task StopAsync()
    {
        await StopPublishingAsync();
        foreach (var server in Servers) await server.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    // What the equipment showed before anything moved.
    private void PublishFirst()
    {
        while (_more && _lines.Current.Event.Length > 0) _more = _lines.MoveNext();
        if (!_more) return;
        _firstTicks = _lines.Current.Ticks;
        lock (_gate)
        {
            while (_more && _lines.Current.Ticks == _firstTicks) Step();
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_options.Tick, _time);
        try
        {
            while (_more && await timer.WaitForNextTickAsync(_stop.Token))
            {
                lock (_gate)
                {
                    var reached = _firstTicks + (long)(_time.GetElapsedTime(_startTimestamp).Ticks * _options.Speed);
                    while (_more && _lines.Current.Ticks <= reached) Step();
                }
            }

            _logger.Stopped(Truth.Count, Truth.Checksum.ToString("x16", CultureInfo.InvariantCulture));
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

    private void Step()
    {
        var line = _lines.Current;
        if (line.Event.Length == 0) Publish(line);
        _more = _lines.MoveNext();
    }

    private void Publish(TruthLine line)
    {
        if (!_signals.TryGetValue(line.Path, out var of))
        {
            if (Unknown++ == 0) _logger.UnknownPath(line.Path, _options.File, line.Number);
            return;
        }

        var stamp = _startTicks + (long)((line.Ticks - _firstTicks) / _options.Speed);
        // A faster replay must not let two stamps of one signal become one, where they were two.
        if (line.Ticks > of.Recorded && stamp <= of.Stamp) stamp = of.Stamp + 1;
        _signals[line.Path] = (of.Signal, line.Ticks, stamp);
        Truth.OnChange(of.Signal.Unit, of.Signal, line.Value, line.Status, stamp);
        _nodes.OnChange(of.Signal.Unit, of.Signal, line.Value, line.Status, stamp);
    }
}
