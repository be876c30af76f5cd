using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>Inputs for the server: sequences that clients really send, and requests of every kind.</summary>
internal static class ServerPrograms
{
    // Under session 0, the clock not moved; +1 under session 1; +4 values change; +8 with the upper half as the power of two of 20 ms.
    private const byte First = 0x00;
    private const byte Second = 0x01;
    private const byte Third = 0x02;
    private const byte ChangeAndWait = 0x2C;
    private const byte SecondChangeAndWait = 0x2D;
    private const byte WaitLong = 0xA8;

    /// <summary>The requests that are made, those with more behind them more often.</summary>
    public static IReadOnlyList<Type> Services { get; } =
    [
        typeof(ReadRequest), typeof(WriteRequest), typeof(CallRequest), typeof(BrowseRequest), typeof(BrowseNextRequest), typeof(TranslateBrowsePathsToNodeIdsRequest),
        typeof(RegisterNodesRequest), typeof(UnregisterNodesRequest), typeof(HistoryReadRequest), typeof(CreateSubscriptionRequest), typeof(ModifySubscriptionRequest),
        typeof(SetPublishingModeRequest), typeof(DeleteSubscriptionsRequest), typeof(TransferSubscriptionsRequest), typeof(PublishRequest), typeof(PublishRequest), typeof(RepublishRequest),
        typeof(CreateMonitoredItemsRequest), typeof(CreateMonitoredItemsRequest), typeof(ModifyMonitoredItemsRequest), typeof(SetMonitoringModeRequest), typeof(DeleteMonitoredItemsRequest),
        typeof(SetTriggeringRequest), typeof(CreateSessionRequest), typeof(ActivateSessionRequest), typeof(CloseSessionRequest), typeof(GetEndpointsRequest), typeof(FindServersRequest),
    ];

    /// <summary>One request: mostly of a service that clients use, with filters and details of the right kind where the service wants them.</summary>
    public static byte[] Request(FuzzRandom random)
    {
        var request = (IUaRequest)StructureMaker.Make(random, random.OneIn(10) ? random.Pick(StructureMaker.Requests) : random.Pick(Services));
        // What hangs on every request and is never looked at would only push the rest out of reach.
        if (!random.OneIn(10))
            request.RequestHeader = new RequestHeader { TimeoutHint = 60_000 };
        switch (request)
        {
            case CreateMonitoredItemsRequest create:
                foreach (var item in create.ItemsToCreate)
                {
                    item.RequestedParameters.Filter = Filter(random);
                    if (item.RequestedParameters.Filter?.Decoded is EventFilter && !random.OneIn(8))
                        item.ItemToMonitor = new ReadValueId { NodeId = random.OneIn(2) ? ObjectIds.Server : new NodeId(2, FuzzNodes.Folder), AttributeId = AttributeIds.EventNotifier };
                }

                break;
            case CallRequest call when random.OneIn(2):
                foreach (var one in call.MethodsToCall)
                    EventPrograms.CallCondition(random, one);
                break;
            case ModifyMonitoredItemsRequest modify:
                foreach (var item in modify.ItemsToModify)
                    item.RequestedParameters.Filter = Filter(random);
                break;
            case HistoryReadRequest history when !random.OneIn(4):
                history.HistoryReadDetails = new ExtensionObject(StructureMaker.Make(random, typeof(ReadRawModifiedDetails)));
                break;
        }

        return Wire.Message(request);
    }

