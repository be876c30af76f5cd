using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>HistoryRead of raw values (OPC 10000-4, 5.11.3; OPC 10000-11, 6.5.3).</summary>
internal sealed class HistoryService(Space space, ServerLimits limits)
{
    public HistoryReadResponse Read(Session session, HistoryReadRequest request)
    {
        if (request.NodesToRead.Length == 0)
            return new HistoryReadResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.NodesToRead.Length > limits.MaxNodesPerHistoryRead)
            return new HistoryReadResponse().Fail(StatusCodes.BadTooManyOperations);

        // Whoever releases points need not say what they were for.
        if (request.ReleaseContinuationPoints)
            return new HistoryReadResponse { Results = [.. request.NodesToRead.Select(node => Release(session, node))] };
        if (request.TimestampsToReturn is < TimestampsToReturn.Source or >= TimestampsToReturn.Neither)
            return new HistoryReadResponse().Fail(StatusCodes.BadTimestampsToReturnInvalid);
        if (request.HistoryReadDetails?.Decoded is not ReadRawModifiedDetails details || details.IsReadModified)
            return new HistoryReadResponse().Fail(StatusCodes.BadHistoryOperationUnsupported);
        var start = UaDateTime.TicksOf(details.StartTime);
        var end = UaDateTime.TicksOf(details.EndTime);

        // 6.5.3.2: two of start, end and number are needed to know what is asked for.
        if ((start == 0 ? 0 : 1) + (end == 0 ? 0 : 1) + (details.NumValuesPerNode == 0 ? 0 : 1) < 2)
            return new HistoryReadResponse().Fail(StatusCodes.BadHistoryOperationInvalid);
        var asked = new Asked(start, end, details.NumValuesPerNode, details.ReturnBounds, request.TimestampsToReturn);
        var points = limits.MaxHistoryContinuationPoints;
        var results = new HistoryReadResult[request.NodesToRead.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = Read(session, request.NodesToRead[i], asked, ref points);
        return new HistoryReadResponse { Results = results };
    }

    private static HistoryReadResult Release(Session session, HistoryReadValueId target) =>
        new() { StatusCode = session.HistoryPoints.Take(target.ContinuationPoint) is null ? StatusCodes.BadContinuationPointInvalid : StatusCodes.Good };

    private HistoryReadResult Read(Session session, HistoryReadValueId target, Asked asked, ref int points)
    {
        var (start, end, wanted, bounds, timestamps) = asked;
        if (space.Find(target.NodeId) is not { } node)
            return Failed(StatusCodes.BadNodeIdUnknown);
        if (AccessCheck.Check(node, PermissionType.ReadHistory, session.Rights) is { IsBad: true } denied)
            return Failed(denied);
        if (node is not VariableNode { History: { } history } variable || (variable.AccessLevel & AccessLevelType.HistoryRead) == 0)
            return Failed(StatusCodes.BadHistoryOperationUnsupported);
        if (!NumericRange.TryParse(target.IndexRange, out var range))
            return Failed(StatusCodes.BadIndexRangeInvalid);
        if (AttributeService.CheckDataEncoding(node, AttributeIds.Value, target.DataEncoding) is { IsBad: true } refused)
            return Failed(refused);
        HistoryPoint? resumed = null;
        if (target.ContinuationPoint is { Length: > 0 } id)
        {
            // Taken out whatever it is for: a point serves once, and for the node it was given for.
            resumed = session.HistoryPoints.Take(id);
            if (resumed is null || resumed.Node != target.NodeId)
                return Failed(StatusCodes.BadContinuationPointInvalid);
        }

        // With one end open the number bounds the whole reading; with both ends known it is the size of a page.
        var isPage = start != 0 && end != 0;
        var left = isPage || resumed is null ? wanted : resumed.Wanted;
        var max = (int)Math.Min(left == 0 ? uint.MaxValue : left, (uint)limits.MaxValuesPerHistoryRead);
        var found = Collect(history, start, end, bounds, max, resumed, out var more);
        byte[]? next = null;
        if (more && (isPage || max < left))
        {
            // Points of earlier requests give way to new ones, those of this very request do not (7.9).
            if (points-- <= 0)
                return Failed(StatusCodes.BadNoContinuationPoints);
            var skip = found.Count(v => v.SourceTicks == found[^1].SourceTicks);
            if (resumed is not null && resumed.Ticks == found[^1].SourceTicks)
                skip += resumed.Skip;
            next = session.HistoryPoints.Add(new HistoryPoint(target.NodeId, found[^1].SourceTicks, skip, isPage ? wanted : left - (uint)found.Count));
        }

        return new HistoryReadResult
        {
            StatusCode = found.Count == 0 ? StatusCodes.GoodNoData : StatusCodes.Good,
            ContinuationPoint = next,
            HistoryData = new ExtensionObject(new HistoryData { DataValues = [.. found.Select(value => Select(value, range, timestamps))] }),
        };
    }

