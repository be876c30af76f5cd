using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.Identification;

/// <summary>What an id on a label stands for.</summary>
public static class PartIds
{
    /// <summary>The kind of part that carries such an id; null for anything else, for example a lot of bought material.</summary>
    public static PartKind? KindOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Vin.IsValid(id)) return PartKind.Vehicle;
        if (BatteryCode.IsValid(id)) return id[3] switch { 'P' => PartKind.Pack, 'M' => PartKind.Module, _ => PartKind.Cell };
        var fields = id.Split('-');
        return fields[0] switch
        {
            "GC" => PartKind.Casting,
            "BD" => PartKind.Body,
            "PB" => PartKind.PaintedBody,
            "SL" => PartKind.SlurryLot,
            // A coil has the number of its roll and its own: RL-270315-COAT01-0001-3.
            "RL" => fields.Length > 4 ? PartKind.Coil : PartKind.Roll,
            _ when ElectrodeLayers.All.Any(l => id.StartsWith(l, StringComparison.Ordinal)) => PartKind.Coil,
            _ when fields.Length == 3 && (fields[1].StartsWith("TRAY", StringComparison.Ordinal) || fields[1] is "STOCK" or "OWN") => PartKind.Tray,
            _ when IsStacked(fields) => PartKind.Cell,
            _ => null,
        };
    }

    // Before the tab welder a cell has the label of its stacker (or of the machine that stands for one).
    private static bool IsStacked(string[] fields) =>
        fields[0].TrimStart('P').StartsWith("STK", StringComparison.Ordinal) || (fields.Length > 1 && fields[0].StartsWith("WIP", StringComparison.Ordinal)) || fields is [['W', 'L', 'D', ..], ['T', ..]];
}
