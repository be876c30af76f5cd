using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Normalisation;

public sealed partial class Normaliser
{
    [LoggerMessage(1520, LogLevel.Warning, "Tag {Tag}: value {Number} has no name in its enumeration; it is passed on as Unknown({Number}) with status Uncertain. Add the name to the tag's texts")]
    private partial void LogUnknownValue(string tag, long number);
}
