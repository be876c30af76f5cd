using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using static FloorGateway.OpcUa.Tests.Server.Events.EventHarness;

namespace FloorGateway.OpcUa.Tests.Server.Events;

public sealed class TriggeringTests
{
    private readonly EventHarness harness = new();
    private readonly VariableNode trigger;
    private readonly VariableNode curve;
    private readonly uint triggerItem;
    private readonly uint curveItem;

    public TriggeringTests()
    {
        trigger = harness.Station.AddVariable("PartDone", BuiltInType.Int32, value: Variant.From(0));
        curve = harness.Station.AddVariable("Force", BuiltInType.Double, value: Variant.From(0.0));
        triggerItem = harness.Server.Monitor(harness.Subscription, trigger.Id, handle: 1, queue: 10).MonitoredItemId;
        curveItem = harness.Server.Monitor(harness.Subscription, curve.Id, handle: 2, queue: 10, mode: MonitoringMode.Sampling).MonitoredItemId;
        Assert.Equal([(1u, 0.0)], Report());
    }

    [Fact]
    public void A_sampling_item_reports_when_its_trigger_does()
    {
        Assert.Equal([StatusCodes.Good], Link(triggerItem, [curveItem]).AddResults.Select(r => r.Value));
        curve.SetValue(1.0);
        curve.SetValue(2.0);
        Assert.Empty(Report());
        trigger.SetValue(1);
        Assert.Equal([(1u, 1.0), (2u, 0.0), (2u, 1.0), (2u, 2.0)], Report());

        // One report for one trigger: what comes afterwards waits again.
        curve.SetValue(3.0);
        Assert.Empty(Report());
        trigger.SetValue(2);
        Assert.Equal([(1u, 2.0), (2u, 3.0)], Report());
    }

    [Fact]
    public void A_trigger_that_only_samples_triggers_without_being_reported()
    {
        SetMode(triggerItem, MonitoringMode.Sampling);
        Link(triggerItem, [curveItem]);
        trigger.SetValue(1);
        Assert.Equal([(2u, 0.0)], Report());
    }

    [Fact]
    public void A_disabled_item_is_not_reported_and_an_empty_one_has_nothing()
    {
        Link(triggerItem, [curveItem]);
        trigger.SetValue(1);
        Report();
        trigger.SetValue(2);
        Assert.Equal([(1u, 2.0)], Report());
        SetMode(curveItem, MonitoringMode.Disabled);
        curve.SetValue(5.0);
        trigger.SetValue(3);
        Assert.Equal([(1u, 3.0)], Report());
    }

    [Fact]
    public void Links_that_were_taken_away_do_nothing()
    {
        Link(triggerItem, [curveItem]);
        var response = Link(triggerItem, [], [curveItem, 4711]);
        Assert.Equal([StatusCodes.Good, StatusCodes.BadMonitoredItemIdInvalid], response.RemoveResults.Select(r => r.Value));
        trigger.SetValue(1);
        Assert.Equal([(1u, 1.0)], Report());
    }

    [Fact]
    public void Items_that_trigger_each_other_report_once()
    {
        SetMode(triggerItem, MonitoringMode.Sampling);
        Link(triggerItem, [curveItem, triggerItem]);
        Link(curveItem, [triggerItem]);
        trigger.SetValue(1);
        Assert.Equal([(1u, 1.0), (2u, 0.0)], Report().Order());
        Assert.Empty(Report());
    }

    [Fact]
    public void An_event_can_trigger_values_and_a_value_events()
    {
        var events = harness.Monitor(Filter(Fields("Message")), handle: 9, mode: MonitoringMode.Sampling).MonitoredItemId;
        Link(events, [curveItem]);
        harness.Raise("a");
        Assert.Equal([(2u, 0.0)], Report());

        Link(triggerItem, [events]);
        trigger.SetValue(1);
        harness.Server.Publish();
        harness.Server.Run(100);
        var response = harness.Server.Channel.Next();
        Assert.Equal(9u, Assert.Single(EventsOf(response)).ClientHandle);
    }

    [Fact]
    public void Unknown_items_and_empty_requests_are_refused()
    {
        Assert.Equal(StatusCodes.BadMonitoredItemIdInvalid, Link(triggerItem, [4711]).AddResults[0].Value);
        Assert.Equal(StatusCodes.BadNothingToDo, harness.Server.Fault(Request(triggerItem, [], [])).Value);
        Assert.Equal(StatusCodes.BadMonitoredItemIdInvalid, harness.Server.Fault(Request(4711, [curveItem], [])).Value);
        Assert.Equal(StatusCodes.BadTooManyOperations, harness.Server.Fault(Request(triggerItem, new uint[20_000], [])).Value);
        var other = Request(triggerItem, [curveItem], []);
        other.SubscriptionId = 999;
        Assert.Equal(StatusCodes.BadSubscriptionIdInvalid, harness.Server.Fault(other).Value);
    }

    [Fact]
    public void A_deleted_item_is_not_triggered_any_more()
    {
        Link(triggerItem, [curveItem]);
        harness.Server.Call<DeleteMonitoredItemsResponse>(new DeleteMonitoredItemsRequest { SubscriptionId = harness.Subscription, MonitoredItemIds = [curveItem] });
        trigger.SetValue(1);
        Assert.Equal([(1u, 1.0)], Report());
        Assert.Equal(StatusCodes.BadMonitoredItemIdInvalid, Link(triggerItem, [], [curveItem]).RemoveResults[0].Value);
    }

    private SetTriggeringRequest Request(uint item, uint[] add, uint[] remove) =>
        new() { SubscriptionId = harness.Subscription, TriggeringItemId = item, LinksToAdd = add, LinksToRemove = remove };

    private SetTriggeringResponse Link(uint item, uint[] add, uint[]? remove = null) => harness.Server.Call<SetTriggeringResponse>(Request(item, add, remove ?? []));

    private void SetMode(uint item, MonitoringMode mode) =>
        harness.Server.Call<SetMonitoringModeResponse>(new SetMonitoringModeRequest { SubscriptionId = harness.Subscription, MonitoredItemIds = [item], MonitoringMode = mode });

    private (uint Handle, double Value)[] Report()
    {
        harness.Server.Publish();
        harness.Server.Run(100);
        return harness.Server.Channel.Posted.Count == 0 ? [] : [.. FakeChannel.Items(harness.Server.Channel.Next()).Select(i => (i.ClientHandle, i.Value.Value.AsDouble()))];
    }
}
