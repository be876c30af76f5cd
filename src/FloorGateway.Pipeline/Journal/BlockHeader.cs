using System.Buffers.Binary;
using FloorGateway.Pipeline.Journal.Columns;

namespace FloorGateway.Pipeline.Journal;

/// <summary>What a journal block holds. Stored: never renumber.</summary>
public enum BlockKind : byte
{
    /// <summary>Ledger totals and names of servers: first in every segment, and whenever a server is added.</summary>
    Servers = 1,

    /// <summary>Samples.</summary>
    Samples = 2,

    /// <summary>Gap records.</summary>
    Gaps = 3,

    /// <summary>Ledger totals alone: alive marks, and batches of which every sample was suppressed.</summary>
    Marks = 4,

    /// <summary>Samples of many blocks, written again as columns.</summary>
    Columns = 5,
}

/// <summary>
/// The 48 bytes before every block's payload. Little endian: magic, kind, format version, time unit code, 1 for a block that was moved, payload length, sample count,
/// first sequence, smallest and greatest receive time, CRC-32C of the payload, CRC-32C of the 44 bytes before it. The payload of a block that was moved into a packed
/// segment begins with the place that it had in the segment before: offset and length, 8 bytes each.
/// </summary>
/// <param name="Kind">What the payload holds.</param>
/// <param name="TimeUnit">Code of the unit of source-time differences.</param>
/// <param name="PayloadLength">Bytes after the header.</param>
/// <param name="SampleCount">Samples in the payload; 0 for the other kinds.</param>
/// <param name="FirstSequence">Sequence number of the first sample, or the next one to be given for blocks without samples.</param>
/// <param name="MinReceiveTime">Smallest receive time (UTC ticks), or when the block was written.</param>
/// <param name="MaxReceiveTime">Greatest receive time (UTC ticks), or when the block was written.</param>
/// <param name="PayloadCrc">CRC-32C of the payload.</param>
/// <param name="Moved">The payload begins with the place that the block had before its segment was packed.</param>
public readonly record struct BlockHeader(
    BlockKind Kind, byte TimeUnit, int PayloadLength, int SampleCount, long FirstSequence, long MinReceiveTime, long MaxReceiveTime, uint PayloadCrc, bool Moved = false)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 48;

    /// <summary>Version of the format that this program writes.</summary>
    public const byte Version = 3;

    /// <summary>A block above this is damage, whatever its checksum says.</summary>
    public const int MaxPayload = 256 << 20;

    /// <summary>Bytes at the start of a moved block's payload.</summary>
    internal const int PlaceSize = 16;

    private const uint Magic = 0x4B42_4746; // "FGBK"

    /// <summary>The magic as it stands in the file, to search for the next block behind damage.</summary>
    internal static ReadOnlySpan<byte> MagicBytes => "FGBK"u8;

    internal void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        to[4] = (byte)Kind;
        to[5] = Version;
        to[6] = TimeUnit;
        to[7] = Moved ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], PayloadLength);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], SampleCount);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], FirstSequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], MinReceiveTime);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], MaxReceiveTime);
        BinaryPrimitives.WriteUInt32LittleEndian(to[40..], PayloadCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(to[44..], Crc32C.Compute(to[..44]));
    }

    /// <summary>False where the bytes are no header that this program understands.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> from, out BlockHeader header)
    {
        header = default;
        if (from.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic || from[5] != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(from[44..]) != Crc32C.Compute(from[..44]))
            return false;
        header = new BlockHeader(
            (BlockKind)from[4],
            from[6],
            BinaryPrimitives.ReadInt32LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[40..]),
            from[7] == 1);
        // A row takes a byte at least; columns of samples that are all alike take next to nothing.
        var mostSamples = header.Kind == BlockKind.Columns ? ColumnLimits.MaxSamples : header.PayloadLength;
        return header.PayloadLength >= (header.Moved ? PlaceSize : 0) && header.PayloadLength <= MaxPayload && header.SampleCount >= 0 && header.SampleCount <= mostSamples;
    }
}
