using FloorGateway.OpcUa.Client.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class EventSelectionTests
{
    private static readonly string[] Uris = [Namespaces.OpcUa, "urn:server", "http://example.com/UA/"];

    [Fact]
    public void Namespaces_are_those_of_the_server()
    {
        var filter = EventSelection.Base.Select("nsu=http://example.com/UA/;Serial", new ExpandedNodeId(new NodeId(0, "PartType"), "http://example.com/UA/")).ToFilter(Uris);
        var clause = filter.SelectClauses[^1];
        Assert.Equal(new NodeId(2, "PartType"), clause.TypeDefinitionId);
        Assert.Equal([new QualifiedName(2, "Serial")], clause.BrowsePath);
        Assert.Equal([new QualifiedName("EventId")], filter.SelectClauses[0].BrowsePath);
        Assert.Empty(filter.WhereClause.Elements);
    }

    [Fact]
    public void A_field_in_a_namespace_that_the_server_lacks_keeps_its_place()
    {
        var filter = EventSelection.Base.Select("nsu=http://elsewhere.example/;X").Select("LocalTime").ToFilter(Uris);
        Assert.Equal(ushort.MaxValue, filter.SelectClauses[^2].BrowsePath[0].NamespaceIndex);
        Assert.Equal("LocalTime", filter.SelectClauses[^1].BrowsePath[0].Name);
    }

    [Fact]
    public void Conditions_refer_forward_to_their_parts()
    {
        var where = (EventWhere.Field("Severity").AtLeast(Variant.From(500)) | EventWhere.Field("SourceName").Like("Press%")) & !EventWhere.OfType(new NodeId(ObjectTypeIds.SystemEventType));
        var elements = EventSelection.Base.Where(where).ToFilter(Uris).WhereClause.Elements;
        Assert.Equal([FilterOperator.And, FilterOperator.Or, FilterOperator.Not, FilterOperator.GreaterThanOrEqual, FilterOperator.Like, FilterOperator.OfType], elements.Select(e => e.FilterOperator));
        Assert.Equal([1u, 2u], Indexes(elements[0]));
        Assert.Equal([3u, 4u], Indexes(elements[1]));
        Assert.Equal([5u], Indexes(elements[2]));

        static IEnumerable<uint> Indexes(ContentFilterElement element) => element.FilterOperands.Select(o => o!.As<ElementOperand>()!.Index);
    }

    [Fact]
    public void Equal_selections_are_equal_and_others_are_not()
    {
        var one = EventSelection.Base.Where(EventWhere.Field("Severity").AtLeast(Variant.From(500)));
        Assert.Equal(one, EventSelection.Base.Where(EventWhere.Field("Severity").AtLeast(Variant.From(500))));
        Assert.NotEqual(one, EventSelection.Base.Where(EventWhere.Field("Severity").AtLeast(Variant.From(501))));
        Assert.NotEqual(one, one.Select("LocalTime"));
    }

    [Fact]
    public void Reading_never_throws()
    {
        var time = new DateTime(2027, 3, 15, 1, 2, 3, DateTimeKind.Utc);
        var e = EventSelection.Base.Read(new EventFieldList
        {
            ClientHandle = 7,
            EventFields = [Variant.From([1, 2]), Variant.From("no node id"), Variant.Null, Variant.From("Press1"), Variant.From(time), Variant.From(1.5), Variant.From(new LocalizedText("de", "Tür offen"))],
        });
        Assert.Equal((7u, "Press1", "Tür offen", time), (e.ClientHandle, e.SourceName, e.Message, e.Time));
        Assert.True(e is { EventId: null, EventType: null, SourceNode: null, ReceiveTime: null, Severity: null, ConditionId: null, IsActive: null, IsRefreshEnd: false });
        Assert.True(e["Nonsense"].IsNull);
    }
}