    public static IEnumerable<byte[]> Seeds(FuzzServer server)
    {
        NodeId Node(string name) => new(server.Space.DefaultNamespace, name);
        ReadValueId Value(string name, string? range = null) => new() { NodeId = Node(name), AttributeId = AttributeIds.Value, IndexRange = range };
        var create = new CreateSubscriptionRequest { RequestedPublishingInterval = 20, RequestedLifetimeCount = 100, RequestedMaxKeepAliveCount = 10, PublishingEnabled = true };
        CreateMonitoredItemsRequest Items(params ReadValueId[] values) => new()
        {
            TimestampsToReturn = TimestampsToReturn.Both,
            ItemsToCreate = [.. values.Select((v, i) => new MonitoredItemCreateRequest { ItemToMonitor = v, MonitoringMode = MonitoringMode.Reporting, RequestedParameters = new MonitoringParameters { ClientHandle = (uint)i, QueueSize = 5, DiscardOldest = true } })],
        };
        var publish = new PublishRequest();
        var acknowledge = new PublishRequest { SubscriptionAcknowledgements = [new SubscriptionAcknowledgement { SequenceNumber = 1 }] };

        yield return Of((First, new ReadRequest { NodesToRead = [Value("Fuzz.Double"), Value("Fuzz.Array", "1:2"), Value("Fuzz.Matrix", "0:1,1"), new ReadValueId { NodeId = ObjectIds.Server, AttributeId = AttributeIds.BrowseName }], TimestampsToReturn = TimestampsToReturn.Both }));
        yield return Of((First, new WriteRequest { NodesToWrite = [new WriteValue { NodeId = Node("Fuzz.Array"), AttributeId = AttributeIds.Value, IndexRange = "0:1", Value = new DataValue(Variant.From([7, 8])) }, new WriteValue { NodeId = Node("Fuzz.Text"), AttributeId = AttributeIds.Value, Value = new DataValue(Variant.From("x")) }] }));
        yield return Of((First, new CallRequest { MethodsToCall = [new CallMethodRequest { ObjectId = Node("Fuzz"), MethodId = Node("Fuzz.Method"), InputArguments = [Variant.From(1), Variant.From("b")] }] }));
        yield return Of((First, Browse(Node("Fuzz.Wide"))), (First, new BrowseNextRequest { ContinuationPoints = [[0]] }), (First, new BrowseNextRequest { ContinuationPoints = [[1]], ReleaseContinuationPoints = true }));
        yield return Of((First, new TranslateBrowsePathsToNodeIdsRequest { BrowsePaths = [new BrowsePath { StartingNode = ObjectIds.ObjectsFolder, RelativePath = new RelativePath { Elements = [new RelativePathElement { ReferenceTypeId = ReferenceTypeIds.HierarchicalReferences, IncludeSubtypes = true, TargetName = new QualifiedName(2, "Fuzz") }] } }] }));
        yield return Of((First, new RegisterNodesRequest { NodesToRegister = [Node("Fuzz.Double")] }), (First, new UnregisterNodesRequest { NodesToUnregister = [Node("Fuzz.Double")] }));
        yield return Of(
            (ChangeAndWait, new ReadRequest { NodesToRead = [Value("Fuzz.History")] }),
            (First, new HistoryReadRequest { TimestampsToReturn = TimestampsToReturn.Both, HistoryReadDetails = new ExtensionObject(new ReadRawModifiedDetails { StartTime = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc), EndTime = new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc), NumValuesPerNode = 2 }), NodesToRead = [new HistoryReadValueId { NodeId = Node("Fuzz.History") }] }),
            (First, new HistoryReadRequest { TimestampsToReturn = TimestampsToReturn.Both, HistoryReadDetails = new ExtensionObject(new ReadRawModifiedDetails { StartTime = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc), EndTime = new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc), NumValuesPerNode = 2, ReturnBounds = true }), NodesToRead = [new HistoryReadValueId { NodeId = Node("Fuzz.History"), ContinuationPoint = [0] }] }));
        yield return Of((First, create), (First, Items(Value("Fuzz.Double"), Value("Fuzz.Array"), Value("Fuzz.Text", "0:1"), Value("Fuzz.Computed"))), (ChangeAndWait, publish), (ChangeAndWait, publish), (ChangeAndWait, acknowledge), (First, new RepublishRequest { RetransmitSequenceNumber = 2 }), (First, new DeleteSubscriptionsRequest { SubscriptionIds = [0] }));
        yield return Of((First, create), (First, Items(Value("Fuzz.Double"))), (ChangeAndWait, publish), (Second, new TransferSubscriptionsRequest { SubscriptionIds = [0], SendInitialValues = true }), (SecondChangeAndWait, publish), (ChangeAndWait, publish), (First, new CloseSessionRequest { DeleteSubscriptions = true }), (SecondChangeAndWait, publish));
        yield return Of((First, create), (First, Items(Value("Fuzz.Analog"), Value("Fuzz.Double"))), (First, new SetMonitoringModeRequest { MonitoringMode = MonitoringMode.Sampling, MonitoredItemIds = [1] }), (First, new SetTriggeringRequest { TriggeringItemId = 0, LinksToAdd = [1] }), (ChangeAndWait, publish), (First, new ModifyMonitoredItemsRequest { ItemsToModify = [new MonitoredItemModifyRequest { MonitoredItemId = 0, RequestedParameters = new MonitoringParameters { SamplingInterval = 50, QueueSize = 1, Filter = new ExtensionObject(new DataChangeFilter { Trigger = DataChangeTrigger.StatusValue, DeadbandType = 2, DeadbandValue = 10 }) } }] }), (ChangeAndWait, publish), (First, new DeleteMonitoredItemsRequest { MonitoredItemIds = [0, 1] }), (ChangeAndWait, publish));
        yield return Of((First, create), (First, new SetPublishingModeRequest { SubscriptionIds = [0] }), (First, new ModifySubscriptionRequest { RequestedPublishingInterval = 1000, RequestedLifetimeCount = 3, RequestedMaxKeepAliveCount = 1 }), (WaitLong, publish), (WaitLong, publish));
        yield return Of((First, new CreateSessionRequest { RequestedSessionTimeout = 10_000 }), (Third, new ActivateSessionRequest()), (WaitLong, new ReadRequest { NodesToRead = [Value("Fuzz.Double")] }), (Third, new ReadRequest { NodesToRead = [Value("Fuzz.Double")] }));
        foreach (var program in EventPrograms.Seeds(create, publish))
            yield return Of(program);
        yield return Of((First, new GetEndpointsRequest { EndpointUrl = "opc.tcp://localhost:4840" }), (First, new FindServersRequest()));
    }

    private static BrowseRequest Browse(NodeId node) => new()
    {
        NodesToBrowse = [new BrowseDescription { NodeId = node, BrowseDirection = BrowseDirection.Forward, ReferenceTypeId = ReferenceTypeIds.HierarchicalReferences, IncludeSubtypes = true, ResultMask = 63 }],
        RequestedMaxReferencesPerNode = 50,
    };

    private static ExtensionObject? Filter(FuzzRandom random) => random.Below(5) switch
    {
        0 => new ExtensionObject(new DataChangeFilter { Trigger = (DataChangeTrigger)random.Below(4), DeadbandType = (uint)random.Below(4), DeadbandValue = ValueMaker.Number(random) }),
        1 => new ExtensionObject(EventPrograms.Filter(random)),
        2 => ValueMaker.Extension(random),
        _ => null,
    };

    private static byte[] Of(params IReadOnlyList<(byte Flags, IUaRequest Request)> frames) => ServerTarget.Program([.. frames.Select(f => (f.Flags, Wire.Message(f.Request)))]);
}
