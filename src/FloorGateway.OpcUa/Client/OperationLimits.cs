using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>
/// Most operations a server takes in one call (OPC 10000-5, 6.3.11), 1 or more: "no limit" is already replaced by our own cap. And what a session may hold
/// (ServerCapabilities, 6.3.2), where 0 is "not said".
/// </summary>
public sealed record OperationLimits
{
    public required int MaxNodesPerRead { get; init; }

    public required int MaxNodesPerWrite { get; init; }

    public required int MaxNodesPerMethodCall { get; init; }

    public required int MaxNodesPerBrowse { get; init; }

    public required int MaxNodesPerTranslate { get; init; }

    public required int MaxMonitoredItemsPerCall { get; init; }

    public required int MaxNodesPerHistoryReadData { get; init; }

    /// <summary>Monitored items in one subscription; 0 = the server does not say.</summary>
    public int MaxItemsPerSubscription { get; init; }

    /// <summary>Subscriptions in one session; 0 = the server does not say.</summary>
    public int MaxSubscriptions { get; init; }

    /// <summary>The nodes that hold the limits, in the order of <see cref="FromValues"/>.</summary>
    internal static uint[] Variables { get; } =
    [
        VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead,
        VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerWrite,
        VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerMethodCall,
        VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse,
        VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerTranslateBrowsePathsToNodeIds,
        VariableIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
        VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadData,
        VariableIds.Server_ServerCapabilities_MaxMonitoredItemsPerSubscription,
        VariableIds.Server_ServerCapabilities_MaxSubscriptionsPerSession,
    ];

    public static OperationLimits Uniform(int cap) => FromValues([], cap);

    /// <summary>The last two count what a session may hold: they have no cap of ours.</summary>
    private const int PerCall = 7;

    /// <summary>A missing node, a bad value and 0 all mean that the server names no limit.</summary>
    internal static OperationLimits FromValues(ReadOnlySpan<DataValue> values, int cap)
    {
        var limits = new int[Variables.Length];
        for (var i = 0; i < limits.Length; i++)
        {
            var none = i < PerCall ? cap : 0;
            var named = i < values.Length && !values[i].Status.IsBad && values[i].Value.TryGetInt64(out var value) && value > 0 ? value : none;
            limits[i] = (int)Math.Min(named, i < PerCall ? cap : int.MaxValue);
        }

        return new OperationLimits
        {
            MaxNodesPerRead = limits[0],
            MaxNodesPerWrite = limits[1],
            MaxNodesPerMethodCall = limits[2],
            MaxNodesPerBrowse = limits[3],
            MaxNodesPerTranslate = limits[4],
            MaxMonitoredItemsPerCall = limits[5],
            MaxNodesPerHistoryReadData = limits[6],
            MaxItemsPerSubscription = limits[7],
            MaxSubscriptions = limits[8],
        };
    }
}
