namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Limits of a block of columns.</summary>
internal static class ColumnLimits
{
    /// <summary>Samples of a block: what one damaged byte may cost, and some 40 bytes each in the memory of a reader that stands in it.</summary>
    public const int MaxSamples = 1 << 20;

    /// <summary>Sections that claim to be longer when unpacked, all together, are nonsense: a block's rows hold less.</summary>
    public const int MaxSectionBytes = BlockHeader.MaxPayload;

    /// <summary>Rows of this many bytes are put into one block at most (one of their own blocks may be larger): what packing holds in memory.</summary>
    public const int MaxRowBytes = 24 << 20;

    /// <summary>Numbers that are predicted from each other in one run: bounds the memory that a tag of large arrays takes.</summary>
    public const int MaxRunNumbers = 1 << 16;

    /// <summary>Elements of one array: 128 MB of doubles, more than a message brings. Few packed bytes unpack to many, so a damaged block must not ask for any number.</summary>
    public const int MaxArrayElements = 1 << 24;
}
