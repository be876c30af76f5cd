using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Journal;

public sealed partial class SampleJournal
{
    [LoggerMessage(1500, LogLevel.Warning, "{Segment}: {Length} bytes from offset {Offset} can't be read: {Reason}. The rest is used; the samples in them are counted as expired and named by gap records")]
    private partial void LogDamaged(string segment, long offset, long length, string reason);

    [LoggerMessage(1501, LogLevel.Warning, "Cut {Bytes} unfinished bytes off the end of {Segment}: the gateway was killed or lost power while it wrote")]
    private partial void LogCut(long bytes, string segment);

    [LoggerMessage(1502, LogLevel.Error, "Could not append to {Segment}: {Message}. The equipment is not told that its samples were received, and will send them again; free disk space or repair the folder")]
    private partial void LogWriteFailed(string message, string segment);

    [LoggerMessage(1503, LogLevel.Debug, "Removed {Segment}: all feeds have delivered it and its time is over")]
    private partial void LogRemoved(string segment);

    [LoggerMessage(1504, LogLevel.Error, "Removed {Segment} BEFORE every feed had delivered it: the journal stood above its limit of {MaxBytes} bytes. Repair the slow feed's destination or raise the limit")]
    private partial void LogExpired(string segment, long maxBytes);

    [LoggerMessage(1505, LogLevel.Warning, "Could not remove {Segment}: {Message}. Tried again later")]
    private partial void LogRetentionFailed(string segment, string message);

    [LoggerMessage(1507, LogLevel.Debug, "Packed {Segment}: {Rows} bytes of rows are {Columns} bytes of columns now")]
    private partial void LogPacked(string segment, long rows, long columns);

    [LoggerMessage(1508, LogLevel.Warning, "{Segment} stays as rows: {Reason}. Nothing is lost; it takes more of the disk than it would packed")]
    private partial void LogNotPacked(string segment, string reason);

    [LoggerMessage(1509, LogLevel.Warning, "Could not pack {Segment}: {Message}. Tried again when the next segment is closed")]
    private partial void LogPackingFailed(string segment, string message);

    [LoggerMessage(1512, LogLevel.Warning, "A copy of the damaged bytes with a report is {File}")]
    private partial void LogQuarantined(string file);

    [LoggerMessage(1513, LogLevel.Error, "The journal can't take more: {Message}. Appends wait, the equipment is not told that its samples were received, and feeds go on; free disk space, repair the slow feed's destination or raise the limit")]
    private partial void LogFull(string message);

    [LoggerMessage(1514, LogLevel.Warning, "The journal takes samples again after {Seconds} s")]
    private partial void LogRoom(long seconds);

    [LoggerMessage(1515, LogLevel.Error, "Removed {Segment} BEFORE every feed had delivered it: the disk is full. Free disk space, or let appends wait instead (journal.whenFull: wait)")]
    private partial void LogEvicted(string segment);

    [LoggerMessage(1506, LogLevel.Error, "Journal maintenance failed: {Message}. Tried again at the next interval")]
    private partial void LogMaintenanceFailed(string message);
}
