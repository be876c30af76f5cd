namespace FloorGateway.Pipeline.Journal;

/// <summary>What a reader needs to know of a journal, be it open for writing or only looked at.</summary>
internal interface IJournalView
{
    /// <summary>Behind the last readable block.</summary>
    JournalPosition Tail { get; }

    /// <summary>Names of servers by number; null where a name is not known.</summary>
    IReadOnlyList<string?> ServerNames { get; }

    /// <summary>The segment of the smallest number at or above the given one; null = none.</summary>
    SegmentInfo? SegmentFrom(long number);

    void ReportDamage(JournalDamage damage);
}
