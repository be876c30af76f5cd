using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace FloorGateway.Pipeline.Tests.Journal;

public sealed class JournalTroubleTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Kill_at_any_byte_of_a_new_segments_first_block_falls_back_to_the_segment_before()
    {
        await using (var journal = Make.Journal(folder["whole"], change: o => o with { SegmentBytes = 500 }))
        {
            var server = journal.RegisterServer("cas");
            while (journal.Tail.Segment < 3)
                await journal.Append(server, Make.Samples(30, (int)journal.Tail.Sequence));
        }

        var last = SegmentInfo.List(folder["whole"])[^1];
        var bytes = await File.ReadAllBytesAsync(last.Path);
        Assert.True(BlockHeader.TryRead(bytes, out var header));
        for (var length = 0; length < BlockHeader.Size + header.PayloadLength; length++)
        {
            Make.CopyFolder(folder["whole"], folder["cut"]);
            using (var handle = File.OpenHandle(Path.Combine(folder["cut"], Path.GetFileName(last.Path)), FileMode.Open, FileAccess.Write))
                RandomAccess.SetLength(handle, length);
            await using (var journal = Make.Journal(folder["cut"], change: o => o with { SegmentBytes = 500 }))
            {
                Assert.Equal(last.FirstSequence, journal.Tail.Sequence);
                Assert.Equal(last.FirstSequence, journal.Totals().Servers.Single().Totals.Journaled);
                await journal.Append(journal.RegisterServer("cas"), Make.Samples(5, 1000));
                using var reader = journal.CreateReader(journal.Head);
                var (samples, gaps, skipped) = Make.ReadAll(reader);
                Assert.Equal((last.FirstSequence + 5, 0, 0L), (samples.Count, gaps.Count, skipped));
            }

            Directory.Delete(folder["cut"], true);
        }
    }

    [Fact]
    public async Task Damaged_byte_where_the_servers_names_stand_costs_neither_names_nor_counts_nor_the_moment_they_were_complete()
    {
        await using (var journal = Make.Journal(folder["whole"]))
        {
            await journal.AppendAsync(journal.RegisterServer("cas"), Make.Samples(10), new BatchCounts(12, 2, 0), CancellationToken.None);
            await journal.Append(journal.RegisterServer("body"), Make.Samples(10, 10));
        }

        var file = Directory.GetFiles(folder["whole"]).Single();
        var whole = await File.ReadAllBytesAsync(file);
        for (var at = 0; at < whole.Length; at++)
        {
            // Every other byte of a block with names, wherever it stands.
            if (!BlockHeader.TryRead(whole.AsSpan(at), out var header) || header.Kind != BlockKind.Servers)
                continue;
            for (var i = at; i < at + BlockHeader.Size + header.PayloadLength; i += 2)
            {
                var damaged = (byte[])whole.Clone();
                damaged[i] ^= 0x20;
                Directory.CreateDirectory(folder["damaged"]);
                await File.WriteAllBytesAsync(Path.Combine(folder["damaged"], Path.GetFileName(file)), damaged);
                await using (var journal = Make.Journal(folder["damaged"]))
                {
                    Assert.Equal([("cas", 12L), ("body", 10L)], journal.Totals().Servers.Select(s => (s.Server, s.Totals.Received)));
                    Assert.Equal((Make.Samples(10)[^1].ReceiveTime, Make.Samples(10, 10)[^1].ReceiveTime), (journal.LastComplete("cas"), journal.LastComplete("body")));
                    Assert.Single(journal.Recovery.Damages);
                }

                Directory.Delete(folder["damaged"], true);
            }
        }
    }

    [Fact]
    public async Task Disk_that_refuses_fails_the_append_and_serves_again_later()
    {
        await using var journal = Make.Journal(folder["data"], change: o => o with { SegmentBytes = 300 });
        var server = journal.RegisterServer("cas");
        await journal.Append(server, Make.Samples(100));
        // The segment is full, so the next append needs a new file.
        Directory.Delete(folder["data"], true);
        await Assert.ThrowsAnyAsync<IOException>(() => journal.Append(server, Make.Samples(10, 100)));
        Assert.Equal(100, journal.Tail.Sequence);
        Assert.Equal(100, journal.Totals().Servers.Single().Totals.Journaled);
        Directory.CreateDirectory(folder["data"]);
        await journal.Append(server, Make.Samples(10, 100));
        using var reader = journal.CreateReader(new JournalPosition(1, 0, 0));
        var (samples, gaps, skipped) = Make.ReadAll(reader);
        Assert.Equal((10, 100L), (samples.Count, skipped));
        Assert.Single(gaps);
    }

    [Fact]
    public async Task Held_server_stays_incomplete_while_it_is_fetched()
    {
        await using (var journal = Make.Journal(folder.Path))
        {
            var server = journal.RegisterServer("cas");
            await journal.Append(server, Make.Sample(0, TagValue.From(1.0), 10));
            journal.HoldComplete(server, true);
            await journal.Append(server, Make.Sample(0, TagValue.From(2.0), 5000));
            journal.MarkAlive(server, Make.Start + TimeSpan.TicksPerDay);
        }

        var complete = Make.Sample(0, default, 10).ReceiveTime;
        await using var again = Make.Journal(folder.Path);
        Assert.Equal(complete, again.LastComplete("cas"));
        var number = again.RegisterServer("cas");
        again.HoldComplete(number, false);
        await again.Append(number, Make.Sample(0, TagValue.From(3.0), 6000));
        Assert.Equal(Make.Sample(0, default, 6000).ReceiveTime, again.Totals().Servers.Single().Totals.LastComplete);
    }

    [Fact]
    public async Task Flush_before_every_acknowledgement_works_too()
    {
        await using var journal = Make.Journal(folder.Path, change: o => o with { FlushInterval = TimeSpan.Zero });
        await journal.Append(journal.RegisterServer("cas"), Make.Samples(10));
        Assert.Equal(10, journal.Tail.Sequence);
    }

    [Fact]
    public async Task Journal_can_be_looked_at_while_it_is_written()
    {
        await using var journal = Make.Journal(folder.Path, change: o => o with { SegmentBytes = 5000 });
        var server = journal.RegisterServer("cas");
        for (var i = 0; i < 20; i++)
            await journal.Append(server, Make.Samples(50, i * 50));
        var view = JournalFolder.Open(folder.Path);
        using var reader = view.CreateReader(view.Head);
        Assert.Equal(1000, Make.ReadAll(reader).Samples.Count);
        Assert.Equal(["cas"], view.ServerNames);
        Assert.Equal(1000, view.Totals.Single().Journaled);
        Assert.Empty(view.Damages);
    }

    [Fact]
    public async Task Random_damage_never_throws_and_accounts_for_every_sample()
    {
        byte[] bytes;
        string name;
        using (var whole = new TempDirectory())
        {
            await WriteAsync(whole.Path);
            var file = Directory.GetFiles(whole.Path).Single();
            (bytes, name) = (await File.ReadAllBytesAsync(file), Path.GetFileName(file));
        }

        var damage = from start in Gen.Choose(0, bytes.Length - 1) from length in Gen.Choose(1, 300) from with in Gen.Choose(0, 255) select (start, length, with);
        Prop.ForAll(damage.ToArbitrary(), async d =>
        {
            using var copy = new TempDirectory();
            var damaged = (byte[])bytes.Clone();
            damaged.AsSpan(d.start, Math.Min(d.length, damaged.Length - d.start)).Fill((byte)d.with);
            await File.WriteAllBytesAsync(copy[name], damaged);
            await using var journal = Make.Journal(copy.Path);
            using var reader = journal.CreateReader(journal.Head);
            var (samples, _, skipped) = Make.ReadAll(reader);
            Assert.Equal(journal.Tail.Sequence, samples.Count + skipped);
            // 300 bytes touch four blocks of ten samples at most.
            Assert.True(samples.Count >= 460, $"{samples.Count} left");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static async Task WriteAsync(string path)
    {
        await using var journal = Make.Journal(path);
        var server = journal.RegisterServer("cas");
        for (var i = 0; i < 50; i++)
            await journal.Append(server, Make.Samples(10, i * 10));
    }
}
