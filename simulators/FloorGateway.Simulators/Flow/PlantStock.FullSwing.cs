namespace FloorGateway.Simulators.Flow;

/// <summary>Stock in the buffers between all machines, so that a whole plant is at work from its first minute.</summary>
public sealed partial class PlantStock
{
    // A buffer is half full, but holds no more than this: a cell buffer's other half would only cost memory.
    private const int MostPerBuffer = 240;

    private int _stockNumber;

    private void FillTheRest(PlantLayout layout)
    {
        foreach (var buffer in layout.Buffers.Where(b => b.Count == 0 && !b.Name.StartsWith("rework", StringComparison.Ordinal) && !b.Name.StartsWith("ST", StringComparison.Ordinal)))
        {
            if (MakerFor(buffer) is { } make) Fill(buffer, Math.Min(MostPerBuffer, (buffer.Capacity + 1) / 2), make);
        }
    }

    private Func<Part>? MakerFor(PartBuffer buffer)
    {
        var layer = buffer.Name[(buffer.Name.LastIndexOf(' ') + 1)..];
        return buffer.Kind switch
        {
            PartKind.SlurryLot => () => Made(PartKind.SlurryLot, "LOT", layer, null),
            PartKind.Roll => () => Made(PartKind.Roll, "ROLL", layer, PartKind.SlurryLot),
            PartKind.Coil => () => Made(PartKind.Coil, "COIL", layer, PartKind.Roll),
            PartKind.Cell => () => Cell(buffer.Name.StartsWith("S120", StringComparison.Ordinal) ? "S120" : "L110"),
            PartKind.Body => Body,
            PartKind.Vehicle => () => Vehicle(married: true),
            PartKind.Pack => () => Pack(_pack % 10 < 3 ? "S120" : "L110"),
            _ => null,
        };
    }

    // Lots, rolls and coils of the layer, each traceable to one of what it was made of.
    private Part Made(PartKind kind, string letters, string layer, PartKind? from)
    {
        var number = ++_stockNumber;
        var part = _context.Parts.Make($"{letters}-{layer}-{_date:yyMMdd}-S{number:D4}", kind, layer);
        if (from is not { } parent) return part;
        var id = $"{(parent == PartKind.Roll ? "ROLL" : "LOT")}-{layer}-{_date:yyMMdd}-U{number:D4}";
        Gone(parent, id);
        _context.Genealogy.Consumed(id, part.Id, 1, parent == PartKind.Roll ? "CAL01" : "COAT01", _ticks);
        return part;
    }
}
