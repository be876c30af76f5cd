using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.Tests.Server.Events;
using FloorGateway.OpcUa.Types;
using static FloorGateway.OpcUa.Tests.Server.Events.EventHarness;

namespace FloorGateway.OpcUa.Tests.AddressSpace.Conditions;

public sealed class LimitAlarmTests
{
    private static readonly LimitAlarmOptions Limits = new() { HighHigh = 100, High = 80, Low = 20, LowLow = 10, Deadband = 2, Severity = 400, UrgentSeverity = 900 };

    private readonly EventHarness harness = new();

    [Fact]
    public void An_exclusive_alarm_is_at_one_level_at_a_time()
    {
        var alarm = harness.Station.AddLimitAlarm("Temperature", Limits);
        harness.Monitor(Filter(Fields("LimitState/CurrentState", "Severity", "ActiveState/Id", "AckedState/Id", "HighLimit", "LimitState/CurrentState/Id")));
        foreach (var value in new[] { 50, 81, 79, 101, 99, 97, 78, 77, 9, 15, 50, double.NaN })
            alarm.Update(value);
        Assert.Equal(
            [
                ("High", 400, true, false), ("HighHigh", 900, true, false), ("High", 400, true, false), ("", 400, false, false),
                ("LowLow", 900, true, false), ("Low", 400, true, false), ("", 400, false, false),
            ],
            harness.Next().Select(e => (e.EventFields[0].Boxed!.ToString()!, e.EventFields[1].AsInt32(), e.EventFields[2].AsBoolean(), e.EventFields[3].AsBoolean())));
        Assert.Equal(LimitLevel.Normal, alarm.Level);
    }

    [Fact]
    public void A_deviation_alarm_names_its_set_point_and_says_what_the_application_wants_it_to_say()
    {
        var wanted = harness.Station.AddVariable("Wanted", BuiltInType.Double, value: Variant.From(75.0));
        var alarm = harness.Station.AddLimitAlarm("Off", Limits with
        {
            Type = ObjectTypeIds.ExclusiveDeviationAlarmType, SetpointNode = wanted.Id, Describe = (level, value) => level == LimitLevel.Normal ? "back" : $"{level} by {value}: call the engineer",
        });
        harness.Monitor(Filter(Fields("Message", "SetpointNode")));
        alarm.Update(90);
        alarm.Update(50);
        var events = harness.Next().Select(e => e.EventFields).ToArray();
        Assert.Equal(["High by 90: call the engineer", "back"], events.Select(e => e[0].TryGet<LocalizedText>(out var text) ? text.Text : null));
        Assert.Equal(wanted.Id, (NodeId)events[0][1].Boxed!);
        Assert.NotNull(harness.Station.Space.Find(alarm.Condition.Id)!.FindChild(new QualifiedName("SetpointNode")));
    }

    [Fact]
    public void Somebody_at_the_machine_acknowledges_and_shelves_as_a_client_does()
    {
        var alarm = harness.Station.AddLimitAlarm("Temperature", Limits with { Condition = new() { Hidden = true, MaxTimeShelved = TimeSpan.FromHours(1) } }).Condition;
        List<string> called = [];
        alarm.OnCalled = (_, method, _) => called.Add(method);
        Assert.Equal(StatusCodes.BadConditionBranchAlreadyAcked, alarm.Acknowledge().Value);
        alarm.Activate(500, "hot");
        Assert.Equal(StatusCodes.Good, alarm.Acknowledge("seen").Value);
        Assert.True(alarm.IsAcked);
        Assert.Equal(StatusCodes.BadShelvingTimeOutOfRange, alarm.Shelve(TimeSpan.FromHours(2)).Value);
        Assert.Equal(StatusCodes.Good, alarm.Shelve(TimeSpan.FromMinutes(1)).Value);
        Assert.Equal(ShelvingState.TimedShelved, alarm.Shelving);
        Assert.Equal(StatusCodes.Good, alarm.Unshelve().Value);
        Assert.Equal(StatusCodes.BadConditionNotShelved, alarm.Unshelve().Value);
        Assert.Equal(["Acknowledge", "TimedShelve", "Unshelve"], called);
        Assert.Equal(StatusCodes.BadNotSupported, harness.Line.AddCondition("P1", new ConditionOptions { Shelvable = false }).Shelve(TimeSpan.FromMinutes(1)).Value);
    }

