using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>A path names one tag; a node is read once for each thing taken out of it.</summary>
internal static class TagPathChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        // Names that differ in case only would be one file on Windows and one column in some stores.
        var units = new Dictionary<string, UnitSettings>(StringComparer.OrdinalIgnoreCase);
        var clashing = new HashSet<string>();
        foreach (var unit in configuration.Units)
        {
            if (units.TryAdd(unit.Path, unit))
                continue;
            clashing.Add(unit.Path);
            var first = units[unit.Path];
            errors.Error(unit.Source["path"], first.Path == unit.Path ? $"unit path {unit.Path} is already used at {first.Source.At}" : $"unit path {unit.Path} differs from {first.Path} in capitals only", "give each unit a path of its own");
        }

        CheckPaths(configuration, clashing, errors);
        CheckNodes(configuration, errors);
    }

    private static void CheckPaths(GatewayConfiguration configuration, HashSet<string> clashing, Diagnostics errors)
    {
        var paths = new Dictionary<string, ConfiguredTag>(StringComparer.OrdinalIgnoreCase);
        foreach (var tag in configuration.Tags)
        {
            if (tag.Path.Length > PathText.MaxLength)
                errors.Error(tag.Source.At, $"tag path {tag.Path} is longer than {PathText.MaxLength} characters", "shorten the unit's path or the signal's name");
            if (!paths.TryAdd(tag.Path, tag) && !clashing.Contains(tag.UnitPath))
                errors.Error(tag.Source.At, $"tag path {tag.Path} is already given at {paths[tag.Path].Source.At}", "rename one of the two signals (capitals don't count)");
        }
    }

    private static void CheckNodes(GatewayConfiguration configuration, Diagnostics errors)
    {
        var nodes = new Dictionary<(string, string, int?, int?, string?), ConfiguredTag>();
        foreach (var tag in configuration.Tags.Where(t => t.Node.Length > 0))
        {
            var part = (tag.Server, tag.Node, tag.Normalisation.ArrayIndex, tag.Normalisation.Bit, tag.Normalisation.Field);
            if (!nodes.TryAdd(part, tag))
                errors.Warn(Unit(configuration, tag), $"{tag.Path} reads the same node of '{tag.Server}' as {nodes[part].Path}: {tag.Node}", "mend 'with' or the node, or take one of the two out");
        }
    }

    private static SourcePosition Unit(GatewayConfiguration configuration, ConfiguredTag tag) =>
        configuration.Units.First(u => u.Path == tag.UnitPath).Source.At;
}
