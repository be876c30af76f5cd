using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Events;

/// <summary>
/// A content filter ready to run (OPC 10000-4, 7.7). Elements refer forward only, so they are computed once each from the last to the
/// first: neither a circle nor elements that share operands can make it run longer than it is.
/// </summary>
internal sealed class WhereClause
{
    private static readonly Variant True = Variant.From(true);
    private static readonly Variant False = Variant.From(false);

    private readonly Element[] elements;
    private readonly Variant[] results;

    private WhereClause(Element[] elements)
    {
        this.elements = elements;
        results = new Variant[elements.Length];
    }

    /// <summary>Checks a filter and makes it ready to run.</summary>
    /// <param name="filter">What the client wants.</param>
    /// <param name="space">Where types are looked up.</param>
    /// <param name="maxElements">Elements allowed.</param>
    /// <param name="maxOperands">Operands allowed in all elements together.</param>
    /// <param name="field">Resolves a field: its index among those that <see cref="Matches"/> gets, or a bad status.</param>
    /// <param name="result">One result for each element; empty when everything is good.</param>
    /// <returns>Null when the filter can't be used.</returns>
    public static WhereClause? Build(ContentFilter filter, AddressSpace.AddressSpace space, int maxElements, int maxOperands, FieldResolver field, out ContentFilterResult result)
    {
        result = new ContentFilterResult();
        var given = filter.Elements;
        if (given.Length > maxElements || given.Sum(e => (long)e.FilterOperands.Length) > maxOperands)
        {
            result.ElementResults = [new ContentFilterElementResult { StatusCode = StatusCodes.BadTooManyOperations }];
            return null;
        }

        var elements = new Element[given.Length];
        var results = new ContentFilterElementResult[given.Length];
        var good = true;
        for (var i = 0; i < given.Length; i++)
        {
            results[i] = new ContentFilterElementResult { OperandStatusCodes = new StatusCode[given[i].FilterOperands.Length] };
            elements[i] = new Element(given[i].FilterOperator, new Operand[given[i].FilterOperands.Length]);
            results[i].StatusCode = Check(given[i], i, given.Length, space, field, elements[i].Operands, results[i].OperandStatusCodes);
            good &= results[i].StatusCode.IsGood;
        }

        if (good)
            return new WhereClause(elements);
        result.ElementResults = results;
        return null;
    }

    /// <summary>Does an event pass? Not thread-safe: the filter keeps its intermediate results.</summary>
    public bool Matches(Node eventType, ReadOnlySpan<Variant> fields)
    {
        if (elements.Length == 0)
            return true;
        for (var i = elements.Length - 1; i >= 0; i--)
            results[i] = Compute(elements[i], eventType, fields);
        return FilterValues.ToBoolean(results[0]) == true;
    }

    private Variant Compute(in Element element, Node eventType, ReadOnlySpan<Variant> fields)
    {
        var operands = element.Operands;
        switch (element.Operator)
        {
            case FilterOperator.Equals:
                return Of(FilterValues.AreEqual(Value(operands[0], fields), Value(operands[1], fields)));
            case FilterOperator.IsNull:
                return Of(Value(operands[0], fields).IsNull);
            case FilterOperator.GreaterThan:
                return Of(FilterValues.Compare(Value(operands[0], fields), Value(operands[1], fields)) is { } more ? more > 0 : null);
            case FilterOperator.LessThan:
                return Of(FilterValues.Compare(Value(operands[0], fields), Value(operands[1], fields)) is { } less ? less < 0 : null);
            case FilterOperator.GreaterThanOrEqual:
                return Of(FilterValues.Compare(Value(operands[0], fields), Value(operands[1], fields)) is { } notLess ? notLess >= 0 : null);
            case FilterOperator.LessThanOrEqual:
                return Of(FilterValues.Compare(Value(operands[0], fields), Value(operands[1], fields)) is { } notMore ? notMore <= 0 : null);
            case FilterOperator.Like:
                return Of(FilterValues.TextOf(Value(operands[0], fields)) is { } text && FilterValues.TextOf(Value(operands[1], fields)) is { } pattern && LikePattern.IsValid(pattern)
                    ? LikePattern.IsMatch(text, pattern)
                    : null);
            case FilterOperator.Not:
                return Of(!FilterValues.ToBoolean(Value(operands[0], fields)));
            case FilterOperator.Between:
                return Of(FilterValues.Compare(Value(operands[0], fields), Value(operands[1], fields)) is { } low && FilterValues.Compare(Value(operands[0], fields), Value(operands[2], fields)) is { } high
                    ? low >= 0 && high <= 0
                    : null);
            case FilterOperator.InList:
                return Of(IsInList(operands, fields));
            case FilterOperator.And:
                // One that is false decides, whatever the other is; unknown otherwise wins over true.
                return (FilterValues.ToBoolean(Value(operands[0], fields)), FilterValues.ToBoolean(Value(operands[1], fields))) switch
                {
                    (false, _) or (_, false) => False,
                    (true, true) => True,
                    _ => Variant.Null,
                };
            case FilterOperator.Or:
                return (FilterValues.ToBoolean(Value(operands[0], fields)), FilterValues.ToBoolean(Value(operands[1], fields))) switch
                {
                    (true, _) or (_, true) => True,
                    (false, false) => False,
                    _ => Variant.Null,
                };
            case FilterOperator.Cast:
                return FilterValues.Cast(Value(operands[0], fields), operands[1].CastTo);
            case FilterOperator.OfType:
                return Of(eventType.IsSubtypeOf(operands[0].Type!));
            case FilterOperator.BitwiseAnd:
                return FilterValues.Bitwise(Value(operands[0], fields), Value(operands[1], fields), and: true);
            case FilterOperator.BitwiseOr:
                return FilterValues.Bitwise(Value(operands[0], fields), Value(operands[1], fields), and: false);
            default:
                return Variant.Null;
        }
    }

