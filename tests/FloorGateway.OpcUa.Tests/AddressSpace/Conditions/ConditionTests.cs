using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.Server.Events;
using FloorGateway.OpcUa.Types;
using static FloorGateway.OpcUa.Tests.Server.Events.EventHarness;

namespace FloorGateway.OpcUa.Tests.AddressSpace.Conditions;

public sealed class ConditionTests
{
    private static readonly string[] Selected =
    [
        "Message", "Severity", "Retain", "ActiveState/Id", "AckedState/Id", "ConfirmedState/Id", "EnabledState/Id", "ShelvingState/CurrentState", "SuppressedOrShelved",
        "EventId", "Comment", "ClientUserId", "LastSeverity", "ConditionName", "BranchId", "Quality",
    ];

    private readonly EventHarness harness = new();
    private readonly Condition alarm;

    public ConditionTests()
    {
        alarm = harness.Station.AddCondition("Overpressure", new ConditionOptions { Confirmable = true, Suppressible = true, Removable = true });
        Assert.Null(harness.Monitor(Filter([.. Fields(Selected), Field("", ObjectTypeIds.ConditionType, AttributeIds.NodeId)])).FilterResult);
    }

    [Fact]
    public void The_alarm_of_the_standards_example_goes_its_way()
    {
        alarm.Activate(700, "12 bar");
        var active = Single();
        Assert.Equal(("12 bar", (ushort)700), (active.Text("Message"), active["Severity"].Boxed));
        Assert.Equal("retain active unacked confirmed enabled", active.States);
        Assert.Equal(("Overpressure", alarm.Id), (active["ConditionName"].AsString(), active.Fields[^1].Boxed));
        Assert.Equal(Variant.From(NodeId.Null), active["BranchId"]);
        Assert.Equal(Variant.From((ushort)500), active["LastSeverity"]);

        Assert.Equal(StatusCodes.Good, Acknowledge(active.Id, "seen").Value);
        var acked = Single();
        Assert.Equal("retain active acked unconfirmed enabled", acked.States);
        Assert.Equal(("seen", "12 bar", ""), (acked.Text("Comment"), acked.Text("Message"), acked["ClientUserId"].AsString()));

        alarm.Deactivate("9 bar");
        var over = Single();
        Assert.Equal("retain inactive acked unconfirmed enabled", over.States);
        Assert.NotEqual(active.Id, over.Id);

        Assert.Equal(StatusCodes.Good, Call(MethodIds.AcknowledgeableConditionType_Confirm, Variant.From(over.Id), Comment("valve replaced")).Value);
        Assert.Equal("inactive acked confirmed enabled", Single().States);
        Assert.False(alarm.Retain);
    }

    [Fact]
    public void An_acknowledgement_names_an_event_of_this_activation()
    {
        alarm.Activate(700, "a");
        var first = Single();
        Assert.Equal(StatusCodes.BadEventIdUnknown, Acknowledge([1, 2, 3]).Value);
        Assert.Equal(StatusCodes.BadEventIdUnknown, Acknowledge([]).Value);

        // A comment in between makes a new event; the operator may still answer the one that is on the screen.
        Assert.Equal(StatusCodes.Good, Call(MethodIds.ConditionType_AddComment, Variant.From(first.Id), Comment("looking")).Value);
        Assert.Equal("looking", Single().Text("Comment"));
        Assert.Equal(StatusCodes.Good, Acknowledge(first.Id).Value);
        Assert.Equal(StatusCodes.BadConditionBranchAlreadyAcked, Acknowledge(first.Id).Value);
        Single();

        alarm.Deactivate("b");
        alarm.Activate(700, "c");
        harness.Next();
        Assert.Equal(StatusCodes.BadEventIdUnknown, Acknowledge(first.Id).Value);
        Assert.False(alarm.IsAcked);
    }

    [Fact]
    public void What_gets_worse_wants_a_new_acknowledgement()
    {
        alarm.Activate(500, "a");
        Acknowledge(Single().Id);
        Single();
        alarm.Activate(400, "less");
        Assert.True(Single().States.Contains("active acked", StringComparison.Ordinal));
        alarm.Activate(600, "more");
        Assert.True(Single().States.Contains("active unacked", StringComparison.Ordinal));
    }

