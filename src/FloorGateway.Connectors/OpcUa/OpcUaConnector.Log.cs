using Microsoft.Extensions.Logging;

namespace FloorGateway.Connectors.OpcUa;

public sealed partial class OpcUaConnector
{
    [LoggerMessage(1700, LogLevel.Warning, "Server {Server}: values from {From:O} to {To:O} are missing: {Cause}")]
    private partial void LogGap(string server, DateTime from, DateTime to, string cause);

    [LoggerMessage(1701, LogLevel.Warning, "Server {Server} does not give {Tag}: {Status}. It is tried again; check the node id in the configuration")]
    private partial void LogRefused(string server, string tag, string status);

    [LoggerMessage(1702, LogLevel.Information, "Server {Server} gives {Tag} again")]
    private partial void LogTaken(string server, string tag);

    [LoggerMessage(1703, LogLevel.Error, "Server {Server}: notification {Sequence} is malformed ({Error}); the changes up to there were taken")]
    private partial void LogMalformed(string server, uint sequence, string error);

    [LoggerMessage(1704, LogLevel.Warning, "Server {Server} lost values of {Tag} in its queue: raise 'queue' of this tag, or lower the publishing interval")]
    private partial void LogOverflow(string server, string tag);

    [LoggerMessage(1705, LogLevel.Warning, "Server {Server}: a value of {Tag} can't be read and is kept as bad (BadDecodingError): {Reason}")]
    private partial void LogUnreadable(string server, string tag, string reason);

    [LoggerMessage(1706, LogLevel.Warning, "Server {Server} sends values for handle {Handle}, which was never given out; they are passed over, and this is said once")]
    private partial void LogUnknownHandle(string server, uint handle);

    [LoggerMessage(1707, LogLevel.Error, "Server {Server}: {Count} gap records could not be written at the end: {Reason}")]
    private partial void LogGapsNotKept(string server, int count, string reason);

    [LoggerMessage(1708, LogLevel.Warning, "Server {Server}: what the next run needs to take the subscriptions over can't be written to {File} ({Reason}); after a restart the time in between will be named as a gap. Said once")]
    private partial void LogTakeoverNotKept(string server, string file, string reason);

    [LoggerMessage(1709, LogLevel.Information, "Server {Server}: the subscriptions of the earlier run go on; complete up to {Complete:O} of its clock")]
    private partial void LogTakenOver(string server, DateTime complete);

    [LoggerMessage(1710, LogLevel.Information, "Server {Server}: {Count} values of {Items} nodes were fetched from its history")]
    private partial void LogBackfilled(string server, int count, int items);

    [LoggerMessage(1711, LogLevel.Information, "Server {Server}: its history could not be read, so the gap stays: {Reason}")]
    private partial void LogNotBackfilled(string server, string reason);

    [LoggerMessage(1712, LogLevel.Warning, "Server {Server}: structures of type {Type} are kept as bytes: {Reason}. Said once")]
    private partial void LogUnknownType(string server, string type, string reason);

    [LoggerMessage(EventId = 1713, Message = "{Tag}: {Message}")]
    private partial void LogUnit(LogLevel level, string tag, string message);

    [LoggerMessage(1714, LogLevel.Information, "Server {Server}: {Message}")]
    private partial void LogNoUnit(string server, string message);

    [LoggerMessage(1716, LogLevel.Information, "Server {Server}: its present values could not be read, so those that do not change are not shown until they do: {Reason}")]
    private partial void LogNotShown(string server, string reason);

    [LoggerMessage(1715, LogLevel.Information, "Server {Server}: what units its nodes name could not be read: {Reason}")]
    private partial void LogUnitsNotRead(string server, string reason);
}
