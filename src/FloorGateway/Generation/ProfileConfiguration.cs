using System.Globalization;
using System.Text;
using FloorGateway.Configuration;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Generation;

/// <summary>Writes the gateway's configuration of a simulated plant: its servers, and its units by equipment type.</summary>
public sealed class ProfileConfiguration
{
    /// <summary>Name of the file with the equipment types that are made here.</summary>
    public const string PlantTypesFile = "equipment-types/plant-machines.yaml";

    private readonly SimulationProfile profile;
    private readonly ProfileText text;
    private readonly List<WorkUnit> workUnits;

    /// <param name="profile">The plant.</param>
    public ProfileConfiguration(SimulationProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        this.profile = profile;
        text = ProfileText.Of(profile.Name);
        workUnits = [.. WorkUnits(profile)];
    }

    /// <summary>The files by their path below the configuration's folder; those with the equipment types that all profiles share are not among them.</summary>
    public IReadOnlyDictionary<string, string> Write()
    {
        var files = new Dictionary<string, string>();
        var types = new EquipmentTypeChoice(DemoConfiguration.Load().EquipmentTypes.Where(t => !PlantTypes.IsMadeHere(t.Name)));
        if (profile.Scale.PlantSignals)
            files[PlantTypesFile] = PlantTypes.Write(types, workUnits.Where(w => w.IsMain).Select(w => (w.Name, w.Signals)));
        files[profile.Name + ".yaml"] = Main(types);
        return files;
    }

    private static IEnumerable<WorkUnit> WorkUnits(SimulationProfile profile)
    {
        var nothing = new UnitContext { Seed = 1, Clock = new SourceClock(DateTime.UnixEpoch, 1), Sink = new NoSink() };
        foreach (var (server, unit) in profile.CreateUnits(nothing))
        {
            foreach (var group in unit.Signals.Where(profile.IsTag).GroupBy(s => s.SubUnit))
            {
                var first = group.First();
                yield return new WorkUnit(
                    server.Name,
                    unit,
                    $"{unit.Location}/{group.Key}",
                    first.NodeName[..^(first.Name.Length + 1)],
                    group.Key == unit.MainSubUnit,
                    group.Select(s => s.Name).ToHashSet(StringComparer.Ordinal),
                    group.Select(s => s.Traits.SamplingMs).Where(ms => ms > 0).DefaultIfEmpty(int.MaxValue).Min());
            }
        }
    }

    private string Main(EquipmentTypeChoice types)
    {
        var lines = new UnitLines();
        foreach (var unit in workUnits)
        {
            var (type, excluded) = types.For(unit.Name, unit.Signals);
            lines.Add(unit.Unit.Code, unit.Path, unit.Node, type, unit.Server, PlantTypes.HasOpenNamespace(type) ? LastPart(unit.Unit.NamespaceUri) : "", Choice(unit.Signals, excluded));
        }

        var written = new StringBuilder();
        written.Append(CultureInfo.InvariantCulture, $"{text.Head(workUnits.Sum(w => w.Signals.Count))}\nservers:\n");
        foreach (var server in profile.Servers)
        {
            var fastest = workUnits.Where(w => w.Server == server.Name).Min(w => w.FastestMs);
            written.Append(CultureInfo.InvariantCulture, $"  {server.Name}: {{url: \"opc.tcp://127.0.0.1:{server.Port}\", {text.Server(fastest)}}}\n");
        }

        written.Append("\ninclude: [equipment-types/*.yaml]\n\nunits:\n");
        foreach (var line in lines.Write())
            written.Append(CultureInfo.InvariantCulture, $"  - {{{line}}}\n");
        return written.Append(CultureInfo.InvariantCulture, $"\n{ProfileText.Tail}").ToString();
    }

    // Whatever is shorter: what the unit has, or what it does not.
    private static string Choice(IReadOnlySet<string> wanted, IReadOnlyList<string> excluded)
    {
        if (excluded.Count == 0)
            return "";
        var (only, without) = ($"only: [{string.Join(", ", wanted.Order(StringComparer.Ordinal))}]", $"exclude: [{string.Join(", ", excluded)}]");
        return only.Length < without.Length ? only : without;
    }

    private static string LastPart(string uri) => uri.TrimEnd('/')[(uri.TrimEnd('/').LastIndexOf('/') + 1)..];

    private sealed record WorkUnit(string Server, Unit Unit, string Path, string Node, bool IsMain, IReadOnlySet<string> Signals, int FastestMs)
    {
        public string Name => Path;
    }

    private sealed class NoSink : IChangeSink
    {
        public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
        {
            // The plant is looked at, not run.
        }
    }
}