    [Fact]
    public void A_disabled_condition_is_silent()
    {
        alarm.Activate(700, "a");
        var id = Single().Id;
        Assert.Equal(StatusCodes.Good, Call(MethodIds.ConditionType_Disable).Value);
        Assert.Equal("active unacked confirmed disabled", Single().States);
        Assert.Equal(StatusCodes.BadConditionAlreadyDisabled, Call(MethodIds.ConditionType_Disable).Value);
        Assert.Equal(StatusCodes.BadConditionDisabled, Acknowledge(id).Value);
        Assert.Equal(StatusCodes.BadConditionDisabled, Call(MethodIds.ConditionType_AddComment, Variant.From(id), Comment("x")).Value);
        Assert.Equal(StatusCodes.BadConditionDisabled, Call(MethodIds.AlarmConditionType_ShelvingState_OneShotShelve).Value);
        alarm.Deactivate("unheard");
        Assert.Empty(harness.Next());
        Assert.Equal(StatusCodes.Good, Call(MethodIds.ConditionType_Enable).Value);
        Assert.Equal("retain inactive unacked confirmed enabled", Single().States);
        Assert.Equal(StatusCodes.BadConditionAlreadyEnabled, Call(MethodIds.ConditionType_Enable).Value);
    }

    [Fact]
    public void A_timed_shelf_ends_by_the_clock()
    {
        alarm.Activate(700, "a");
        Single();
        Assert.Equal(StatusCodes.Good, Call(MethodIds.AlarmConditionType_ShelvingState_TimedShelve, Variant.From(60_000.0)).Value);
        var shelved = Single();
        Assert.Equal(("TimedShelved", true), (shelved.Text("ShelvingState/CurrentState"), shelved["SuppressedOrShelved"].AsBoolean()));
        Assert.Equal(StatusCodes.BadConditionAlreadyShelved, Call(MethodIds.AlarmConditionType_ShelvingState_TimedShelve, Variant.From(1.0)).Value);
        harness.Server.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.InRange(Read("ShelvingState", "UnshelveTime").AsDouble(), 39_000, 40_000);
        harness.Server.Clock.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(ShelvingState.TimedShelved, alarm.Shelving);
        harness.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ShelvingState.Unshelved, alarm.Shelving);
        Assert.Equal("Unshelved", Single().Text("ShelvingState/CurrentState"));
        Assert.Equal(StatusCodes.BadConditionNotShelved, Call(MethodIds.AlarmConditionType_ShelvingState_Unshelve).Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(8 * 3_600_000 + 1)]
    public void Senseless_shelving_times_are_refused(double milliseconds) =>
        Assert.Equal(StatusCodes.BadShelvingTimeOutOfRange, Call(MethodIds.AlarmConditionType_ShelvingState_TimedShelve, Variant.From(milliseconds)).Value);

    [Fact]
    public void A_one_shot_shelf_ends_with_the_alarm()
    {
        alarm.Activate(700, "a");
        Single();
        var shelf = alarm.ShelvingStateId;
        Assert.Equal(StatusCodes.Good, harness.Call(shelf, MethodIds.ShelvedStateMachineType_OneShotShelve).StatusCode.Value);
        Assert.Equal("OneShotShelved", Single().Text("ShelvingState/CurrentState"));
        Assert.Equal(StatusCodes.BadConditionAlreadyShelved, harness.Call(shelf, MethodIds.ShelvedStateMachineType_OneShotShelve).StatusCode.Value);
        Assert.Equal(StatusCodes.Good, harness.Call(shelf, MethodIds.AlarmConditionType_ShelvingState_TimedShelve, Variant.From(1000.0)).StatusCode.Value);
        Assert.Equal(StatusCodes.Good, harness.Call(shelf, MethodIds.ShelvedStateMachineType_OneShotShelve).StatusCode.Value);
        harness.Next();
        alarm.Deactivate("b");
        Assert.Equal("Unshelved", Single().Text("ShelvingState/CurrentState"));
    }

