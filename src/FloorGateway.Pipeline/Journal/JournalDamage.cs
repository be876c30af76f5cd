namespace FloorGateway.Pipeline.Journal;

/// <summary>A stretch of a segment that can't be read.</summary>
/// <param name="Segment">The segment's file name.</param>
/// <param name="Offset">First damaged byte.</param>
/// <param name="Length">Damaged bytes.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record JournalDamage(string Segment, long Offset, long Length, string Reason);

/// <summary>What opening the journal found.</summary>
/// <param name="Segments">Segment files.</param>
/// <param name="CutBytes">Bytes of an unfinished or damaged end that were cut off the last segment; 0 after a clean stop.</param>
/// <param name="Damages">Damaged stretches of the segment(s) looked through, the cut end included. Older segments are checked as they are read.</param>
/// <param name="LostSamples">Samples that the ledger knows of but the journal lost with its end (power cut); they count as expired for feeds that had not delivered them.</param>
public sealed record JournalRecovery(int Segments, long CutBytes, IReadOnlyList<JournalDamage> Damages, long LostSamples);
