using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using static FloorGateway.OpcUa.Tests.Server.Events.EventHarness;

namespace FloorGateway.OpcUa.Tests.Server.Events;

public sealed class WhereClauseTests
{
    private static readonly Variant Time2027 = Variant.From(new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    private readonly EventHarness harness = new();

    // The event has severity 500, message "Door 7 is open" and no ConditionClassId.
    public static TheoryData<string, ContentFilterElement[], bool> Filters
    {
        get
        {
            var data = new TheoryData<string, ContentFilterElement[], bool>();
            void Add(string name, bool expected, params ContentFilterElement[] elements) => data.Add(name, elements, expected);
            ContentFilterElement Severity(FilterOperator what, Variant value) => Element(what, Field("Severity"), Literal(value));
            Add("no where clause", true);
            Add("equals", true, Severity(FilterOperator.Equals, Variant.From((ushort)500)));
            Add("equals across number types", true, Severity(FilterOperator.Equals, Variant.From(500.0)));
            Add("equals text to number", true, Severity(FilterOperator.Equals, Variant.From("500")));
            Add("not equal", false, Severity(FilterOperator.Equals, Variant.From(501L)));
            Add("equals null is unknown", false, Element(FilterOperator.Equals, Field("ConditionClassId"), Literal(Variant.Null)));
            Add("not of unknown is unknown", false, Element(FilterOperator.Not, At(1)), Element(FilterOperator.Equals, Field("ConditionClassId"), Literal(Variant.From(1))));
            Add("is null", true, Element(FilterOperator.IsNull, Field("ConditionClassId")));
            Add("is not null", false, Element(FilterOperator.IsNull, Field("Message")));
            Add("greater", true, Severity(FilterOperator.GreaterThan, Variant.From(499)));
            Add("not greater", false, Severity(FilterOperator.GreaterThan, Variant.From(500)));
            Add("greater or equal", true, Severity(FilterOperator.GreaterThanOrEqual, Variant.From(500)));
            Add("less", false, Severity(FilterOperator.LessThan, Variant.From(500)));
            Add("less or equal", true, Severity(FilterOperator.LessThanOrEqual, Variant.From(500)));
            Add("compared with what has no order", false, Severity(FilterOperator.LessThan, Variant.From(Guid.Empty)));
            Add("compared with NaN", false, Element(FilterOperator.Not, At(1)), Severity(FilterOperator.LessThan, Variant.From(double.NaN)));
            Add("unsigned against negative", true, Severity(FilterOperator.GreaterThan, Variant.From(-1L)));
            Add("times", true, Element(FilterOperator.GreaterThan, Field("Time"), Literal(Time2027)));
            Add("times as text", true, Element(FilterOperator.GreaterThan, Field("Time"), Literal(Variant.From("2027-01-01T00:00:00Z"))));
            Add("like", true, Element(FilterOperator.Like, Field("Message"), Literal(Variant.From("Door [0-9] is %"))));
            Add("not like", false, Element(FilterOperator.Like, Field("Message"), Literal(Variant.From("door%"))));
            Add("between", true, Element(FilterOperator.Between, Field("Severity"), Literal(Variant.From(400)), Literal(Variant.From(500))));
            Add("outside", false, Element(FilterOperator.Between, Field("Severity"), Literal(Variant.From(501)), Literal(Variant.From(600))));
            Add("in list", true, Element(FilterOperator.InList, Field("SourceName"), Literal(Variant.From("Station2")), Literal(Variant.From("Station1"))));
            Add("not in list", false, Element(FilterOperator.InList, Field("SourceName"), Literal(Variant.From("Station2"))));
            Add("and", true, Element(FilterOperator.And, At(1), At(2)), Severity(FilterOperator.LessThan, Variant.From(600)), Severity(FilterOperator.GreaterThan, Variant.From(400)));
            Add("and with unknown", false, Element(FilterOperator.And, At(1), At(2)), Severity(FilterOperator.LessThan, Variant.From(600)), Severity(FilterOperator.GreaterThan, Variant.Null));
            Add("or with unknown", true, Element(FilterOperator.Or, At(1), At(2)), Severity(FilterOperator.GreaterThan, Variant.Null), Severity(FilterOperator.LessThan, Variant.From(600)));
            Add("or", false, Element(FilterOperator.Or, At(1), At(2)), Severity(FilterOperator.LessThan, Variant.From(1)), Severity(FilterOperator.GreaterThan, Variant.From(900)));
            Add("not", true, Element(FilterOperator.Not, At(1)), Severity(FilterOperator.LessThan, Variant.From(1)));
            Add("of type", true, Element(FilterOperator.OfType, Literal(Variant.From(new NodeId(ObjectTypeIds.BaseEventType)))));
            Add("of another type", false, Element(FilterOperator.OfType, Literal(Variant.From(new NodeId(ObjectTypeIds.SystemEventType)))));
            Add("cast", true, Element(FilterOperator.Equals, At(1), Literal(Variant.From("500"))), Element(FilterOperator.Cast, Field("Severity"), Literal(Variant.From(new NodeId(DataTypeIds.String)))));
            Add("cast that does not fit", true, Element(FilterOperator.IsNull, At(1)), Element(FilterOperator.Cast, Field("Severity"), Literal(Variant.From(new NodeId(DataTypeIds.Byte)))));
            Add("bits", true, Element(FilterOperator.Equals, At(1), Literal(Variant.From(4))), Element(FilterOperator.BitwiseAnd, Field("Severity"), Literal(Variant.From((byte)0x0F))));
            Add("more bits", true, Element(FilterOperator.Equals, At(1), Literal(Variant.From(501))), Element(FilterOperator.BitwiseOr, Field("Severity"), Literal(Variant.From(1))));
            Add("a literal", false, Element(FilterOperator.Not, Literal(Variant.From(true))));
            return data;
        }
    }

    public static TheoryData<string, ContentFilterElement, uint, uint[]> Refused
    {
        get
        {
            var message = Field("Message");
            var one = Literal(Variant.From(1));
            return new()
            {
                { "in view", Element(FilterOperator.InView, one), StatusCodes.BadFilterOperatorUnsupported, [] },
                { "related to", Element(FilterOperator.RelatedTo, one), StatusCodes.BadFilterOperatorUnsupported, [] },
                { "no such operator", Element((FilterOperator)99, one), StatusCodes.BadFilterOperatorInvalid, [] },
                { "too few", Element(FilterOperator.Equals, message), StatusCodes.BadFilterOperandCountMismatch, [] },
                { "too many", Element(FilterOperator.Not, message, one), StatusCodes.BadFilterOperandCountMismatch, [] },
                { "itself", Element(FilterOperator.Not, At(0)), StatusCodes.BadFilterOperandInvalid, [StatusCodes.BadFilterOperandInvalid] },
                { "beyond the end", Element(FilterOperator.Not, At(1)), StatusCodes.BadFilterOperandInvalid, [StatusCodes.BadFilterOperandInvalid] },
                { "no such field", Element(FilterOperator.Equals, Field("Nonsense"), one), StatusCodes.BadFilterOperandInvalid, [StatusCodes.BadNodeIdUnknown, StatusCodes.Good] },
                { "attribute operand", Element(FilterOperator.IsNull, new AttributeOperand()), StatusCodes.BadFilterOperandInvalid, [StatusCodes.BadFilterOperandInvalid] },
                { "no structure of filters", Element(FilterOperator.IsNull, new Argument()), StatusCodes.BadFilterOperandInvalid, [StatusCodes.BadFilterOperandInvalid] },
                { "of no type", Element(FilterOperator.OfType, one), StatusCodes.BadFilterOperandInvalid, [StatusCodes.BadFilterLiteralInvalid] },
                { "cast to no type", Element(FilterOperator.Cast, message, Literal(Variant.From(new NodeId(84)))), StatusCodes.BadFilterOperandInvalid, [StatusCodes.Good, StatusCodes.BadFilterLiteralInvalid] },
                { "bad pattern", Element(FilterOperator.Like, message, Literal(Variant.From("[abc"))), StatusCodes.BadFilterOperandInvalid, [StatusCodes.Good, StatusCodes.BadFilterLiteralInvalid] },
                { "pattern too long", Element(FilterOperator.Like, message, Literal(Variant.From(new string('%', 5000)))), StatusCodes.BadFilterOperandInvalid, [StatusCodes.Good, StatusCodes.BadFilterLiteralInvalid] },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void Lets_through_what_it_should(string name, ContentFilterElement[] elements, bool expected)
    {
        Assert.True(harness.Monitor(Filter(Fields("Message"), elements)).StatusCode.IsGood, name);
        harness.Raise("Door 7 is open", 500);
        Assert.Equal(expected, harness.Next().Length == 1);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_clause_that_can_not_run_is_refused_with_the_reason(string name, ContentFilterElement element, uint expected, uint[] operands)
    {
        var created = harness.Monitor(Filter(Fields("Message"), element));
        Assert.Equal(StatusCodes.BadEventFilterInvalid, created.StatusCode.Value);
        var result = created.FilterResult!.As<EventFilterResult>()!.WhereClauseResult.ElementResults[0];
        Assert.Equal((name, expected), (name, result.StatusCode.Value));
        if (operands.Length != 0)
            Assert.Equal(operands, result.OperandStatusCodes.Select(s => s.Value));
    }

    [Fact]
    public void A_type_includes_its_subtypes()
    {
        var type = harness.Server.Space.AddEventType("TripType", ObjectTypeIds.SystemEventType);
        harness.Monitor(Filter(Fields("Message"), Element(FilterOperator.OfType, Literal(Variant.From(new NodeId(ObjectTypeIds.SystemEventType))))));
        harness.Raise("in", type: type);
        harness.Raise("out");
        Assert.Equal(["in"], harness.NextTexts());
    }

    [Fact]
    public void Elements_that_share_operands_cost_no_more_than_they_are()
    {
        // Each element uses the next one twice: two to the power of 199 paths.
        var elements = Enumerable.Range(1, 199).Select(i => Element(FilterOperator.Or, At((uint)i), At((uint)i))).Append(Element(FilterOperator.IsNull, Field("ConditionClassId")));
        Assert.True(harness.Monitor(Filter(Fields("Message"), elements)).StatusCode.IsGood);
        harness.Raise("a");
        Assert.Single(harness.Next());
    }

    [Fact]
    public void Too_many_elements_and_operands_are_refused()
    {
        var many = Enumerable.Repeat(Element(FilterOperator.IsNull, Field("Message")), 10_000);
        Assert.Equal(StatusCodes.BadEventFilterInvalid, harness.Monitor(Filter(Fields("Message"), many)).StatusCode.Value);
        IUaStructure[] operands = [.. Enumerable.Repeat(Literal(Variant.From(1)), 10_000)];
        Assert.Equal(StatusCodes.BadEventFilterInvalid, harness.Monitor(Filter(Fields("Message"), Element(FilterOperator.InList, operands))).StatusCode.Value);
    }

    [Fact]
    public void A_pattern_made_to_take_forever_does_not()
    {
        var pattern = string.Concat(Enumerable.Repeat("%a", 127)) + "b";
        Assert.True(harness.Monitor(Filter(Fields("Severity"), Element(FilterOperator.Like, Field("Message"), Literal(Variant.From(pattern))))).StatusCode.IsGood);
        harness.Raise(new string('a', 100_000));
        Assert.Empty(harness.Next());
    }
}