    [Fact]
    public void Coming_back_by_one_level_wants_no_new_acknowledgement()
    {
        var alarm = harness.Station.AddLimitAlarm("Temperature", Limits);
        alarm.Update(120);
        harness.Call(alarm.Condition.Id, MethodIds.AcknowledgeableConditionType_Acknowledge, Variant.From(alarm.Condition.EventId.ToArray()), Variant.From(new LocalizedText("x")));
        alarm.Update(90);
        Assert.True(alarm.Condition.IsAcked);
        alarm.Update(120);
        Assert.False(alarm.Condition.IsAcked);
    }

    [Fact]
    public void A_non_exclusive_alarm_has_a_state_for_each_limit()
    {
        var alarm = harness.Station.AddLimitAlarm("Temperature", Limits with { Exclusive = false, LowLow = null });
        var created = harness.Monitor(Filter(Fields("HighHighState/Id", "HighState/Id", "LowState/Id", "LowLowState/Id", "LimitState/CurrentState")));
        Assert.Null(created.FilterResult);
        alarm.Update(90);
        alarm.Update(110);
        alarm.Update(5);
        var events = harness.Next().Select(e => e.EventFields).ToArray();
        Assert.Equal([false, true, false], events[0][..3].Select(f => f.AsBoolean()));
        Assert.Equal([true, true, false], events[1][..3].Select(f => f.AsBoolean()));
        Assert.Equal([false, false, true], events[2][..3].Select(f => f.AsBoolean()));
        Assert.All(events, e => Assert.True(e[3].IsNull && e[4].IsNull));
    }

    [Fact]
    public void It_watches_its_variable()
    {
        var temperature = harness.Station.AddVariable("Temperature", BuiltInType.Double, value: Variant.From(50.0));
        var alarm = temperature.AddLimitAlarm("High", Limits with { Input = temperature });
        harness.Monitor(Filter(Fields("SourceName", "InputNode", "Message")));
        temperature.SetValue(85.0);
        temperature.SetValue(200.0, StatusCodes.BadSensorFailure);
        Assert.Equal(LimitLevel.High, alarm.Level);
        var fields = Assert.Single(harness.Next()).EventFields;
        Assert.Equal(("Temperature", temperature.Id), (fields[0].AsString(), fields[1].Boxed));
        Assert.Equal("High is High at 85 (limit 80)", fields[2].Boxed!.ToString());
        Assert.Same(harness.Station, Assert.Single(Parents(alarm.Condition.Id)));
        alarm.Remove();
        temperature.SetValue(10.0);
        Assert.Equal(LimitLevel.High, alarm.Level);
    }

    [Fact]
    public void Limits_out_of_order_are_refused()
    {
        Assert.Throws<ArgumentException>(() => harness.Station.AddLimitAlarm("A", new LimitAlarmOptions()));
        Assert.Throws<ArgumentException>(() => harness.Station.AddLimitAlarm("A", new LimitAlarmOptions { High = 10, Low = 20 }));
        Assert.Throws<ArgumentException>(() => harness.Station.AddLimitAlarm("A", new LimitAlarmOptions { High = 10, Deadband = double.NaN }));
    }

    private List<Node> Parents(NodeId id)
    {
        List<Node> parents = [];
        foreach (var reference in harness.Server.Space.Find(id)!.References)
        {
            if (reference.IsInverse && reference.Type.IsHierarchical)
                parents.Add(reference.Target);
        }

        return parents;
    }
}
