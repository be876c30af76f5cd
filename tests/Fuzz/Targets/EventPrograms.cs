using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>What clients ask of events and conditions: filters of every operator, and the methods of an alarm.</summary>
internal static class EventPrograms
{
    private static readonly string[] Fields = ["EventId", "EventType", "SourceNode", "SourceName", "Time", "Message", "Severity", "Serial", "Speed", "Retain", "ActiveState/Id", "AckedState/Id", "ShelvingState/CurrentState", "NoSuchField"];
    private static readonly string[] Patterns = ["%", "f%", "S-_", "[a-f]uzz", "[^x]%", "%%%%%%%%%%x", "\\%", "[", "S-[0-9]%", "_%_%_%_%_"];

    /// <summary>Of conditions; they are called on instances with the ids of their types.</summary>
    public static IReadOnlyList<uint> Methods { get; } =
    [
        MethodIds.AcknowledgeableConditionType_Acknowledge, MethodIds.AcknowledgeableConditionType_Acknowledge, MethodIds.AcknowledgeableConditionType_Confirm, MethodIds.ConditionType_AddComment, MethodIds.ConditionType_Enable,
        MethodIds.ConditionType_Disable, MethodIds.ConditionType_ConditionRefresh, MethodIds.ConditionType_ConditionRefresh2, MethodIds.ShelvedStateMachineType_TimedShelve,
        MethodIds.ShelvedStateMachineType_OneShotShelve, MethodIds.ShelvedStateMachineType_Unshelve, MethodIds.AlarmConditionType_Suppress, MethodIds.AlarmConditionType_Unsuppress,
    ];

    public static EventFilter Filter(FuzzRandom random)
    {
        if (random.OneIn(6))
            return (EventFilter)StructureMaker.Make(random, typeof(EventFilter));
        var elements = random.OneIn(3) ? 0 : 1 + random.Below(6);
        return new EventFilter
        {
            // The id first, so that it can be acknowledged.
            SelectClauses = [.. Enumerable.Range(0, 1 + random.Below(8)).Select(i => Field(random, i == 0 ? "EventId" : random.Pick(Fields)))],
            WhereClause = new ContentFilter { Elements = [.. Enumerable.Range(0, elements).Select(i => Element(random, i, elements))] },
        };
    }

    /// <summary>Makes the call one of an alarm's methods; small ids stand for those that the server gave.</summary>
    public static void CallCondition(FuzzRandom random, CallMethodRequest call)
    {
        call.MethodId = random.Pick(Methods);
        call.ObjectId = call.MethodId.Numeric is MethodIds.ConditionType_ConditionRefresh or MethodIds.ConditionType_ConditionRefresh2
            ? ObjectTypeIds.ConditionType
            : new NodeId(2, random.OneIn(2) ? "Fuzz.Alarm" : "Fuzz.Limits");
        call.InputArguments = call.MethodId.Numeric switch
        {
            _ when random.OneIn(8) => [ValueMaker.Variant(random)],
            MethodIds.ConditionType_ConditionRefresh => [Variant.From((uint)random.Below(4))],
            MethodIds.ConditionType_ConditionRefresh2 => [Variant.From((uint)random.Below(4)), Variant.From((uint)random.Below(4))],
            MethodIds.ShelvedStateMachineType_TimedShelve => [Variant.From(ValueMaker.Number(random))],
            MethodIds.AcknowledgeableConditionType_Acknowledge or MethodIds.AcknowledgeableConditionType_Confirm or MethodIds.ConditionType_AddComment => [Variant.From(new[] { (byte)random.Below(8) }), Variant.From(ValueMaker.Localized(random))],
            _ => [],
        };
    }

