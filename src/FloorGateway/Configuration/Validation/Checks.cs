using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>Every check over the resolved configuration, one concern each.</summary>
internal static class Checks
{
    public static IReadOnlyList<Action<GatewayConfiguration, Diagnostics>> All { get; } =
    [
        NameChecks.Check,
        ListenerChecks.Check,
        JournalChecks.Check,
        ServerChecks.Check,
        TagPathChecks.Check,
        TagValueChecks.Check,
        UnitOfMeasureChecks.Check,
        SamplingChecks.Check,
        BrokerChecks.Check,
        FeedChecks.Check,
    ];
}
