using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server.Events;

/// <summary>A session with a subscription whose events come out as lists of fields.</summary>
internal sealed class EventHarness
{
    public EventHarness(Func<UaServerOptions, UaServerOptions>? configure = null)
    {
        Server = new ServerHarness(configure).WithSession();
        Line = Server.Space.Objects.AddObject("Line1");
        Station = Line.AddObject("Station1");
        Subscription = Server.Subscribe(keepAlive: 1000, lifetime: 10_000).SubscriptionId;
    }

    public ServerHarness Server { get; }

    public ObjectNode Line { get; }

    public ObjectNode Station { get; }

    public uint Subscription { get; }

    public static SimpleAttributeOperand Field(string path, uint type = ObjectTypeIds.BaseEventType, uint attribute = AttributeIds.Value, ushort ns = 0) => new()
    {
        TypeDefinitionId = type,
        BrowsePath = path.Length == 0 ? [] : [.. path.Split('/').Select(name => new QualifiedName(ns, name))],
        AttributeId = attribute,
    };

    public static SimpleAttributeOperand[] Fields(params IEnumerable<string> paths) => [.. paths.Select(path => Field(path))];

    public static ContentFilterElement Element(FilterOperator what, params IEnumerable<IUaStructure> operands) =>
        new() { FilterOperator = what, FilterOperands = [.. operands.Select(o => new ExtensionObject(o))] };

    public static LiteralOperand Literal(Variant value) => new() { Value = value };

    public static ElementOperand At(uint index) => new() { Index = index };

    public static EventFilter Filter(IEnumerable<SimpleAttributeOperand> select, params IEnumerable<ContentFilterElement> where) =>
        new() { SelectClauses = [.. select], WhereClause = new ContentFilter { Elements = [.. where] } };

    public MonitoredItemCreateResult Monitor(EventFilter? filter, NodeId? node = null, uint queue = 0, bool discardOldest = true, uint handle = 1, MonitoringMode mode = MonitoringMode.Reporting) =>
        Server.Monitor(Subscription, node ?? ObjectIds.Server, handle, queue: queue, discardOldest: discardOldest, filter: filter, attribute: AttributeIds.EventNotifier, mode: mode);

    /// <summary>The events of the next message.</summary>
    public EventFieldList[] Next()
    {
        Server.Publish();
        Server.Run(100);
        return Server.Channel.Posted.Count == 0 ? [] : EventsOf(Server.Channel.Next());
    }

    /// <summary>The first field of each event of the next message, as text.</summary>
    public string[] NextTexts() => [.. Next().Select(e => Convert.ToString(e.EventFields[0].Boxed, System.Globalization.CultureInfo.InvariantCulture) ?? "null")];

    public static EventFieldList[] EventsOf(PublishResponse response) =>
        [.. response.NotificationMessage.NotificationData.SelectMany(d => d!.As<EventNotificationList>()?.Events ?? [])];

    public void Raise(string message, ushort severity = 100, Node? source = null, EventType? type = null, params ReadOnlySpan<Variant> values) =>
        (source ?? Station).RaiseEvent(type ?? Server.Space.EventType(ObjectTypeIds.BaseEventType), severity, message, values);

    public CallMethodResult Call(NodeId target, NodeId method, params Variant[] inputs) =>
        Server.Call<CallResponse>(new CallRequest { MethodsToCall = [new CallMethodRequest { ObjectId = target, MethodId = method, InputArguments = inputs }] }).Results[0];
}