    public static IEnumerable<(byte Flags, IUaRequest Request)[]> Seeds(CreateSubscriptionRequest create, PublishRequest publish)
    {
        const byte Change = 0x2C;
        var last = Variant.From(new byte[] { 0 });
        var comment = Variant.From(new LocalizedText("en", "seen"));
        yield return
        [
            (0, create),
            (Change, new CreateMonitoredItemsRequest
            {
                ItemsToCreate = [new MonitoredItemCreateRequest { ItemToMonitor = new ReadValueId { NodeId = ObjectIds.Server, AttributeId = AttributeIds.EventNotifier }, MonitoringMode = MonitoringMode.Reporting, RequestedParameters = new MonitoringParameters { Filter = new ExtensionObject(new EventFilter { SelectClauses = [Field(new FuzzRandom(1), "EventId")] }) } }],
            }),
            (Change, publish),
            (0, Calls((MethodIds.AcknowledgeableConditionType_Acknowledge, [last, comment]), (MethodIds.AcknowledgeableConditionType_Confirm, [last, comment]), (MethodIds.ConditionType_AddComment, [last, comment]))),
            (Change, publish),
            (0, Calls((MethodIds.AcknowledgeableConditionType_Acknowledge, [last, comment]), (MethodIds.AcknowledgeableConditionType_Confirm, [last, comment]), (MethodIds.ConditionType_AddComment, [last, comment]))),
            (Change, Calls((MethodIds.ShelvedStateMachineType_OneShotShelve, []), (MethodIds.ShelvedStateMachineType_Unshelve, []), (MethodIds.ShelvedStateMachineType_TimedShelve, [Variant.From(100.0)]))),
            (0xA8, Calls((MethodIds.ConditionType_Disable, []), (MethodIds.ConditionType_Enable, []), (MethodIds.AlarmConditionType_Suppress, []), (MethodIds.AlarmConditionType_Unsuppress, []))),
            (Change, new CallRequest
            {
                MethodsToCall =
                [
                    new CallMethodRequest { ObjectId = ObjectTypeIds.ConditionType, MethodId = MethodIds.ConditionType_ConditionRefresh, InputArguments = [Variant.From(0u)] },
                    new CallMethodRequest { ObjectId = ObjectTypeIds.ConditionType, MethodId = MethodIds.ConditionType_ConditionRefresh2, InputArguments = [Variant.From(0u), Variant.From(0u)] },
                ],
            }),
            (Change, publish),
        ];
        for (var i = 0UL; i < 12; i++)
        {
            var random = new FuzzRandom(i);
            var call = new CallMethodRequest();
            CallCondition(random, call);
            yield return
            [
                (0, create),
                (0, new CreateMonitoredItemsRequest
                {
                    ItemsToCreate =
                    [
                        new MonitoredItemCreateRequest
                        {
                            ItemToMonitor = new ReadValueId { NodeId = ObjectIds.Server, AttributeId = AttributeIds.EventNotifier },
                            MonitoringMode = MonitoringMode.Reporting,
                            RequestedParameters = new MonitoringParameters { QueueSize = 20, Filter = new ExtensionObject(Filter(random)) },
                        },
                    ],
                }),
                (Change, publish),
                (Change, publish),
                (Change, new CallRequest { MethodsToCall = [call] }),
                (Change, publish),
            ];
        }
    }

    private static CallRequest Calls(params IEnumerable<(uint Method, Variant[] Arguments)> calls) => new()
    {
        MethodsToCall = [.. calls.Select(c => new CallMethodRequest { ObjectId = new NodeId(2, "Fuzz.Alarm"), MethodId = c.Method, InputArguments = c.Arguments })],
    };

    private static SimpleAttributeOperand Field(FuzzRandom random, string path) => new()
    {
        TypeDefinitionId = random.Below(6) switch
        {
            0 => NodeId.Null,
            1 => ValueMaker.Node(random),
            2 => ObjectTypeIds.AlarmConditionType,
            _ => ObjectTypeIds.BaseEventType,
        },
        BrowsePath = [.. path.Split('/').Select(name => new QualifiedName(name is "Serial" or "Speed" ? (ushort)2 : (ushort)0, name))],
        AttributeId = random.OneIn(10) ? (uint)random.Below(30) : AttributeIds.Value,
        IndexRange = random.OneIn(8) ? ValueMaker.Text(random) : null,
    };

    private static ContentFilterElement Element(FuzzRandom random, int index, int count)
    {
        var what = (FilterOperator)random.Below(18);
        var operands = what switch
        {
            FilterOperator.IsNull or FilterOperator.Not or FilterOperator.OfType or FilterOperator.InView => 1,
            FilterOperator.Between => 3,
            FilterOperator.InList => 1 + random.Below(5),
            _ => 2,
        };
        return new ContentFilterElement { FilterOperator = what, FilterOperands = [.. Enumerable.Range(0, random.OneIn(10) ? random.Below(5) : operands).Select(i => Operand(random, what, i, index, count))] };
    }

    private static ExtensionObject? Operand(FuzzRandom random, FilterOperator what, int position, int index, int count) => random.Below(7) switch
    {
        0 => ValueMaker.Extension(random),
        1 => new ExtensionObject(new ElementOperand { Index = (uint)(random.OneIn(6) ? random.Below(count + 2) : index + 1) }),
        2 or 3 => new ExtensionObject(Field(random, random.Pick(Fields))),
        _ when what == FilterOperator.Like && position == 1 => Literal(Variant.From(random.Pick(Patterns))),
        _ when what == FilterOperator.OfType => Literal(Variant.From(random.OneIn(2) ? new NodeId(ObjectTypeIds.BaseEventType) : ValueMaker.Node(random))),
        _ => Literal(random.OneIn(4) ? ValueMaker.Variant(random) : ValueMaker.Scalar(random, (BuiltInType)(1 + random.Below(13)))),
    };

    private static ExtensionObject Literal(Variant value) => new(new LiteralOperand { Value = value });
}
