using Microsoft.Extensions.Logging;

namespace FloorGateway.Simulators;

internal static partial class SimulationLog
{
    [LoggerMessage(1800, LogLevel.Information, "Simulating {Units} at {TimeScale}x with seed {Seed}; truth goes to {File}")]
    public static partial void Started(this ILogger logger, string units, double timeScale, ulong seed, string file);

    [LoggerMessage(1801, LogLevel.Information, "Simulated server {Name} listens at {Endpoint}")]
    public static partial void Listening(this ILogger logger, string name, string endpoint);

    [LoggerMessage(1802, LogLevel.Warning, "The simulation lags {Lag} behind the wall clock: lower TimeScale ({TimeScale}) or host fewer units. Source times stay right, values come late")]
    public static partial void Lagging(this ILogger logger, TimeSpan lag, double timeScale);

    [LoggerMessage(1803, LogLevel.Information, "Simulation stopped after {Count} changes, checksum {Checksum}")]
    public static partial void Stopped(this ILogger logger, long count, string checksum);

    [LoggerMessage(1804, LogLevel.Error, "The simulation's loop failed; no more values are produced")]
    public static partial void Failed(this ILogger logger, Exception error);

    [LoggerMessage(1805, LogLevel.Information, "{Unit}.{Method} refused: {Reason}")]
    public static partial void Refused(this ILogger logger, string unit, string method, string reason);

    [LoggerMessage(1806, LogLevel.Information, "Fault injected: {Unit} {Signal} {Fault} {Param} for {Length}")]
    public static partial void FaultInjected(this ILogger logger, string unit, string signal, string fault, string param, TimeSpan length);

    [LoggerMessage(1807, LogLevel.Error, "Simulated server {Name} could not come back on port {Port}")]
    public static partial void RestartFailed(this ILogger logger, Exception error, string name, int port);

    [LoggerMessage(1808, LogLevel.Warning, "{Path} of {File}, line {Line}, is no signal of this equipment any more; it is left out, as are others like it")]
    public static partial void UnknownPath(this ILogger logger, string path, string file, long line);
}
