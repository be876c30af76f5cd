namespace FloorGateway.Simulators.Flow;

/// <summary>Stock in the buffers between all machines, so that a whole plant is at work from its first minute.</summary>
public sealed partial class PlantStock
{
    // A buffer is half full, but holds no more than this: a cell buffer's other half would only cost memory.
    private const int MostPerBuffer = 240;

    private void FillTheRest(PlantLayout layout)
    {
        foreach (var buffer in layout.Buffers.Where(b => b.Count == 0 && !b.Name.StartsWith("rework", StringComparison.Ordinal) && !b.Name.StartsWith("ST", StringComparison.Ordinal)))
        {
            if (MakerFor(buffer) is { } make) Fill(buffer, Math.Min(MostPerBuffer, (buffer.Capacity + 1) / 2), make);
        }
    }

    private Func<Part>? MakerFor(PartBuffer buffer)
    {
        var web = _webs.Values.SelectMany(w => w).FirstOrDefault(w => buffer.Name.EndsWith(' ' + w.Layer, StringComparison.Ordinal));
        var model = Array.Find(Models, m => buffer.Name.StartsWith(m, StringComparison.Ordinal)) ?? "L110";
        return buffer.Kind switch
        {
            PartKind.SlurryLot when web is not null => web.Lot,
            PartKind.Roll when web is not null => web.Roll,
            PartKind.Coil when web is not null => web.Coil,
            PartKind.Cell when buffer.Name.EndsWith("WIP", StringComparison.Ordinal) || buffer.Name.EndsWith("WLD", StringComparison.Ordinal) => () => Stacked(model),
            PartKind.Cell => () => Sealed(model),
            PartKind.Body => Body,
            PartKind.Vehicle => () => Vehicle(married: true),
            PartKind.Pack => () => Pack(Model(_pack)),
            _ => null,
        };
    }
}
