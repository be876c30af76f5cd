using System.Runtime.CompilerServices;

namespace FloorGateway.Pipeline.Journal;

/// <summary>A byte buffer that grows and is used again.</summary>
internal sealed class GrowingBuffer(int capacity)
{
    private byte[] bytes = new byte[capacity];

    public int Length { get; set; }

    public Span<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for at least <paramref name="size"/> bytes behind what is written; <see cref="Length"/> stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Room(int size)
    {
        if (bytes.Length - Length < size)
            Grow(size);
        return bytes.AsSpan(Length);
    }

    public Span<byte> Reserve(int size)
    {
        var room = Room(size)[..size];
        Length += size;
        return room;
    }

    public void WriteByte(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Write(ReadOnlySpan<byte> data) => data.CopyTo(Reserve(data.Length));

    public void WriteVarint(ulong value) => Length += Varint.Write(Room(Varint.MaxLength), 0, value);

    private void Grow(int size) => Array.Resize(ref bytes, checked((int)Math.Max((long)Length + size, Math.Min(bytes.Length * 2L, Array.MaxLength))));
}
