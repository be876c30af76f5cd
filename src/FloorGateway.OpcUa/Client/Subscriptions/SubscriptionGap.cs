using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// A span for which notifications are lost to the subscription; the server's history may still have the values. Times are the
/// server's, UTC .NET ticks: what was published up to <paramref name="FromTicks"/> arrived, and from <paramref name="ToTicks"/> on again.
/// </summary>
public sealed record SubscriptionGap(long FromTicks, long ToTicks, string Cause)
{
    /// <summary>The items it concerns; null = all of them.</summary>
    public IReadOnlyList<uint>? ClientHandles { get; init; }

    public DateTime From => UaDateTime.FromTicks(FromTicks);

    public DateTime To => UaDateTime.FromTicks(ToTicks);
}
