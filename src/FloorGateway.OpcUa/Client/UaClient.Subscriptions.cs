using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

public sealed partial class UaClient
{
    /// <summary>Creates a subscription (OPC 10000-4, 5.14.2). The response holds the revised intervals and counts.</summary>
    public ValueTask<CreateSubscriptionResponse> CreateSubscriptionAsync(CreateSubscriptionRequest request, CancellationToken cancel = default) =>
        InvokeAsync<CreateSubscriptionResponse>(request, cancel);

    /// <summary>Changes a subscription's intervals and counts (OPC 10000-4, 5.14.3).</summary>
    public ValueTask<ModifySubscriptionResponse> ModifySubscriptionAsync(ModifySubscriptionRequest request, CancellationToken cancel = default) =>
        InvokeAsync<ModifySubscriptionResponse>(request, cancel);

    /// <summary>Switches publishing of subscriptions on or off (OPC 10000-4, 5.14.4). One status per subscription.</summary>
    public async ValueTask<StatusCode[]> SetPublishingModeAsync(bool enabled, IReadOnlyList<uint> subscriptionIds, CancellationToken cancel = default) =>
        (await InvokeAsync<SetPublishingModeResponse>(new SetPublishingModeRequest { PublishingEnabled = enabled, SubscriptionIds = [.. subscriptionIds] }, cancel).ConfigureAwait(false)).Results;

    /// <summary>Ends subscriptions (OPC 10000-4, 5.14.8). One status per subscription.</summary>
    public async ValueTask<StatusCode[]> DeleteSubscriptionsAsync(IReadOnlyList<uint> subscriptionIds, CancellationToken cancel = default) =>
        (await InvokeAsync<DeleteSubscriptionsResponse>(new DeleteSubscriptionsRequest { SubscriptionIds = [.. subscriptionIds] }, cancel).ConfigureAwait(false)).Results;

    /// <summary>Takes subscriptions over from another session (OPC 10000-4, 5.14.7). One result per subscription.</summary>
    public async ValueTask<TransferResult[]> TransferSubscriptionsAsync(IReadOnlyList<uint> subscriptionIds, bool sendInitialValues, CancellationToken cancel = default) =>
        (await InvokeAsync<TransferSubscriptionsResponse>(new TransferSubscriptionsRequest { SubscriptionIds = [.. subscriptionIds], SendInitialValues = sendInitialValues }, cancel).ConfigureAwait(false)).Results;

    /// <summary>Creates monitored items, as many calls as the server's limits ask for (OPC 10000-4, 5.13.2). One result per item, in order.</summary>
    public ValueTask<MonitoredItemCreateResult[]> CreateMonitoredItemsAsync(uint subscriptionId, IReadOnlyList<MonitoredItemCreateRequest> items, TimestampsToReturn timestamps = TimestampsToReturn.Both, CancellationToken cancel = default) =>
        Batches.RunAsync(items, Limits.MaxMonitoredItemsPerCall, async slice =>
        {
            var request = new CreateMonitoredItemsRequest { SubscriptionId = subscriptionId, TimestampsToReturn = timestamps, ItemsToCreate = slice };
            return (await InvokeAsync<CreateMonitoredItemsResponse>(request, cancel).ConfigureAwait(false)).Results;
        });

    /// <summary>Changes monitored items (OPC 10000-4, 5.13.3). One result per item, in order.</summary>
    public ValueTask<MonitoredItemModifyResult[]> ModifyMonitoredItemsAsync(uint subscriptionId, IReadOnlyList<MonitoredItemModifyRequest> items, TimestampsToReturn timestamps = TimestampsToReturn.Both, CancellationToken cancel = default) =>
        Batches.RunAsync(items, Limits.MaxMonitoredItemsPerCall, async slice =>
        {
            var request = new ModifyMonitoredItemsRequest { SubscriptionId = subscriptionId, TimestampsToReturn = timestamps, ItemsToModify = slice };
            return (await InvokeAsync<ModifyMonitoredItemsResponse>(request, cancel).ConfigureAwait(false)).Results;
        });

    /// <summary>Deletes monitored items by the ids that the server gave them (OPC 10000-4, 5.13.6). One status per item, in order.</summary>
    public ValueTask<StatusCode[]> DeleteMonitoredItemsAsync(uint subscriptionId, IReadOnlyList<uint> monitoredItemIds, CancellationToken cancel = default) =>
        Batches.RunAsync(monitoredItemIds, Limits.MaxMonitoredItemsPerCall, async slice =>
        {
            var request = new DeleteMonitoredItemsRequest { SubscriptionId = subscriptionId, MonitoredItemIds = slice };
            return (await InvokeAsync<DeleteMonitoredItemsResponse>(request, cancel).ConfigureAwait(false)).Results;
        });
}
