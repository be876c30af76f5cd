using System.Buffers.Binary;

namespace Fuzz.Making;

/// <summary>Changes bytes the way that broken and hostile peers do: bits, lengths, counts, pieces left out, repeated and mixed.</summary>
internal static class Mutator
{
    /// <summary>Longest input made, in bytes: a chunk's worth, so that cases stay quick.</summary>
    public const int MaxLength = 65536;

    private const int MaxChanges = 6;

    private static ReadOnlySpan<byte> Bytes => [0x00, 0x01, 0x02, 0x03, 0x0C, 0x0F, 0x16, 0x17, 0x18, 0x19, 0x1F, 0x20, 0x3F, 0x40, 0x7F, 0x80, 0x86, 0x97, 0x98, 0xC6, 0xD8, 0xFE, 0xFF];

    private static ReadOnlySpan<int> Integers => [-1, 0, 1, 2, 3, 8, 100, 101, 127, 128, 255, 256, 1000, 65535, 65536, 999_999, 1_000_000, 1_000_001, 2_000_000, 16_777_216, 0x10000000, int.MaxValue - 1, int.MaxValue, int.MinValue];

    private static ReadOnlySpan<long> Longs => [0, 1, -1, long.MinValue, long.MaxValue, 0x7FF0000000000000, unchecked((long)0xFFF0000000000000), 0x7FF8000000000001, 0x47EFFFFFE0000000, 2_650_467_743_990_000_000, 2_650_467_743_999_999_999];

    /// <summary>A changed copy of <paramref name="input"/>; pieces of <paramref name="other"/> may get into it.</summary>
    public static byte[] Mutate(FuzzRandom random, ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        byte[] data = [.. input[..Math.Min(input.Length, MaxLength)]];
        for (var changes = 1 + random.Below(random.Below(MaxChanges) + 1); changes > 0; changes--)
            data = Change(random, data, other);
        return data.Length <= MaxLength ? data : data[..MaxLength];
    }

    private static byte[] Change(FuzzRandom random, byte[] data, ReadOnlySpan<byte> other)
    {
        if (data.Length == 0)
            return Insert(data, 0, Noise(random, 1 + random.Below(16)));
        var at = random.Below(data.Length);
        switch (random.Below(14))
        {
            case 0 or 1:
                data[at] ^= (byte)(1 << random.Below(8));
                return data;
            case 2:
                data[at] = random.Pick(Bytes);
                return data;
            case 3:
                data[at] = (byte)random.Next();
                return data;
            case 4:
                Put(data, at, Integer(random, data.Length - at));
                return data;
            case 5:
                if (at + 4 <= data.Length)
                    Put(data, at, BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(at)) + random.Below(9) - 4);
                return data;
            case 6:
                if (at + 8 <= data.Length)
                    BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(at), random.Pick(Longs));
                return data;
            case 7 or 8:
                if (FindLength(random, data) is var found && found >= 0)
                    Put(data, found, Integer(random, data.Length - found - 4));
                return data;
            case 9:
                var length = Math.Min(1 + random.Below(1 << random.Below(10)), data.Length - at);
                return [.. data.AsSpan(0, at), .. data.AsSpan(at + length)];
            case 10:
                return Insert(data, at, Noise(random, 1 + random.Below(16)));
            case 11:
                // One piece many times over: elements without end, or levels without end.
                var piece = data.AsSpan(at, Math.Min(1 + random.Below(1 << random.Below(8)), data.Length - at));
                var times = Math.Min(1 + random.Below(1 << random.Below(12)), (MaxLength - data.Length) / piece.Length);
                var repeated = new byte[Math.Max(times, 0) * piece.Length];
                for (var i = 0; i < repeated.Length; i += piece.Length)
                    piece.CopyTo(repeated.AsSpan(i));
                return Insert(data, at, repeated);
            case 12:
                if (other.Length == 0)
                    return data;
                var from = random.Below(other.Length);
                var borrowed = other.Slice(from, Math.Min(1 + random.Below(1 << random.Below(12)), other.Length - from));
                return random.OneIn(2) ? Insert(data, at, borrowed) : [.. data.AsSpan(0, at), .. borrowed];
            default:
                return data[..at];
        }
    }

    /// <summary>Somewhere that looks like a length: a small positive number with at least as many bytes behind it.</summary>
    private static int FindLength(FuzzRandom random, byte[] data)
    {
        var start = random.Below(data.Length);
        for (var i = 0; i < data.Length; i++)
        {
            var at = (start + i) % data.Length;
            if (at + 4 <= data.Length && BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(at)) is > 0 and var length && length <= data.Length - at - 4)
                return at;
        }

        return -1;
    }

    private static int Integer(FuzzRandom random, int remaining) => random.Below(4) switch
    {
        0 => remaining,
        1 => remaining + random.Below(3) - 1,
        _ => random.Pick(Integers),
    };

    private static void Put(byte[] data, int at, int value)
    {
        if (at + 4 <= data.Length)
            BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(at), value);
    }

    private static byte[] Noise(FuzzRandom random, int length)
    {
        var noise = new byte[length];
        random.Fill(noise);
        return noise;
    }

    private static byte[] Insert(byte[] data, int at, ReadOnlySpan<byte> piece) => [.. data.AsSpan(0, at), .. piece, .. data.AsSpan(at)];
}
