using System.Buffers.Binary;

namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>Bytes being encoded, in one array that grows and is used again.</summary>
internal sealed class ChunkBuffer
{
    private byte[] bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for at least <paramref name="size"/> bytes behind what is written.</summary>
    public Span<byte> Reserve(int size)
    {
        if (bytes.Length - Length < size)
            Array.Resize(ref bytes, Math.Max(checked(Length + size), bytes.Length * 2));
        return bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Length += value.Length;
    }

    public void Fixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
        Length += 4;
    }

    public void Fixed64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);
        Length += 8;
    }

    /// <summary>Seven bits a byte, lowest first.</summary>
    public void Varint(ulong value)
    {
        var room = Reserve(10);
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            room[at++] = (byte)(value | 0x80);
        room[at++] = (byte)value;
        Length += at;
    }

    /// <summary>A signed number whose small magnitudes are short.</summary>
    public void Signed(long value) => Varint(BitPacking.ZigZag(value));
}
