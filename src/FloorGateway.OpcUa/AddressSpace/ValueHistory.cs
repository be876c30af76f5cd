using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>Past values of a variable, for HistoryRead (OPC 10000-11).</summary>
public interface IVariableHistory
{
    /// <summary>All values kept, oldest source time first.</summary>
    IReadOnlyList<DataValue> Snapshot();
}

/// <summary>Keeps the last values of a variable in memory: what equipment with a small buffer of its own offers.</summary>
public sealed class ValueHistory : IVariableHistory, IValueSubscriber
{
    private readonly Lock gate = new();
    private readonly DataValue[] ring;
    private int head;
    private int count;

    internal ValueHistory(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ring = new DataValue[capacity];
    }

    public IReadOnlyList<DataValue> Snapshot()
    {
        DataValue[] values;
        lock (gate)
        {
            values = new DataValue[count];
            for (var i = 0; i < count; i++)
                values[i] = ring[(head + i) % ring.Length];
        }

        // Source times may run backwards where a clock was set; a stable sort keeps equal times in their order.
        return values.Zip(values.Skip(1)).All(pair => pair.First.SourceTicks <= pair.Second.SourceTicks) ? values : [.. values.OrderBy(v => v.SourceTicks)];
    }

    void IValueSubscriber.OnValueChanged(in Variant value, StatusCode status, long sourceTicks, long serverTicks, bool changed)
    {
        if (status.Value == StatusCodes.BadWaitingForInitialData)
            return;
        lock (gate)
        {
            ring[(head + count) % ring.Length] = new DataValue(value, status, sourceTicks, serverTicks);
            if (count == ring.Length)
                head = (head + 1) % ring.Length;
            else
                count++;
        }
    }
}
