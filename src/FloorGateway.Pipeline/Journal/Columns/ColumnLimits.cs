namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Limits of a block of columns.</summary>
internal static class ColumnLimits
{
    /// <summary>Samples of a block: what one damaged byte may cost, and some 40 bytes each in the memory of a reader that stands in it.</summary>
    public const int MaxSamples = 1 << 20;

    /// <summary>A section that claims to be longer when unpacked is nonsense: a block's rows hold less.</summary>
    public const int MaxSectionBytes = BlockHeader.MaxPayload;

    /// <summary>Rows of this many bytes are put into one block at most (one of their own blocks may be larger): what packing holds in memory.</summary>
    public const int MaxRowBytes = 24 << 20;

    /// <summary>Numbers that are predicted from each other in one run: bounds the memory that a tag of large arrays takes.</summary>
    public const int MaxRunNumbers = 1 << 16;
}
