using System.Buffers.Binary;

namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>Reads what <see cref="ChunkBuffer"/> wrote. Whatever does not fit is an <see cref="InvalidDataException"/>, before memory is taken for it.</summary>
internal ref struct ChunkReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> data = data;
    private int at;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => data[at..];

    public byte Byte() => at < data.Length ? data[at++] : throw Damaged();

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(data.Length - at))
            throw Damaged();
        var taken = data.Slice(at, count);
        at += count;
        return taken;
    }

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Fixed64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Damaged();
    }

    public long Signed() => BitPacking.UnZigZag(Varint());

    /// <summary>A count of things of which each takes at least 1/<paramref name="perByte"/> of a byte of what is left.</summary>
    public int Count(int perByte = 1)
    {
        var count = Varint();
        return count <= (ulong)(data.Length - at) * (ulong)perByte ? (int)count : throw Damaged();
    }

    /// <summary>A number up to a limit.</summary>
    public int UpTo(ulong most)
    {
        var count = Varint();
        return count <= most ? (int)count : throw Damaged();
    }

    public static InvalidDataException Damaged() => new("a stored chunk of samples is damaged");
}
