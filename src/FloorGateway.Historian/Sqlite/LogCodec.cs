using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Sqlite;

/// <summary>
/// Samples of many tags in the order they came, as one row of the log: version, then for each the differences of its tag and time to the sample before,
/// its kind (with a bit that says that the status follows) and its value. Fast to write; what the log holds is packed tightly once it goes into chunks.
/// </summary>
internal sealed class LogCodec
{
    private const byte Version = 1;
    private const byte StatusFollows = 0x10;

    private readonly ChunkBuffer buffer = new();
    private long lastTag;
    private long lastTime;
    private uint lastStatus;

    public ReadOnlySpan<byte> Written => buffer.Written;

    public int Samples { get; private set; }

    public void Begin()
    {
        buffer.Clear();
        buffer.Byte(Version);
        (lastTag, lastTime, lastStatus, Samples) = (0, 0, 0, 0);
    }

    /// <exception cref="ArgumentException">The value is of a kind that can't be stored.</exception>
    public void Add(long tag, long time, in TagValue value, uint status)
    {
        buffer.Signed(tag - lastTag);
        buffer.Signed(unchecked(time - lastTime));
        var kind = (byte)value.Kind;
        if (status == lastStatus)
        {
            buffer.Byte(kind);
        }
        else
        {
            buffer.Byte((byte)(kind | StatusFollows));
            buffer.Varint(status);
        }

        (lastTag, lastTime, lastStatus) = (tag, time, status);
        Samples++;
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.Double:
                buffer.Fixed64(value.Bits);
                break;
            case ValueKind.Single:
                buffer.Fixed32((uint)value.Bits);
                break;
            case <= ValueKind.DateTime:
                buffer.Signed(value.Bits);
                break;
            default:
                var blob = ValueBlob.Encode(in value);
                buffer.Varint((ulong)blob.Length);
                buffer.Bytes(blob);
                break;
        }
    }

    /// <summary>Gives every sample of a row to the head.</summary>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public static void Read(ReadOnlySpan<byte> row, HistoryHead head)
    {
        var from = new ChunkReader(row);
        if (from.Byte() != Version)
            throw ChunkReader.Damaged();
        long tag = 0, time = 0;
        uint status = 0;
        while (!from.Rest.IsEmpty)
        {
            tag += from.Signed();
            time = unchecked(time + from.Signed());
            var code = from.Byte();
            if ((code & StatusFollows) != 0)
                status = (uint)from.Varint();
            var kind = (ValueKind)(code & 0x0F);
            var value = kind switch
            {
                ValueKind.Null => TagValue.Null,
                ValueKind.Double => TagValue.FromBits(kind, from.Fixed64()),
                ValueKind.Single => TagValue.FromBits(kind, from.Fixed32()),
                <= ValueKind.DateTime => TagValue.FromBits(kind, from.Signed()),
                <= ValueKind.Structure => ValueBlob.Decode(from.Take(from.Count())),
                _ => throw ChunkReader.Damaged(),
            };
            if (tag is < 0 or > ChunkKey.MaxTag)
                throw ChunkReader.Damaged();
            head.Put(tag, time, in value, status);
        }
    }
}