    private bool? IsInList(Operand[] operands, ReadOnlySpan<Variant> fields)
    {
        var value = Value(operands[0], fields);
        if (value.IsNull)
            return null;
        for (var i = 1; i < operands.Length; i++)
        {
            if (FilterValues.AreEqual(value, Value(operands[i], fields)) == true)
                return true;
        }

        return false;
    }

    private Variant Value(in Operand operand, ReadOnlySpan<Variant> fields) => operand.Kind switch
    {
        OperandKind.Element => results[operand.Index],
        OperandKind.Field => fields[operand.Index],
        _ => operand.Literal,
    };

    private static Variant Of(bool? value) => value switch
    {
        true => True,
        false => False,
        _ => Variant.Null,
    };

    private static StatusCode Check(ContentFilterElement element, int index, int count, AddressSpace.AddressSpace space, FieldResolver field, Operand[] operands, StatusCode[] results)
    {
        var (least, most) = element.FilterOperator switch
        {
            FilterOperator.IsNull or FilterOperator.Not or FilterOperator.OfType => (1, 1),
            FilterOperator.Equals or FilterOperator.GreaterThan or FilterOperator.LessThan or FilterOperator.GreaterThanOrEqual or FilterOperator.LessThanOrEqual
                or FilterOperator.Like or FilterOperator.And or FilterOperator.Or or FilterOperator.Cast or FilterOperator.BitwiseAnd or FilterOperator.BitwiseOr => (2, 2),
            FilterOperator.Between => (3, 3),
            FilterOperator.InList => (2, int.MaxValue),
            FilterOperator.InView or FilterOperator.RelatedTo => (-1, 0), // not for event filters (7.22.3)
            _ => (-2, 0),
        };
        if (least < 0)
            return least == -1 ? StatusCodes.BadFilterOperatorUnsupported : StatusCodes.BadFilterOperatorInvalid;
        if (operands.Length < least || operands.Length > most)
            return StatusCodes.BadFilterOperandCountMismatch;
        var good = true;
        for (var i = 0; i < operands.Length; i++)
        {
            results[i] = Resolve(element.FilterOperands[i], index, count, field, out operands[i]);
            if (results[i].IsGood)
                results[i] = CheckUse(element.FilterOperator, i, space, ref operands[i]);
            good &= results[i].IsGood;
        }

        return good ? StatusCodes.Good : StatusCodes.BadFilterOperandInvalid;
    }

    private static StatusCode Resolve(ExtensionObject? given, int index, int count, FieldResolver field, out Operand operand)
    {
        operand = default;
        switch (given?.Decoded)
        {
            case LiteralOperand literal:
                operand = new Operand(OperandKind.Literal, 0, literal.Value);
                return StatusCodes.Good;
            case ElementOperand element:
                if (element.Index <= index || element.Index >= count)
                    return StatusCodes.BadFilterOperandInvalid;
                operand = new Operand(OperandKind.Element, (int)element.Index, default);
                return StatusCodes.Good;
            case SimpleAttributeOperand attribute:
                var status = field(attribute, out var position);
                operand = new Operand(OperandKind.Field, position, default);
                return status;
            default:
                return StatusCodes.BadFilterOperandInvalid; // an AttributeOperand has no place in an event filter
        }
    }

    // What must be known before the first event: a type, a pattern.
    private static StatusCode CheckUse(FilterOperator use, int position, AddressSpace.AddressSpace space, ref Operand operand)
    {
        if (use == FilterOperator.OfType || (use == FilterOperator.Cast && position == 1))
        {
            if (operand.Kind != OperandKind.Literal || TypeId(operand.Literal) is not { } id)
                return StatusCodes.BadFilterLiteralInvalid;
            if (use == FilterOperator.OfType)
            {
                if (space.Find(id) is not ObjectTypeNode type)
                    return StatusCodes.BadFilterLiteralInvalid;
                operand = operand with { Type = type };
                return StatusCodes.Good;
            }

            var target = space.BuiltInOf(id);
            operand = operand with { CastTo = target };
            return target is BuiltInType.Null or BuiltInType.Variant or BuiltInType.ExtensionObject ? StatusCodes.BadFilterLiteralInvalid : StatusCodes.Good;
        }

        if (use == FilterOperator.Like && position == 1 && operand.Kind == OperandKind.Literal)
            return FilterValues.TextOf(operand.Literal) is { } pattern && LikePattern.IsValid(pattern) ? StatusCodes.Good : StatusCodes.BadFilterLiteralInvalid;
        return StatusCodes.Good;

        NodeId? TypeId(in Variant value) =>
            value.TryGet<NodeId>(out var id) ? id : value.TryGet<ExpandedNodeId>(out var expanded) && expanded.TryResolve(space.NamespaceUris, out var resolved) ? resolved : null;
    }

    private readonly record struct Element(FilterOperator Operator, Operand[] Operands);

    private enum OperandKind : byte
    {
        Literal,
        Field,
        Element,
    }

    private readonly record struct Operand(OperandKind Kind, int Index, Variant Literal)
    {
        public Node? Type { get; init; }

        public BuiltInType CastTo { get; init; }
    }
}

/// <summary>Resolves a field that a filter names.</summary>
internal delegate StatusCode FieldResolver(SimpleAttributeOperand operand, out int index);
