using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.PackMl;

/// <summary>A set point that may be written through the SetPoint method: only within its range, and not more often than its interval.</summary>
/// <param name="Signal">Read-back signal; its range is the permitted range.</param>
/// <param name="MinimumInterval">Wall-clock time between two writes.</param>
internal sealed record SetPointRule(Signal<double> Signal, TimeSpan MinimumInterval)
{
    /// <summary>Process time of the last write; negative before the first.</summary>
    public long LastWrite { get; set; } = -1;
}
