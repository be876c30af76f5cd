using System.Buffers;
using System.Buffers.Binary;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>
/// What a subscription's items have to report, encoded for the wire as it happens, in memory that becomes the message's own. It takes plain values of
/// items that report every change; all else waits in the items' own queues. When anything out of the ordinary comes (a queue would overflow, an item
/// changes or goes) the entries <see cref="Spill"/> into those queues, which know the rules of OPC 10000-4, 5.13.1.5. Its gate guards the items too.
/// </summary>
internal sealed class ChangeLog
{
    /// <summary>Room for 120,000 values of eight bytes with both timestamps; then the queues take over.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private const int MaxEntryBytes = 4 + 1 + 1 + 8 + 4 + 8 + 8;
    private const int FirstCapacity = 16;

    /// <summary>Bytes before the first entry, for what comes before it in the message.</summary>
    private const int Headroom = PooledBuffer.Room + Subscription.DataChangesOffset;

    /// <summary>Bytes behind the last entry, for what comes after it.</summary>
    private const int Tailroom = 64;

    // Null, Boolean to Double, DateTime and StatusCode.
    private const uint InPlace = 0xFFF | (1u << (int)BuiltInType.DateTime) | (1u << (int)BuiltInType.StatusCode);

    private byte[] bytes = [];
    private Entry[] entries = [];
    private int gate;
    private int length = Headroom;
    private int count;
    private int taken;
    private int expected; // bytes, for the next message will be much like the last
    private bool overflown;

    /// <summary>Values that the items' queues may hold together: the log never holds more.</summary>
    public long Capacity { get; set; }

    /// <summary>Changes whenever the log is emptied; an item's count of entries belongs to one of them.</summary>
    public uint Generation { get; private set; } = 1;

    /// <summary>True when nothing waits; may be read outside the gate.</summary>
    public bool IsEmpty => Volatile.Read(ref count) == 0;

    private int Start => taken == 0 ? Headroom : entries[taken - 1].End;

    /// <summary>True for the values it takes: numbers, booleans, times and status codes, which lie in place, and null.</summary>
    public static bool Holds(in Variant value) => !value.IsArray && (InPlace >> (int)value.Type & 1) != 0;

    /// <summary>A spin lock: what is done inside is short.</summary>
    public void Enter()
    {
        if (Interlocked.CompareExchange(ref gate, 1, 0) == 0)
            return;
        SpinWait spin = default;
        do
            spin.SpinOnce();
        while (Interlocked.CompareExchange(ref gate, 1, 0) != 0);
    }

    public void Exit() => Volatile.Write(ref gate, 0);

    /// <summary>Adds a MonitoredItemNotification (7.22.2). Only inside the gate.</summary>
    /// <param name="item">Whose.</param>
    /// <param name="clientHandle">Its handle.</param>
    /// <param name="value">A value kept in place.</param>
    /// <param name="status">Its quality.</param>
    /// <param name="sourceTicks">UTC .NET ticks; 0 = not wanted.</param>
    /// <param name="serverTicks">UTC .NET ticks; 0 = not wanted.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryAppend(MonitoredItem item, uint clientHandle, in Variant value, StatusCode status, long sourceTicks, long serverTicks)
    {
        if ((count == entries.Length || bytes.Length - length < MaxEntryBytes + Tailroom) && !Grow())
            return false;
        var target = bytes.AsSpan(length, MaxEntryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target, clientHandle);
        var mask = 0;
        var position = 5;
        if (value.Type != BuiltInType.Null)
        {
            mask = 1;
            target[5] = (byte)value.Type;
            var bits = value.Type == BuiltInType.DateTime ? (ulong)UaDateTime.ToWire((long)value.ScalarBits) : value.ScalarBits;
            BinaryPrimitives.WriteUInt64LittleEndian(target[6..], bits); // the low bytes come first, so shorter types are its beginning
            position = 6 + SizeOf(value.Type);
        }

        if (status.Value != 0)
        {
            mask |= 2;
            BinaryPrimitives.WriteUInt32LittleEndian(target[position..], status.Value);
            position += 4;
        }

        if (sourceTicks != 0)
        {
            mask |= 4;
            BinaryPrimitives.WriteInt64LittleEndian(target[position..], UaDateTime.ToWire(sourceTicks));
            position += 8;
        }

        if (serverTicks != 0)
        {
            mask |= 8;
            BinaryPrimitives.WriteInt64LittleEndian(target[position..], UaDateTime.ToWire(serverTicks));
            position += 8;
        }

        target[4] = (byte)mask;
        length += position;
        ref var entry = ref entries[count];
        entry.Item = item;
        entry.End = length;
        Volatile.Write(ref count, count + 1);
        return true;
    }

