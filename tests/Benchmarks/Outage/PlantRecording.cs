using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;

namespace Benchmarks.Outage;

/// <summary>Some minutes of the simulated plant, server by server and second by second, to be played again and again with later times.</summary>
internal sealed class PlantRecording : IChangeSink
{
    private readonly Dictionary<Signal, (int Tag, int Server)> tags = [];
    private readonly List<Sample>[][] seconds;
    private long start;
    private bool records;

    private PlantRecording(SimulationProfile profile, int length)
    {
        Servers = [.. profile.Servers.Select(s => s.Name)];
        Length = length;
        seconds = [.. Enumerable.Range(0, length).Select(_ => Servers.Select(_ => new List<Sample>()).ToArray())];
    }

    public IReadOnlyList<string> Servers { get; }

    /// <summary>Seconds.</summary>
    public int Length { get; }

    public List<PipelineTag> Tags { get; } = [];

    /// <summary>Samples in all.</summary>
    public long Samples { get; private set; }

    /// <summary>Runs the plant until its machines are in their stride, and then records.</summary>
    public static PlantRecording Make(SimulationProfile profile, TimeSpan warmUp, int length)
    {
        var recording = new PlantRecording(profile, length);
        var run = new VirtualRun(profile, recording);
        var serverOf = profile.Servers.SelectMany((s, i) => s.Units.Select(u => (Unit: u, Server: i))).ToDictionary(p => p.Unit, p => p.Server);
        foreach (var unit in run.Units)
        {
            foreach (var signal in unit.Signals.Where(profile.IsTag))
                recording.Add(signal, serverOf[unit.Code], unit);
        }

        run.Run(TimeSpan.Zero);
        run.Run(warmUp);
        (recording.start, recording.records) = (run.SourceTicks, true);
        run.Run(TimeSpan.FromSeconds(length));
        return recording;
    }

    /// <summary>Adds what a server sent in a second, with times that lie in <paramref name="now"/>'s.</summary>
    public void Fill(SampleBatch batch, int second, int server, long now)
    {
        var shift = now - start - (second % Length * TimeSpan.TicksPerSecond);
        foreach (var recorded in seconds[second % Length][server])
        {
            ref var sample = ref batch.Add();
            sample = recorded;
            sample.SourceTime += shift;
            // Half a publishing interval of 500 ms and the way.
            sample.ReceiveTime = now + TimeSpan.TicksPerSecond;
        }
    }

    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        if (!records || !tags.TryGetValue(signal, out var tag))
            return;
        var second = (int)((sourceTicks - start) / TimeSpan.TicksPerSecond);
        if (second < 0 || second >= Length)
            return;
        seconds[second][tag.Server].Add(new Sample { Tag = tag.Tag, Value = Convert(value), Status = status, SourceTime = sourceTicks });
        Samples++;
    }

    private void Add(Signal signal, int server, Unit unit)
    {
        tags.Add(signal, (Tags.Count, server));
        var unitPath = signal.Path[..signal.Path.LastIndexOf('/')];
        var definition = new TagDefinition
        {
            Id = Tags.Count, Path = signal.Path, Server = Servers[server], EquipmentType = unit.GetType().Name, UnitPath = unitPath, Signal = signal.Path[(unitPath.Length + 1)..],
        };
        Tags.Add(new PipelineTag(definition, TagNormalisation.Default));
    }

    private static TagValue Convert(in SignalValue value) => value.Type switch
    {
        SignalType.Boolean => TagValue.From(value.AsBoolean),
        SignalType.UInt16 or SignalType.UInt32 => TagValue.From((ulong)value.AsInt64),
        SignalType.Int32 or SignalType.Int64 => TagValue.From(value.AsInt64),
        SignalType.UInt64 => TagValue.From(value.AsUInt64),
        SignalType.Float => TagValue.From(value.AsFloat),
        SignalType.Double => TagValue.From(value.AsDouble),
        SignalType.DateTime => TagValue.From(value.AsDateTime),
        SignalType.String => TagValue.From(value.AsString),
        SignalType.Int32Array => TagValue.From(value.AsArray.Cast<int>().Select(i => (long)i).ToArray()),
        _ => TagValue.From(value.AsArray),
    };
}
