using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Pipeline.Journal;

internal enum BlockReadStatus
{
    /// <summary>Header and payload are there and sound.</summary>
    Block,

    /// <summary>The limit is reached.</summary>
    End,

    /// <summary>Something unreadable was stepped over.</summary>
    Damaged,
}

/// <summary>Reads a segment file block by block through one window of memory that is used again.</summary>
internal sealed class BlockSource : IDisposable
{
    private const int WindowSize = 256 << 10;

    // Looking through a folder takes some for each segment.
    private byte[] window = ArrayPool<byte>.Shared.Rent(WindowSize);
    private SafeFileHandle? handle;
    private long windowStart;
    private int windowLength;
    private int payloadStart;
    private int payloadLength;

    // Where the next block of a packed segment lies in the file, and where the one before it ended in the segment that it was packed from.
    private long packedAt;
    private long passed;

    public SegmentInfo? Segment { get; private set; }

    /// <summary>Where in the file lies what was read last, sound or damaged.</summary>
    public long FileOffset { get; private set; }

    /// <summary>Bytes of what was read last.</summary>
    public long FileLength { get; private set; }

    /// <summary>The payload of the block read last, without the place of a moved one; valid until the next read.</summary>
    public ReadOnlySpan<byte> Payload => window.AsSpan(payloadStart, payloadLength);

    /// <exception cref="IOException">The file can't be opened; <see cref="FileNotFoundException"/> where retention took it.</exception>
    public void Open(SegmentInfo segment)
    {
        Close();
        // Writing and deleting go on beside us.
        handle = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Segment = segment;
        (packedAt, passed) = (0, 0);
    }

    public void Close()
    {
        handle?.Dispose();
        handle = null;
        Segment = null;
        windowLength = 0;
    }

    public void Dispose()
    {
        Close();
        (var given, window) = (window, []);
        if (given.Length == WindowSize)
            ArrayPool<byte>.Shared.Return(given);
    }

    /// <summary>
    /// Reads the block at <paramref name="offset"/> and moves the offset behind it, or behind what is damaged. Offsets in a packed segment are those that its blocks had
    /// before, so that a place in the journal means the same in both: the block is read that holds what was there.
    /// </summary>
    public BlockReadStatus Read(ref long offset, long limit, out BlockHeader header, out string? reason)
    {
        if (Segment!.Packed)
            return ReadPacked(ref offset, out header, out reason);
        FileOffset = offset;
        var status = ReadAt(ref offset, limit, out header, out reason);
        FileLength = offset - FileOffset;
        return status;
    }

    private BlockReadStatus ReadPacked(ref long offset, out BlockHeader header, out string? reason)
    {
        var seeks = offset != passed;
        if (seeks)
            (packedAt, passed) = (0, 0);
        (long At, long Length, string Reason)? damage = null;
        while (true)
        {
            var start = packedAt;
            var status = ReadAt(ref packedAt, Segment!.Length, out header, out reason);
            (FileOffset, FileLength) = (start, packedAt - start);
            if (status == BlockReadStatus.Block && !header.Moved)
                (status, reason) = (BlockReadStatus.Damaged, "a block of a packed segment does not tell its place");
            if (status == BlockReadStatus.Damaged && seeks)
            {
                // Whether it lies before the place wanted, only the block behind it tells.
                damage = (FileOffset, FileLength, reason!);
                continue;
            }

            if (status == BlockReadStatus.Damaged)
                return status;
            var from = long.MaxValue;
            if (status == BlockReadStatus.Block)
            {
                from = BinaryPrimitives.ReadInt64LittleEndian(Payload);
                passed = from + BinaryPrimitives.ReadInt64LittleEndian(Payload[8..]);
                payloadStart += BlockHeader.PlaceSize;
                payloadLength -= BlockHeader.PlaceSize;
                if (passed <= offset)
                {
                    damage = null;
                    continue;
                }
            }

            if (damage is { } found && from > offset)
            {
                // Told first; the block comes with the next read.
                (FileOffset, FileLength, reason) = found;
                (packedAt, passed) = (start, offset);
                return BlockReadStatus.Damaged;
            }

            if (status == BlockReadStatus.Block)
                offset = passed;
            else
                passed = offset;
            return status;
        }
    }

    private BlockReadStatus ReadAt(ref long offset, long limit, out BlockHeader header, out string? reason)
    {
        header = default;
        reason = null;
        if (offset >= limit)
            return BlockReadStatus.End;
        if (limit - offset >= BlockHeader.Size && Fill(offset, BlockHeader.Size, limit) && BlockHeader.TryRead(At(offset), out header))
        {
            if (!Known(header))
            {
                reason = $"block kind {(byte)header.Kind} is unknown";
                offset = Math.Min(limit, offset + BlockHeader.Size + header.PayloadLength);
                return BlockReadStatus.Damaged;
            }

            if (header.PayloadLength > limit - offset - BlockHeader.Size || !Fill(offset, BlockHeader.Size + header.PayloadLength, limit))
            {
                reason = $"the block ends {header.PayloadLength + BlockHeader.Size - (limit - offset)} bytes behind the end";
                offset = limit;
                return BlockReadStatus.Damaged;
            }

            payloadStart = (int)(offset - windowStart) + BlockHeader.Size;
            payloadLength = header.PayloadLength;
            offset += BlockHeader.Size + header.PayloadLength;
            if (Crc32C.Compute(Payload) == header.PayloadCrc)
                return BlockReadStatus.Block;
            reason = $"the checksum of a block with {header.SampleCount} samples is wrong";
            return BlockReadStatus.Damaged;
        }

        header = default;
        reason = "there is no block header";
        offset = FindNext(offset + 1, limit);
        return BlockReadStatus.Damaged;
    }

    private static bool Known(in BlockHeader header) =>
        header.Kind is >= BlockKind.Servers and <= BlockKind.Columns && header.TimeUnit < SampleCode.TimeUnits.Length;

    /// <summary>The next sound header at or behind an offset, or the limit.</summary>
    private long FindNext(long offset, long limit)
    {
        while (limit - offset >= BlockHeader.Size && Fill(offset, BlockHeader.Size, limit))
        {
            var found = At(offset).IndexOf(BlockHeader.MagicBytes);
            if (found < 0)
            {
                offset += Math.Max(1, At(offset).Length - (BlockHeader.MagicBytes.Length - 1));
                continue;
            }

            offset += found;
            if (limit - offset >= BlockHeader.Size && Fill(offset, BlockHeader.Size, limit) && BlockHeader.TryRead(At(offset), out var header) && Known(header))
                return offset;
            offset++;
        }

        return limit;
    }

    private ReadOnlySpan<byte> At(long offset) => window.AsSpan((int)(offset - windowStart), windowLength - (int)(offset - windowStart));

    /// <summary>Makes the window hold at least <paramref name="size"/> bytes from an offset; false where the file is shorter.</summary>
    private bool Fill(long offset, int size, long limit)
    {
        if (offset >= windowStart && offset + size <= windowStart + windowLength)
            return true;
        if (size > window.Length)
            window = new byte[Math.Max(size, Math.Min(window.Length * 2L, Array.MaxLength))];
        else if (window.Length > 16 * WindowSize && size < WindowSize)
            window = new byte[WindowSize];
        windowStart = offset;
        windowLength = 0;
        var wanted = (int)Math.Min(window.Length, limit - offset);
        while (windowLength < wanted)
        {
            var read = RandomAccess.Read(handle!, window.AsSpan(windowLength, wanted - windowLength), offset + windowLength);
            if (read == 0)
                break;
            windowLength += read;
        }

        return windowLength >= size;
    }
}
