using System.Collections.Frozen;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Diagnostics;

/// <summary>
/// What a session asked for (OPC 10000-5, 12.11). Plain numbers: a session's requests come one after the other, and a count that is one short
/// when a session moves between channels harms nobody.
/// </summary>
internal sealed class SessionCounters
{
    private static readonly FrozenDictionary<Type, int> Services = new[]
    {
        typeof(ReadRequest), typeof(HistoryReadRequest), typeof(WriteRequest), typeof(HistoryUpdateRequest), typeof(CallRequest), typeof(CreateMonitoredItemsRequest),
        typeof(ModifyMonitoredItemsRequest), typeof(SetMonitoringModeRequest), typeof(SetTriggeringRequest), typeof(DeleteMonitoredItemsRequest), typeof(CreateSubscriptionRequest),
        typeof(ModifySubscriptionRequest), typeof(SetPublishingModeRequest), typeof(PublishRequest), typeof(RepublishRequest), typeof(TransferSubscriptionsRequest),
        typeof(DeleteSubscriptionsRequest), typeof(AddNodesRequest), typeof(AddReferencesRequest), typeof(DeleteNodesRequest), typeof(DeleteReferencesRequest), typeof(BrowseRequest),
        typeof(BrowseNextRequest), typeof(TranslateBrowsePathsToNodeIdsRequest), typeof(QueryFirstRequest), typeof(QueryNextRequest), typeof(RegisterNodesRequest), typeof(UnregisterNodesRequest),
    }.Select((type, i) => (type, i)).ToFrozenDictionary(p => p.type, p => p.i);

    private readonly (uint Total, uint Errors)[] counts = new (uint, uint)[Services.Count];
    private uint total;
    private uint errors;
    private uint unauthorized;

    public DateTime ConnectedAt { get; set; }

    public DateTime LastContact { get; private set; }

    public string? EndpointUrl { get; set; }

    /// <summary>Counts a request with its response; null when the answer comes later.</summary>
    public void Count(IUaRequest request, IUaResponse? response, DateTime now)
    {
        var failed = response?.ResponseHeader.ServiceResult is { IsBad: true };
        LastContact = now;
        total++;
        if (failed)
            errors++;
        if (failed && ServerDiagnostics.IsSecurityStatus(response!.ResponseHeader.ServiceResult))
            unauthorized++;
        if (Services.TryGetValue(request.GetType(), out var index))
            counts[index] = (counts[index].Total + 1, counts[index].Errors + (failed ? 1u : 0));
    }

    public SessionDiagnosticsDataType Describe(Session session, string serverUri, (uint Subscriptions, uint Items, uint Requests) now) => new()
    {
        SessionId = session.Id,
        SessionName = session.Name,
        ClientDescription = session.Client,
        ServerUri = serverUri,
        EndpointUrl = EndpointUrl,
        ActualSessionTimeout = session.Timeout.TotalMilliseconds,
        MaxResponseMessageSize = (uint)session.MaxResponseBytes,
        ClientConnectionTime = ConnectedAt,
        ClientLastContactTime = LastContact,
        CurrentSubscriptionsCount = now.Subscriptions,
        CurrentMonitoredItemsCount = now.Items,
        CurrentPublishRequestsInQueue = now.Requests,
        TotalRequestCount = new ServiceCounterDataType { TotalCount = total, ErrorCount = errors },
        UnauthorizedRequestCount = unauthorized,
        ReadCount = Of<ReadRequest>(),
        HistoryReadCount = Of<HistoryReadRequest>(),
        WriteCount = Of<WriteRequest>(),
        HistoryUpdateCount = Of<HistoryUpdateRequest>(),
        CallCount = Of<CallRequest>(),
        CreateMonitoredItemsCount = Of<CreateMonitoredItemsRequest>(),
        ModifyMonitoredItemsCount = Of<ModifyMonitoredItemsRequest>(),
        SetMonitoringModeCount = Of<SetMonitoringModeRequest>(),
        SetTriggeringCount = Of<SetTriggeringRequest>(),
        DeleteMonitoredItemsCount = Of<DeleteMonitoredItemsRequest>(),
        CreateSubscriptionCount = Of<CreateSubscriptionRequest>(),
        ModifySubscriptionCount = Of<ModifySubscriptionRequest>(),
        SetPublishingModeCount = Of<SetPublishingModeRequest>(),
        PublishCount = Of<PublishRequest>(),
        RepublishCount = Of<RepublishRequest>(),
        TransferSubscriptionsCount = Of<TransferSubscriptionsRequest>(),
        DeleteSubscriptionsCount = Of<DeleteSubscriptionsRequest>(),
        AddNodesCount = Of<AddNodesRequest>(),
        AddReferencesCount = Of<AddReferencesRequest>(),
        DeleteNodesCount = Of<DeleteNodesRequest>(),
        DeleteReferencesCount = Of<DeleteReferencesRequest>(),
        BrowseCount = Of<BrowseRequest>(),
        BrowseNextCount = Of<BrowseNextRequest>(),
        TranslateBrowsePathsToNodeIdsCount = Of<TranslateBrowsePathsToNodeIdsRequest>(),
        QueryFirstCount = Of<QueryFirstRequest>(),
        QueryNextCount = Of<QueryNextRequest>(),
        RegisterNodesCount = Of<RegisterNodesRequest>(),
        UnregisterNodesCount = Of<UnregisterNodesRequest>(),
    };

    private ServiceCounterDataType Of<T>()
    {
        var (all, failed) = counts[Services[typeof(T)]];
        return new ServiceCounterDataType { TotalCount = all, ErrorCount = failed };
    }
}
