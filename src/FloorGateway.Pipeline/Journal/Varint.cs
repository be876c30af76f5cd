using System.Runtime.CompilerServices;

namespace FloorGateway.Pipeline.Journal;

/// <summary>LEB128 integers: seven bits a byte, low first; signed ones folded so that small magnitudes stay short.</summary>
internal static class Varint
{
    public const int MaxLength = 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fold(long value) => (ulong)(value << 1) ^ (ulong)(value >> 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Unfold(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> to, int at, ulong value)
    {
        while (value >= 0x80)
        {
            to[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        to[at++] = (byte)value;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> from, ref int at)
    {
        ulong first = from[at++];
        return first < 0x80 ? first : ReadLong(from, ref at, first);
    }

    private static ulong ReadLong(ReadOnlySpan<byte> from, ref int at, ulong first)
    {
        var value = first & 0x7F;
        for (var shift = 7; shift < 64; shift += 7)
        {
            ulong next = from[at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("a number in a journal block is longer than ten bytes");
    }
}
