using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Events;

/// <summary>
/// Which events a server sends (OPC 10000-4, 7.7). Written with operators:
/// <c>EventWhere.Field("Severity").AtLeast(500) &amp; !EventWhere.OfType(ObjectTypeIds.SystemEventType)</c>. Cannot be changed.
/// </summary>
public sealed class EventWhere
{
    private readonly FilterOperator _operator;
    private readonly object[] _operands; // EventWhere, EventField, ExpandedNodeId or Variant

    private EventWhere(FilterOperator what, params object[] operands) => (_operator, _operands) = (what, operands);

    public static EventWhere operator &(EventWhere left, EventWhere right) => new(FilterOperator.And, left, right);

    public static EventWhere operator |(EventWhere left, EventWhere right) => new(FilterOperator.Or, left, right);

    public static EventWhere operator !(EventWhere condition) => new(FilterOperator.Not, condition);

    public static EventWhere BitwiseAnd(EventWhere left, EventWhere right) => left & right;

    public static EventWhere BitwiseOr(EventWhere left, EventWhere right) => left | right;

    public static EventWhere LogicalNot(EventWhere condition) => !condition;

    /// <summary>Events of a type and those below it.</summary>
    public static EventWhere OfType(ExpandedNodeId type) => new(FilterOperator.OfType, type);

    /// <summary>Begins a comparison.</summary>
    /// <param name="path">See <see cref="EventField"/>.</param>
    /// <param name="type">The event type that has the field; BaseEventType when null.</param>
    /// <exception cref="FormatException">The path is none.</exception>
    public static Comparison Field(string path, ExpandedNodeId? type = null) => new(EventField.Parse(path, type));

    public override string ToString() => $"{_operator}({string.Join(", ", _operands)})";

    internal ContentFilter ToFilter(IReadOnlyList<string> namespaceUris)
    {
        // A parent comes before its children: elements may refer forward only.
        List<EventWhere> order = [this];
        for (var i = 0; i < order.Count; i++)
        {
            order.AddRange(order[i]._operands.OfType<EventWhere>());
        }

        var next = 1u;
        return new ContentFilter
        {
            Elements =
            [
                .. order.Select(e => new ContentFilterElement
                {
                    FilterOperator = e._operator,
                    FilterOperands = [.. e._operands.Select(o => new ExtensionObject(o switch
                    {
                        EventWhere => new ElementOperand { Index = next++ },
                        EventField field => field.ToOperand(namespaceUris),
                        ExpandedNodeId id => new LiteralOperand { Value = Variant.From(EventField.Resolve(id, namespaceUris)) },
                        _ => (Encoding.IUaStructure)new LiteralOperand { Value = (Variant)o },
                    }))],
                }),
            ],
        };
    }

    /// <summary>The left side of a comparison.</summary>
    public readonly struct Comparison
    {
        private readonly EventField _field;

        internal Comparison(EventField field) => _field = field;

        public EventWhere IsEqualTo(Variant value) => new(FilterOperator.Equals, _field, value);

        public EventWhere IsEqualTo(ExpandedNodeId id) => new(FilterOperator.Equals, _field, id);

        public EventWhere IsNull() => new(FilterOperator.IsNull, _field);

        public EventWhere Above(Variant value) => new(FilterOperator.GreaterThan, _field, value);

        public EventWhere Below(Variant value) => new(FilterOperator.LessThan, _field, value);

        public EventWhere AtLeast(Variant value) => new(FilterOperator.GreaterThanOrEqual, _field, value);

        public EventWhere AtMost(Variant value) => new(FilterOperator.LessThanOrEqual, _field, value);

        /// <summary>Both ends belong to it.</summary>
        public EventWhere Between(Variant low, Variant high) => new(FilterOperator.Between, _field, low, high);

        public EventWhere In(params IReadOnlyList<Variant> values) => new(FilterOperator.InList, [_field, .. values]);

        /// <summary><c>%</c> any text, <c>_</c> one character, <c>[a-f]</c> one of these, <c>[^a-f]</c> none of these.</summary>
        public EventWhere Like(string pattern) => new(FilterOperator.Like, _field, Variant.From(pattern));
    }
}
