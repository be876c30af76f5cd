using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class MonitoredItemTests
{
    private readonly ServerHarness server = new ServerHarness().WithSession();
    private readonly VariableNode speed;
    private readonly uint subscription;

    public MonitoredItemTests()
    {
        speed = server.Space.Objects.AddVariable("Speed", BuiltInType.Double, range: (0, 200), value: Variant.From(100.0));
        subscription = server.Subscribe(keepAlive: 1000, lifetime: 10_000).SubscriptionId;
    }

    [Fact]
    public void An_absolute_deadband_lets_only_larger_changes_through()
    {
        Monitor(new DataChangeFilter { Trigger = DataChangeTrigger.StatusValue, DeadbandType = (uint)DeadbandType.Absolute, DeadbandValue = 2 });
        Assert.Equal([100.0, 102.5, 100.0], Report(101, 102, 102.5, 101, 100.5, 100.0));
    }

    [Fact]
    public void A_percent_deadband_is_of_the_range()
    {
        Monitor(new DataChangeFilter { Trigger = DataChangeTrigger.StatusValue, DeadbandType = (uint)DeadbandType.Percent, DeadbandValue = 5 });
        Assert.Equal([100.0, 111.0], Report(110, 111));
    }

    [Fact]
    public void The_status_trigger_ignores_values()
    {
        Monitor(new DataChangeFilter { Trigger = DataChangeTrigger.Status });
        speed.SetValue(5.0);
        speed.SetValue(6.0, StatusCodes.UncertainLastUsableValue);
        Assert.Equal([100.0, 6.0], Report());
    }

    [Fact]
    public void The_timestamp_trigger_reports_equal_values_with_a_new_time()
    {
        Monitor(new DataChangeFilter { Trigger = DataChangeTrigger.StatusValueTimestamp });
        var time = server.Clock.GetUtcNow().UtcDateTime;
        speed.SetValue(100.0, default, time.AddSeconds(1));
        speed.SetValue(100.0, default, time.AddSeconds(1));
        speed.SetValue(100.0, default, time.AddSeconds(2));
        Assert.Equal([100.0, 100.0, 100.0], Report());
    }

    [Fact]
    public void A_change_of_status_passes_any_deadband()
    {
        Monitor(new DataChangeFilter { Trigger = DataChangeTrigger.StatusValue, DeadbandType = (uint)DeadbandType.Absolute, DeadbandValue = 50 });
        speed.SetStatus(StatusCodes.BadSensorFailure);
        Assert.Equal([100.0, 100.0], Report());
    }

    [Theory]
    [InlineData(DeadbandType.Percent, 101, StatusCodes.BadDeadbandFilterInvalid)]
    [InlineData(DeadbandType.Percent, -1, StatusCodes.BadDeadbandFilterInvalid)]
    [InlineData(DeadbandType.Absolute, -1, StatusCodes.BadDeadbandFilterInvalid)]
    [InlineData((DeadbandType)9, 1, StatusCodes.BadMonitoredItemFilterInvalid)]
    public void Senseless_deadbands_are_refused(DeadbandType type, double value, uint expected) =>
        Assert.Equal(expected, server.Monitor(subscription, speed.Id, filter: new DataChangeFilter { Trigger = DataChangeTrigger.StatusValue, DeadbandType = (uint)type, DeadbandValue = value }).StatusCode.Value);

    [Fact]
    public void Filters_that_do_not_fit_are_refused()
    {
        var text = server.Space.Objects.AddVariable("Text", BuiltInType.String, value: Variant.From("a"));
        var plain = server.Space.Objects.AddVariable("Plain", BuiltInType.Double, value: Variant.From(1.0));
        var deadband = new DataChangeFilter { Trigger = DataChangeTrigger.StatusValue, DeadbandType = (uint)DeadbandType.Absolute, DeadbandValue = 1 };
        var percent = new DataChangeFilter { Trigger = DataChangeTrigger.StatusValue, DeadbandType = (uint)DeadbandType.Percent, DeadbandValue = 1 };
        Assert.Equal(StatusCodes.BadFilterNotAllowed, server.Monitor(subscription, text.Id, filter: deadband).StatusCode.Value);
        Assert.Equal(StatusCodes.BadMonitoredItemFilterUnsupported, server.Monitor(subscription, plain.Id, filter: percent).StatusCode.Value);
        Assert.Equal(StatusCodes.BadMonitoredItemFilterUnsupported, server.Monitor(subscription, plain.Id, filter: new EventFilter()).StatusCode.Value);
        Assert.Equal(StatusCodes.BadFilterNotAllowed, server.Monitor(subscription, plain.Id, filter: deadband, attribute: AttributeIds.DisplayName).StatusCode.Value);
    }

    [Fact]
    public void Items_on_what_is_not_there_are_refused()
    {
        Assert.Equal(StatusCodes.BadNodeIdUnknown, server.Monitor(subscription, new NodeId(2, "nowhere")).StatusCode.Value);
        Assert.Equal(StatusCodes.BadAttributeIdInvalid, server.Monitor(subscription, server.Space.Objects.Id).StatusCode.Value);
        Assert.Equal(StatusCodes.BadIndexRangeInvalid, server.Monitor(subscription, speed.Id, range: "3:1").StatusCode.Value);
        Assert.Equal((StatusCode)StatusCodes.BadSubscriptionIdInvalid, server.Fault(new CreateMonitoredItemsRequest { SubscriptionId = 1, TimestampsToReturn = TimestampsToReturn.Both, ItemsToCreate = [new MonitoredItemCreateRequest()] }));
        Assert.Equal((StatusCode)StatusCodes.BadNothingToDo, server.Fault(new CreateMonitoredItemsRequest { SubscriptionId = subscription }));
    }

    [Fact]
    public void A_sampled_item_sees_the_value_at_each_sampling_only()
    {
        server.Monitor(subscription, speed.Id, sampling: 50, queue: 10);
        server.Publish();
        for (var i = 1; i <= 20; i++)
        {
            speed.SetValue(100.0 + i);
            server.Run(10);
        }

        Assert.Equal([100.0, 105.0, 110.0], server.Channel.NextItems().Select(v => v.Value.Value.AsDouble()));
    }

    [Fact]
    public void A_computed_value_is_polled()
    {
        var result = server.Monitor(subscription, VariableIds.Server_ServerStatus_CurrentTime, queue: 100);
        Assert.Equal(server.Options.Limits.MinSamplingInterval, result.RevisedSamplingInterval);
        server.Publish();
        server.Run(100);
        var times = server.Channel.NextItems().Select(i => i.Value.Value.AsDateTime()).ToArray();
        Assert.Equal(11, times.Length); // at once, then every 10 ms
        Assert.Equal(TimeSpan.FromMilliseconds(100), times[^1] - times[0]);
    }

    [Fact]
    public void A_negative_sampling_interval_stands_for_the_publishing_interval() =>
        Assert.Equal(100, server.Monitor(subscription, speed.Id, sampling: -1).RevisedSamplingInterval);

    [Fact]
    public void A_queue_is_limited() =>
        Assert.Equal((uint)server.Options.Limits.MaxQueueSize, server.Monitor(subscription, speed.Id, queue: uint.MaxValue).RevisedQueueSize);

    [Fact]
    public void A_deadband_takes_arrays_element_by_element_and_survives_a_producer_that_changes_the_type()
    {
        var array = server.Space.Objects.AddVariable("A", BuiltInType.Int32, valueRank: 1, value: Variant.From([1, 2, 3]));
        server.Monitor(subscription, array.Id, queue: 10, filter: new DataChangeFilter { Trigger = DataChangeTrigger.StatusValue, DeadbandType = (uint)DeadbandType.Absolute, DeadbandValue = 2 });
        array.SetValue(Variant.From([2, 2, 3]));
        array.SetValue(Variant.From([1, 2, 6]));
        array.SetValue(Variant.From(["a", "b", "c"]));
        array.SetValue(Variant.From([1, 2, 3]));
        server.Publish();
        server.Run(100);
        Assert.Equal([BuiltInType.Int32, BuiltInType.Int32, BuiltInType.String, BuiltInType.Int32], server.Channel.NextItems().Select(i => i.Value.Value.Type));
    }

    [Fact]
    public void Queues_share_a_budget_that_deleted_items_give_back()
    {
        var small = new ServerHarness(o => o with { Limits = new ServerLimits { MaxQueuedValues = 100 } }).WithSession();
        var node = small.Space.Objects.AddVariable("v", BuiltInType.Double, value: Variant.From(1.0));
        var id = small.Subscribe().SubscriptionId;
        var first = small.Monitor(id, node.Id, queue: 80);
        Assert.Equal([80u, 20u, 1u], [first.RevisedQueueSize, small.Monitor(id, node.Id, queue: 80).RevisedQueueSize, small.Monitor(id, node.Id, queue: 80).RevisedQueueSize]);
        small.Call<DeleteMonitoredItemsResponse>(new DeleteMonitoredItemsRequest { SubscriptionId = id, MonitoredItemIds = [first.MonitoredItemId] });
        Assert.Equal(79u, small.Monitor(id, node.Id, queue: 80).RevisedQueueSize);
        small.Call<DeleteSubscriptionsResponse>(new DeleteSubscriptionsRequest { SubscriptionIds = [id] });
        Assert.Equal(80u, small.Monitor(small.Subscribe().SubscriptionId, node.Id, queue: 80).RevisedQueueSize);
    }

    [Fact]
    public void Sampling_mode_queues_without_reporting_until_it_is_switched()
    {
        var item = server.Monitor(subscription, speed.Id, queue: 10, mode: MonitoringMode.Sampling);
        speed.SetValue(1.0);
        server.Publish();
        server.Run(50);
        Assert.Empty(server.Channel.Posted);
        SetMode(item.MonitoredItemId, MonitoringMode.Reporting);
        server.Run(100);
        Assert.Equal([100.0, 1.0], server.Channel.NextItems().Select(v => v.Value.Value.AsDouble()));
    }

    [Fact]
    public void A_disabled_item_listens_to_nothing_and_starts_with_the_present_value_again()
    {
        var item = server.Monitor(subscription, speed.Id, queue: 10);
        Assert.True(speed.HasSubscribers);
        SetMode(item.MonitoredItemId, MonitoringMode.Disabled);
        Assert.False(speed.HasSubscribers);
        speed.SetValue(7.0);
        SetMode(item.MonitoredItemId, MonitoringMode.Reporting);
        Assert.Equal([7.0], Report());
    }

    [Fact]
    public void Modifying_changes_handle_queue_and_filter()
    {
        var item = server.Monitor(subscription, speed.Id, queue: 10);
        Assert.Equal([100.0, 1.0, 2.0, 3.0], Report(1, 2, 3));
        var result = server.Call<ModifyMonitoredItemsResponse>(new ModifyMonitoredItemsRequest
        {
            SubscriptionId = subscription,
            TimestampsToReturn = TimestampsToReturn.Both,
            ItemsToModify = [new MonitoredItemModifyRequest { MonitoredItemId = item.MonitoredItemId, RequestedParameters = new MonitoringParameters { ClientHandle = 42, QueueSize = 2, DiscardOldest = true } }],
        }).Results[0];
        Assert.Equal(2u, result.RevisedQueueSize);
        speed.SetValue(4.0);
        speed.SetValue(5.0);
        speed.SetValue(6.0);
        server.Publish();
        server.Run(100);
        var items = server.Channel.NextItems();
        Assert.Equal([5.0, 6.0], items.Select(v => v.Value.Value.AsDouble()));
        Assert.All(items, i => Assert.Equal(42u, i.ClientHandle));
    }

    [Fact]
    public void A_deleted_item_reports_no_more()
    {
        var item = server.Monitor(subscription, speed.Id, queue: 10);
        var response = server.Call<DeleteMonitoredItemsResponse>(new DeleteMonitoredItemsRequest { SubscriptionId = subscription, MonitoredItemIds = [item.MonitoredItemId, 999] });
        Assert.Equal([StatusCodes.Good, StatusCodes.BadMonitoredItemIdInvalid], response.Results.Select(r => r.Value));
        speed.SetValue(1.0);
        server.Publish();
        server.Run(100);
        Assert.Empty(server.Channel.NextItems()); // the first cycle's keep-alive
    }

    [Fact]
    public void An_index_range_reports_that_part_and_only_its_changes()
    {
        var array = server.Space.Objects.AddVariable("A", BuiltInType.Double, valueRank: 1, value: Variant.From([1.0, 2.0, 3.0, 4.0]));
        server.Monitor(subscription, array.Id, queue: 10, range: "1:2");
        array.SetValue(Variant.From([9.0, 2.0, 3.0, 9.0]));
        array.SetValue(Variant.From([9.0, 2.5, 3.0, 9.0]));
        server.Publish();
        server.Run(100);
        Assert.Equal([[2.0, 3.0], [2.5, 3.0]], server.Channel.NextItems().Select(v => v.Value.Value.AsArray<double>()!));
    }

    [Fact]
    public void The_server_tells_the_handles_of_its_items()
    {
        var item = server.Monitor(subscription, speed.Id, handle: 77);
        var result = server.Call<CallResponse>(new CallRequest
        {
            MethodsToCall = [new CallMethodRequest { ObjectId = ObjectIds.Server, MethodId = MethodIds.Server_GetMonitoredItems, InputArguments = [Variant.From(subscription)] }],
        }).Results[0];
        Assert.Equal(StatusCodes.Good, result.StatusCode.Value);
        Assert.Equal([item.MonitoredItemId], result.OutputArguments[0].AsArray<uint>()!);
        Assert.Equal([77u], result.OutputArguments[1].AsArray<uint>()!);
    }

    private void Monitor(DataChangeFilter filter) => Assert.True(server.Monitor(subscription, speed.Id, queue: 100, filter: filter).StatusCode.IsGood);

    private void SetMode(uint item, MonitoringMode mode) => Assert.True(
        server.Call<SetMonitoringModeResponse>(new SetMonitoringModeRequest { SubscriptionId = subscription, MonitoringMode = mode, MonitoredItemIds = [item] }).Results[0].IsGood);

    private double[] Report(params double[] values)
    {
        foreach (var value in values)
            speed.SetValue(value);
        server.Publish();
        server.Run(100);
        return [.. server.Channel.NextItems().Select(i => i.Value.Value.AsDouble())];
    }
}
