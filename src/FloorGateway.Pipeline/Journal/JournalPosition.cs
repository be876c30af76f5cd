namespace FloorGateway.Pipeline.Journal;

/// <summary>A place in the journal: a block's start, and the sequence number of the next sample wanted at or after it.</summary>
/// <param name="Segment">Number of the segment file.</param>
/// <param name="Offset">Byte offset of a block in it.</param>
/// <param name="Sequence">Samples below this number have been passed.</param>
public readonly record struct JournalPosition(long Segment, long Offset, long Sequence);
