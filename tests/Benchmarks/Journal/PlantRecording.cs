using System.Diagnostics.CodeAnalysis;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;

namespace Benchmarks.Journal;

/// <summary>What the servers of a simulated plant send in some process time, in the batches in which it comes: one of each server every publishing interval, in the order of production.</summary>
internal sealed class PlantRecording : IChangeSink, ITagCatalog
{
    private static readonly long Interval = TimeSpan.FromMilliseconds(500).Ticks;

    // Between a controller and its gateway; not the same for two messages.
    private const long Latency = 37_513;

    private readonly Dictionary<Signal, int> ids = [];
    private readonly Dictionary<Unit, int> serverOf = [];
    private readonly List<TagDefinition> tags = [];
    private readonly List<Sample>[] open;
    private readonly Random jitter = new(1);
    private bool recording;

    /// <param name="profile">The plant.</param>
    /// <param name="warmUp">Process time before it is recorded.</param>
    /// <param name="length">Process time recorded.</param>
    public PlantRecording(SimulationProfile profile, TimeSpan warmUp, TimeSpan length)
    {
        Servers = [.. profile.Servers.Select(s => s.Name)];
        open = [.. profile.Servers.Select(_ => new List<Sample>())];
        var run = new VirtualRun(profile, this);
        var codes = profile.Servers.SelectMany((s, i) => s.Units.Select(u => (u, i))).ToDictionary(p => p.u, p => p.i);
        foreach (var unit in run.Units)
        {
            serverOf[unit] = codes[unit.Code];
            foreach (var signal in unit.Signals.Where(profile.IsTag))
            {
                ids[signal] = tags.Count;
                var path = signal.Path;
                tags.Add(new TagDefinition
                {
                    Id = tags.Count, Path = path, Server = Servers[codes[unit.Code]], EquipmentType = unit.GetType().Name, UnitPath = path[..path.LastIndexOf('/')],
                    Signal = path[(path.LastIndexOf('/') + 1)..], UnitSymbol = signal.Traits.Unit,
                });
            }
        }

        run.Run(warmUp);
        recording = true;
        for (var end = run.SourceTicks + length.Ticks; run.SourceTicks < end;)
        {
            run.Run(TimeSpan.FromTicks(Interval));
            for (var server = 0; server < open.Length; server++)
                Close(server, run.SourceTicks);
        }
    }

    /// <summary>Names of the servers.</summary>
    public IReadOnlyList<string> Servers { get; }

    /// <summary>Server and samples of each message.</summary>
    public List<(int Server, Sample[] Samples)> Batches { get; private init; } = [];

    public long Samples => Batches.Sum(b => (long)b.Samples.Length);

    public int Count => tags.Count;

    public TagDefinition this[int id] => tags[id];

    public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag) => (tag = tags.Find(t => t.Path == path)) is not null;

    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        if (!recording || !ids.TryGetValue(signal, out var tag))
            return;
        open[serverOf[unit]].Add(new Sample { Tag = tag, Value = ToValue(value), SourceTime = sourceTicks, Status = status });
    }

    private void Close(int server, long now)
    {
        if (open[server].Count == 0)
            return;
        var received = now + Latency + jitter.Next(20_000);
        var samples = open[server].ToArray();
        foreach (ref var sample in samples.AsSpan())
            sample.ReceiveTime = received;
        Batches.Add((server, samples));
        open[server].Clear();
    }

    private static TagValue ToValue(in SignalValue value) => value.Type switch
    {
        SignalType.Boolean => TagValue.From(value.AsBoolean),
        SignalType.UInt64 => TagValue.From(value.AsUInt64),
        SignalType.Float => TagValue.From(value.AsFloat),
        SignalType.Double => TagValue.From(value.AsDouble),
        SignalType.String => TagValue.From(value.AsString),
        SignalType.DateTime => TagValue.From(value.AsDateTime),
        SignalType.Int32Array => TagValue.From(((int[])value.AsArray).Select(i => (long)i).ToArray()),
        SignalType.FloatArray or SignalType.DoubleArray or SignalType.StringArray => TagValue.From(value.AsArray),
        _ => TagValue.From(value.AsInt64),
    };
}
