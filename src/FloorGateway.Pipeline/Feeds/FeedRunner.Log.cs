using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Feeds;

public sealed partial class FeedRunner
{
    [LoggerMessage(1530, LogLevel.Warning, "Feed {Feed} can't deliver: {Reason}. Its samples wait in the journal; tried again until it works")]
    private partial void LogRetrying(string feed, string reason);

    [LoggerMessage(1531, LogLevel.Information, "Feed {Feed} delivers again at attempt {Attempt}")]
    private partial void LogRecovered(string feed, int attempt);

    [LoggerMessage(1532, LogLevel.Warning, "Feed {Feed}: the destination refuses a sample for good: {Reason}. It is in the feed's dead-letter file")]
    private partial void LogRefused(string feed, string reason);

    [LoggerMessage(1533, LogLevel.Error, "Feed {Feed} goes back to its cursor after: {Message}")]
    private partial void LogRestarted(string feed, string message);

    [LoggerMessage(1534, LogLevel.Error, "Feed {Feed}: the cursor file can't be read; everything still in the journal is delivered once more")]
    private partial void LogCursorDamaged(string feed);

    [LoggerMessage(1539, LogLevel.Warning, "Feed {Feed}: one of the two places in the cursor file can't be read; the feed goes on from the other, and what was delivered since may be delivered once more")]
    private partial void LogCursorHalfDamaged(string feed);

    [LoggerMessage(1535, LogLevel.Information, "Feed {Feed} is live again; {Samples} samples that waited follow beside, marked as replay")]
    private partial void LogJumped(string feed, long samples);

    [LoggerMessage(1536, LogLevel.Information, "Feed {Feed} has caught up with what waited")]
    private partial void LogCaughtUp(string feed);

    [LoggerMessage(1537, LogLevel.Information, "Feed {Feed}: all dead letters were sent again; {Refused} are refused still")]
    private partial void LogLettersDone(string feed, long refused);

    [LoggerMessage(1538, LogLevel.Error, "Feed {Feed}: {Lines} dead letters are gone because their file grew beyond {MaxBytes} bytes twice; repair the destination and send the rest again with 'floorgateway feed replay-refused {Feed}'")]
    private partial void LogLettersDropped(string feed, long lines, long maxBytes);
}
