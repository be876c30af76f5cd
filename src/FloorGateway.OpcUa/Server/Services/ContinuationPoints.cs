using System.Buffers.Binary;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>Where a Browse stopped.</summary>
internal sealed record BrowsePoint(Node Node, BrowseDescription Description, int NextIndex, int MaxReferences);

/// <summary>Where a HistoryRead of one node stopped: a source time, how many values of that very time were given, how many are still wanted (0 = all).</summary>
internal sealed record HistoryPoint(NodeId Node, long Ticks, int Skip, uint Wanted);

/// <summary>
/// The continuation points of a session for one service (OPC 10000-4, 7.9). A new one takes the place of the oldest when there are too many.
/// </summary>
internal sealed class ContinuationPoints<T>(int max)
    where T : class
{
    private readonly Lock gate = new();
    private readonly OrderedDictionary<ulong, T> points = [];
    private ulong lastId = (ulong)Random.Shared.NextInt64(1, long.MaxValue / 2);

    public int Count
    {
        get
        {
            lock (gate)
                return points.Count;
        }
    }

    public byte[] Add(T point)
    {
        lock (gate)
        {
            if (points.Count >= max && points.Count != 0)
                points.RemoveAt(0);
            points.Add(++lastId, point);
            var id = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(id, lastId);
            return id;
        }
    }

    /// <summary>Takes a point out: each serves once.</summary>
    public T? Take(byte[]? id)
    {
        if (id is not { Length: 8 })
            return null;
        lock (gate)
            return points.Remove(BinaryPrimitives.ReadUInt64LittleEndian(id), out var point) ? point : null;
    }
}
