using System.Globalization;
using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Yaml;
using FloorGateway.Simulators.Faults;

namespace FloorGateway.Configuration;

/// <summary>
/// A fault script for simulated equipment: a list of entries <c>at, unit, signal, fault, param, for</c>. Times are process time, as <c>hh:mm:ss</c> or as a
/// number with its unit.
/// </summary>
/// <param name="Orders">The faults in the order of the file; empty when there are errors.</param>
/// <param name="Errors">All that is wrong, with line, column and remedy.</param>
public sealed record FaultScript(IReadOnlyList<FaultOrder> Orders, IReadOnlyList<ConfigurationError> Errors)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Reads the script of a command line and tells its errors.</summary>
    /// <param name="file">Path of the file; null for no script.</param>
    /// <param name="plant">The units with their signals and faults.</param>
    /// <param name="error">Receives each error, and a last line with their number.</param>
    /// <returns>The faults; null where there are errors.</returns>
    public static async Task<IReadOnlyList<FaultOrder>?> LoadAsync(string? file, IReadOnlyList<FaultTarget> plant, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (file is null)
            return [];
        try
        {
            var script = Read(file, await File.ReadAllTextAsync(file), plant);
            foreach (var found in script.Errors)
                await error.WriteLineAsync(found.ToString());
            if (script.Errors.Count == 0)
                return script.Orders;
            await error.WriteLineAsync($"{file}: {script.Errors.Count} {(script.Errors.Count == 1 ? "error" : "errors")}; nothing was started");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"floorgateway: fault script {file}: {fault.Message}");
        }

        return null;
    }

    /// <summary>Reads a script from text.</summary>
    public static FaultScript Read(string file, string text, IReadOnlyList<FaultTarget> plant)
    {
        ArgumentNullException.ThrowIfNull(plant);
        var errors = new Diagnostics();
        var orders = new List<FaultOrder>();
        switch (YamlText.Read(file, text, errors))
        {
            case null:
                break;
            case ConfigSequence list:
                orders.AddRange(list.Items.Select(item => Entry(item, plant, errors)));
                break;
            case ConfigMap { Entries.Count: 0 } empty:
                errors.Error(empty.At, "the script holds no fault", "write at least one entry: - {at: 00:01:00, unit: DC01, fault: F9, for: 30s}");
                break;
            case var other:
                errors.Error(other.At, $"a fault script must be a list, not {other.Kind}", "write - before each fault");
                break;
        }

        return new FaultScript(errors.HasErrors ? [] : orders, errors.Errors);
    }

    private static FaultOrder Entry(ConfigNode node, IReadOnlyList<FaultTarget> plant, Diagnostics errors)
    {
        // Not a static member: those are the sections of the gateway's own configuration.
        var section = new Section("a fault", "at", "unit", "signal", "fault", "param", "for")
        {
            Instead = new Dictionary<string, string> { ["duration"] = "write for: 30s", ["parameter"] = "write param: 2.5", ["time"] = "write at: 00:01:00" },
        };
        var reader = new MapReader(node, section, errors);
        var order = new FaultOrder
        {
            At = Time(reader, "at", required: true),
            Unit = reader.RequiredText("unit", "DC01"),
            Signal = reader.Text("signal", ""),
            Fault = reader.RequiredText("fault", "F1"),
            Param = reader.Text("param", ""),
            For = Time(reader, "for", required: false),
        };
        if (order.Unit.Length == 0 || order.Fault.Length == 0)
            return order;
        foreach (var problem in FaultCheck.Of(order, plant))
        {
            var key = problem.Field.ToLowerInvariant();
            errors.Error((reader.Node(key) ?? node).At, problem.Message, Remedy(problem, order, plant));
        }

        return order;
    }

    private static TimeSpan Time(MapReader reader, string key, bool required)
    {
        if (reader.Node(key) is not { } node)
        {
            if (required)
                reader.Errors.Error(reader.Source.At, $"'{key}' is missing in a fault", $"add {key}: 00:01:00");
            return default;
        }

        if (node is ConfigScalar scalar && (TryClock(scalar.Value, out var value) || Quantities.TryDuration(scalar.Value, out value)) && value <= Longest)
            return value;
        reader.Errors.Error(node.At, $"'{key}' must be a time, not {node.Kind}", "write 00:05:00, or a number with its unit such as 30s or 5m");
        return default;
    }

    private static bool TryClock(string text, out TimeSpan value) =>
        TimeSpan.TryParseExact(text, [@"h\:mm\:ss", @"hh\:mm\:ss", @"hh\:mm\:ss\.FFF", @"d\.hh\:mm\:ss"], CultureInfo.InvariantCulture, out value);

    private static string Remedy(FaultProblem problem, FaultOrder order, IReadOnlyList<FaultTarget> plant)
    {
        var units = plant.SelectMany(t => t.Units).ToList();
        var unit = units.Find(u => u.Code == order.Unit);
        var meant = problem.Field switch
        {
            nameof(FaultOrder.Unit) => Suggestion.For(order.Unit, units.Select(u => u.Code)),
            nameof(FaultOrder.Fault) when unit is not null => Suggestion.For(order.Fault, FaultCatalogue.Of(unit).SelectMany(f => new[] { f.Code, f.Name }).Where(n => n.Length > 3)),
            nameof(FaultOrder.Signal) when unit is not null && order.Signal.Length > 0 => Suggestion.For(order.Signal, unit.Signals.Select(s => s.Name).Where(n => n != order.Signal)),
            _ => null,
        };
        return meant is null ? problem.Remedy : $"did you mean '{meant}'?";
    }
}
