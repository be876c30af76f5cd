using Microsoft.Extensions.Logging;

namespace FloorGateway.Historian.Influx;

internal sealed partial class InfluxSender
{
    [LoggerMessage(EventId = 1600, Level = LogLevel.Information, Message = "Feed {Feed}: made database {Database} on {Url}")]
    private partial void LogDatabaseMade(string feed, string database, Uri url);

    [LoggerMessage(EventId = 1601, Level = LogLevel.Information, Message = "Feed {Feed}: the server refuses {Samples} samples ({Bytes} bytes) in one request as too large; sending them in parts. Lower maxBodyBytes to spare the extra requests")]
    public partial void LogSplit(string feed, int samples, int bytes);
}
