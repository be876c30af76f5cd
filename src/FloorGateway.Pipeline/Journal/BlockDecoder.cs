using System.Buffers.Binary;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal.Columns;

namespace FloorGateway.Pipeline.Journal;

/// <summary>Reads one payload, in as many steps as the caller's batches need. Throws <see cref="InvalidDataException"/> or an index error where a payload that passed its checksum makes no sense.</summary>
internal sealed class BlockDecoder
{
    private readonly string[] strings = new string[SampleCode.RememberedStrings];
    private readonly StringPool pool = new();
    private ColumnDecoder? columns;
    private BlockHeader columnHeader;
    private bool inColumns;
    private bool loaded;
    private int stringCount;
    private int at;
    private long ticks;
    private int tag;
    private long receive;
    private long source;
    private uint status;
    private SampleOrigin origin;
    private SampleFlags flags;

    /// <summary>Samples not yet read from the block.</summary>
    public int Remaining { get; private set; }

    /// <summary>Begins a payload and takes the ledger totals at its start.</summary>
    public void Begin(in BlockHeader header, ReadOnlySpan<byte> payload, TotalsTable? totals)
    {
        at = 0;
        ReadTotals(payload, totals);
        Remaining = header.Kind is BlockKind.Samples or BlockKind.Columns ? header.SampleCount : 0;
        inColumns = header.Kind == BlockKind.Columns;
        if (inColumns)
            (columnHeader, loaded) = (header, false);
        ticks = SampleCode.TimeUnits[header.TimeUnit];
        tag = 0;
        receive = header.MinReceiveTime;
        source = header.MinReceiveTime / ticks;
        status = 0;
        origin = SampleOrigin.Live;
        flags = SampleFlags.None;
        stringCount = 0;
    }

    /// <summary>Appends up to <paramref name="most"/> samples.</summary>
    public void ReadSamples(ReadOnlySpan<byte> payload, SampleBatch into, int most)
    {
        if (inColumns)
        {
            ReadColumns(payload, into, most);
            return;
        }

        for (var left = Math.Min(most, Remaining); left > 0; left--, Remaining--)
        {
            int marks = payload[at++];
            tag += (int)Varint.Unfold(Varint.Read(payload, ref at));
            if ((marks & SampleCode.StatusChanged) != 0)
            {
                status = BinaryPrimitives.ReadUInt32LittleEndian(payload[at..]);
                origin = (SampleOrigin)payload[at + 4];
                flags = (SampleFlags)payload[at + 5];
                at += 6;
            }

            if ((marks & SampleCode.ReceiveChanged) != 0)
                receive += Varint.Unfold(Varint.Read(payload, ref at));
            if ((marks & SampleCode.SourceChanged) != 0)
                source += Varint.Unfold(Varint.Read(payload, ref at));
            var value = ReadValue(payload, marks & SampleCode.CodeMask);
            ref var sample = ref into.Add();
            sample.Value = value;
            sample.SourceTime = source * ticks;
            sample.ReceiveTime = receive;
            sample.Status = status;
            sample.Tag = tag;
            sample.Origin = origin;
            sample.Flags = flags;
        }
    }

    /// <summary>Gives up the rest of the block.</summary>
    public void Abandon()
    {
        Remaining = 0;
        columns?.Release();
    }

    public void ReadNames(ReadOnlySpan<byte> payload, List<string?> names)
    {
        for (var left = ValueCodec.ReadCount(payload, ref at, 2); left > 0; left--)
        {
            var index = (int)Varint.Read(payload, ref at);
            if ((uint)index > 1_000_000)
                throw new InvalidDataException("a server's number is out of all reason");
            while (names.Count <= index)
                names.Add(null);
            names[index] = ValueCodec.ReadString(payload, ref at);
        }
    }

    public void ReadGaps(ReadOnlySpan<byte> payload, List<GapRecord> gaps)
    {
        for (var left = ValueCodec.ReadCount(payload, ref at, 19); left > 0; left--)
        {
            var server = ValueCodec.ReadString(payload, ref at);
            var tagPath = payload[at++] == 0 ? null : ValueCodec.ReadString(payload, ref at);
            var from = BinaryPrimitives.ReadInt64LittleEndian(payload[at..]);
            var to = BinaryPrimitives.ReadInt64LittleEndian(payload[(at + 8)..]);
            at += 16;
            gaps.Add(new GapRecord { Server = server, Tag = tagPath, From = from, To = to, Cause = ValueCodec.ReadString(payload, ref at) });
        }
    }

