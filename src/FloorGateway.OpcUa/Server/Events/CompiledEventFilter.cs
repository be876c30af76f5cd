using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Events;

/// <summary>
/// An event filter ready to run (OPC 10000-4, 7.22.3): select clauses as positions in the values of each type of event, found once per
/// type, and the where clause. Not thread-safe; its item's lock guards it.
/// </summary>
internal sealed class CompiledEventFilter
{
    private const int ConditionId = -2;
    private const int Absent = -1;

    private readonly List<Field> fields;
    private readonly Dictionary<EventType, int[]> plans = [];
    private readonly int selected;
    private readonly Variant[] scratch;
    private readonly WhereClause where;

    private CompiledEventFilter(List<Field> fields, int selected, WhereClause where)
    {
        (this.fields, this.selected, this.where) = (fields, selected, where);
        scratch = new Variant[fields.Count];
    }

    /// <summary>Values in one event.</summary>
    public int FieldCount => selected;

    /// <summary>Checks a client's filter.</summary>
    /// <param name="space">Where types are looked up.</param>
    /// <param name="filter">What the client wants.</param>
    /// <param name="limits">How long the clauses may be.</param>
    /// <param name="compiled">The filter; null when it can't be used.</param>
    /// <param name="result">What is wrong with it, clause by clause; null when nothing is.</param>
    /// <returns>Good also when some fields are not known: their values are null. BadEventFilterInvalid when the filter can't be used.</returns>
    public static StatusCode Build(AddressSpace.AddressSpace space, EventFilter filter, ServerLimits limits, out CompiledEventFilter? compiled, out EventFilterResult? result)
    {
        compiled = null;
        result = null;
        var clauses = filter.SelectClauses;
        if (clauses.Length == 0)
            return StatusCodes.BadEventFilterInvalid;
        if (clauses.Length > limits.MaxSelectClauses)
            return StatusCodes.BadTooManyOperations;
        var found = new List<Field>(clauses.Length);
        var statuses = new StatusCode[clauses.Length];
        var allGood = true;
        for (var i = 0; i < clauses.Length; i++)
        {
            statuses[i] = Resolve(space, clauses[i], out var field);
            allGood &= statuses[i].IsGood;
            found.Add(field);
        }

        var where = WhereClause.Build(filter.WhereClause, space, limits.MaxWhereElements, limits.MaxWhereOperands, AddField, out var whereResult);
        if (!allGood || where is null)
            result = new EventFilterResult { SelectClauseResults = allGood ? [] : statuses, WhereClauseResult = whereResult };
        if (where is null)
            return StatusCodes.BadEventFilterInvalid;
        compiled = new CompiledEventFilter(found, clauses.Length, where);
        return StatusCodes.Good;

        StatusCode AddField(SimpleAttributeOperand operand, out int index)
        {
            var status = Resolve(space, operand, out var field);
            index = found.Count;
            found.Add(field);
            return status;
        }
    }

    /// <summary>The selected values of an event; null when it does not pass.</summary>
    public Variant[]? Select(EventRecord record, bool unfiltered)
    {
        if (!plans.TryGetValue(record.Type, out var plan))
            plans.Add(record.Type, plan = PlanFor(record.Type));
        var count = unfiltered ? selected : plan.Length;
        for (var i = 0; i < count; i++)
            scratch[i] = Value(record, plan[i], fields[i]);
        if (!unfiltered && !where.Matches(record.Type.Node, scratch))
            return null;
        return scratch[..selected];
    }

    private static Variant Value(EventRecord record, int slot, in Field field)
    {
        if (slot == ConditionId)
            return record.ConditionId.IsNull ? Variant.Null : Variant.From(record.ConditionId);
        if (slot == Absent)
            return Variant.Null;
        var value = record.Values[slot];
        if (field.Range.IsEmpty || value.IsNull)
            return value;
        return field.Range.Select(value, out var part).IsBad ? Variant.Null : part;
    }

    private int[] PlanFor(EventType type)
    {
        var plan = new int[fields.Count];
        for (var i = 0; i < plan.Length; i++)
        {
            var field = fields[i];
            if (field.Key is null || (field.Type is not null && !type.Node.IsSubtypeOf(field.Type)))
                plan[i] = Absent;
            else
                plan[i] = field.Key.Length == 0 ? ConditionId : type.SlotOf(field.Key);
        }

        return plan;
    }

    private static StatusCode Resolve(AddressSpace.AddressSpace space, SimpleAttributeOperand clause, out Field field)
    {
        field = default;
        var typeId = clause.TypeDefinitionId.IsNull ? new NodeId(ObjectTypeIds.BaseEventType) : clause.TypeDefinitionId;
        if (space.Find(typeId) is not ObjectTypeNode type || !type.IsSubtypeOf(space.Get<ObjectTypeNode>(ObjectTypeIds.BaseEventType)))
            return StatusCodes.BadTypeDefinitionInvalid;
        if (!NumericRange.TryParse(clause.IndexRange, out var range))
            return StatusCodes.BadIndexRangeInvalid;

        // At BaseEventType the path counts whatever the type of the event is (7.7.4.5).
        var only = typeId == ObjectTypeIds.BaseEventType ? null : type;
        if (clause.BrowsePath.Length == 0)
        {
            // The ConditionId: the NodeId attribute of the event itself (OPC 10000-9, 5.5.2).
            if (clause.AttributeId != AttributeIds.NodeId)
                return StatusCodes.BadAttributeIdInvalid;
            field = new Field("", only, range);
            return StatusCodes.Good;
        }

        if (clause.AttributeId != AttributeIds.Value)
            return StatusCodes.BadAttributeIdInvalid;
        foreach (var name in clause.BrowsePath)
        {
            if (string.IsNullOrEmpty(name.Name) || name.Name.Length > 512)
                return StatusCodes.BadBrowseNameInvalid;
        }

        if (clause.BrowsePath.Length > 16)
            return StatusCodes.BadNodeIdUnknown;
        var key = EventFields.KeyOf(clause.BrowsePath);
        if (!space.Events.IsKnownField(key))
            return StatusCodes.BadNodeIdUnknown;
        field = new Field(key, only, range);
        return StatusCodes.Good;
    }

    /// <summary>A field: its key (empty: the ConditionId, null: unknown), the type that events must be of, a part of an array.</summary>
    private readonly record struct Field(string? Key, ObjectTypeNode? Type, NumericRange Range);
}
