using System.Buffers.Binary;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal.Columns;

namespace FloorGateway.Pipeline.Journal;

/// <summary>
/// Writes blocks one behind the other into a buffer that is used again. A payload begins with the ledger totals of the servers that the block concerns (not
/// differences: a lost block then costs no count), followed by what its kind says. Samples refer to the sample before them in the same block only, so that every
/// block can be read alone.
/// </summary>
internal sealed class BlockEncoder
{
    private readonly GrowingBuffer buffer = new(1 << 20);
    private readonly string?[] strings = new string?[SampleCode.RememberedStrings];
    private int blockStart;
    private bool moved;
    private int stringCount;
    private int timeUnit;
    private int sampleCount;
    private int previousTag;
    private long previousReceive;
    private long previousSource;
    private uint previousStatus;
    private SampleOrigin previousOrigin;
    private SampleFlags previousFlags;

    public ReadOnlySpan<byte> Written => buffer.Written;

    public int Length => buffer.Length;

    public void Clear() => buffer.Clear();

    public void Begin()
    {
        blockStart = buffer.Length;
        buffer.Reserve(BlockHeader.Size);
        sampleCount = 0;
        timeUnit = 0;
        moved = false;
    }

    /// <summary>Begins a block of a packed segment.</summary>
    /// <param name="offset">Where what it holds began in the segment before.</param>
    /// <param name="length">Bytes that it took there.</param>
    public void BeginMoved(long offset, long length)
    {
        Begin();
        moved = true;
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Reserve(8), offset);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Reserve(8), length);
    }

    /// <summary>Writes a payload as it was.</summary>
    public void WritePayload(ReadOnlySpan<byte> payload) => buffer.Write(payload);

    /// <summary>Writes samples as columns.</summary>
    /// <param name="columns">The encoder; owned by the caller, because few need one.</param>
    /// <param name="samples">In journal order.</param>
    /// <param name="unit">Index into <see cref="SampleCode.TimeUnits"/> of which all source times are multiples.</param>
    /// <param name="baseTime">The header's smallest receive time.</param>
    public void WriteColumns(ColumnEncoder columns, ReadOnlySpan<Sample> samples, int unit, long baseTime)
    {
        timeUnit = unit;
        sampleCount = samples.Length;
        columns.Write(samples, unit, baseTime, buffer);
    }

    public void WriteTotals(ReadOnlySpan<int> servers, ReadOnlySpan<ServerTotals> totals)
    {
        buffer.WriteVarint((ulong)servers.Length);
        foreach (var server in servers)
        {
            ref readonly var t = ref totals[server];
            buffer.WriteVarint((ulong)server);
            buffer.WriteVarint((ulong)t.Received);
            buffer.WriteVarint((ulong)t.SuppressedDeadband);
            buffer.WriteVarint((ulong)t.SuppressedDuplicate);
            buffer.WriteVarint((ulong)t.Journaled);
            buffer.WriteVarint((ulong)t.Gaps);
            BinaryPrimitives.WriteInt64LittleEndian(buffer.Reserve(8), t.LastComplete);
        }
    }

    public void WriteNames(int first, IReadOnlyList<string?> names)
    {
        buffer.WriteVarint((ulong)(names.Count - first));
        for (var i = first; i < names.Count; i++)
        {
            buffer.WriteVarint((ulong)i);
            ValueCodec.WriteString(buffer, names[i] ?? $"(unnamed {i})");
        }
    }

    public void WriteGapCount(int count) => buffer.WriteVarint((ulong)count);

    public void WriteGap(GapRecord gap)
    {
        ValueCodec.WriteString(buffer, gap.Server);
        buffer.WriteByte(gap.Tag is null ? (byte)0 : (byte)1);
        if (gap.Tag is not null)
            ValueCodec.WriteString(buffer, gap.Tag);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Reserve(8), gap.From);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Reserve(8), gap.To);
        ValueCodec.WriteString(buffer, gap.Cause);
    }

    /// <summary>Readies the open block for samples whose source times are all multiples of the unit.</summary>
    /// <param name="unit">Index into <see cref="SampleCode.TimeUnits"/>.</param>
    /// <param name="baseTime">Receive time from which the first differences count: the header's smallest.</param>
    public void BeginSamples(int unit, long baseTime)
    {
        timeUnit = unit;
        previousTag = 0;
        previousReceive = baseTime;
        previousSource = baseTime / SampleCode.TimeUnits[unit];
        previousStatus = 0;
        previousOrigin = SampleOrigin.Live;
        previousFlags = SampleFlags.None;
        stringCount = 0;
    }

    public void WriteSamples(ReadOnlySpan<Sample> samples)
    {
        var ticks = SampleCode.TimeUnits[timeUnit];
        foreach (ref readonly var sample in samples)
        {
            // 1 code + 5 tag + 5 status, origin, flags + 10 + 10 times + 10 value, rounded up.
            var to = buffer.Room(64);
            var code = CodeOf(sample.Value, out var number);
            var at = Varint.Write(to, 1, Varint.Fold(sample.Tag - (long)previousTag));
            previousTag = sample.Tag;
            var marks = code;
            if (sample.Status != previousStatus || sample.Origin != previousOrigin || sample.Flags != previousFlags)
            {
                marks |= SampleCode.StatusChanged;
                BinaryPrimitives.WriteUInt32LittleEndian(to[at..], previousStatus = sample.Status);
                to[at + 4] = (byte)(previousOrigin = sample.Origin);
                to[at + 5] = (byte)(previousFlags = sample.Flags);
                at += 6;
            }

            if (sample.ReceiveTime != previousReceive)
            {
                marks |= SampleCode.ReceiveChanged;
                at = Varint.Write(to, at, Varint.Fold(sample.ReceiveTime - previousReceive));
                previousReceive = sample.ReceiveTime;
            }

            var source = sample.SourceTime / ticks;
            if (source != previousSource)
            {
                marks |= SampleCode.SourceChanged;
                at = Varint.Write(to, at, Varint.Fold(source - previousSource));
                previousSource = source;
            }

            to[0] = (byte)marks;
            buffer.Length += WriteScalar(to, at, code, number);
            if (code >= SampleCode.String)
                WriteReference(sample.Value, code, number);
            sampleCount++;
        }
    }

    /// <summary>Fills in the header of the open block.</summary>
    public void End(BlockKind kind, long firstSequence, long minReceive, long maxReceive)
    {
        var block = buffer.Written[blockStart..];
        var payload = block[BlockHeader.Size..];
        new BlockHeader(kind, (byte)timeUnit, payload.Length, sampleCount, firstSequence, minReceive, maxReceive, Crc32C.Compute(payload), moved).Write(block);
    }

    private int CodeOf(in TagValue value, out long number)
    {
        number = value.Bits;
        switch (value.Kind)
        {
            case ValueKind.Double:
                if (SampleCode.TryDecimal(BitConverter.Int64BitsToDouble(number), out var whole, out var exponent))
                {
                    number = whole;
                    return SampleCode.DoubleDecimal + exponent;
                }

                return (number & 0xFF_FFFF_FFFF) == 0 ? SampleCode.Double3 : (number & 0xFF_FFFF) == 0 ? SampleCode.Double5 : SampleCode.Double;
            case ValueKind.Single:
                if (SampleCode.TryDecimal(BitConverter.Int32BitsToSingle((int)number), out whole, out exponent))
                {
                    number = whole;
                    return SampleCode.SingleDecimal + exponent;
                }

                return SampleCode.Single;
            case ValueKind.Boolean:
                return number == 0 ? SampleCode.False : SampleCode.True;
            case ValueKind.Int64:
                return SampleCode.Int64;
            case ValueKind.UInt64:
                return SampleCode.UInt64;
            case ValueKind.DateTime:
                return SampleCode.DateTime;
            case ValueKind.String:
                number = FindString(value.AsString()!);
                return number < 0 ? SampleCode.String : SampleCode.StringAgain;
            case ValueKind.Bytes:
                return SampleCode.Bytes;
            case ValueKind.Array:
                return SampleCode.Array;
            case ValueKind.Structure:
                return SampleCode.Structure;
            default:
                return SampleCode.Null;
        }
    }

    private static int WriteScalar(Span<byte> to, int at, int code, long number)
    {
        switch (code)
        {
            case SampleCode.Int64:
            case >= SampleCode.DoubleDecimal and < SampleCode.Double:
            case >= SampleCode.SingleDecimal and < SampleCode.Single:
                return Varint.Write(to, at, Varint.Fold(number));
            case SampleCode.Double:
                BinaryPrimitives.WriteInt64LittleEndian(to[at..], number);
                return at + 8;
            case SampleCode.Double5:
                BinaryPrimitives.WriteInt64LittleEndian(to[at..], number >>> 24);
                return at + 5;
            case SampleCode.Double3:
                BinaryPrimitives.WriteInt64LittleEndian(to[at..], number >>> 40);
                return at + 3;
            case SampleCode.Single:
                BinaryPrimitives.WriteInt32LittleEndian(to[at..], (int)number);
                return at + 4;
            case SampleCode.UInt64:
                return Varint.Write(to, at, (ulong)number);
            case SampleCode.DateTime:
                BinaryPrimitives.WriteInt64LittleEndian(to[at..], number);
                return at + 8;
            case SampleCode.StringAgain:
                to[at] = (byte)number;
                return at + 1;
            default:
                return at;
        }
    }

    private void WriteReference(in TagValue value, int code, long number)
    {
        switch (code)
        {
            case SampleCode.String:
                var text = value.AsString()!;
                strings[stringCount++ % SampleCode.RememberedStrings] = text;
                ValueCodec.WriteString(buffer, text);
                break;
            case SampleCode.Bytes:
                ValueCodec.WriteBytes(buffer, (byte[])value.Reference!);
                break;
            case SampleCode.Array:
                ValueCodec.WriteArray(buffer, value.AsArray()!);
                break;
            case SampleCode.Structure:
                ValueCodec.WriteStructure(buffer, value.AsStructure()!);
                break;
        }
    }

    private int FindString(string text)
    {
        for (var i = Math.Min(stringCount, SampleCode.RememberedStrings) - 1; i >= 0; i--)
        {
            if (string.Equals(strings[i], text))
                return i;
        }

        return -1;
    }
}
