using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Normalisation;

public sealed partial class Normaliser
{
    [LoggerMessage(1520, LogLevel.Warning, "Tag {Tag}: value {Number} has no name in its enumeration; it is passed on as Unknown({Number}) with status Uncertain. Add the name to the tag's texts")]
    private partial void LogUnknownValue(string tag, long number);

    [LoggerMessage(1521, LogLevel.Information, "Tag {Tag}: its counter was reset or replaced; the value is flagged, and what it counted between the last value and this one is not known")]
    private partial void LogCounterReset(string tag);
}
