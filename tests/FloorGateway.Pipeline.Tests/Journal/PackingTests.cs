using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Journal;

public sealed class PackingTests : IDisposable
{
    private const int All = 9000;
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Packed_segments_give_the_same_samples_totals_and_gap_records_in_less_room()
    {
        await WriteRowsAsync(folder.Path);
        var before = Look(folder.Path);
        await PackAsync(folder.Path);
        var after = Look(folder.Path);
        Make.AssertSame(before.Samples, after.Samples);
        Assert.Equal(before.Gaps, after.Gaps);
        Assert.Equal(before.Totals, after.Totals);
        Assert.Equal(0, after.Skipped);
        var segments = SegmentInfo.List(folder.Path);
        Assert.All(segments.SkipLast(2), s => Assert.True(s.Packed, s.Path));
        Assert.True(after.Bytes < before.Bytes / 2, $"{before.Bytes} became {after.Bytes}");
    }

    [Fact]
    public async Task Every_place_in_the_rows_means_the_same_in_the_columns()
    {
        await WriteRowsAsync(folder.Path);
        var places = new List<(JournalPosition Position, int Gaps)>();
        using (var batch = new SampleBatch())
        {
            var rows = JournalFolder.Open(folder.Path);
            using var reader = rows.CreateReader(rows.Head);
            var gaps = new List<GapRecord>();
            do
            {
                places.Add((reader.Position, gaps.Count));
                batch.Clear();
            }
            while (!reader.Read(batch, gaps, 97).IsEmpty);
        }

        await PackAsync(folder.Path);
        var all = Look(folder.Path);
        var view = JournalFolder.Open(folder.Path);
        foreach (var (position, gapsBefore) in places)
        {
            using var reader = view.CreateReader(position);
            var (samples, gaps, skipped) = Make.ReadAll(reader, 1000);
            Assert.Equal((All - position.Sequence, 0L), (samples.Count, skipped));
            Assert.Equal(all.Gaps.Skip(gapsBefore), gaps);
            if (samples.Count > 0)
                Make.AssertSame(all.Samples[(int)position.Sequence], samples[0]);
        }

        Assert.Empty(view.Damages);
    }

    [Fact]
    public async Task Place_in_the_columns_is_found_again_by_another_reader()
    {
        await WriteRowsAsync(folder.Path);
        await PackAsync(folder.Path);
        var view = JournalFolder.Open(folder.Path);
        var position = view.Head;
        var read = new List<Sample>();
        using var batch = new SampleBatch();
        while (position.Sequence < All)
        {
            using var reader = view.CreateReader(position);
            batch.Clear();
            reader.Read(batch, [], 311);
            read.AddRange(batch.Samples);
            position = reader.Position;
        }

        Make.AssertSame(Look(folder.Path).Samples, read);
    }

    [Fact]
    public async Task Reader_that_stands_in_the_rows_reads_on_while_they_are_replaced()
    {
        var disk = new TestDisk();
        disk.MayPack.Reset();
        await WriteRowsAsync(folder.Path);
        await using var journal = Open(folder.Path, disk);
        using var reader = journal.CreateReader(journal.Head);
        using var batch = new SampleBatch();
        reader.Read(batch, [], 100);
        Assert.Equal(100, batch.Count);
        disk.MayPack.Set();
        await PackedAsync(journal);
        var (samples, _, skipped) = Make.ReadAll(reader);
        Assert.Equal((All - 100, 0L), (samples.Count, skipped));
    }

    [Fact]
    public async Task Folder_that_was_listed_before_packing_is_read_after_it()
    {
        await WriteRowsAsync(folder.Path);
        var view = JournalFolder.Open(folder.Path);
        await PackAsync(folder.Path);
        using var reader = view.CreateReader(view.Head);
        var (samples, _, skipped) = Make.ReadAll(reader, 1000);
        Assert.Equal((All, 0L), (samples.Count, skipped));
        Assert.Empty(view.Damages);
    }

    [Fact]
    public async Task Kill_at_any_moment_of_packing_leaves_one_valid_copy()
    {
        await WriteRowsAsync(folder["rows"]);
        Make.CopyFolder(folder["rows"], folder["packed"]);
        await PackAsync(folder["packed"]);
        var expected = Look(folder["rows"]);
        var segment = SegmentInfo.List(folder["rows"])[0];
        var packed = SegmentInfo.PackedPathOf(segment.Path);
        var whole = await File.ReadAllBytesAsync(Path.Combine(folder["packed"], Path.GetFileName(packed)));

        // While it is written, when it has its name beside the rows, and where a file system kept the name but not the bytes.
        foreach (var (name, bytes) in new[] { (Path.ChangeExtension(segment.Path, ".packing"), whole[..(whole.Length / 2)]), (packed, whole), (packed, []) })
        {
            await File.WriteAllBytesAsync(name, bytes);
            var seen = Look(folder["rows"]);
            Assert.Equal((All, 0L), (seen.Samples.Count, seen.Skipped));
            Make.CopyFolder(folder["rows"], folder["killed"]);
            await using (var journal = Open(folder["killed"], new TestDisk(), pack: false))
                Assert.Equal(All, journal.Tail.Sequence);
            var after = Look(folder["killed"]);
            Make.AssertSame(expected.Samples, after.Samples);
            Assert.Equal(SegmentInfo.List(folder["killed"]).Count, Directory.GetFiles(folder["killed"]).Length);
            Directory.Delete(folder["killed"], true);
            File.Delete(name);
        }
    }

