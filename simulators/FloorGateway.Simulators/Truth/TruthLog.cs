using System.Buffers;
using System.Text.Json;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Simulators.Truth;

/// <summary>
/// The ground truth of a run: one JSON line for each change produced, and running totals per path.
/// <code>{"path":"LXE/JSH/CAS/L01/DC01/PRESS/Biscuit","type":"Double","value":35.25,"status":0,"time":"2027-03-15T00:00:00.0000001Z"}</code>
/// Numbers are in shortest round-trip form, NaN and infinities are strings, time is UTC with 100 ns. Not thread-safe.
/// </summary>
public sealed class TruthLog : IChangeSink, IDisposable
{
    private const int FlushBytes = 64 * 1024;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushBytes);
    private readonly Utf8JsonWriter _json;
    private readonly Stream? _file;
    private readonly Dictionary<Signal, PathTotals> _totals = [];

    /// <param name="file">Receives the lines and is closed with the log; null keeps the totals only.</param>
    public TruthLog(Stream? file = null)
    {
        _file = file;
        _json = new(_buffer, new JsonWriterOptions { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Hands each line to the system before the change goes on to the server: a kill takes none of what a client may have seen. A system call a change.</summary>
    public bool WriteThrough { get; init; }

    /// <summary>Changes produced so far.</summary>
    public long Count { get; private set; }

    /// <summary>FNV-1a 64 over all lines in order: equal for two runs that produced the same bytes.</summary>
    public ulong Checksum { get; private set; } = Fnv1a.Start;

    /// <summary>Totals by path; a snapshot of references, read it when the run has stopped or under the run's lock.</summary>
    public IReadOnlyDictionary<string, PathTotals> Totals =>
        _totals.Values.ToDictionary(t => t.Path, StringComparer.Ordinal);

    /// <inheritdoc/>
    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        if (!_totals.TryGetValue(signal, out var totals)) _totals.Add(signal, totals = new(signal.Path));
        totals.Add(value, status, sourceTicks);
        Count++;

        var start = BeginLine();
        _json.WriteString("path"u8, signal.Path);
        _json.WriteString("type"u8, TypeNames[(int)value.Type]);
        _json.WritePropertyName("value"u8);
        value.WriteTo(_json);
        _json.WriteNumber("status"u8, status);
        EndLine(start, sourceTicks);
    }

    /// <summary>Records that a fault began or ended: a line with <c>event</c> instead of a path, not counted as a change.</summary>
    /// <param name="what">begin or end.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="sourceTicks">When, UTC ticks.</param>
    public void OnFault(string what, ActiveFault fault, long sourceTicks)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var start = BeginLine();
        _json.WriteString("event"u8, what);
        _json.WriteNumber("id"u8, fault.Id);
        _json.WriteString("fault"u8, fault.Code);
        _json.WriteString("unit"u8, fault.Order.Unit);
        _json.WriteString("signal"u8, fault.Order.Signal);
        _json.WriteString("param"u8, fault.Order.Param);
        EndLine(start, sourceTicks);
    }

    /// <summary>Records what runs: the servers and their units, as a replay needs them. Before the first change.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="timeScale">Process seconds per second of the clock.</param>
    /// <param name="servers">The servers; their ports are not recorded.</param>
    /// <param name="scale">How fully the units are equipped; null as in a demonstration.</param>
    public void OnRun(ulong seed, double timeScale, IEnumerable<SimulatedServer> servers, PlantScale? scale = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        var start = BeginLine();
        _json.WriteString("event"u8, "run");
        _json.WriteNumber("seed"u8, seed);
        _json.WriteNumber("timeScale"u8, timeScale);
        _json.WriteNumber("traysPerRack"u8, (scale ?? PlantScale.Demo).TraysPerRack);
        _json.WriteBoolean("plantSignals"u8, (scale ?? PlantScale.Demo).PlantSignals);
        _json.WriteStartArray("servers"u8);
        foreach (var server in servers)
        {
            _json.WriteStartObject();
            _json.WriteString("name"u8, server.Name);
            _json.WriteStartArray("units"u8);
            foreach (var unit in server.Units) _json.WriteStringValue(unit);
            _json.WriteEndArray();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        EndLine(start, null);
    }

    /// <summary>Hands everything recorded to the file.</summary>
    public void Flush()
    {
        _file?.Write(_buffer.WrittenSpan);
        _file?.Flush();
        _buffer.ResetWrittenCount();
    }

    /// <summary>Writes the totals as a JSON array, sorted by path.</summary>
    public void WriteSummary(Stream target)
    {
        using var json = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("count", Count);
        json.WriteString("checksum", Checksum.ToString("x16"));
        json.WriteStartArray("paths");
        foreach (var totals in _totals.Values.OrderBy(t => t.Path, StringComparer.Ordinal)) totals.WriteTo(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        _json.Dispose();
        _file?.Dispose();
    }

    private int BeginLine()
    {
        _json.Reset();
        _json.WriteStartObject();
        return _buffer.WrittenCount;
    }

    private void EndLine(int start, long? sourceTicks)
    {
        if (sourceTicks is { } ticks)
        {
            Span<char> time = stackalloc char[28];
            new DateTime(ticks, DateTimeKind.Utc).TryFormat(time, out var length, "O");
            _json.WriteString("time"u8, time[..length]);
        }

        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        Checksum = Fnv1a.Add(Checksum, _buffer.WrittenSpan[start..]);
        if (WriteThrough || _buffer.WrittenCount >= FlushBytes) Flush();
    }

    private static readonly string[] TypeNames = Enum.GetNames<SignalType>();
}
