using System.Globalization;
using System.Text;
using FloorGateway.Configuration;
using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Sections;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Units;

namespace FloorGateway.Cli;

/// <summary>Writes a complete configuration of what <c>browse</c> found: it loads as it is, and reads everything once.</summary>
public static class BrowseConfigWriter
{
    private const int MaxDescription = 120;

    /// <summary>The configuration as text.</summary>
    /// <param name="options">How the server was reached; the same address, security and login go into the file.</param>
    /// <param name="name">What the server calls itself; becomes the name of server, equipment type and unit.</param>
    /// <param name="variables">In browse order.</param>
    public static string Write(BrowseOptions options, string name, IReadOnlyList<BrowsedVariable> variables)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(variables);
        var tidy = SignalNames.Tidy(name) is { Length: > 0 and <= 60 } known ? known : "Equipment";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {OneLine(name, MaxDescription)}: {variables.Count} variables found at {options.Url.OriginalString}.\n");
        text.Append("# Give the unit its real path, take out what you don't need, then: floorgateway check, floorgateway run.\n");
        text.Append("gateway:\n  id: edge-01\n");
        text.Append(CultureInfo.InvariantCulture, $"  data: {Quoted(Data(options))}\n  http: {{port: {options.HttpPort}}}\n\n");
        WriteServer(text, options, tidy.ToLowerInvariant());
        WriteType(text, tidy, variables);
        text.Append("units:\n  # Enterprise, site, area, line and so on: this path becomes the MQTT topic.\n");
        text.Append(CultureInfo.InvariantCulture, $"  - {{path: Enterprise/Site/Area/Line/{tidy}, type: {Quoted(tidy)}, server: {Quoted(tidy.ToLowerInvariant())}}}\n\n");
        text.Append("""
            feeds:
              history: {type: history, retention: 30d}
              # uns: {type: mqtt, url: "mqtt://127.0.0.1:1883"}
              # influx: {type: influxdb, version: 1, url: "http://127.0.0.1:8086", database: plant, createDatabase: true}

            """.ReplaceLineEndings("\n"));
        return text.ToString();
    }

    private static void WriteServer(StringBuilder text, BrowseOptions options, string name)
    {
        text.Append(CultureInfo.InvariantCulture, $"servers:\n  {Quoted(name)}:\n    url: {Quoted(options.Url.OriginalString)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    security: {{policy: {options.Policy}, mode: {options.Mode}{(options.AutoAccept ? ", autoAccept: true" : "")}}}\n");
        if (options.User is not null)
            text.Append(CultureInfo.InvariantCulture, $"    user: {{name: {Quoted(options.User)}{(options.PasswordEnv is null ? "" : $", passwordEnv: {Quoted(options.PasswordEnv)}")}}}\n");
        var insecure = options.User is null || options.AutoAccept || options.Mode != SecurityModeChoice.SignAndEncrypt;
        if (insecure && !UrlText.IsLoopback(options.Url.Host))
            text.Append("    # The server was reached this way; better: SignAndEncrypt, a user, and its certificate in pki/trusted.\n    allowInsecure: true\n");
        // Sampling 0 asks for every change, which is what somebody who has not yet looked at the signals wants to see.
        text.Append("    publishingInterval: 250ms\n    samplingInterval: 0\n    queueSize: 100\n\n");
    }

    private static void WriteType(StringBuilder text, string type, IReadOnlyList<BrowsedVariable> variables)
    {
        text.Append(CultureInfo.InvariantCulture, $"equipmentTypes:\n  {Quoted(type)}:\n");
        var shared = SharedNamespace(variables);
        if (shared is not null)
            text.Append(CultureInfo.InvariantCulture, $"    namespace: {Quoted(shared)}\n");
        text.Append(variables.Count == 0 ? "    tags: {}\n" : "    tags:\n");
        foreach (var (variable, signal) in variables.Zip(SignalNames.For([.. variables.Select(v => v.Path)])))
            text.Append(CultureInfo.InvariantCulture, $"      {Quoted(signal)}: {{{string.Join(", ", Options(variable, signal, shared))}}}\n");
        text.Append('\n');
    }

    private static IEnumerable<string> Options(BrowsedVariable variable, string signal, string? shared)
    {
        var node = shared is null ? variable.Node : variable.Node[(variable.Node.IndexOf(';', StringComparison.Ordinal) + 1)..];
        yield return $"node: {Quoted(node.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal))}";
        if (variable.DataType is { } type && variable.ValueRank is -1 or >= 1 && TagTypes.Names.Contains(variable.DataType))
            yield return variable.ValueRank == -1 ? $"type: {type}" : $"type: \"{type}[]\"";
        if (variable.UnitCode is { } unit && UnitTable.TryFind(unit, out _))
            yield return $"unit: {Quoted(unit)}";
        if (double.IsFinite(variable.Low) && double.IsFinite(variable.High) && variable.Low < variable.High)
            yield return string.Create(CultureInfo.InvariantCulture, $"range: [{variable.Low:R}, {variable.High:R}]");
        if (variable.MinimumSamplingInterval is > 0 and <= 86_400_000)
            yield return string.Create(CultureInfo.InvariantCulture, $"sampling: {Math.Ceiling(variable.MinimumSamplingInterval):F0}ms");
        var said = OneLine(variable.Description is { Length: > 0 } description ? description : variable.DisplayName, MaxDescription);
        if (said.Length > 0 && said != signal && said != variable.Path[^1])
            yield return $"description: {Quoted(said)}";
    }

    private static string? SharedNamespace(IReadOnlyList<BrowsedVariable> variables)
    {
        const string Prefix = "nsu=";
        var found = variables.Select(v => v.Node.StartsWith(Prefix, StringComparison.Ordinal) ? v.Node[Prefix.Length..v.Node.IndexOf(';', StringComparison.Ordinal)] : null).Distinct().ToList();
        return found is [{ } one] ? one : null;
    }

    // Paths in a file count from that file.
    private static string Data(BrowseOptions options)
    {
        var data = Path.GetFullPath(options.DataFolder);
        var folder = options.OutputFile is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(options.OutputFile))!;
        var relative = Path.GetRelativePath(folder, data);
        return relative.StartsWith("..", StringComparison.Ordinal) ? data : relative.Replace('\\', '/');
    }

    private static string OneLine(string text, int length)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= length ? line : line[..length] + "...";
    }

    // A YAML double-quoted scalar (YAML 1.2, 7.3.1).
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsSurrogatePair(text, i))
                quoted.Append(c).Append(text[++i]);
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF')
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(char.IsSurrogate(c) ? 0xFFFD : c):X4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
