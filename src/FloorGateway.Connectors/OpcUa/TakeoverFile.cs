using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using FloorGateway.OpcUa.Client.Subscriptions;
using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>
/// How far the journal has a server's subscriptions, kept on disk so that the next run can take them over. Before a message goes to the journal its number is written
/// here, together with what the journal had counted until then: after a kill the journal's own count tells whether the message is in it. So no message is journaled twice and
/// none is passed over, without forcing either file to the disk. One file a server: a head that changes with the subscriptions and is replaced as a whole, then two
/// slots for each, written in turn, so that a write cut short leaves the one before it.
/// </summary>
internal sealed class TakeoverFile : IDisposable
{
    private const uint Magic = 0x314F_4754; // "TGO1"
    private const int HeadSize = 16;
    private const int SlotSize = 64;

    /// <summary>Bytes of a slot before its checksum: a multiple of eight.</summary>
    private const int Used = 56;

    private readonly string path;
    private readonly Dictionary<uint, Slot> slots = [];
    private SafeFileHandle? handle;
    private int slotsAt;

    // A head that the disk did not take, with room for the slots, and when that was tried last (UTC .NET ticks).
    private byte[]? unwritten;
    private long tried;

    public TakeoverFile(string path)
    {
        this.path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>What an earlier run left; null where there is nothing usable.</summary>
    /// <param name="received">What the journal has counted for the server.</param>
    public Takeover? Load(long received)
    {
        try
        {
            return File.Exists(path) ? Read(File.ReadAllBytes(path), received) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The subscriptions were made or changed: all that was known of others is dropped. Where the file can't be written, notes try it again.</summary>
    /// <param name="checkpoint">The subscriptions.</param>
    /// <param name="received">What the journal has counted for the server.</param>
    /// <param name="now">UTC .NET ticks.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Replace(SessionCheckpoint checkpoint, long received, long now)
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(new Head(
            [.. checkpoint.Subscriptions.Select(s => new Entry(s.SubscriptionId, s.ItemsHash, s.ServerStartTicks, s.ClientHandles is null ? null : Ranges(s.ClientHandles)))],
            checkpoint.NamespaceUris,
            checkpoint.EndpointUrl));
        slotsAt = (HeadSize + head.Length + SlotSize - 1) / SlotSize * SlotSize;
        var file = new byte[slotsAt + (checkpoint.Subscriptions.Count * 2 * SlotSize)];
        BinaryPrimitives.WriteUInt32LittleEndian(file, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), head.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), slotsAt);
        head.CopyTo(file, HeadSize);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), Checksum(file.AsSpan(HeadSize, slotsAt - HeadSize)));
        slots.Clear();
        for (var i = 0; i < checkpoint.Subscriptions.Count; i++)
        {
            var s = checkpoint.Subscriptions[i];
            slots[s.SubscriptionId] = new Slot { Index = i, Sequence = s.LastSequence, CompleteTicks = s.LastPublishTicks };
        }

        handle?.Dispose();
        handle = null;
        unwritten = file;
        Write(received, now);
    }

    /// <summary>Notes a message that is about to be appended, or with a count of 0 one that needs no appending or the progress of a quiet subscription.</summary>
    /// <param name="subscription">The server's id.</param>
    /// <param name="sequence">The message; 0 = the one noted last.</param>
    /// <param name="completeTicks">The server's time up to which everything before it is in the journal, UTC .NET ticks; 0 = as noted last.</param>
    /// <param name="received">What the journal has counted for the server so far.</param>
    /// <param name="count">Samples in the message.</param>
    /// <param name="now">UTC .NET ticks.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Note(uint subscription, uint sequence, long completeTicks, long received, int count, long now)
    {
        if (!slots.TryGetValue(subscription, out var slot))
            return;
        try
        {
            // Before the message: whether that one is in the journal is for its own note to tell.
            if (unwritten is not null && Math.Abs(now - tried) >= TimeSpan.TicksPerSecond)
                Write(received, now);
        }
        finally
        {
            slot.Sequence = sequence == 0 ? slot.Sequence : sequence;
            slot.CompleteTicks = completeTicks == 0 ? slot.CompleteTicks : completeTicks;
        }

        if (handle is not null)
            WriteSlot(subscription, slot, received, count, now);
    }

    public void Dispose() => handle?.Dispose();

    /// <summary>Handles as <c>0-99,105</c>: they are mostly neighbours, and may be a hundred thousand.</summary>
    internal static string Ranges(IReadOnlyList<uint> handles)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < handles.Count;)
        {
            var end = i;
            while (end + 1 < handles.Count && handles[end + 1] == handles[end] + 1)
                end++;
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? "," : "")}{handles[i]}{(end > i ? string.Create(CultureInfo.InvariantCulture, $"-{handles[end]}") : "")}");
            i = end + 1;
        }

        return text.ToString();
    }

    /// <exception cref="FormatException">The text is none of <see cref="Ranges"/>.</exception>
    internal static IReadOnlyList<uint> Handles(string ranges)
    {
        var handles = new List<uint>();
        foreach (var part in ranges.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var first = uint.Parse(dash < 0 ? part : part[..dash], CultureInfo.InvariantCulture);
            var last = dash < 0 ? first : uint.Parse(part[(dash + 1)..], CultureInfo.InvariantCulture);
            if (last < first || last - first > 10_000_000)
                throw new FormatException($"'{part}' is no range of handles");
            for (var handle = first; handle <= last; handle++)
                handles.Add(handle);
        }

        return handles;
    }

    private void Write(long received, long now)
    {
        tried = now;
        var temporary = path + ".new";
        try
        {
            File.WriteAllBytes(temporary, unwritten!);
            File.Move(temporary, path, overwrite: true);
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            foreach (var (subscription, slot) in slots)
                WriteSlot(subscription, slot, received, 0, now);
            unwritten = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            handle?.Dispose();
            handle = null;
            // What lies there tells of subscriptions that are no more: the next run does better without. One that can't be removed costs it a gap that is too long.
            TryDelete(temporary);
            TryDelete(path);
            throw;
        }
    }

    private void WriteSlot(uint subscription, Slot slot, long received, int count, long now)
    {
        Span<byte> bytes = stackalloc byte[SlotSize];
        bytes.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, ++slot.Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], subscription);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], slot.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], slot.CompleteTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], received);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], now);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Used..], Checksum(bytes[..Used]));
        RandomAccess.Write(handle!, bytes, slotsAt + (((slot.Index * 2) + (slot.Generation & 1)) * SlotSize));
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static Takeover? Read(byte[] file, long received)
    {
        var length = file.Length < HeadSize || BinaryPrimitives.ReadUInt32LittleEndian(file) != Magic ? -1 : BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4));
        var start = length < 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        if (length < 0 || start < HeadSize || start > file.Length || length > start - HeadSize
            || BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(12)) != Checksum(file.AsSpan(HeadSize, start - HeadSize)))
            return null;
        var head = JsonSerializer.Deserialize<Head>(file.AsSpan(HeadSize, length))!;
        var found = new List<SubscriptionCheckpoint>();
        (long Until, long Server) lost = default;
        for (var i = 0; i < head.Subscriptions.Count; i++)
        {
            var entry = head.Subscriptions[i];
            if (Newest(file, start + (i * 2 * SlotSize), entry.Id) is not { } slot)
                continue;
            // The journal counts one batch after the other, so its count alone says whether this one is among them.
            var isIn = received >= slot.Received + slot.Count;
            if (received < slot.Received && slot.Now > lost.Until)
                lost = (slot.Now, slot.CompleteTicks == 0 ? 0 : slot.CompleteTicks - slot.Now);
            found.Add(new SubscriptionCheckpoint(entry.Id, isIn || slot.Sequence == 0 ? slot.Sequence : slot.Sequence - 1, slot.CompleteTicks, entry.ItemsHash, entry.ServerStartTicks)
            {
                ClientHandles = entry.Handles is null ? null : Handles(entry.Handles),
            });
        }

        return found.Count == 0
            ? null
            : new Takeover(new SessionCheckpoint(found) { NamespaceUris = head.NamespaceUris, EndpointUrl = head.EndpointUrl }, lost.Until, lost.Server);
    }

    private static Slot? Newest(ReadOnlySpan<byte> file, int at, uint subscription)
    {
        Slot? newest = null;
        for (var i = 0; i < 2 && at + ((i + 1) * SlotSize) <= file.Length; i++)
        {
            var bytes = file.Slice(at + (i * SlotSize), SlotSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != subscription || BinaryPrimitives.ReadUInt32LittleEndian(bytes[Used..]) != Checksum(bytes[..Used]))
                continue;
            var slot = new Slot
            {
                Generation = BinaryPrimitives.ReadInt64LittleEndian(bytes),
                Sequence = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
                CompleteTicks = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
                Received = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
                Count = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
                Now = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            };
            if (newest is null || slot.Generation > newest.Generation)
                newest = slot;
        }

        return newest;
    }

    // CRC-32C by the processor; the inputs are padded to words.
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= 8; data = data[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        return ~crc;
    }

    private sealed record Head(IReadOnlyList<Entry> Subscriptions, IReadOnlyList<string> NamespaceUris, string? EndpointUrl);

    private sealed record Entry(uint Id, ulong ItemsHash, long ServerStartTicks, string? Handles);

    private sealed class Slot
    {
        public int Index { get; init; }

        public long Generation { get; set; }

        public uint Sequence { get; set; }

        public long CompleteTicks { get; set; }

        public long Received { get; init; }

        public long Count { get; init; }

        public long Now { get; init; }
    }
}

/// <summary>What an earlier run left behind.</summary>
/// <param name="Checkpoint">Its subscriptions and how far the journal has them.</param>
/// <param name="LostUntil">The journal has lost its end (power cut): UTC .NET ticks of our clock until when it may have; 0 = it has not.</param>
/// <param name="ServerAhead">By how much the server's clock was ahead of ours then, at least; .NET ticks.</param>
internal sealed record Takeover(SessionCheckpoint Checkpoint, long LostUntil, long ServerAhead);
