using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Server.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

internal sealed partial class SubscriptionManager
{
    public SetTriggeringResponse SetTriggering(Session session, SetTriggeringRequest request)
    {
        var count = (long)request.LinksToAdd.Length + request.LinksToRemove.Length;
        if (count == 0)
            return new SetTriggeringResponse().Fail(StatusCodes.BadNothingToDo);
        if (count > limits.MaxMonitoredItemsPerCall)
            return new SetTriggeringResponse().Fail(StatusCodes.BadTooManyOperations);
        lock (gate)
        {
            if (Find(session, request.SubscriptionId) is not { } subscription)
                return new SetTriggeringResponse().Fail(StatusCodes.BadSubscriptionIdInvalid);
            if (subscription.FindItem(request.TriggeringItemId) is not { } trigger)
                return new SetTriggeringResponse().Fail(StatusCodes.BadMonitoredItemIdInvalid);
            subscription.SetTriggering(trigger, request.LinksToAdd, request.LinksToRemove, out var added, out var removed);
            return new SetTriggeringResponse { AddResults = added, RemoveResults = removed };
        }
    }

    /// <summary>Tells the event items of a subscription, or one of them, of all conditions that need attention (OPC 10000-9, 5.5.7 and 5.5.8).</summary>
    public StatusCode ConditionRefresh(NodeId sessionId, uint subscriptionId, uint? itemId)
    {
        lock (gate)
        {
            if (!subscriptions.TryGetValue(subscriptionId, out var subscription))
                return StatusCodes.BadSubscriptionIdInvalid;
            if (subscription.Session?.Id != sessionId)
                return StatusCodes.BadUserAccessDenied;
            if (itemId is { } only)
            {
                if (!subscription.EventItems.TryGetValue(only, out var item))
                    return StatusCodes.BadMonitoredItemIdInvalid;
                item.Refresh();
                return StatusCodes.Good;
            }

            foreach (var item in subscription.EventItems.Values)
                item.Refresh();
            return StatusCodes.Good;
        }
    }

    private MonitoredItemCreateResult CreateEventItem(Subscription subscription, Node node, MonitoredItemCreateRequest request)
    {
        if (node is not (ObjectNode or ViewNode))
            return Failed(StatusCodes.BadAttributeIdInvalid);
        if (!node.IsNotifier())
            return Failed(StatusCodes.BadNotSupported);
        if (AccessCheck.Check(node, PermissionType.ReceiveEvents, subscription.Rights) is { IsBad: true } denied)
            return Failed(denied);
        if (!string.IsNullOrEmpty(request.ItemToMonitor.IndexRange))
            return Failed(StatusCodes.BadIndexRangeInvalid);
        if (subscription.ItemCount >= limits.MaxMonitoredItemsPerSubscription || itemCount >= limits.MaxMonitoredItems)
            return Failed(StatusCodes.BadTooManyMonitoredItems);
        var status = Build(node, request.RequestedParameters, out var filter, out var result);
        if (status.IsBad)
            return new MonitoredItemCreateResult { StatusCode = status, FilterResult = result };
        var item = subscription.AddEventItem(node);
        Configure(item, request.RequestedParameters, filter!);
        itemCount++;
        item.SetMode(request.MonitoringMode);
        return new MonitoredItemCreateResult { MonitoredItemId = item.Id, RevisedQueueSize = (uint)item.QueueSize, FilterResult = result };
    }

    private MonitoredItemModifyResult ModifyEventItem(EventItem item, MonitoringParameters parameters)
    {
        var status = Build(item.Notifier, parameters, out var filter, out var result);
        if (status.IsBad)
            return new MonitoredItemModifyResult { StatusCode = status, FilterResult = result };
        Configure(item, parameters, filter!);
        return new MonitoredItemModifyResult { RevisedQueueSize = (uint)item.QueueSize, FilterResult = result };
    }

    private StatusCode Build(Node node, MonitoringParameters parameters, out CompiledEventFilter? filter, out ExtensionObject? result)
    {
        (filter, result) = (null, null);
        if (parameters.Filter is null || parameters.Filter.TypeId.IsNull)
            return StatusCodes.BadEventFilterInvalid;
        if (parameters.Filter.Decoded is not EventFilter wanted)
            return StatusCodes.BadFilterNotAllowed;
        var status = CompiledEventFilter.Build(node.Space, wanted, limits, out filter, out var details);
        result = details is null ? null : new ExtensionObject(details);
        return status;
    }

    // The budget is counted in values: a queue of events with many fields takes more of it.
    private void Configure(EventItem item, MonitoringParameters parameters, CompiledEventFilter filter)
    {
        var wanted = parameters.QueueSize == 0 ? (uint)limits.DefaultEventQueueSize : parameters.QueueSize;
        var left = Math.Max((limits.MaxQueuedValues - queuedValues + item.QueueCost) / filter.FieldCount, 1);
        var size = (int)Math.Min(Math.Clamp(wanted, (uint)limits.MinEventQueueSize, (uint)Math.Max(limits.MaxQueueSize, limits.MinEventQueueSize)), left);
        queuedValues -= item.QueueCost;
        item.Configure(parameters.ClientHandle, filter, size, parameters.DiscardOldest);
        queuedValues += item.QueueCost;
    }

    private void Remove_NeedsLock(Subscription subscription, EventItem item)
    {
        subscription.RemoveEventItem(item.Id);
        itemCount--;
        queuedValues -= item.QueueCost;
    }
}
