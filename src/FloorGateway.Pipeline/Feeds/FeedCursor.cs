using System.Buffers.Binary;
using System.Collections.Immutable;
using FloorGateway.Pipeline.Journal;
using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>
/// A feed's progress on disk: two slots with a checksum, written in turn, so that a write cut short leaves the one before it. Works the same on every file system,
/// without renaming.
/// </summary>
public sealed class FeedCursor : IDisposable
{
    /// <summary>Holes that a slot has room for. A destination that fails again and again while it catches up makes one each time; with all in use it goes on in order.</summary>
    public const int MaxHoles = 7;

    private const uint Magic = 0x3243_4746; // "FGC2"
    private const int SlotSize = 512;
    private const int Numbers = 12;
    private const int NumbersOfHole = 7;
    private const int CrcAt = SlotSize - 4;

    private readonly SafeFileHandle handle;
    private long generation;

    private FeedCursor(SafeFileHandle handle) => this.handle = handle;

    /// <summary>What the file holds; null for a new feed or where both slots are damaged.</summary>
    public FeedProgress? Saved { get; private set; }

    /// <summary>True where there was a file but nothing in it could be read.</summary>
    public bool Damaged { get; private set; }

    /// <summary>True where one of the two slots can't be read, maybe the newer one: the feed may have come further than <see cref="Saved"/> says.</summary>
    public bool HalfDamaged { get; private set; }

    /// <exception cref="IOException">The file can't be opened.</exception>
    public static FeedCursor Open(string file)
    {
        // An empty file is no new feed's: one that lost its contents must not take the feed to the journal's end.
        var isNew = !File.Exists(file);
        var cursor = new FeedCursor(File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        cursor.Load();
        cursor.Damaged = cursor.Saved is null && !isNew;
        return cursor;
    }

    /// <summary>What a cursor file says, also while its feed runs; null where it says nothing.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static FeedProgress? Read(string file)
    {
        using var cursor = new FeedCursor(File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        cursor.Load();
        return cursor.Saved;
    }

    public void Save(in FeedProgress progress, bool toDisk)
    {
        Span<byte> slot = stackalloc byte[SlotSize];
        slot.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Magic);
        var holes = progress.Holes;
        ReadOnlySpan<long> numbers =
        [
            ++generation, progress.Position.Segment, progress.Position.Offset, progress.Position.Sequence, progress.Start,
            progress.Delivered, progress.Refused, progress.Expired, progress.LastReceive, progress.Withheld, progress.Replayed, holes.Length,
        ];
        var at = 8;
        foreach (var number in numbers)
            Put(slot, number);
        foreach (var hole in holes)
        {
            Put(slot, hole.From.Segment);
            Put(slot, hole.From.Offset);
            Put(slot, hole.From.Sequence);
            Put(slot, hole.To.Segment);
            Put(slot, hole.To.Offset);
            Put(slot, hole.To.Sequence);
            Put(slot, hole.LastReceive);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(slot[CrcAt..], Crc32C.Compute(slot[..CrcAt]));
        RandomAccess.Write(handle, slot, generation % 2 * SlotSize);
        if (toDisk)
            RandomAccess.FlushToDisk(handle);
        Saved = progress;

        void Put(Span<byte> into, long number)
        {
            BinaryPrimitives.WriteInt64LittleEndian(into[at..], number);
            at += 8;
        }
    }

    public void Dispose() => handle.Dispose();

    private void Load()
    {
        Span<byte> slot = stackalloc byte[SlotSize];
        Span<long> n = stackalloc long[Numbers + (MaxHoles * NumbersOfHole)];
        var (sound, blank) = (0, 0);
        for (var i = 0; i < 2; i++)
        {
            slot.Clear();
            RandomAccess.Read(handle, slot, i * SlotSize);
            blank += slot.ContainsAnyExcept((byte)0) ? 0 : 1;
            if (BinaryPrimitives.ReadUInt32LittleEndian(slot) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(slot[CrcAt..]) != Crc32C.Compute(slot[..CrcAt]))
                continue;
            for (var j = 0; j < n.Length; j++)
                n[j] = BinaryPrimitives.ReadInt64LittleEndian(slot[(8 + (j * 8))..]);
            sound++;
            if (n[0] <= generation || n[11] is < 0 or > MaxHoles)
                continue;
            generation = n[0];
            Saved = new FeedProgress(new JournalPosition(n[1], n[2], n[3]), n[4], n[5], n[6], n[7], n[8]) { Withheld = n[9], Replayed = n[10], Holes = Holes(n[Numbers..], (int)n[11]) };
        }

        Damaged = Saved is null && RandomAccess.GetLength(handle) > 0;
        // The first save leaves the other slot unwritten.
        HalfDamaged = sound == 1 && (generation > 1 || blank == 0);
    }

    private static ImmutableArray<FeedHole> Holes(ReadOnlySpan<long> n, int count)
    {
        var holes = ImmutableArray.CreateBuilder<FeedHole>(count);
        for (; count > 0; count--, n = n[NumbersOfHole..])
            holes.Add(new FeedHole(new JournalPosition(n[0], n[1], n[2]), new JournalPosition(n[3], n[4], n[5]), n[6]));
        return holes.MoveToImmutable();
    }
}
