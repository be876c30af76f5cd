using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class HistoryServiceTests
{
    private readonly ServerHarness server = new ServerHarness(o => o with { Limits = new ServerLimits { MaxValuesPerHistoryRead = 4 } }).WithSession();
    private readonly VariableNode node;
    private readonly DateTime start;

    public HistoryServiceTests()
    {
        node = server.Space.Objects.AddVariable("v", BuiltInType.Int32);
        node.KeepHistory(10);
        start = server.Clock.GetUtcNow().UtcDateTime;
        for (var i = 0; i < 12; i++)
            node.SetValue(i, default, start.AddSeconds(i));
    }

    [Fact]
    public void The_interval_includes_its_start_and_excludes_its_end() =>
        Assert.Equal([3, 4, 5], Read(start.AddSeconds(3), start.AddSeconds(6)));

    [Fact]
    public void The_oldest_values_give_way() => Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 10, 11], Read(start, start.AddSeconds(60)));

    [Fact]
    public void An_end_before_the_start_reads_backwards() =>
        Assert.Equal([6, 5, 4], Read(start.AddSeconds(6), start.AddSeconds(3)));

    [Fact]
    public void An_interval_without_length_is_that_instant() => Assert.Equal([4], Read(start.AddSeconds(4), start.AddSeconds(4)));

    [Fact]
    public void One_end_and_a_number_are_enough()
    {
        Assert.Equal([5, 6], Read(start.AddSeconds(5), DateTime.MinValue, 2));
        Assert.Equal([8, 7], Read(DateTime.MinValue, start.AddSeconds(8), 2));
        Assert.Equal((StatusCode)StatusCodes.BadHistoryOperationInvalid, server.Fault(Request(start, DateTime.MinValue, 0, null)));
    }

    [Fact]
    public void Bounds_are_the_nearest_values_at_or_beyond_the_ends()
    {
        Assert.Equal([3, 4, 5, 6], Read(start.AddSeconds(3), start.AddSeconds(6), bounds: true));
        Assert.Equal([3, 4, 5, 6], Read(start.AddSeconds(3.5), start.AddSeconds(5.5), bounds: true));
        Assert.Equal([6, 5, 4, 3], Read(start.AddSeconds(5.5), start.AddSeconds(3.5), bounds: true));
        var result = server.Call<HistoryReadResponse>(Request(start.AddHours(1), start.AddHours(2), 0, null, bounds: true)).Results[0].HistoryData!.As<HistoryData>()!;
        Assert.Equal([StatusCodes.Good, StatusCodes.BadBoundNotFound], result.DataValues.Select(v => v.Status.Value));
    }

    [Fact]
    public void Values_of_one_instant_are_neither_lost_nor_doubled_between_pages()
    {
        var burst = server.Space.Objects.AddVariable("b", BuiltInType.Int32);
        burst.KeepHistory(100);
        for (var i = 0; i < 11; i++)
            burst.SetValue(i, default, start);
        Assert.Equal(Enumerable.Range(0, 11), Read(start, start.AddSeconds(1), node: burst.Id));
    }

    [Fact]
    public void Values_come_in_the_order_of_their_source_times()
    {
        var late = server.Space.Objects.AddVariable("l", BuiltInType.Int32);
        late.KeepHistory(100);
        late.SetValue(2, default, start.AddSeconds(2));
        late.SetValue(1, default, start.AddSeconds(1));
        Assert.Equal([1, 2], Read(start, start.AddSeconds(5), node: late.Id));
    }

    [Fact]
    public void Nothing_in_the_interval_is_good_without_data()
    {
        var result = server.Call<HistoryReadResponse>(Request(start.AddHours(1), start.AddHours(2), 0, null)).Results[0];
        Assert.Equal(StatusCodes.GoodNoData, result.StatusCode.Value);
    }

    [Fact]
    public void Variables_without_history_say_so()
    {
        var plain = server.Space.Objects.AddVariable("p", BuiltInType.Int32, value: Variant.From(1));
        Assert.Equal(StatusCodes.BadHistoryOperationUnsupported, server.Call<HistoryReadResponse>(Request(start, start.AddHours(2), 0, null, plain.Id)).Results[0].StatusCode.Value);
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, server.Call<HistoryReadResponse>(Request(start, start.AddHours(2), 0, [1, 2])).Results[0].StatusCode.Value);
        Assert.Equal((true, AccessLevelType.CurrentRead | AccessLevelType.HistoryRead), (node.Historizing, node.AccessLevel));
    }

    [Fact]
    public void A_continuation_point_serves_once_and_only_for_its_node()
    {
        var other = server.Space.Objects.AddVariable("o", BuiltInType.Int32);
        other.KeepHistory(10);
        var point = server.Call<HistoryReadResponse>(Request(start, start.AddHours(1), 0, null)).Results[0].ContinuationPoint!;
        Assert.Equal([6, 7, 8, 9], Values(Request(start, start.AddHours(1), 0, point)));
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, server.Call<HistoryReadResponse>(Request(start, start.AddHours(1), 0, point)).Results[0].StatusCode.Value);
        var another = server.Call<HistoryReadResponse>(Request(start, start.AddHours(1), 0, null)).Results[0].ContinuationPoint!;
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, server.Call<HistoryReadResponse>(Request(start, start.AddHours(1), 0, another, other.Id)).Results[0].StatusCode.Value);
    }

    [Fact]
    public void A_released_point_is_gone()
    {
        var point = server.Call<HistoryReadResponse>(Request(start, start.AddHours(1), 0, null)).Results[0].ContinuationPoint!;
        var release = new HistoryReadRequest { ReleaseContinuationPoints = true, NodesToRead = [new HistoryReadValueId { NodeId = node.Id, ContinuationPoint = point }] };
        Assert.Equal(StatusCodes.Good, server.Call<HistoryReadResponse>(release).Results[0].StatusCode.Value);
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, server.Call<HistoryReadResponse>(release).Results[0].StatusCode.Value);
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, server.Call<HistoryReadResponse>(Request(start, start.AddHours(1), 0, point)).Results[0].StatusCode.Value);
    }

    [Fact]
    public void A_number_with_one_end_open_holds_over_all_pages()
    {
        Assert.Equal([5, 6, 7, 8, 9, 10], Read(start.AddSeconds(5), DateTime.MinValue, 6));
        Assert.Equal([9, 8, 7, 6, 5], Read(DateTime.MinValue, start.AddSeconds(9), 5));
    }

    [Fact]
    public void More_nodes_than_continuation_points_are_told_so()
    {
        var few = new ServerHarness(o => o with { Limits = new ServerLimits { MaxValuesPerHistoryRead = 1, MaxHistoryContinuationPoints = 1 } }).WithSession();
        var nodes = Enumerable.Range(0, 2).Select(i => few.Space.Objects.AddVariable($"n{i}", BuiltInType.Int32)).ToArray();
        foreach (var variable in nodes)
        {
            variable.KeepHistory(10);
            variable.SetValue(1, default, start);
            variable.SetValue(2, default, start.AddSeconds(1));
        }

        var request = Request(start, start.AddHours(1), 0, null);
        request.NodesToRead = [.. nodes.Select(n => new HistoryReadValueId { NodeId = n.Id })];
        Assert.Equal([StatusCodes.Good, StatusCodes.BadNoContinuationPoints], few.Call<HistoryReadResponse>(request).Results.Select(r => r.StatusCode.Value));
    }

    private int[] Values(HistoryReadRequest request) =>
        [.. server.Call<HistoryReadResponse>(request).Results[0].HistoryData!.As<HistoryData>()!.DataValues.Select(v => v.Value.AsInt32())];

    private int[] Read(DateTime from, DateTime to, uint number = 0, NodeId? node = null, bool bounds = false)
    {
        var values = new List<int>();
        byte[]? point = null;
        do
        {
            var result = server.Call<HistoryReadResponse>(Request(from, to, number, point, node, bounds)).Results[0];
            values.AddRange(result.HistoryData!.As<HistoryData>()!.DataValues.Select(v => v.Value.AsInt32()));
            point = result.ContinuationPoint;
        }
        while (point is { Length: > 0 });
        return [.. values];
    }

    private HistoryReadRequest Request(DateTime from, DateTime to, uint number, byte[]? point, NodeId? id = null, bool bounds = false) => new()
    {
        TimestampsToReturn = TimestampsToReturn.Both,
        HistoryReadDetails = new ExtensionObject(new ReadRawModifiedDetails { StartTime = from, EndTime = to, NumValuesPerNode = number, ReturnBounds = bounds }),
        NodesToRead = [new HistoryReadValueId { NodeId = id ?? node.Id, ContinuationPoint = point }],
    };
}
