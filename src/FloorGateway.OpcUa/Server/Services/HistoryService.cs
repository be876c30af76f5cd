using System.Buffers.Binary;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>HistoryRead of raw values (OPC 10000-4, 5.11.3; OPC 10000-11, 6.5.3). A continuation point says all by itself, so none is kept.</summary>
internal sealed class HistoryService(Space space, ServerLimits limits)
{
    private const int PointLength = 12;

    public HistoryReadResponse Read(HistoryReadRequest request)
    {
        if (request.NodesToRead.Length == 0)
            return new HistoryReadResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.NodesToRead.Length > limits.MaxNodesPerHistoryRead)
            return new HistoryReadResponse().Fail(StatusCodes.BadTooManyOperations);
        if (request.TimestampsToReturn is < TimestampsToReturn.Source or >= TimestampsToReturn.Neither)
            return new HistoryReadResponse().Fail(StatusCodes.BadTimestampsToReturnInvalid);
        if (request.HistoryReadDetails?.Decoded is not ReadRawModifiedDetails details || details.IsReadModified)
            return new HistoryReadResponse().Fail(StatusCodes.BadHistoryOperationUnsupported);
        var start = UaDateTime.TicksOf(details.StartTime);
        var end = UaDateTime.TicksOf(details.EndTime);

        // 6.5.3.2: two of start, end and number are needed to know what is asked for.
        if ((start == 0 ? 0 : 1) + (end == 0 ? 0 : 1) + (details.NumValuesPerNode == 0 ? 0 : 1) < 2)
            return new HistoryReadResponse().Fail(StatusCodes.BadHistoryOperationInvalid);
        return new HistoryReadResponse
        {
            Results = [.. request.NodesToRead.Select(node => request.ReleaseContinuationPoints ? new HistoryReadResult() : Read(node, start, end, details.NumValuesPerNode, details.ReturnBounds, request.TimestampsToReturn))],
        };
    }

    private HistoryReadResult Read(HistoryReadValueId target, long start, long end, uint wanted, bool bounds, TimestampsToReturn timestamps)
    {
        if (space.Find(target.NodeId) is not { } node)
            return new HistoryReadResult { StatusCode = StatusCodes.BadNodeIdUnknown };
        if (node is not VariableNode { History: { } history } variable || (variable.AccessLevel & AccessLevelType.HistoryRead) == 0)
            return new HistoryReadResult { StatusCode = StatusCodes.BadHistoryOperationUnsupported };
        if (!NumericRange.TryParse(target.IndexRange, out var range))
            return new HistoryReadResult { StatusCode = StatusCodes.BadIndexRangeInvalid };
        var resumeAt = 0L;
        var skip = 0;
        if (target.ContinuationPoint is { Length: > 0 } point && !TryReadPoint(point, out resumeAt, out skip))
            return new HistoryReadResult { StatusCode = StatusCodes.BadContinuationPointInvalid };

        // Backwards when the end lies before the start, or when only the end is known.
        var backwards = start == 0 || (end != 0 && end < start);
        var max = (int)Math.Min(wanted == 0 ? uint.MaxValue : wanted, (uint)limits.MaxValuesPerHistoryRead);
        var found = new List<DataValue>();
        byte[]? next = null;
        foreach (var value in Interval(history.Snapshot(), start, end, backwards, bounds))
        {
            if (resumeAt != 0 && (backwards ? value.SourceTicks > resumeAt : value.SourceTicks < resumeAt))
                continue;
            if (value.SourceTicks == resumeAt && skip > 0)
            {
                skip--;
                continue;
            }

            if (found.Count == max)
            {
                // With one end open the number is all that was asked for; with both ends known there is more to have.
                if ((start != 0 && end != 0) || max < wanted || wanted == 0)
                    next = WritePoint(found[^1].SourceTicks, found, resumeAt, target.ContinuationPoint);
                break;
            }

            found.Add(value);
        }

        return new HistoryReadResult
        {
            StatusCode = found.Count == 0 ? StatusCodes.GoodNoData : StatusCodes.Good,
            ContinuationPoint = next,
            HistoryData = new ExtensionObject(new HistoryData { DataValues = [.. found.Select(value => Select(value, range, timestamps))] }),
        };
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
        var status = range.Select(value.Value, out var part);
        return new DataValue(
            part,
            status.IsBad ? status : value.Status,
            timestamps is TimestampsToReturn.Source or TimestampsToReturn.Both ? value.SourceTicks : 0,
            timestamps is TimestampsToReturn.Server or TimestampsToReturn.Both ? value.ServerTicks : 0);
    }

    private static bool TryReadPoint(byte[] point, out long ticks, out int skip)
    {
        ticks = point.Length == PointLength ? BinaryPrimitives.ReadInt64LittleEndian(point) : 0;
        skip = point.Length == PointLength ? BinaryPrimitives.ReadInt32LittleEndian(point.AsSpan(8)) : 0;
        return ticks > 0 && skip >= 0;
    }

    // Where to go on: a time, and how many values of that very time were given already.
    private static byte[] WritePoint(long ticks, List<DataValue> given, long resumedAt, byte[]? resumed)
    {
        var skip = given.Count(v => v.SourceTicks == ticks);
        if (resumedAt == ticks && resumed is not null)
            skip += BinaryPrimitives.ReadInt32LittleEndian(resumed.AsSpan(8));
        var point = new byte[PointLength];
        BinaryPrimitives.WriteInt64LittleEndian(point, ticks);
        BinaryPrimitives.WriteInt32LittleEndian(point.AsSpan(8), skip);
        return point;
    }
}
