using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server.Subscriptions;

internal sealed partial class SubscriptionManager
{
    public CreateMonitoredItemsResponse CreateItems(Session session, Space space, CreateMonitoredItemsRequest request)
    {
        if (Checked(request.ItemsToCreate.Length, request.TimestampsToReturn) is { IsBad: true } refused)
            return new CreateMonitoredItemsResponse().Fail(refused);
        lock (gate)
        {
            if (Find(session, request.SubscriptionId) is not { } subscription)
                return new CreateMonitoredItemsResponse().Fail(StatusCodes.BadSubscriptionIdInvalid);
            var results = new MonitoredItemCreateResult[request.ItemsToCreate.Length];
            for (var i = 0; i < results.Length; i++)
                results[i] = CreateItem(subscription, space, request.ItemsToCreate[i], request.TimestampsToReturn);
            Wake?.Invoke();
            return new CreateMonitoredItemsResponse { Results = results };
        }
    }

    public ModifyMonitoredItemsResponse ModifyItems(Session session, ModifyMonitoredItemsRequest request)
    {
        if (Checked(request.ItemsToModify.Length, request.TimestampsToReturn) is { IsBad: true } refused)
            return new ModifyMonitoredItemsResponse().Fail(refused);
        lock (gate)
        {
            if (Find(session, request.SubscriptionId) is not { } subscription)
                return new ModifyMonitoredItemsResponse().Fail(StatusCodes.BadSubscriptionIdInvalid);
            var results = new MonitoredItemModifyResult[request.ItemsToModify.Length];
            for (var i = 0; i < results.Length; i++)
            {
                var modify = request.ItemsToModify[i];
                if (subscription.EventItems.TryGetValue(modify.MonitoredItemId, out var events))
                {
                    results[i] = ModifyEventItem(events, modify.RequestedParameters);
                    continue;
                }

                if (!subscription.Items.TryGetValue(modify.MonitoredItemId, out var item))
                {
                    results[i] = new MonitoredItemModifyResult { StatusCode = StatusCodes.BadMonitoredItemIdInvalid };
                    continue;
                }

                var status = Configure(subscription, item, modify.RequestedParameters);
                results[i] = status.IsBad
                    ? new MonitoredItemModifyResult { StatusCode = status }
                    : new MonitoredItemModifyResult { RevisedSamplingInterval = item.SamplingInterval, RevisedQueueSize = (uint)item.QueueSize };
            }

            Wake?.Invoke();
            return new ModifyMonitoredItemsResponse { Results = results };
        }
    }

    public SetMonitoringModeResponse SetMonitoringMode(Session session, SetMonitoringModeRequest request)
    {
        if (Checked(request.MonitoredItemIds.Length, TimestampsToReturn.Both) is { IsBad: true } refused)
            return new SetMonitoringModeResponse().Fail(refused);
        if (!Enum.IsDefined(request.MonitoringMode))
            return new SetMonitoringModeResponse().Fail(StatusCodes.BadMonitoringModeInvalid);
        lock (gate)
        {
            if (Find(session, request.SubscriptionId) is not { } subscription)
                return new SetMonitoringModeResponse().Fail(StatusCodes.BadSubscriptionIdInvalid);
            var results = new StatusCode[request.MonitoredItemIds.Length];
            for (var i = 0; i < results.Length; i++)
            {
                if (subscription.FindItem(request.MonitoredItemIds[i]) is { } item)
                    item.SetMode(request.MonitoringMode);
                else
                    results[i] = StatusCodes.BadMonitoredItemIdInvalid;
            }

            return new SetMonitoringModeResponse { Results = results };
        }
    }

    public DeleteMonitoredItemsResponse DeleteItems(Session session, DeleteMonitoredItemsRequest request)
    {
        if (Checked(request.MonitoredItemIds.Length, TimestampsToReturn.Both) is { IsBad: true } refused)
            return new DeleteMonitoredItemsResponse().Fail(refused);
        lock (gate)
        {
            if (Find(session, request.SubscriptionId) is not { } subscription)
                return new DeleteMonitoredItemsResponse().Fail(StatusCodes.BadSubscriptionIdInvalid);
            var results = new StatusCode[request.MonitoredItemIds.Length];
            for (var i = 0; i < results.Length; i++)
            {
                if (subscription.Items.TryGetValue(request.MonitoredItemIds[i], out var item))
                    Remove_NeedsLock(subscription, item);
                else if (subscription.EventItems.TryGetValue(request.MonitoredItemIds[i], out var events))
                    Remove_NeedsLock(subscription, events);
                else
                    results[i] = StatusCodes.BadMonitoredItemIdInvalid;
            }

            return new DeleteMonitoredItemsResponse { Results = results };
        }
    }

