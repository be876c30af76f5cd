using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FloorGateway.Model.Units;

/// <summary>The units of measure the gateway knows, by UNECE code, symbol or alias.</summary>
public static partial class UnitTable
{
    private static readonly FrozenDictionary<string, UnitOfMeasure> ByCode;
    private static readonly FrozenDictionary<string, UnitOfMeasure> ByText;

    // One pass over the rows fills three tables, which field initialisers could not do.
#pragma warning disable CA1810
    static UnitTable()
    {
        var all = new List<UnitOfMeasure>();
        var quantity = "";
        foreach (var line in Rows.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.EndsWith(':'))
            {
                quantity = line[..^1];
                continue;
            }

            foreach (var entry in line.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = entry.Split('|');
                var factor = double.Parse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture);
                var offset = parts.Length > 3 ? decimal.Parse(parts[3], NumberStyles.Float, CultureInfo.InvariantCulture) : 0;
                all.Add(new UnitOfMeasure(parts[0].Length == 0 ? null : parts[0], parts[1], quantity, factor, offset));
            }
        }

        All = all;
        ByCode = all.Where(u => u.Code is not null).ToFrozenDictionary(u => u.Code!, StringComparer.Ordinal);
        var texts = new Dictionary<string, UnitOfMeasure>(StringComparer.Ordinal);
        // The first unit that bears a symbol owns it ("m" is the metre, not the linear metre).
        foreach (var unit in all)
            texts.TryAdd(unit.Symbol, unit);
        foreach (var line in Aliases.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('=', 2);
            foreach (var alias in parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                texts.TryAdd(alias, ByCode[parts[0]]);
        }

        ByText = texts.ToFrozenDictionary(StringComparer.Ordinal);
    }
#pragma warning restore CA1810

    /// <summary>Every unit, grouped by quantity.</summary>
    public static IReadOnlyList<UnitOfMeasure> All { get; }

    /// <summary>Finds a unit by its UNECE code, then by symbol or alias (<c>°C</c>, <c>degC</c>, <c>摄氏度</c>). Case matters: mW is not MW.</summary>
    public static bool TryFind(string text, [NotNullWhen(true)] out UnitOfMeasure? unit)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ByCode.TryGetValue(text, out unit) || ByText.TryGetValue(text.Trim(), out unit);
    }

    /// <summary>Finds a unit by the UnitId of OPC UA's EUInformation.</summary>
    public static bool TryFind(int unitId, [NotNullWhen(true)] out UnitOfMeasure? unit)
    {
        unit = null;
        return UnitIdCode.TryUnfold(unitId, out var code) && ByCode.TryGetValue(code, out unit);
    }
}
