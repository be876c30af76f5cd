using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;

namespace FloorGateway.Pipeline.Tests.Journal;

public sealed class SampleJournalTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Reads_what_was_appended_in_order()
    {
        await using var journal = Make.Journal(folder.Path);
        var server = journal.RegisterServer("cas");
        var all = Make.Samples(1000);
        foreach (var chunk in all.Chunk(37))
            await journal.Append(server, chunk);
        using var reader = journal.CreateReader(journal.Head);
        var (samples, gaps, skipped) = Make.ReadAll(reader);
        Make.AssertSame(all, samples);
        Assert.Empty(gaps);
        Assert.Equal(0, skipped);
        Assert.Equal(journal.Tail, reader.Position);
    }

    [Fact]
    public async Task Batch_larger_than_a_block_is_split_and_counted_once()
    {
        await using var journal = Make.Journal(folder.Path);
        var server = journal.RegisterServer("cas");
        var all = Make.Samples(50_000);
        await journal.AppendAsync(server, all, new BatchCounts(50_007, 4, 3), CancellationToken.None);
        using var reader = journal.CreateReader(journal.Head);
        Make.AssertSame(all, Make.ReadAll(reader, 1000).Samples);
        var totals = journal.Totals().Servers.Single().Totals;
        Assert.Equal((50_007, 4, 3, 50_000), (totals.Received, totals.SuppressedDeadband, totals.SuppressedDuplicate, totals.Journaled));
    }

    [Fact]
    public async Task Reopened_journal_goes_on_where_it_stopped_with_exact_totals()
    {
        var all = Make.Samples(300);
        for (var i = 0; i < 3; i++)
        {
            await using var journal = Make.Journal(folder.Path);
            var server = journal.RegisterServer("cas");
            await journal.AppendAsync(server, all.AsMemory(i * 100, 100), new BatchCounts(105, 3, 2), CancellationToken.None);
        }

        await using var again = Make.Journal(folder.Path);
        Assert.Equal(0, again.Recovery.CutBytes);
        Assert.Empty(again.Recovery.Damages);
        using var reader = again.CreateReader(again.Head);
        Make.AssertSame(all, Make.ReadAll(reader).Samples);
        var (servers, tail) = again.Totals();
        Assert.Equal(300, tail.Sequence);
        var totals = Assert.Single(servers);
        Assert.Equal("cas", totals.Server);
        Assert.Equal((315, 9, 6, 300), (totals.Totals.Received, totals.Totals.SuppressedDeadband, totals.Totals.SuppressedDuplicate, totals.Totals.Journaled));
    }

    [Fact]
    public async Task Batch_of_which_everything_was_suppressed_is_counted_durably()
    {
        await using (var journal = Make.Journal(folder.Path))
            await journal.AppendAsync(journal.RegisterServer("cas"), default, new BatchCounts(5, 5, 0), CancellationToken.None);
        await using var again = Make.Journal(folder.Path);
        Assert.Equal(5, again.Totals().Servers.Single().Totals.SuppressedDeadband);
    }

    [Fact]
    public async Task Gap_records_stand_between_the_samples()
    {
        await using var journal = Make.Journal(folder.Path);
        var server = journal.RegisterServer("cas");
        var gap = new GapRecord { Server = "cas", Tag = "A/b", From = 1, To = 2, Cause = "the server has no history" };
        await journal.Append(server, Make.Samples(3));
        await journal.AppendGapAsync(gap, CancellationToken.None);
        await journal.Append(server, Make.Samples(3, 3));
        using var reader = journal.CreateReader(journal.Head);
        var (samples, gaps, _) = Make.ReadAll(reader);
        Assert.Equal(6, samples.Count);
        Assert.Equal(gap, Assert.Single(gaps));
        Assert.Equal(1, journal.Totals().Servers.Single().Totals.Gaps);
    }

    [Fact]
    public async Task Tail_torn_at_any_byte_of_the_last_block_is_cut_and_costs_that_block_only()
    {
        long soundLength;
        string file;
        await using (var journal = Make.Journal(folder["whole"]))
        {
            var server = journal.RegisterServer("cas");
            await journal.Append(server, Make.Samples(20));
            soundLength = journal.Tail.Offset;
            await journal.Append(server, Make.Samples(5, 20));
        }

        file = Directory.GetFiles(folder["whole"]).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        for (var length = soundLength; length < bytes.Length; length++)
        {
            var copy = folder[$"cut{length}"];
            Directory.CreateDirectory(copy);
            await File.WriteAllBytesAsync(Path.Combine(copy, Path.GetFileName(file)), bytes[..(int)length]);
            await using var journal = Make.Journal(copy);
            Assert.Equal(length - soundLength, journal.Recovery.CutBytes);
            Assert.Equal(20, journal.Tail.Sequence);
            Assert.Equal(20, journal.Totals().Servers.Single().Totals.Journaled);
            await journal.Append(journal.RegisterServer("cas"), Make.Samples(2, 50));
            using var reader = journal.CreateReader(journal.Head);
            var (samples, gaps, skipped) = Make.ReadAll(reader);
            Make.AssertSame([.. Make.Samples(20), .. Make.Samples(2, 50)], samples);
            Assert.Empty(gaps);
            Assert.Equal(0, skipped);
            Directory.Delete(copy, true);
        }
    }

    [Fact]
    public async Task Any_flipped_byte_is_found_and_costs_its_block_at_most()
    {
        var ends = new List<long>();
        await using (var journal = Make.Journal(folder["whole"]))
        {
            var server = journal.RegisterServer("cas");
            for (var i = 0; i < 4; i++)
            {
                await journal.Append(server, Make.Samples(10, i * 10));
                ends.Add(journal.Tail.Offset);
            }
        }

        var file = Directory.GetFiles(folder["whole"]).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        var expected = Enumerable.Range(0, 4).SelectMany(i => Make.Samples(10, i * 10)).ToArray();
        for (var at = 0; at < bytes.Length; at += 3)
        {
            var copy = folder["flipped"];
            Directory.CreateDirectory(copy);
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x40;
            await File.WriteAllBytesAsync(Path.Combine(copy, Path.GetFileName(file)), damaged);
            var view = JournalFolder.Open(copy);
            using (var reader = view.CreateReader(view.Head))
            {
                var (samples, _, skipped) = Make.ReadAll(reader);
                var block = ends.FindIndex(e => at < e) - (at < ends[0] && at < FirstSampleBlock(bytes) ? 1 : 0);
                // The last block is the end of what is known: its loss is a shorter journal, not a hole.
                var lost = block < 0 ? 0 : 10;
                Assert.True(40 - samples.Count <= lost, $"byte {at}: {samples.Count} samples left");
                Assert.Equal(40 - samples.Count - (block == 3 ? lost : 0), skipped);
                Make.AssertSame([.. expected.Where((_, i) => block < 0 || i / 10 != block)], samples);
                Assert.NotEmpty(view.Damages.Count > 0 ? view.Damages : [new JournalDamage("", 0, 0, "cut")]);
            }

            Directory.Delete(copy, true);
        }
    }

    [Fact]
    public async Task Damage_in_the_middle_is_skipped_named_and_the_totals_stay_exact()
    {
        long from, to;
        await using (var journal = Make.Journal(folder.Path))
        {
            var server = journal.RegisterServer("cas");
            await journal.Append(server, Make.Samples(10));
            from = journal.Tail.Offset;
            await journal.Append(server, Make.Samples(10, 10));
            to = journal.Tail.Offset;
            await journal.Append(server, Make.Samples(10, 20));
        }

        var file = Directory.GetFiles(folder.Path).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes.AsSpan((int)from, (int)(to - from)).Clear();
        await File.WriteAllBytesAsync(file, bytes);
        await using var again = Make.Journal(folder.Path);
        Assert.Equal(0, again.Recovery.CutBytes);
        var damage = Assert.Single(again.Recovery.Damages);
        Assert.Equal((from, to - from), (damage.Offset, damage.Length));
        Assert.Equal(30, again.Totals().Servers.Single().Totals.Journaled);
        using var reader = again.CreateReader(again.Head);
        var (samples, gaps, skipped) = Make.ReadAll(reader);
        Assert.Equal(20, samples.Count);
        Assert.Equal(10, skipped);
        var gap = Assert.Single(gaps);
        Assert.Equal("cas", gap.Server);
        // A second before the last arrival: values are older than that.
        Assert.Equal(Make.Samples(10)[9].ReceiveTime - TimeSpan.TicksPerSecond, gap.From);
        Assert.Equal(Make.Samples(1, 20)[0].ReceiveTime, gap.To);
        Assert.Contains("damaged", gap.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(8000)]
    public async Task Gap_of_damage_holds_the_source_times_of_what_was_lost_however_late_it_came(int lateMs)
    {
        long from, to;
        var all = Make.Samples(30);
        for (var i = 0; i < all.Length; i++)
            all[i].ReceiveTime = Make.Start + ((((i / 10) * 100) + lateMs) * TimeSpan.TicksPerMillisecond);
        await using (var journal = Make.Journal(folder.Path))
        {
            var server = journal.RegisterServer("cas");
            await journal.Append(server, all[..10]);
            from = journal.Tail.Offset;
            await journal.Append(server, all[10..20]);
            to = journal.Tail.Offset;
            await journal.Append(server, all[20..]);
        }

        var file = Directory.GetFiles(folder.Path).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes.AsSpan((int)from, (int)(to - from)).Clear();
        await File.WriteAllBytesAsync(file, bytes);
        var view = JournalFolder.Open(folder.Path);
        using var reader = view.CreateReader(view.Head);
        var gap = Assert.Single(Make.ReadAll(reader).Gaps);
        Assert.All(all[10..20], lost => Assert.InRange(lost.SourceTime, gap.From, gap.To));
    }

    [Fact]
    public async Task Segments_roll_and_read_as_one()
    {
        var all = Make.Samples(2000);
        await using (var journal = Make.Journal(folder.Path, change: o => o with { SegmentBytes = 2000 }))
        {
            var server = journal.RegisterServer("cas");
            foreach (var chunk in all.Chunk(50))
                await journal.Append(server, chunk);
        }

        Assert.True(Directory.GetFiles(folder.Path).Length > 5);
        await using var again = Make.Journal(folder.Path, change: o => o with { SegmentBytes = 2000 });
        using var reader = again.CreateReader(again.Head);
        Make.AssertSame(all, Make.ReadAll(reader).Samples);
        Assert.Equal(2000, again.Totals().Servers.Single().Totals.Journaled);
    }

    [Fact]
    public async Task Reader_goes_on_from_any_position()
    {
        var all = Make.Samples(500);
        await using var journal = Make.Journal(folder.Path, change: o => o with { SegmentBytes = 1500 });
        var server = journal.RegisterServer("cas");
        foreach (var chunk in all.Chunk(40))
            await journal.Append(server, chunk);
        var position = journal.Head;
        var read = new List<Sample>();
        using var batch = new SampleBatch();
        while (position.Sequence < 500)
        {
            using var reader = journal.CreateReader(position);
            batch.Clear();
            reader.Read(batch, [], 17);
            read.AddRange(batch.Samples);
            position = reader.Position;
        }

        Make.AssertSame(all, read);
    }

    [Fact]
    public async Task Waiting_reader_is_woken_by_an_append()
    {
        await using var journal = Make.Journal(folder.Path);
        var server = journal.RegisterServer("cas");
        using var reader = journal.CreateReader(journal.Tail);
        using var batch = new SampleBatch();
        Assert.True(reader.Read(batch, [], 10).IsEmpty);
        var waiting = reader.WaitAsync();
        await journal.Append(server, Make.Samples(1));
        await waiting;
        Assert.Equal(1, reader.Read(batch, [], 10).Samples);
    }

    [Fact]
    public async Task Passed_segments_go_by_age_and_by_size()
    {
        var time = new ManualTimeProvider();
        await using var journal = Make.Journal(folder.Path, time, o => o with { SegmentBytes = 1000, KeepFor = TimeSpan.FromHours(1), KeepBytes = 100_000, RetentionInterval = TimeSpan.FromDays(1), AliveInterval = TimeSpan.FromDays(1) });
        var server = journal.RegisterServer("cas");
        for (var i = 0; i < 10; i++)
            await journal.Append(server, Make.Samples(100, i * 100));
        journal.ApplyRetention();
        Assert.Equal(1, journal.Head.Segment);
        time.Advance(TimeSpan.FromMinutes(61));
        journal.ApplyRetention();
        Assert.Equal(journal.Tail.Segment, journal.Head.Segment);
    }

    [Fact]
    public async Task Segment_that_a_feed_needs_stays_until_the_hard_limit()
    {
        await using var journal = Make.Journal(folder.Path, change: o => o with { SegmentBytes = 1000, KeepFor = TimeSpan.Zero, KeepBytes = 0, MaxBytes = 6000 });
        journal.SetNeeded(() => 1);
        var server = journal.RegisterServer("cas");
        while (journal.Tail.Segment < 4)
            await journal.Append(server, Make.Samples(50, (int)journal.Tail.Sequence));
        journal.ApplyRetention();
        Assert.Equal(1, journal.Head.Segment);
        using var reader = journal.CreateReader(journal.Head);
        using var batch = new SampleBatch();
        reader.Read(batch, [], 10);
        while (journal.Tail.Segment < 12)
            await journal.Append(server, Make.Samples(50, (int)journal.Tail.Sequence));
        journal.ApplyRetention();
        Assert.True(journal.Head.Segment > 1);
        Assert.True(Directory.GetFiles(folder.Path).Sum(f => new FileInfo(f).Length) <= 7000);

        var (samples, gaps, skipped) = Make.ReadAll(reader);
        Assert.True(skipped > 0);
        Assert.Equal(journal.Tail.Sequence, 10 + skipped + samples.Count);
        var gap = Assert.Single(gaps);
        Assert.Contains($"{skipped} samples", gap.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gap_after_expiry_names_only_servers_that_lost_samples()
    {
        await using var journal = Make.Journal(folder.Path, change: o => o with { SegmentBytes = 1000, MaxBytes = 3000 });
        journal.SetNeeded(() => 1);
        var (cas, quiet) = (journal.RegisterServer("cas"), journal.RegisterServer("quiet"));
        await journal.Append(quiet, Make.Samples(1));
        using var reader = journal.CreateReader(journal.Head);
        using var batch = new SampleBatch();
        reader.Read(batch, [], 1);
        while (journal.Tail.Segment < 8)
            await journal.Append(cas, Make.Samples(50, (int)journal.Tail.Sequence));
        journal.ApplyRetention();
        var (_, gaps, skipped) = Make.ReadAll(reader);
        Assert.True(skipped > 0);
        Assert.Equal("cas", Assert.Single(gaps).Server);
    }

    [Fact]
    public async Task Last_complete_is_the_newest_live_sample_or_alive_mark()
    {
        var samples = Make.Samples(3);
        var late = Make.Sample(0, TagValue.From(1.0), 90_000, origin: SampleOrigin.Backfill);
        await using (var journal = Make.Journal(folder.Path))
        {
            Assert.Null(journal.LastComplete("cas"));
            var (cas, body) = (journal.RegisterServer("cas"), journal.RegisterServer("body"));
            await journal.Append(cas, samples);
            await journal.Append(cas, late);
            journal.MarkAlive(body, 12345);
            journal.MarkAlive(body, 1);
        }

        await using var again = Make.Journal(folder.Path);
        Assert.Equal(samples[^1].ReceiveTime, again.LastComplete("cas"));
        Assert.Equal(12345, again.LastComplete("body"));
    }

    [Fact]
    public async Task Alive_mark_is_written_within_its_interval_while_running()
    {
        var time = new ManualTimeProvider();
        await using var journal = Make.Journal(folder["running"], time);
        var server = journal.RegisterServer("cas");
        await journal.Append(server, Make.Samples(1));
        var before = journal.Tail;
        using var reader = journal.CreateReader(before);
        journal.MarkAlive(server, long.MaxValue / 2);
        var woken = reader.WaitAsync().AsTask();
        while (!woken.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(woken, Task.Delay(5));
        }

        Make.CopyFolder(folder["running"], folder["killed"]);
        await using var killed = Make.Journal(folder["killed"]);
        Assert.Equal(long.MaxValue / 2, killed.LastComplete("cas"));
    }

    [Fact]
    public async Task What_feeds_have_passed_is_never_numbered_again_after_a_power_cut_took_the_end()
    {
        JournalPosition delivered;
        await using (var journal = Make.Journal(folder.Path))
        {
            var server = journal.RegisterServer("cas");
            await journal.Append(server, Make.Samples(10));
            await journal.Append(server, Make.Samples(10, 10));
            delivered = journal.Tail;
        }

        var file = Directory.GetFiles(folder.Path).Single();
        using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write))
            RandomAccess.SetLength(handle, new FileInfo(file).Length - 60);
        await using var again = Make.Journal(folder.Path, furthest: delivered);
        Assert.Equal(10, again.Recovery.LostSamples);
        Assert.Equal(20, again.Tail.Sequence);
        await again.Append(again.RegisterServer("cas"), Make.Samples(5, 100));
        using var ahead = again.CreateReader(delivered);
        Assert.Equal((5, 0L), (Make.ReadAll(ahead).Samples.Count, 0L));
        using var behind = again.CreateReader(again.Head);
        var (samples, gaps, skipped) = Make.ReadAll(behind);
        Assert.Equal((15, 10L), (samples.Count, skipped));
        Assert.Contains("power cut", Assert.Single(gaps).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_new_is_written_before_the_place_that_a_feed_has_passed()
    {
        JournalPosition passed;
        await using (var journal = Make.Journal(folder.Path))
        {
            var server = journal.RegisterServer("cas");
            await journal.Append(server, Make.Samples(10));
            passed = journal.Tail with { Offset = journal.Tail.Offset + 90 };
        }

        // As after a power cut that took a block without samples.
        await using var again = Make.Journal(folder.Path, furthest: passed);
        await again.Append(again.RegisterServer("cas"), Make.Samples(20, 10));
        using var reader = again.CreateReader(passed);
        var (samples, gaps, skipped) = Make.ReadAll(reader);
        Assert.Equal((20, 0, 0L), (samples.Count, gaps.Count, skipped));
    }

    [Fact]
    public async Task Value_that_cannot_be_stored_fails_its_own_batch_only()
    {
        await using var journal = Make.Journal(folder.Path);
        var server = journal.RegisterServer("cas");
        var good = Enumerable.Range(0, 20).Select(i => journal.Append(server, Make.Samples(3, i * 3))).ToList();
        var bad = journal.Append(server, Make.Sample(0, TagValue.From(new decimal[] { 1 })));
        good.AddRange(Enumerable.Range(20, 20).Select(i => journal.Append(server, Make.Samples(3, i * 3))));
        await Task.WhenAll(good);
        var error = await Assert.ThrowsAsync<IOException>(() => bad);
        Assert.Contains("Decimal", error.Message, StringComparison.Ordinal);
        using var reader = journal.CreateReader(journal.Head);
        Assert.Equal(120, Make.ReadAll(reader).Samples.Count);
        Assert.Equal(120, journal.Totals().Servers.Single().Totals.Received);
    }

    [Fact]
    public async Task Many_senders_at_once_lose_and_reorder_nothing()
    {
        await using var journal = Make.Journal(folder.Path, change: o => o with { SegmentBytes = 20_000 });
        var senders = Enumerable.Range(0, 8).Select(async s =>
        {
            var server = journal.RegisterServer($"server{s}");
            for (var i = 0; i < 50; i++)
                await journal.Append(server, [.. Enumerable.Range(0, 20).Select(k => Make.Sample(s, TagValue.From((long)((i * 20) + k))))]);
        });
        await Task.WhenAll(senders);
        using var reader = journal.CreateReader(journal.Head);
        var samples = Make.ReadAll(reader, 333).Samples;
        Assert.Equal(8000, samples.Count);
        foreach (var group in samples.GroupBy(s => s.Tag))
            Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), group.Select(s => s.Value.Bits));
        Assert.All(journal.Totals().Servers, s => Assert.Equal(1000, s.Totals.Journaled));
    }

    private static int FirstSampleBlock(byte[] bytes)
    {
        Assert.True(BlockHeader.TryRead(bytes, out var header));
        var offset = 0;
        while (header.Kind != BlockKind.Samples)
        {
            offset += BlockHeader.Size + header.PayloadLength;
            Assert.True(BlockHeader.TryRead(bytes.AsSpan(offset), out header));
        }

        return offset;
    }
}
