using Microsoft.Extensions.Logging;

namespace FloorGateway.Historian.Sqlite;

public sealed partial class SqliteHistory
{
    [LoggerMessage(EventId = 1620, Level = LogLevel.Information, Message = "Feed {Feed}: deleted {Samples} samples from before {Before:u} (retention)")]
    private partial void LogTrimmed(string feed, long samples, DateTimeOffset before);

    [LoggerMessage(EventId = 1621, Level = LogLevel.Warning, Message = "Feed {Feed}: old samples in {Path} could not be deleted: {Reason}. The next round tries again")]
    private partial void LogTrimFailed(string feed, string path, string reason);
}