    private StatusCode Checked(int count, TimestampsToReturn timestamps)
    {
        if (count == 0)
            return StatusCodes.BadNothingToDo;
        if (count > limits.MaxMonitoredItemsPerCall)
            return StatusCodes.BadTooManyOperations;
        return timestamps is < TimestampsToReturn.Source or > TimestampsToReturn.Neither ? StatusCodes.BadTimestampsToReturnInvalid : StatusCodes.Good;
    }

    private MonitoredItemCreateResult CreateItem(Subscription subscription, Space space, MonitoredItemCreateRequest request, TimestampsToReturn timestamps)
    {
        var target = request.ItemToMonitor;
        if (space.Find(target.NodeId) is not { } node)
            return Failed(StatusCodes.BadNodeIdUnknown);
        if (!Enum.IsDefined(request.MonitoringMode))
            return Failed(StatusCodes.BadMonitoringModeInvalid);
        if (!NumericRange.TryParse(target.IndexRange, out var range))
            return Failed(StatusCodes.BadIndexRangeInvalid);
        if (target.AttributeId == AttributeIds.EventNotifier)
            return CreateEventItem(subscription, node, request);
        var readable = CheckReadable(node, target, subscription.Rights);
        if (readable.IsBad)
            return Failed(readable);
        if (subscription.ItemCount >= limits.MaxMonitoredItemsPerSubscription || itemCount >= limits.MaxMonitoredItems)
            return Failed(StatusCodes.BadTooManyMonitoredItems);
        var item = subscription.AddItem(node, target.AttributeId, range, timestamps);
        var configured = Configure(subscription, item, request.RequestedParameters);
        if (configured.IsBad)
        {
            subscription.RemoveItem(item.Id);
            return Failed(configured);
        }

        itemCount++;
        item.SetMode(request.MonitoringMode);
        return new MonitoredItemCreateResult { MonitoredItemId = item.Id, RevisedSamplingInterval = item.SamplingInterval, RevisedQueueSize = (uint)item.QueueSize };
    }

    private void Remove_NeedsLock(Subscription subscription, MonitoredItem item)
    {
        subscription.RemoveItem(item.Id);
        itemCount--;
        queuedValues -= item.QueueSize;
    }

    private static MonitoredItemCreateResult Failed(StatusCode status) => new() { StatusCode = status };

    private static StatusCode CheckReadable(Node node, ReadValueId target, UserRights rights)
    {
        if (AccessCheck.Check(node, target.AttributeId == AttributeIds.Value ? PermissionType.Read : PermissionType.Browse, rights) is { IsBad: true } denied)
            return denied;
        if (target.AttributeId == AttributeIds.Value)
        {
            if (node is not VariableNode variable)
                return StatusCodes.BadAttributeIdInvalid;
            if ((variable.AccessLevel & AccessLevelType.CurrentRead) == 0)
                return StatusCodes.BadNotReadable;
        }
        else if (AttributeReader.Read(node, target.AttributeId, rights, out _) is { IsBad: true } status)
        {
            return status;
        }

        return Services.AttributeService.CheckDataEncoding(node, target.AttributeId, target.DataEncoding);
    }

    private StatusCode Configure(Subscription subscription, MonitoredItem item, MonitoringParameters parameters)
    {
        var status = FilterBuilder.Build(item.Node, item.AttributeId, parameters.Filter, out var filter);
        if (status.IsBad)
            return status;
        var interval = ReviseSampling(subscription, item, parameters.SamplingInterval);
        var left = Math.Max(limits.MaxQueuedValues - queuedValues + item.QueueSize, 1);
        var queueSize = (int)Math.Min(Math.Clamp(parameters.QueueSize, 1, (uint)limits.MaxQueueSize), left);
        queuedValues += queueSize - item.QueueSize;
        item.Configure(parameters.ClientHandle, interval, queueSize, parameters.DiscardOldest, filter, subscription.GroupFor(interval, Now));
        return StatusCodes.Good;
    }

    private double ReviseSampling(Subscription subscription, MonitoredItem item, double requested)
    {
        if (requested < 0 || double.IsNaN(requested))
            requested = subscription.PublishingInterval; // 7.21: a negative interval stands for the publishing interval
        if (item.AttributeId != AttributeIds.Value)
            return 0;
        var fastest = item.Node is VariableNode { MinimumSamplingInterval: > 0 and var minimum } ? minimum : 0;
        if (item.IsPolled)
            fastest = Math.Max(fastest, limits.MinSamplingInterval);
        if (requested > 0)
            fastest = Math.Max(fastest, limits.MinSamplingInterval);
        return Math.Max(Rounded(Math.Min(requested, limits.MaxSamplingInterval)), fastest);
    }

    // Items of one interval are sampled together. Two significant digits above 100 ms and whole milliseconds below bound the number of
    // groups, whatever clients ask for.
    private static double Rounded(double milliseconds)
    {
        if (milliseconds <= 0)
            return milliseconds;
        var step = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(milliseconds)) - 1));
        return Math.Round(milliseconds / step) is > 0 and var steps ? steps * step : milliseconds;
    }
}
