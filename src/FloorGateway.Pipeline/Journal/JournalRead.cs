namespace FloorGateway.Pipeline.Journal;

/// <summary>What one read of the journal gave.</summary>
/// <param name="Start">Where the stretch begins, whatever was skipped included.</param>
/// <param name="End">Where the next read goes on.</param>
/// <param name="FirstSequence">Sequence number of the first sample read.</param>
/// <param name="Samples">Samples appended to the caller's batch; their numbers follow each other.</param>
/// <param name="Skipped">Samples before the first one that are no longer there (expired, damaged).</param>
/// <param name="Gaps">Gap records appended to the caller's list, those for what was skipped included.</param>
public readonly record struct JournalRead(JournalPosition Start, JournalPosition End, long FirstSequence, int Samples, long Skipped, int Gaps)
{
    /// <summary>Nothing that a destination would want to hear of.</summary>
    public bool IsEmpty => Samples == 0 && Skipped == 0 && Gaps == 0;
}
