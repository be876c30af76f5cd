using System.Buffers.Binary;
using FloorGateway.Pipeline.Journal;
using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>How far a feed has come, and what became of the samples on the way. Delivered + Refused + Expired = Position.Sequence - Start.</summary>
/// <param name="Position">What was acknowledged lies before it.</param>
/// <param name="Start">Sequence number at which the feed was added.</param>
/// <param name="Delivered">Acknowledged by the destination.</param>
/// <param name="Refused">In the dead-letter file.</param>
/// <param name="Expired">No longer in the journal when their turn came.</param>
/// <param name="LastReceive">Receive time (UTC ticks) of the last acknowledged sample; 0 = none.</param>
public readonly record struct FeedProgress(JournalPosition Position, long Start, long Delivered, long Refused, long Expired, long LastReceive);

/// <summary>
/// A feed's progress on disk: two slots with a checksum, written in turn, so that a write cut short leaves the one before it. Works the same on every file system,
/// without renaming.
/// </summary>
public sealed class FeedCursor : IDisposable
{
    private const uint Magic = 0x5543_4746; // "FGCU"
    private const int SlotSize = 512;
    private const int Used = 88;

    private readonly SafeFileHandle handle;
    private long generation;

    private FeedCursor(SafeFileHandle handle) => this.handle = handle;

    /// <summary>What the file holds; null for a new feed or where both slots are damaged.</summary>
    public FeedProgress? Saved { get; private set; }

    /// <summary>True where there was a file but nothing in it could be read.</summary>
    public bool Damaged { get; private set; }

    /// <exception cref="IOException">The file can't be opened.</exception>
    public static FeedCursor Open(string file)
    {
        var cursor = new FeedCursor(File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        cursor.Load();
        return cursor;
    }

    public void Save(in FeedProgress progress, bool toDisk)
    {
        Span<byte> slot = stackalloc byte[Used];
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Magic);
        ReadOnlySpan<long> numbers =
        [
            ++generation, progress.Position.Segment, progress.Position.Offset, progress.Position.Sequence, progress.Start,
            progress.Delivered, progress.Refused, progress.Expired, progress.LastReceive,
        ];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(slot[(8 + (i * 8))..], numbers[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[80..], Crc32C.Compute(slot[..80]));
        RandomAccess.Write(handle, slot, generation % 2 * SlotSize);
        if (toDisk)
            RandomAccess.FlushToDisk(handle);
        Saved = progress;
    }

    public void Dispose() => handle.Dispose();

    private void Load()
    {
        Span<byte> slot = stackalloc byte[Used];
        for (var i = 0; i < 2; i++)
        {
            slot.Clear();
            RandomAccess.Read(handle, slot, i * SlotSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(slot) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(slot[80..]) != Crc32C.Compute(slot[..80]))
                continue;
            var n = new long[9];
            for (var j = 0; j < n.Length; j++)
                n[j] = BinaryPrimitives.ReadInt64LittleEndian(slot[(8 + (j * 8))..]);
            if (n[0] <= generation)
                continue;
            generation = n[0];
            Saved = new FeedProgress(new JournalPosition(n[1], n[2], n[3]), n[4], n[5], n[6], n[7], n[8]);
        }

        Damaged = Saved is null && RandomAccess.GetLength(handle) > 0;
    }
}