    [Fact]
    public void Suppression_and_service_are_told()
    {
        alarm.Activate(700, "a");
        Single();
        Assert.Equal(StatusCodes.Good, Call(MethodIds.AlarmConditionType_Suppress).Value);
        Assert.True(Single()["SuppressedOrShelved"].AsBoolean());
        Assert.Equal(StatusCodes.BadInvalidState, Call(MethodIds.AlarmConditionType_Suppress).Value);
        Assert.Equal(StatusCodes.Good, alarm.Unsuppress().Value);
        Assert.False(Single()["SuppressedOrShelved"].AsBoolean());
        Assert.Equal(StatusCodes.Good, Call(MethodIds.AlarmConditionType_RemoveFromService2, Comment("maintenance")).Value);
        var removed = Single();
        Assert.Equal((true, "maintenance"), (removed["SuppressedOrShelved"].AsBoolean(), removed.Text("Comment")));
        Assert.Equal(StatusCodes.Good, Call(MethodIds.AlarmConditionType_PlaceInService).Value);
    }

    [Fact]
    public void Comments_have_a_limit_and_a_null_one_changes_nothing()
    {
        alarm.Activate(700, "a");
        var id = Single().Id;
        Assert.Equal(StatusCodes.BadOutOfRange, Call(MethodIds.ConditionType_AddComment, Variant.From(id), Comment(new string('x', 5000))).Value);
        Call(MethodIds.ConditionType_AddComment, Variant.From(id), Comment("first"));
        Call(MethodIds.ConditionType_AddComment, Variant.From(id), Variant.From(default(LocalizedText)));
        Assert.Equal(["first", "first"], harness.Next().Select(e => new Seen(e.EventFields).Text("Comment")));
        Call(MethodIds.ConditionType_AddComment, Variant.From(id), Variant.From(new LocalizedText("en", "")));
        Assert.Equal("", Single().Text("Comment"));
    }

    [Fact]
    public void A_refresh_tells_of_what_needs_attention_and_of_nothing_else()
    {
        var hidden = harness.Line.AddCondition("Jam", new ConditionOptions { Hidden = true });
        harness.Station.AddCondition("Quiet");
        alarm.Activate(700, "a");
        hidden.Activate(300, "b");
        harness.Next();
        Assert.Equal(StatusCodes.Good, Refresh(harness.Subscription).Value);
        var events = harness.Next().Select(e => new Seen(e.EventFields)).ToArray();
        Assert.Equal(["Refresh begins", "a", "b", "Refresh ends"], events.Select(e => e.Text("Message")).OrderBy(t => t switch { "Refresh begins" => 0, "Refresh ends" => 2, _ => 1 }).ThenBy(t => t));
        Assert.Equal("Refresh begins", events[0].Text("Message"));
        Assert.Equal("Refresh ends", events[^1].Text("Message"));

        // The very event again, so an acknowledgement finds it.
        Assert.Equal(StatusCodes.Good, Acknowledge(events.Single(e => e.Text("Message") == "a").Id).Value);
    }

