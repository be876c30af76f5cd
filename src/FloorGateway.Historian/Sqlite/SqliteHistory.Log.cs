using Microsoft.Extensions.Logging;

namespace FloorGateway.Historian.Sqlite;

public sealed partial class SqliteHistory
{
    [LoggerMessage(EventId = 1620, Level = LogLevel.Information, Message = "Feed {Feed}: deleted {Samples} samples from before {Before:u} (retention)")]
    private partial void LogTrimmed(string feed, long samples, DateTimeOffset before);

    [LoggerMessage(EventId = 1621, Level = LogLevel.Warning, Message = "Feed {Feed}: the upkeep of {Path} (roll-ups, retention) failed: {Reason}. The next round tries again")]
    private partial void LogUpkeepFailed(string feed, string path, string reason);

    [LoggerMessage(EventId = 1622, Level = LogLevel.Warning, Message = "Feed {Feed}: samples in {Path} could not be packed into chunks: {Reason}. They are stored and wait in memory; the next delivery tries again")]
    private partial void LogCheckpointFailed(string feed, string path, string reason);

    [LoggerMessage(EventId = 1623, Level = LogLevel.Warning, Message = "Feed {Feed}: {Path} takes {Used} bytes, more than the {Limit} it may; deleted {Samples} samples from before {Before:u}")]
    private partial void LogTrimmedToSize(string feed, string path, long used, long limit, long samples, DateTimeOffset before);

    [LoggerMessage(EventId = 1624, Level = LogLevel.Error, Message = "Feed {Feed}: {Chunks} chunks in {Path} can't be read and are in its table 'damaged' now; their samples are missing from trends. If the journal still holds them, send them again with 'floorgateway journal replay'")]
    private partial void LogSetAside(string feed, string path, long chunks);
}
