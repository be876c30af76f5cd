using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>Retention works in whole segments, so a journal needs room for a few.</summary>
internal static class JournalChecks
{
    private const int LeastSegments = 4;

    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        var journal = configuration.Journal;
        if (journal.KeepSize > journal.MaxSize)
            errors.Error(journal.Source["keepSize"], $"keepSize {Quantities.Format(journal.KeepSize)} is above maxSize {Quantities.Format(journal.MaxSize)}", "lower keepSize or raise maxSize");
        if (journal.MaxSize < journal.SegmentSize * LeastSegments)
        {
            errors.Error(
                journal.Source["maxSize"],
                $"maxSize {Quantities.Format(journal.MaxSize)} holds fewer than {LeastSegments} segments of {Quantities.Format(journal.SegmentSize)}",
                $"raise maxSize to {Quantities.Format(journal.SegmentSize * LeastSegments)} or lower segmentSize");
        }
    }
}