    /// <summary>Columns are unpacked when the first sample is wanted: those who only look at totals are spared it.</summary>
    private void ReadColumns(ReadOnlySpan<byte> payload, SampleBatch into, int most)
    {
        columns ??= new ColumnDecoder();
        if (!loaded)
            columns.Load(columnHeader, payload, at);
        loaded = true;
        Remaining -= columns.ReadSamples(into, Math.Min(most, Remaining));
    }

    private void ReadTotals(ReadOnlySpan<byte> payload, TotalsTable? totals)
    {
        for (var left = ValueCodec.ReadCount(payload, ref at, 14); left > 0; left--)
        {
            var server = (int)Varint.Read(payload, ref at);
            var read = new ServerTotals
            {
                Received = (long)Varint.Read(payload, ref at),
                SuppressedDeadband = (long)Varint.Read(payload, ref at),
                SuppressedDuplicate = (long)Varint.Read(payload, ref at),
                Journaled = (long)Varint.Read(payload, ref at),
                Gaps = (long)Varint.Read(payload, ref at),
                LastComplete = BinaryPrimitives.ReadInt64LittleEndian(payload[at..]),
            };
            at += 8;
            totals?.Set(server, read);
        }
    }

    private TagValue ReadValue(ReadOnlySpan<byte> payload, int code)
    {
        switch (code)
        {
            case >= SampleCode.DoubleDecimal and < SampleCode.Double:
                return TagValue.From(Varint.Unfold(Varint.Read(payload, ref at)) / SampleCode.PowersOfTen[code - SampleCode.DoubleDecimal]);
            case SampleCode.Double:
                at += 8;
                return TagValue.FromBits(ValueKind.Double, BinaryPrimitives.ReadInt64LittleEndian(payload[(at - 8)..]));
            case SampleCode.Double5:
                at += 5;
                return TagValue.FromBits(ValueKind.Double, ((long)BinaryPrimitives.ReadUInt32LittleEndian(payload[(at - 5)..]) << 24) | ((long)payload[at - 1] << 56));
            case SampleCode.Double3:
                at += 3;
                return TagValue.FromBits(ValueKind.Double, ((long)BinaryPrimitives.ReadUInt16LittleEndian(payload[(at - 3)..]) << 40) | ((long)payload[at - 1] << 56));
            case SampleCode.Int64:
                return TagValue.From(Varint.Unfold(Varint.Read(payload, ref at)));
            case SampleCode.UInt64:
                return TagValue.From(Varint.Read(payload, ref at));
            case >= SampleCode.SingleDecimal and < SampleCode.Single:
                return TagValue.From((float)(Varint.Unfold(Varint.Read(payload, ref at)) / SampleCode.PowersOfTen[code - SampleCode.SingleDecimal]));
            case SampleCode.Single:
                at += 4;
                return TagValue.From(BinaryPrimitives.ReadSingleLittleEndian(payload[(at - 4)..]));
            case SampleCode.False:
                return TagValue.From(false);
            case SampleCode.True:
                return TagValue.From(true);
            case SampleCode.Null:
                return default;
            case SampleCode.DateTime:
                at += 8;
                return TagValue.FromBits(ValueKind.DateTime, BinaryPrimitives.ReadInt64LittleEndian(payload[(at - 8)..]));
            case SampleCode.String:
                var text = pool.Get(ValueCodec.ReadBytes(payload, ref at));
                strings[stringCount++ % SampleCode.RememberedStrings] = text;
                return TagValue.From(text);
            case SampleCode.StringAgain:
                int index = payload[at++];
                return index < stringCount ? TagValue.From(strings[index]) : throw new InvalidDataException("a string refers to none before it");
            case SampleCode.Bytes:
                return TagValue.From(ValueCodec.ReadBytes(payload, ref at).ToArray());
            case SampleCode.Array:
                return TagValue.From(ValueCodec.ReadArray(payload, ref at));
            case SampleCode.Structure:
                return TagValue.From(ValueCodec.ReadStructure(payload, ref at));
            default:
                throw new InvalidDataException($"value code {code} is unknown: the journal was written by a newer version");
        }
    }
}