    [Fact]
    public void A_refresh_is_for_ones_own_items_only()
    {
        var line = harness.Server.Space.Objects.AddObject("Line9").MakeNotifier();
        var item = harness.Monitor(Filter(Fields("Message")), line.Id, handle: 9).MonitoredItemId;
        alarm.Activate(700, "a");
        harness.Next();
        Assert.Equal(StatusCodes.Good, harness.Call(ObjectTypeIds.ConditionType, MethodIds.ConditionType_ConditionRefresh2, Variant.From(harness.Subscription), Variant.From(item)).StatusCode.Value);
        Assert.Equal([(9u, "Refresh begins"), (9u, "Refresh ends")], harness.Next().Select(e => (e.ClientHandle, e.EventFields[0].Boxed!.ToString())));
        Assert.Equal(StatusCodes.BadMonitoredItemIdInvalid, harness.Call(ObjectTypeIds.ConditionType, MethodIds.ConditionType_ConditionRefresh2, Variant.From(harness.Subscription), Variant.From(999u)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadSubscriptionIdInvalid, Refresh(12345).Value);
        var mine = harness.Server.Token;
        harness.Server.Token = harness.Server.OpenSession(harness.Server.Channel);
        Assert.Equal(StatusCodes.BadUserAccessDenied, Refresh(harness.Subscription).Value);
        harness.Server.Token = mine;
    }

    [Fact]
    public void A_hidden_condition_takes_calls_by_its_id()
    {
        var hidden = harness.Station.AddCondition("Jam", new ConditionOptions { Hidden = true });
        Assert.Null(harness.Server.Space.Find(hidden.Id));
        hidden.Activate(300, "b");
        var id = Single().Id;
        Assert.Equal(StatusCodes.Good, harness.Call(hidden.Id, MethodIds.AcknowledgeableConditionType_Acknowledge, Variant.From(id), Comment("ok")).StatusCode.Value);
        Assert.True(hidden.IsAcked);
        Assert.Equal(StatusCodes.Good, harness.Call(hidden.Id, MethodIds.AlarmConditionType_ShelvingState_OneShotShelve).StatusCode.Value);
        Assert.Equal(StatusCodes.BadMethodInvalid, harness.Call(hidden.Id, MethodIds.AcknowledgeableConditionType_Confirm, Variant.From(id), Comment("ok")).StatusCode.Value);
        Assert.Equal(StatusCodes.BadMethodInvalid, harness.Call(hidden.Id, MethodIds.Server_GetMonitoredItems, Variant.From(1u)).StatusCode.Value);
        hidden.Remove();
        Assert.Equal(StatusCodes.BadNodeIdUnknown, harness.Call(hidden.Id, MethodIds.ConditionType_Disable).StatusCode.Value);
    }

    [Fact]
    public void The_nodes_show_the_state_and_take_calls()
    {
        var space = harness.Server.Space;
        Assert.Equal(StatusCodes.Good, alarm.Disable().Value);
        Assert.False(Read("EnabledState", "Id").AsBoolean());
        alarm.Enable();
        alarm.Activate(700, "a");
        Assert.True(Read("ActiveState", "Id").AsBoolean());
        Assert.Equal(new LocalizedText("en", "Unacknowledged"), Read("AckedState").Boxed);
        Assert.Equal(Variant.From((ushort)700), Read("Severity"));
        Assert.Equal(alarm.EventId.ToArray(), Read("EventId").Boxed);
        var node = space.Get<ObjectNode>(alarm.Id);
        Assert.Equal(ObjectTypeIds.AlarmConditionType, node.TypeDefinition!.Id);
        var acknowledge = (MethodNode)node.FindChild(new QualifiedName("Acknowledge"))!;
        Assert.Equal(StatusCodes.Good, harness.Call(alarm.Id, acknowledge.Id, Variant.From(alarm.EventId.ToArray()), Comment("x")).StatusCode.Value);
        Assert.Equal(new LocalizedText("en", "Acknowledged"), Read("AckedState").Boxed);
        Assert.Contains(harness.Station.References.GetEnumerator().ToList(), r => !r.IsInverse && r.Type.Id == ReferenceTypeIds.HasCondition && r.Target == node);
        var before = space.NodeCount;
        alarm.Remove();
        Assert.InRange(space.NodeCount, before - 120, before - 60);
        Assert.Null(space.Find(alarm.Id));
    }

    [Fact]
    public void Every_mandatory_child_of_the_type_is_there()
    {
        var node = harness.Server.Space.Get<ObjectNode>(alarm.Id);
        List<string> missing = [];
        for (Node? type = node.TypeDefinition; type is not null; type = type.Supertype)
            Compare(type, node, "");
        Assert.Empty(missing);

        void Compare(Node declared, Node instance, string path)
        {
            foreach (var reference in declared.References)
            {
                if (reference.IsInverse || !reference.Type.IsHierarchical || reference.Target is TypeNode || !IsMandatory(reference.Target) || reference.Target.BrowseName.Name is "ConditionRefresh" or "ConditionRefresh2")
                    continue;
                if (instance.FindChild(reference.Target.BrowseName) is { } child)
                    Compare(reference.Target, child, path + "/" + reference.Target.BrowseName);
                else
                    missing.Add(path + "/" + reference.Target.BrowseName);
            }
        }

        static bool IsMandatory(Node node) => node.References.GetEnumerator().ToList().Any(r => !r.IsInverse && r.Target.Id == ObjectIds.ModellingRule_Mandatory);
    }

    [Fact]
    public void Who_may_not_call_changes_nothing()
    {
        var guarded = new EventHarness(o => o with { AnonymousMayWrite = false });
        var condition = guarded.Station.AddCondition("A");
        condition.Activate(500, "a");
        Assert.Equal(StatusCodes.BadUserAccessDenied, guarded.Call(condition.Id, MethodIds.AcknowledgeableConditionType_Acknowledge, Variant.From(condition.EventId.ToArray()), Comment("x")).StatusCode.Value);
        Assert.Equal(StatusCodes.Good, guarded.Call(ObjectTypeIds.ConditionType, MethodIds.ConditionType_ConditionRefresh, Variant.From(guarded.Subscription)).StatusCode.Value);
        Assert.False(condition.IsAcked);
    }

    [Fact]
    public void The_application_learns_who_called_what()
    {
        List<string> calls = [];
        alarm.OnCalled = (condition, method, context) => calls.Add($"{condition.Name} {method} {context.UserName ?? "anonymous"}");
        alarm.Activate(700, "a");
        Acknowledge(alarm.EventId.ToArray());
        Acknowledge(alarm.EventId.ToArray());
        Assert.Equal(["Overpressure Acknowledge anonymous"], calls);
    }

    [Fact]
    public void Own_alarm_types_have_their_fields()
    {
        var type = harness.Server.Space.AddEventType("MouldAlarmType", ObjectTypeIds.OffNormalAlarmType, ("Cavity", BuiltInType.UInt16));
        var own = harness.Station.AddCondition("Mould", new ConditionOptions { Type = type.Node.Id, Hidden = true });
        harness.Monitor(Filter([new SimpleAttributeOperand { TypeDefinitionId = type.Node.Id, BrowsePath = [new QualifiedName(2, "Cavity")], AttributeId = AttributeIds.Value }]), handle: 2);
        own.SetField(new QualifiedName(2, "Cavity"), Variant.From((ushort)3));
        own.Activate(500, "x");
        Assert.Equal(Variant.From((ushort)3), harness.Next().Single(e => e.ClientHandle == 2).EventFields[0]);
        Assert.Throws<ArgumentException>(() => own.SetField(new QualifiedName("Cavity"), default));
        Assert.Throws<ArgumentException>(() => harness.Station.AddCondition("No", new ConditionOptions { Type = ObjectTypeIds.SystemEventType }));
    }

    [Fact]
    public void Quality_is_told()
    {
        alarm.SetQuality(StatusCodes.BadSensorFailure);
        Assert.Equal(Variant.From(new StatusCode(StatusCodes.BadSensorFailure)), Single()["Quality"]);
        alarm.SetQuality(StatusCodes.BadSensorFailure);
        Assert.Empty(harness.Next());
    }

    private static Variant Comment(string text) => Variant.From(new LocalizedText("en", text));

    private StatusCode Acknowledge(byte[] id, string comment = "") => Call(MethodIds.AcknowledgeableConditionType_Acknowledge, Variant.From(id), Comment(comment));

    private StatusCode Call(uint method, params Variant[] inputs) => harness.Call(alarm.Id, method, inputs).StatusCode;

    private StatusCode Refresh(uint subscription) => harness.Call(ObjectTypeIds.ConditionType, MethodIds.ConditionType_ConditionRefresh, Variant.From(subscription)).StatusCode;

    private Variant Read(params string[] path)
    {
        var node = harness.Server.Space.Find(alarm.Id);
        foreach (var name in path)
            node = node!.FindChild(new QualifiedName(name));
        return ((VariableNode)node!).GetValue().Value;
    }

    private Seen Single() => new(Assert.Single(harness.Next()).EventFields);

    private sealed record Seen(Variant[] Fields)
    {
        public Variant this[string name] => Fields[Array.IndexOf(Selected, name)];

        public byte[] Id => (byte[])this["EventId"].Boxed!;

        public string States => string.Join(' ', new[]
        {
            this["Retain"].AsBoolean() ? "retain" : "",
            this["ActiveState/Id"].AsBoolean() ? "active" : "inactive",
            this["AckedState/Id"].AsBoolean() ? "acked" : "unacked",
            this["ConfirmedState/Id"].AsBoolean() ? "confirmed" : "unconfirmed",
            this["EnabledState/Id"].AsBoolean() ? "enabled" : "disabled",
        }.Where(s => s.Length != 0));

        public string? Text(string name) => this[name].Boxed is LocalizedText text ? text.Text : null;
    }
}

file static class ReferenceExtensions
{
    public static List<Reference> ToList(this Node.ReferenceEnumerable.Enumerator references)
    {
        List<Reference> list = [];
        while (references.MoveNext())
            list.Add(references.Current);
        return list;
    }
}
