namespace FloorGateway.Simulators.PackMl;

/// <summary>Breakdown behaviour: exponential time between failures in Execute, lognormal repair.</summary>
/// <param name="MtbfHours">Mean time between failures in hours of Execute.</param>
/// <param name="MttrMinutes">Mean repair time in minutes.</param>
public sealed record Reliability(double MtbfHours, double MttrMinutes)
{
    /// <summary>Standard deviation of the logarithm of the repair time.</summary>
    public double RepairSigmaLog { get; init; } = 0.5;
}
