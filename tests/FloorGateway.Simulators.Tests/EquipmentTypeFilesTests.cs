using System.Globalization;
using System.Text.RegularExpressions;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;
using FloorGateway.TestKit;

namespace FloorGateway.Simulators.Tests;

/// <summary>The gateway's equipment types in config/ describe what the simulators publish, no more and no less.</summary>
public sealed partial class EquipmentTypeFilesTests
{
    private static readonly Dictionary<string, string> TypeNames = new()
    {
        ["FloatArray"] = "Float[]", ["DoubleArray"] = "Double[]", ["Int32Array"] = "Int32[]", ["StringArray"] = "String[]",
    };

    [Fact]
    public void Every_signal_is_declared_with_its_type_unit_and_range()
    {
        var declared = Declared();
        var missing = new List<string>();
        foreach (var signal in Units().SelectMany(u => u.Signals))
        {
            var type = TypeNames.GetValueOrDefault(signal.Type.ToString(), signal.Type.ToString());
            var range = signal.Traits is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $"{low}, {high}") : "";
            var wanted = $"{signal.Name}: {type} {signal.Traits.Unit} [{range}]";
            if (!declared.Contains(wanted)) missing.Add(wanted);
        }

        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void Every_declared_tag_is_published()
    {
        var published = Units().SelectMany(u => u.Signals).Select(s => s.Name).ToHashSet();
        Assert.Subset(published, Declared().Select(d => d[..d.IndexOf(':', StringComparison.Ordinal)]).ToHashSet());
    }

    // One unit of each kind, bare and as the profiles fit it out.
    private static IEnumerable<Unit> Units()
    {
        var context = Run.Context(new RecordingSink());
        return EquipmentCatalogue.Types.Select(letters => EquipmentCatalogue.Create(letters + "01", context))
            .Concat(SimulationProfile.All.SelectMany(p => p.CreateUnits(context)).Select(u => u.Unit).DistinctBy(u => string.Join(' ', u.Signals.Select(s => s.Name))));
    }

    private static HashSet<string> Declared()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "config", "equipment-types");
        return [.. Directory.GetFiles(folder, "*.yaml").SelectMany(File.ReadLines).Select(l => Tag().Match(l)).Where(m => m.Success)
            .Select(m => $"{m.Groups["name"].Value}: {m.Groups["type"].Value} {m.Groups["unit"].Value} [{m.Groups["range"].Value}]")];
    }

    [GeneratedRegex("""^      (?<name>[\w.]+): \{type: "?(?<type>[\w\[\]]+)"?(, unit: (?<unit>\w+))?(, range: \[(?<range>[^\]]+)\])?""")]
    private static partial Regex Tag();
}
