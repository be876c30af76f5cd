using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Types;
using static FloorGateway.OpcUa.Tests.Server.Events.EventHarness;

namespace FloorGateway.OpcUa.Tests.Server.Events;

public sealed class EventTests
{
    private readonly EventHarness harness = new();

    [Fact]
    public void An_event_brings_the_selected_fields_in_their_order()
    {
        Assert.True(harness.Monitor(Filter(Fields("Message", "Severity", "SourceNode", "SourceName", "EventType", "Time", "ReceiveTime", "EventId", "LocalTime"))).StatusCode.IsGood);
        harness.Raise("door open", 700);
        var now = harness.Server.Clock.GetUtcNow().UtcDateTime;
        var e = Assert.Single(harness.Next());
        Assert.Equal(1u, e.ClientHandle);
        var fields = e.EventFields;
        Assert.Equal(Variant.From(new LocalizedText("door open")), fields[0]);
        Assert.Equal(Variant.From((ushort)700), fields[1]);
        Assert.Equal(Variant.From(harness.Station.Id), fields[2]);
        Assert.Equal(Variant.From("Station1"), fields[3]);
        Assert.Equal(Variant.From(new NodeId(ObjectTypeIds.BaseEventType)), fields[4]);
        Assert.Equal(Variant.From(now), fields[5]);
        Assert.Equal(Variant.From(now), fields[6]);
        Assert.Equal(16, Assert.IsType<byte[]>(fields[7].Boxed).Length);
        Assert.NotNull(fields[8].AsStructure<TimeZoneDataType>());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5000, 1000)]
    [InlineData(500, 500)]
    public void The_severity_stays_in_its_range(ushort given, ushort expected)
    {
        harness.Monitor(Filter(Fields("Severity")));
        harness.Raise("x", given);
        Assert.Equal(Variant.From(expected), Assert.Single(harness.Next()).EventFields[0]);
    }

    [Fact]
    public void An_event_is_heard_at_its_source_above_it_and_at_the_server_once_each()
    {
        harness.Line.MakeNotifier();
        harness.Station.MakeNotifier(harness.Line);
        harness.Line.AddEventSource(harness.Station); // a second way up
        var other = harness.Server.Space.Objects.AddObject("Line2").MakeNotifier();
        uint handle = 1;
        foreach (var node in new Node[] { harness.Server.Space.Server, harness.Line, harness.Station, other })
            Assert.True(harness.Monitor(Filter(Fields("Message")), node.Id, handle: handle++).StatusCode.IsGood);
        harness.Raise("a");
        Assert.Equal([1u, 2u, 3u], harness.Next().Select(e => e.ClientHandle).Order());
    }

    [Fact]
    public void Notifiers_that_refer_to_each_other_end()
    {
        harness.Line.MakeNotifier();
        harness.Station.MakeNotifier(harness.Line);
        harness.Line.MakeNotifier(harness.Station);
        harness.Monitor(Filter(Fields("Message")), harness.Line.Id);
        harness.Raise("a");
        Assert.Equal(["a"], harness.NextTexts());
    }

    [Fact]
    public void A_variable_can_be_the_source()
    {
        var speed = harness.Station.AddVariable("Speed", BuiltInType.Double);
        harness.Line.AddEventSource(speed);
        harness.Monitor(Filter(Fields("SourceName")), harness.Line.Id);
        harness.Raise("fast", source: speed);
        Assert.Equal(["Speed"], harness.NextTexts());
    }

    [Fact]
    public void Own_types_have_fields_of_their_own_and_their_supertypes()
    {
        var rejected = harness.Server.Space.AddEventType("PartRejectedEventType", null, ("Serial", BuiltInType.String), ("Cavity", BuiltInType.UInt16));
        var scrapped = harness.Server.Space.AddEventType("PartScrappedEventType", rejected.Node.Id, ("Weight", BuiltInType.Double));
        Assert.Equal(["Serial", "Cavity", "Weight"], scrapped.Fields.Select(f => f.Name));
        var select = new[] { Field("Serial", ns: 2), Field("Cavity", ns: 2), Field("Weight", ns: 2) };
        Assert.Null(harness.Monitor(Filter(select)).FilterResult);
        harness.Raise("", type: rejected, values: [Variant.From("S1"), Variant.From((ushort)3)]);
        harness.Raise("", type: scrapped, values: [Variant.From("S2"), Variant.From((ushort)4), Variant.From(1.5)]);
        harness.Raise("");
        var events = harness.Next();
        Assert.Equal([Variant.From("S1"), Variant.From((ushort)3), Variant.Null], events[0].EventFields);
        Assert.Equal([Variant.From("S2"), Variant.From((ushort)4), Variant.From(1.5)], events[1].EventFields);
        Assert.Equal([Variant.Null, Variant.Null, Variant.Null], events[2].EventFields);
        Assert.Throws<ArgumentException>(() => harness.Raise("", type: rejected, values: [default, default, default]));
    }

    [Fact]
    public void A_clause_for_a_type_is_null_in_events_of_others()
    {
        var space = harness.Server.Space;
        var a = space.AddEventType("AType", null, ("Value", BuiltInType.Int32));
        var b = space.AddEventType("BType", null, ("Value", BuiltInType.Int32));
        harness.Monitor(Filter([new SimpleAttributeOperand { TypeDefinitionId = a.Node.Id, BrowsePath = [new QualifiedName(2, "Value")], AttributeId = AttributeIds.Value }]));
        harness.Raise("", type: a, values: [Variant.From(1)]);
        harness.Raise("", type: b, values: [Variant.From(2)]);
        Assert.Equal([Variant.From(1), Variant.Null], harness.Next().Select(e => e.EventFields[0]));
    }

    [Fact]
    public void A_select_clause_can_name_a_part_of_an_array()
    {
        var type = harness.Server.Space.AddEventType("CurveType", null, ("Curve", BuiltInType.Double));
        var clause = Field("Curve", ns: 2);
        clause.IndexRange = "1:2";
        harness.Monitor(Filter([clause]));
        harness.Raise("", type: type, values: [Variant.From([1.0, 2.0, 3.0, 4.0])]);
        Assert.Equal([2.0, 3.0], Assert.Single(harness.Next()).EventFields[0].AsArray<double>()!);
    }

    [Fact]
    public void Bad_clauses_are_named_and_give_null_while_the_others_work()
    {
        var range = Field("Message");
        range.IndexRange = "x";
        var created = harness.Monitor(Filter(
        [
            Field("Message"), Field("NoSuchField"), Field("Message", type: ObjectTypeIds.FolderType), Field("Message", type: 999_999), Field("Message", attribute: AttributeIds.DisplayName),
            range, new SimpleAttributeOperand { BrowsePath = [default], AttributeId = AttributeIds.Value }, Field("", attribute: AttributeIds.NodeId),
        ]));
        Assert.True(created.StatusCode.IsGood);
        Assert.Equal(
            [
                StatusCodes.Good, StatusCodes.BadNodeIdUnknown, StatusCodes.BadTypeDefinitionInvalid, StatusCodes.BadTypeDefinitionInvalid, StatusCodes.BadAttributeIdInvalid,
                StatusCodes.BadIndexRangeInvalid, StatusCodes.BadBrowseNameInvalid, StatusCodes.Good,
            ],
            created.FilterResult!.As<EventFilterResult>()!.SelectClauseResults.Select(s => s.Value));
        harness.Raise("a");
        var fields = Assert.Single(harness.Next()).EventFields;
        Assert.Equal(Variant.From(new LocalizedText("a")), fields[0]);
        Assert.All(fields.Skip(1), f => Assert.True(f.IsNull));
    }

    [Fact]
    public void Items_that_can_not_be_are_refused()
    {
        var filter = Filter(Fields("Message"));
        var speed = harness.Station.AddVariable("Speed", BuiltInType.Double);
        Assert.Equal(StatusCodes.BadEventFilterInvalid, harness.Monitor(null).StatusCode.Value);
        Assert.Equal(StatusCodes.BadEventFilterInvalid, harness.Monitor(Filter([])).StatusCode.Value);
        Assert.Equal(StatusCodes.BadNotSupported, harness.Monitor(filter, harness.Line.Id).StatusCode.Value);
        Assert.Equal(StatusCodes.BadAttributeIdInvalid, harness.Monitor(filter, speed.Id).StatusCode.Value);
        var change = harness.Server.Monitor(harness.Subscription, ObjectIds.Server, filter: new DataChangeFilter(), attribute: AttributeIds.EventNotifier);
        Assert.Equal(StatusCodes.BadFilterNotAllowed, change.StatusCode.Value);
    }

    [Fact]
    public void A_full_queue_says_that_events_were_lost()
    {
        Assert.Equal(10u, harness.Monitor(Filter(Fields("Message", "EventType")), queue: 1).RevisedQueueSize);
        for (var i = 0; i < 25; i++)
            harness.Raise($"{i}");
        var events = harness.Next();
        Assert.Equal(Variant.From(new NodeId(ObjectTypeIds.EventQueueOverflowEventType)), events[0].EventFields[1]);
        Assert.Equal(Enumerable.Range(15, 10).Select(i => $"{i}"), events.Skip(1).Select(e => e.EventFields[0].Boxed!.ToString()));
        harness.Raise("next");
        Assert.Equal(["next"], harness.NextTexts());
    }

    [Fact]
    public void When_the_newest_give_way_the_overflow_comes_last_whatever_the_filter_wants()
    {
        harness.Monitor(Filter(Fields("Message"), Element(FilterOperator.Equals, Field("Severity"), Literal(Variant.From(100)))), queue: 10, discardOldest: false);
        for (var i = 0; i < 25; i++)
            harness.Raise($"{i}");
        var events = harness.NextTexts();
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "24"], events[..10]);
        Assert.StartsWith("Events were lost", Assert.Single(events[10..]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_takes_no_more_than_it_may()
    {
        var few = harness.Server.Subscribe(maxNotifications: 3).SubscriptionId;
        harness.Server.Monitor(few, ObjectIds.Server, filter: Filter(Fields("Message")), attribute: AttributeIds.EventNotifier, queue: 100);
        for (var i = 0; i < 7; i++)
            harness.Raise($"{i}");
        for (var i = 0; i < 4; i++)
            harness.Server.Publish();
        harness.Server.Run(100);
        Assert.Equal([3, 3, 1], harness.Server.Channel.Posted.Select(p => (PublishResponse)p.Response).Where(r => r.SubscriptionId == few).Select(r => EventsOf(r).Length));
    }

    [Fact]
    public void Values_and_events_share_a_message()
    {
        var speed = harness.Station.AddVariable("Speed", BuiltInType.Double, value: Variant.From(1.0));
        harness.Server.Monitor(harness.Subscription, speed.Id, handle: 7);
        harness.Monitor(Filter(Fields("Message")), handle: 8);
        harness.Raise("a");
        harness.Server.Publish();
        harness.Server.Run(100);
        var data = harness.Server.Channel.Next().NotificationMessage.NotificationData;
        Assert.Equal(7u, Assert.Single(data[0]!.As<DataChangeNotification>()!.MonitoredItems).ClientHandle);
        Assert.Equal(8u, Assert.Single(data[1]!.As<EventNotificationList>()!.Events).ClientHandle);
    }

    [Fact]
    public void A_disabled_item_hears_nothing_and_a_sampling_one_keeps_what_it_heard()
    {
        var item = harness.Monitor(Filter(Fields("Message")), mode: MonitoringMode.Disabled).MonitoredItemId;
        harness.Raise("lost");
        SetMode(item, MonitoringMode.Sampling);
        harness.Raise("kept");
        Assert.Empty(harness.Next());
        SetMode(item, MonitoringMode.Reporting);
        Assert.Equal(["kept"], harness.NextTexts());
    }

    [Fact]
    public void A_new_filter_holds_for_the_next_event()
    {
        var item = harness.Monitor(Filter(Fields("Message"))).MonitoredItemId;
        var modified = harness.Server.Call<ModifyMonitoredItemsResponse>(new ModifyMonitoredItemsRequest
        {
            SubscriptionId = harness.Subscription,
            ItemsToModify =
            [
                new MonitoredItemModifyRequest
                {
                    MonitoredItemId = item,
                    RequestedParameters = new MonitoringParameters { ClientHandle = 5, QueueSize = 20, Filter = new ExtensionObject(Filter(Fields("SourceName", "Nonsense"))) },
                },
            ],
        }).Results[0];
        Assert.Equal(20u, modified.RevisedQueueSize);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, modified.FilterResult!.As<EventFilterResult>()!.SelectClauseResults[1].Value);
        harness.Raise("a");
        var e = Assert.Single(harness.Next());
        Assert.Equal((5u, "Station1"), (e.ClientHandle, e.EventFields[0].AsString()));
    }

    [Fact]
    public void After_the_item_is_gone_nobody_listens()
    {
        var item = harness.Monitor(Filter(Fields("Message"))).MonitoredItemId;
        Assert.True(harness.Server.Space.Events.HasSubscribers);
        Assert.Equal([StatusCodes.Good], harness.Server.Call<DeleteMonitoredItemsResponse>(new DeleteMonitoredItemsRequest { SubscriptionId = harness.Subscription, MonitoredItemIds = [item] }).Results.Select(r => r.Value));
        Assert.False(harness.Server.Space.Events.HasSubscribers);

        harness.Monitor(Filter(Fields("Message")));
        harness.Server.Call<DeleteSubscriptionsResponse>(new DeleteSubscriptionsRequest { SubscriptionIds = [harness.Subscription] });
        Assert.False(harness.Server.Space.Events.HasSubscribers);
    }

    [Fact]
    public void Who_may_not_learn_of_a_source_or_a_type_does_not_at_the_server_either()
    {
        var type = harness.Server.Space.AddEventType("SecretType", null);
        harness.Monitor(Filter(Fields("Message")));
        type.Node.Access = NodeAccess.For((UserRoles.Operator, PermissionType.ReceiveEvents));
        harness.Raise("secret type", type: type);
        harness.Station.Access = NodeAccess.For((UserRoles.Operator, PermissionType.ReceiveEvents));
        harness.Raise("secret source");
        Assert.Equal(StatusCodes.BadUserAccessDenied, harness.Monitor(Filter(Fields("Message")), harness.Station.MakeNotifier().Id).StatusCode.Value);
        harness.Station.Access = NodeAccess.For((UserRoles.Anonymous, PermissionType.ReceiveEvents));
        harness.Raise("public");
        Assert.Equal(["public"], harness.NextTexts());
    }

    [Fact]
    public void Ten_thousand_select_clauses_are_refused()
    {
        Assert.Equal(StatusCodes.BadTooManyOperations, harness.Monitor(Filter(Enumerable.Repeat(Field("Message"), 10_000))).StatusCode.Value);
        Assert.True(harness.Monitor(Filter(Enumerable.Repeat(Field("Message"), 1000))).StatusCode.IsGood);
    }

    [Fact]
    public void The_memory_of_event_queues_has_a_limit()
    {
        var bounded = new EventHarness(o => o with { Limits = new() { MaxQueuedValues = 5_000 } });
        Assert.Equal(500u, bounded.Monitor(Filter(Enumerable.Repeat(Field("Message"), 10)), queue: 1_000_000).RevisedQueueSize);
        Assert.Equal(1u, bounded.Monitor(Filter(Enumerable.Repeat(Field("Message"), 10)), queue: 1_000_000).RevisedQueueSize);
        for (var i = 0; i < 10_000; i++)
            bounded.Raise("flood");
        Assert.Equal(501 + 2, bounded.Next().Length);
    }

    private void SetMode(uint item, MonitoringMode mode) =>
        harness.Server.Call<SetMonitoringModeResponse>(new SetMonitoringModeRequest { SubscriptionId = harness.Subscription, MonitoredItemIds = [item], MonitoringMode = mode });
}