    /// <summary>Says that an item has more entries than its queue may hold: they are sorted out before anything is sent. Only inside the gate.</summary>
    public void MarkOverflow() => overflown = true;

    /// <summary>Begins a message with the oldest entries, behind room for <see cref="Subscription.DataChangesOffset"/> bytes.</summary>
    /// <param name="message">Where to; empty.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="maxBytes">Size of the message after which the rest waits: the entry that reaches it is the last.</param>
    /// <returns>How many there were.</returns>
    public int Take(PooledBuffer message, int max, int maxBytes)
    {
        Enter();
        try
        {
            if (overflown)
                Spill();
            if (count == 0)
            {
                message.GetSpan(Subscription.DataChangesOffset);
                message.Advance(Subscription.DataChangesOffset);
                return 0;
            }

            var start = Start;
            var fitting = count - taken;
            maxBytes -= Subscription.DataChangesOffset;
            if (fitting > max || length - start > maxBytes)
                fitting = Math.Min(max, FirstEndingAt(start + (long)maxBytes) + 1 - taken);
            if (fitting == count)
            {
                message.Adopt(bytes, length - PooledBuffer.Room);
                expected = length;
                bytes = [];
                Reset();
                return fitting;
            }

            var end = entries[taken + fitting - 1].End;
            var size = Subscription.DataChangesOffset + end - start;
            bytes.AsSpan(start, end - start).CopyTo(message.GetSpan(size + Tailroom)[Subscription.DataChangesOffset..]);
            message.Advance(size);
            taken += fitting;
            if (taken == count)
                Reset();
            return fitting;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Hands all entries to the queues of their items. Only inside the gate.</summary>
    public void Spill()
    {
        var reader = new UaReader(bytes.AsSpan(Start, length - Start));
        for (var i = taken; i < count; i++)
        {
            reader.ReadUInt32(); // the handle
            entries[i].Item!.Requeue(reader.ReadDataValue());
        }

        Array.Clear(entries, 0, count); // so that deleted items go
        Reset();
    }

    /// <summary>Gives the memory back; a value that comes all the same finds new.</summary>
    public void Close()
    {
        Enter();
        if (bytes.Length != 0)
            ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
        Reset();
        Exit();
    }

    private static int SizeOf(BuiltInType type) => type switch
    {
        BuiltInType.Boolean or BuiltInType.SByte or BuiltInType.Byte => 1,
        BuiltInType.Int16 or BuiltInType.UInt16 => 2,
        BuiltInType.Int32 or BuiltInType.UInt32 or BuiltInType.Float or BuiltInType.StatusCode => 4,
        _ => 8,
    };

    private void Reset()
    {
        length = Headroom;
        taken = 0;
        overflown = false;
        Generation++;
        Volatile.Write(ref count, 0);
    }

    // The first entry that ends at a position or behind it; the last one when all end before.
    private int FirstEndingAt(long position)
    {
        int low = taken, high = count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].End < position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private bool Grow()
    {
        if (count >= Capacity || length + MaxEntryBytes > MaxBytes)
            return false;
        if (count == entries.Length)
            Array.Resize(ref entries, (int)Math.Min(Math.Max(entries.Length * 2, FirstCapacity), Capacity));
        if (bytes.Length - length >= MaxEntryBytes + Tailroom)
            return true;
        var size = bytes.Length == 0 ? Math.Max(expected, Headroom + (FirstCapacity * MaxEntryBytes)) : Math.Min(bytes.Length * 2, MaxBytes);
        var larger = ArrayPool<byte>.Shared.Rent(size + MaxEntryBytes + Tailroom);
        bytes.AsSpan(0, bytes.Length == 0 ? 0 : length).CopyTo(larger);
        if (bytes.Length != 0)
            ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
        return true;
    }

    private struct Entry
    {
        public MonitoredItem? Item;

        /// <summary>Where the next one begins.</summary>
        public int End;
    }
}
