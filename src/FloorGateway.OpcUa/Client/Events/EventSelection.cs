using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Events;

/// <summary>Which fields of which events a client wants: an event filter that is the same for every server (OPC 10000-4, 7.22.3). Cannot be changed.</summary>
public sealed record EventSelection
{
    private static readonly string[] ConditionFields =
        ["ConditionName", "BranchId", "Retain", "EnabledState/Id", "Quality", "LastSeverity", "Comment", "ClientUserId"];

    private readonly string _text;

    private EventSelection(IReadOnlyList<EventField> fields, EventWhere? where)
    {
        (Fields, Filter) = (fields, where);
        _text = $"{string.Join(", ", fields)} where {where}";
    }

    /// <summary>The fields that every event has.</summary>
    public static EventSelection Base { get; } = new EventSelection([], null)
        .Select("EventId").Select("EventType").Select("SourceNode").Select("SourceName").Select("Time").Select("ReceiveTime").Select("Message").Select("Severity");

    /// <summary>Those, and what a list of alarms shows; null in events that are no alarms.</summary>
    public static EventSelection Alarms { get; } = new EventSelection(
        [
            .. Base.Fields, EventField.ConditionId, .. ConditionFields.Select(f => EventField.Parse(f, new NodeId(ObjectTypeIds.ConditionType))),
            EventField.Parse("AckedState/Id", new NodeId(ObjectTypeIds.AcknowledgeableConditionType)), EventField.Parse("ConfirmedState/Id", new NodeId(ObjectTypeIds.AcknowledgeableConditionType)),
            EventField.Parse("ActiveState/Id", new NodeId(ObjectTypeIds.AlarmConditionType)), EventField.Parse("ActiveState/TransitionTime", new NodeId(ObjectTypeIds.AlarmConditionType)),
            EventField.Parse("ShelvingState/CurrentState/Id", new NodeId(ObjectTypeIds.AlarmConditionType)), EventField.Parse("SuppressedOrShelved", new NodeId(ObjectTypeIds.AlarmConditionType)),
        ],
        null);

    public IReadOnlyList<EventField> Fields { get; }

    /// <summary>Null = all events.</summary>
    public EventWhere? Filter { get; }

    /// <summary>This selection and one more field.</summary>
    /// <param name="path">See <see cref="EventField"/>.</param>
    /// <param name="type">The event type that has it; BaseEventType when null.</param>
    /// <exception cref="FormatException">The path is none.</exception>
    public EventSelection Select(string path, ExpandedNodeId? type = null) => Select(EventField.Parse(path, type));

    /// <inheritdoc cref="Select(string, ExpandedNodeId?)"/>
    public EventSelection Select(EventField field) => new([.. Fields, field], Filter);

    /// <summary>The same fields of fewer events: those that pass this condition and the ones before.</summary>
    public EventSelection Where(EventWhere condition) => new(Fields, Filter is null ? condition : Filter & condition);

    /// <summary>The filter with a server's namespace indexes. Fields in namespaces that it lacks are null in every event.</summary>
    public EventFilter ToFilter(IReadOnlyList<string> namespaceUris) => new()
    {
        SelectClauses = [.. Fields.Select(f => f.ToOperand(namespaceUris))],
        WhereClause = Filter?.ToFilter(namespaceUris) ?? new ContentFilter(),
    };

    /// <summary>Reads an event that came by this selection.</summary>
    public ReceivedEvent Read(EventFieldList fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return new ReceivedEvent(this, fields.ClientHandle, fields.EventFields);
    }

    /// <summary>Where a field stands; -1 when it was not selected.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    // All of it, since it decides whether a stored subscription still is the one that is wanted.
    public override string ToString() => _text;

    public bool Equals(EventSelection? other) => other is not null && _text == other._text;

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);
}
