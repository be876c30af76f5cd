using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Events;

/// <summary>An event as it came. Reading never throws: a field that is not there, or not of the type, reads as null.</summary>
public sealed class ReceivedEvent
{
    private readonly EventSelection _selection;
    private readonly Variant[] _values;

    internal ReceivedEvent(EventSelection selection, uint clientHandle, Variant[] values) => (_selection, ClientHandle, _values) = (selection, clientHandle, values);

    /// <summary>Of the monitored item.</summary>
    public uint ClientHandle { get; }

    public byte[]? EventId => this["EventId"].TryGetByteString(out var id) ? id : null;

    public NodeId? EventType => NodeIdOf("EventType");

    public NodeId? SourceNode => NodeIdOf("SourceNode");

    public string? SourceName => Text("SourceName");

    /// <summary>When it happened, by the source's clock.</summary>
    public DateTime? Time => TimeOf("Time");

    public DateTime? ReceiveTime => TimeOf("ReceiveTime");

    public string? Message => Text("Message");

    /// <summary>1 to 1000.</summary>
    public ushort? Severity => this["Severity"].TryGetInt64(out var severity) && severity is >= 0 and <= ushort.MaxValue ? (ushort)severity : null;

    /// <summary>What <see cref="ConditionClient"/> takes; null when the event is of no condition.</summary>
    public NodeId? ConditionId => NodeIdOf("ConditionId");

    public bool? Retain => Boolean("Retain");

    public bool? IsEnabled => Boolean("EnabledState/Id");

    public bool? IsActive => Boolean("ActiveState/Id");

    public bool? IsAcked => Boolean("AckedState/Id");

    public bool? IsConfirmed => Boolean("ConfirmedState/Id");

    /// <summary>True for the event before the ones that a refresh brings (OPC 10000-9, 5.5.7).</summary>
    public bool IsRefreshStart => EventType == new NodeId(ObjectTypeIds.RefreshStartEventType);

    /// <summary>True for the event after them: a condition that none of them told of needs no attention any more.</summary>
    public bool IsRefreshEnd => EventType == new NodeId(ObjectTypeIds.RefreshEndEventType);

    /// <summary>True when the server asks for a refresh: it may have lost events (OPC 10000-9, 5.11.4).</summary>
    public bool IsRefreshRequired => EventType == new NodeId(ObjectTypeIds.RefreshRequiredEventType);

    /// <summary>True when the item's queue at the server was too short, and events are lost.</summary>
    public bool IsOverflow => EventType == new NodeId(ObjectTypeIds.EventQueueOverflowEventType);

    /// <summary>The field's value; null when it was not selected, or the event does not have it.</summary>
    public Variant this[string name] => _selection.IndexOf(name) is >= 0 and var index && index < _values.Length ? _values[index] : Variant.Null;

    /// <summary>The text of a String or LocalizedText.</summary>
    public string? Text(string name)
    {
        var value = this[name];
        return value.Type == BuiltInType.LocalizedText && value.TryGet<LocalizedText>(out var text) ? text.Text : value.AsString();
    }

    public bool? Boolean(string name) => this[name].TryGetBoolean(out var value) ? value : null;

    public double? Number(string name) => this[name].TryGetDouble(out var value) ? value : null;

    public DateTime? TimeOf(string name) => this[name].TryGetDateTimeTicks(out var ticks) && ticks != 0 ? UaDateTime.FromTicks(ticks) : null;

    public NodeId? NodeIdOf(string name) => this[name].TryGet<NodeId>(out var id) && !id.IsNull ? id : null;

    public override string ToString() => $"{Time:O} {SourceName}: {Message} ({Severity})";
}