    [Fact]
    public async Task Any_byte_flipped_is_found_and_costs_its_block_alone()
    {
        await WriteRowsAsync(folder.Path);
        await PackAsync(folder.Path);
        var expected = Look(folder.Path).Samples;
        var segment = SegmentInfo.List(folder.Path)[1];
        var bytes = await File.ReadAllBytesAsync(segment.Path);
        for (var at = 0; at < bytes.Length; at += 5)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= (byte)(1 << (at % 8));
            await File.WriteAllBytesAsync(segment.Path, damaged);
            AssertDamageCosts(expected, least: 0);
        }
    }

    [Fact]
    public async Task Any_cut_is_found_and_costs_what_was_cut()
    {
        await WriteRowsAsync(folder.Path);
        await PackAsync(folder.Path);
        var expected = Look(folder.Path).Samples;
        var segment = SegmentInfo.List(folder.Path)[1];
        var bytes = await File.ReadAllBytesAsync(segment.Path);
        for (var length = bytes.Length - 1; length > 0; length -= 13)
        {
            await File.WriteAllBytesAsync(segment.Path, bytes[..length]);
            var view = JournalFolder.Open(folder.Path);
            using var reader = view.CreateReader(view.Head);
            var (samples, gaps, skipped) = Make.ReadAll(reader, 1000);
            Assert.Equal(expected.Count, samples.Count + skipped);
            Assert.Equal(skipped > 0, gaps.Any(g => g.Cause.Contains("no longer in the journal", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Segment_with_damage_stays_as_rows_and_the_damage_goes_to_quarantine()
    {
        await WriteRowsAsync(folder.Path);
        var segment = SegmentInfo.List(folder.Path)[1];
        var bytes = await File.ReadAllBytesAsync(segment.Path);
        bytes[bytes.Length / 2] ^= 0x10;
        await File.WriteAllBytesAsync(segment.Path, bytes);
        await PackAsync(folder.Path);
        Assert.False(SegmentInfo.List(folder.Path)[1].Packed);
        Assert.True(SegmentInfo.List(folder.Path)[0].Packed);
        var report = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "quarantine"), "*.txt"));
        Assert.Contains("reason   ", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
        var copy = await File.ReadAllBytesAsync(Path.ChangeExtension(report, ".bin"));
        Assert.True(bytes.AsSpan().IndexOf(copy) >= 0);
        AssertDamageCosts(null, least: 1);
    }

    [Fact]
    public async Task Packing_that_the_disk_has_no_room_for_leaves_the_rows_and_is_tried_again()
    {
        await WriteRowsAsync(folder.Path);
        var disk = new TestDisk();
        disk.MayPack.Reset();
        await using (var journal = Open(folder.Path, disk))
        {
            disk.Error = TestDisk.NoSpace;
            disk.MayPack.Set();
            await Eventually.TrueAsync(() => disk.Failures != 0);
        }

        Assert.DoesNotContain(SegmentInfo.List(folder.Path), s => s.Packed);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.packing"));
        await PackAsync(folder.Path);
        Assert.Contains(SegmentInfo.List(folder.Path), s => s.Packed);
        Assert.Equal(All, Look(folder.Path).Samples.Count);
    }

    private static SampleJournal Open(string path, JournalDisk disk, bool pack = true) => SampleJournal.Open(
        new JournalOptions { Folder = path, SegmentBytes = 12_000, PackAbove = pack ? 0 : long.MaxValue, PackedBlockSamples = 400 },
        new ManualTimeProvider(),
        NullLogger<SampleJournal>.Instance,
        default,
        disk);

    private static async Task WriteRowsAsync(string path)
    {
        await using var journal = Open(path, JournalDisk.System, pack: false);
        var (cas, body) = (journal.RegisterServer("cas"), journal.RegisterServer("body"));
        for (var i = 0; i < All; i += 50)
        {
            if (i % 1500 == 1000)
                await journal.AppendGapAsync(new GapRecord { Server = "body", From = i, To = i + 1, Cause = $"gap {i}" }, CancellationToken.None);
            await journal.Append(i % 100 == 0 ? cas : body, Make.Samples(50, i));
        }
    }

    private static async Task PackAsync(string path)
    {
        await using var journal = Open(path, JournalDisk.System);
        await PackedAsync(journal);
    }

    private static Task PackedAsync(SampleJournal journal) => Eventually.TrueAsync(() => !journal.IsPacking);

    private static Contents Look(string path)
    {
        var view = JournalFolder.Open(path);
        using var reader = view.CreateReader(view.Head);
        var (samples, gaps, skipped) = Make.ReadAll(reader, 1000);
        return new Contents(samples, gaps, skipped, view.Totals, view.Segments.Sum(s => s.Length));
    }

    private void AssertDamageCosts(List<Sample>? expected, long least)
    {
        var view = JournalFolder.Open(folder.Path);
        using var reader = view.CreateReader(view.Head);
        var (samples, gaps, skipped) = Make.ReadAll(reader, 1000);
        Assert.NotEmpty(view.Damages);
        Assert.Equal(All, samples.Count + skipped);
        Assert.InRange(skipped, least, 400);
        Assert.Equal(skipped > 0, gaps.Any(g => g.Cause.Contains("damaged", StringComparison.Ordinal)));
        if (expected is null)
            return;
        // What is read is what was there, up to the hole and from its end on.
        var hole = 0;
        while (hole < samples.Count && samples[hole].SourceTime == expected[hole].SourceTime)
            hole++;
        for (var i = 0; i < samples.Count; i++)
            Make.AssertSame(expected[i < hole ? i : i + (int)skipped], samples[i], i);
    }

    private sealed record Contents(List<Sample> Samples, List<GapRecord> Gaps, long Skipped, IReadOnlyList<ServerTotals> Totals, long Bytes);
}
