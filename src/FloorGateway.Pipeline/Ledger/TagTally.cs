using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Ledger;

/// <summary>
/// The counts of every tag up to a place in the journal. What was journaled is counted by reading it, so that counts and place belong together whatever is killed
/// when. One file: header, then three numbers a tag, then a checksum.
/// </summary>
internal sealed class TagTally : IDisposable
{
    private const uint Magic = 0x314E_4346; // "FCN1"
    private const int Header = 48;
    private const int Each = 24;
    private const int Batch = 8192;

    private readonly SampleBatch samples = new(Batch);
    private readonly List<GapRecord> gaps = [];
    private Counts[] counts = [];

    public TagTally(JournalPosition start) => (Position, Start) = (start, start.Sequence);

    /// <summary>Counted is what lies before.</summary>
    public JournalPosition Position { get; private set; }

    /// <summary>Sequence number at which counting began.</summary>
    public long Start { get; private init; }

    /// <summary>Samples that were no longer in the journal when it was read.</summary>
    public long Skipped { get; private set; }

    /// <summary>Grows with each change.</summary>
    public long Version { get; private set; }

    public void ReadOn(JournalReader reader)
    {
        while (true)
        {
            samples.Clear();
            gaps.Clear();
            var read = reader.Read(samples, gaps, Batch);
            if (read.End != Position)
                Version++;
            foreach (ref readonly var sample in samples.Samples)
            {
                ref var of = ref Of(sample.Tag);
                of.Journaled++;
                if (!StatusQuality.IsGood(sample.Status))
                    of.NotGood++;
            }

            Skipped += read.Skipped;
            Position = read.End;
            if (read.IsEmpty)
                return;
        }
    }

    /// <summary>Received, and not journaled (yet).</summary>
    public void AddSuppressed(int tag, long by)
    {
        Of(tag).Suppressed += by;
        Version++;
    }

    /// <summary>Null where the sums close, else how they don't.</summary>
    public string? Difference()
    {
        var sum = Skipped;
        foreach (ref readonly var of in counts.AsSpan())
            sum += of.Journaled;
        return sum == Position.Sequence - Start ? null : $"tags: {Position.Sequence - Start} samples were journaled but {sum} are counted by tag";
    }

    public IReadOnlyList<TagLedger> Draw(ITagCatalog catalog)
    {
        var lines = new List<TagLedger>();
        for (var tag = 0; tag < Math.Min(counts.Length, catalog.Count); tag++)
        {
            if (counts[tag] is { Journaled: > 0 } or { Suppressed: not 0 })
                lines.Add(new TagLedger(catalog[tag].Path, catalog[tag].Server, counts[tag].Suppressed, counts[tag].Journaled, counts[tag].NotGood));
        }

        return lines;
    }

    /// <summary>Null where there is no such file or it is damaged.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static TagTally? Load(string file, out bool damaged)
    {
        damaged = false;
        if (!File.Exists(file))
            return null;
        var bytes = File.ReadAllBytes(file);
        damaged = true;
        if (bytes.Length < Header + 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4)) != Crc32C.Compute(bytes.AsSpan(0, bytes.Length - 4))
            || (bytes.Length - Header - 4) % Each != 0)
            return null;
        var tally = new TagTally(new JournalPosition(Long(8), Long(16), Long(24))) { Start = Long(32), Skipped = Long(40) };
        damaged = false;
        tally.counts = MemoryMarshal.Cast<byte, Counts>(bytes.AsSpan(Header, bytes.Length - Header - 4)).ToArray();
        return tally;

        long Long(int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
    }

    /// <summary>Writes beside the file and takes its place.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Save(string file)
    {
        var bytes = new byte[Header + (counts.Length * Each) + 4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        ReadOnlySpan<long> numbers = [Position.Segment, Position.Offset, Position.Sequence, Start, Skipped];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 + (i * 8)), numbers[i]);
        MemoryMarshal.AsBytes(counts.AsSpan()).CopyTo(bytes.AsSpan(Header));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32C.Compute(bytes.AsSpan(0, bytes.Length - 4)));
        DurableFile.Replace(file, bytes);
    }

    public void Dispose() => samples.Dispose();

    private ref Counts Of(int tag)
    {
        if (tag >= counts.Length)
            Array.Resize(ref counts, Math.Max(tag + 1, counts.Length * 2));
        return ref counts[tag];
    }

    // Written as it lies in memory; all machines that .NET 10 runs on are little-endian.
    [StructLayout(LayoutKind.Sequential)]
    private struct Counts
    {
        public long Suppressed;
        public long Journaled;
        public long NotGood;
    }
}