    private static List<DataValue> Collect(IVariableHistory history, long start, long end, bool bounds, int max, HistoryPoint? resumed, out bool more)
    {
        // Backwards when the end lies before the start, or when only the end is known.
        var backwards = start == 0 || (end != 0 && end < start);
        var found = new List<DataValue>();
        var skip = resumed?.Skip ?? 0;
        more = false;
        foreach (var value in Interval(history.Snapshot(), start, end, backwards, bounds))
        {
            if (resumed is not null && (backwards ? value.SourceTicks > resumed.Ticks : value.SourceTicks < resumed.Ticks))
                continue;
            if (value.SourceTicks == resumed?.Ticks && skip > 0)
            {
                skip--;
                continue;
            }

            if (found.Count == max)
            {
                more = true;
                break;
            }

            found.Add(value);
        }

        return found;
    }

    // The start is part of the interval, the end is not, in either direction (6.5.3.2). A bound is the value at the end of the
    // interval or the nearest one beyond it; where there is none, a null value says so.
    private static IEnumerable<DataValue> Interval(IReadOnlyList<DataValue> values, long start, long end, bool backwards, bool bounds)
    {
        var first = Edge(start == 0 ? end : start);
        var last = start == 0 || end == 0 ? values.Count : Edge(end);
        while (start == end && last < values.Count && At(last).SourceTicks == end)
            last++; // an interval without length asks for that very instant
        if (bounds && start != 0 && !(first < values.Count && At(first).SourceTicks == start))
            yield return first > 0 ? At(first - 1) : new DataValue(Variant.Null, StatusCodes.BadBoundNotFound, start);
        for (var i = first; i < last; i++)
            yield return At(i);
        if (bounds && start != 0 && end != 0 && start != end)
            yield return last < values.Count ? At(last) : new DataValue(Variant.Null, StatusCodes.BadBoundNotFound, end);

        DataValue At(int index) => values[backwards ? values.Count - 1 - index : index];

        // The first position at or beyond a time in reading direction.
        int Edge(long ticks)
        {
            var index = 0;
            while (index < values.Count && (backwards ? At(index).SourceTicks > ticks : At(index).SourceTicks < ticks))
                index++;
            return index;
        }
    }

    private static DataValue Select(DataValue value, NumericRange range, TimestampsToReturn timestamps)
    {
        // A value without data, such as a bound that was not found, keeps its status: there is nothing to select from.
        var part = value.Value;
        var status = value.Status;
        if (!range.IsEmpty && !status.IsBad && range.Select(value.Value, out part) is { IsBad: true } outside)
            status = outside;
        return new DataValue(
            part,
            status,
            timestamps is TimestampsToReturn.Source or TimestampsToReturn.Both ? value.SourceTicks : 0,
            timestamps is TimestampsToReturn.Server or TimestampsToReturn.Both ? value.ServerTicks : 0);
    }

    /// <summary>What one request asks of each of its nodes; ticks are UTC, 0 = open.</summary>
    private sealed record Asked(long Start, long End, uint Wanted, bool Bounds, TimestampsToReturn Timestamps);

    private static HistoryReadResult Failed(StatusCode status) => new() { StatusCode = status };
}
