using System.Diagnostics.CodeAnalysis;

namespace FloorGateway.Configuration;

/// <summary>What loading gave: a configuration without errors, or all the errors at once.</summary>
/// <param name="Configuration">Null where there are errors.</param>
/// <param name="Errors">In file order; empty where all is well.</param>
/// <param name="Warnings">In file order; the gateway runs with them.</param>
public sealed record ConfigurationResult(GatewayConfiguration? Configuration, IReadOnlyList<ConfigurationError> Errors, IReadOnlyList<ConfigurationError> Warnings)
{
    /// <summary>True where there is a configuration to run with.</summary>
    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsValid => Configuration is not null;
}
