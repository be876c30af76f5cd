namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Counts every part from its making to its end, so that parts in equal parts out, stock and scrap: made = in stock + consumed + scrapped + shipped, and what is
/// in stock must be found in the buffers and machines.
/// </summary>
public sealed class PartBook
{
    private static readonly int Kinds = Enum.GetValues<PartKind>().Length;
    private readonly long[] _made = new long[Kinds];
    private readonly long[,] _ended = new long[Kinds, Enum.GetValues<PartFate>().Length];

    /// <summary>Makes a part.</summary>
    public Part Make(string id, PartKind kind, string model = "")
    {
        _made[(int)kind]++;
        return new Part(id, kind, model);
    }

    /// <summary>The part is gone, and how.</summary>
    /// <exception cref="InvalidOperationException">It is gone already: a station has counted it twice.</exception>
    public void End(Part part, PartFate fate)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part.Fate != PartFate.InStock) throw new InvalidOperationException($"{part} was {part.Fate} and can't be {fate} too.");
        if (fate == PartFate.InStock) throw new ArgumentOutOfRangeException(nameof(fate), "A part does not end in stock.");
        part.Fate = fate;
        _ended[(int)part.Kind, (int)fate]++;
    }

    /// <summary>Parts of a kind that were ever made.</summary>
    public long Made(PartKind kind) => _made[(int)kind];

    /// <summary>Parts of a kind that ended so.</summary>
    public long Ended(PartKind kind, PartFate fate) => _ended[(int)kind, (int)fate];

    /// <summary>Parts of a kind that are still somewhere in the plant.</summary>
    public long InStock(PartKind kind) =>
        Made(kind) - Ended(kind, PartFate.Consumed) - Ended(kind, PartFate.Scrapped) - Ended(kind, PartFate.Shipped);
}
