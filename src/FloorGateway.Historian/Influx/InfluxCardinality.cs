using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Influx;

/// <summary>What a set of tags makes an InfluxDB index, estimated from the configuration alone: arrays that are written an element a field are not known yet.</summary>
/// <param name="Measurements">Equipment types.</param>
/// <param name="Series">Combinations of measurement and tags: one a unit. What the memory of versions 1 and 2 goes with.</param>
/// <param name="Fields">Fields of all series: a signal and, once it was not good, its quality.</param>
/// <param name="Arrays">Tags that are arrays or structures, of which each element is a field of its own.</param>
public sealed record InfluxCardinality(int Measurements, int Series, int Fields, int Arrays)
{
    /// <summary>Columns that a table of InfluxDB 3 Core may have unless it is told otherwise.</summary>
    public const int MaxColumns = 500;

    /// <summary>Series above which InfluxDB 1 and 2 are known to want gigabytes of memory.</summary>
    public const int ManySeries = 1_000_000;

    // Six levels and the time.
    private const int FixedColumns = 7;

    private readonly Dictionary<string, int> signals = [];

    public static InfluxCardinality Of(IEnumerable<(string EquipmentType, string UnitPath, string Signal, ValueKind Kind)> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var series = new HashSet<string>(StringComparer.Ordinal);
        var columns = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var (fields, arrays) = (0, 0);
        foreach (var (type, unit, signal, kind) in tags)
        {
            var tag = new TagDefinition { Id = -1, Path = "", Server = "", EquipmentType = type, UnitPath = unit, Signal = signal };
            series.Add(LineProtocolSeries.PrefixOf(tag));
            var measurement = LineProtocolSeries.MeasurementOf(tag);
            if (!columns.TryGetValue(measurement, out var known))
                columns.Add(measurement, known = new(StringComparer.Ordinal));
            known.Add(signal);
            fields += 2;
            if (kind is ValueKind.Array or ValueKind.Structure)
                arrays++;
        }

        var found = new InfluxCardinality(columns.Count, series.Count, fields, arrays);
        foreach (var (measurement, names) in columns)
            found.signals[measurement] = names.Count;
        return found;
    }

    /// <summary>What may become too much for a server, each in a sentence with what to do; empty = nothing.</summary>
    /// <param name="version3">A server of version 3 is among them.</param>
    public IEnumerable<string> Wide(bool version3)
    {
        if (Series > ManySeries)
            yield return $"{Series} series are more than versions 1 and 2 hold in a few gigabytes of memory; send less to it, or use version 3";
        if (!version3)
            yield break;
        foreach (var (measurement, count) in signals.Where(s => (s.Value * 2) + FixedColumns > MaxColumns).OrderBy(s => s.Key, StringComparer.Ordinal))
            yield return $"equipment type {measurement} has {count} signals: with their qualities {(count * 2) + FixedColumns} columns, and version 3 takes {MaxColumns} in a table unless it is told otherwise; split the type, or raise the limit there";
    }

    public override string ToString() =>
        $"about {Series} series (one a unit) in {Measurements} measurements, up to {Fields} fields with their qualities{(Arrays == 0 ? "" : $", and a field for each element of {Arrays} arrays and structures")}";
}
