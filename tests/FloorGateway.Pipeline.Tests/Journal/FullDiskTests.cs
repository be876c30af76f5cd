using System.Diagnostics;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Journal;

public sealed class FullDiskTests : IDisposable
{
    private readonly TempDirectory folder = new();
    private readonly ManualTimeProvider time = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<int, JournalFullPolicy> Refusals => new()
    {
        { TestDisk.NoSpace, JournalFullPolicy.Wait },
        { TestDisk.NoSpace, JournalFullPolicy.EvictOldest },
        { TestDisk.ReadOnly, JournalFullPolicy.Wait },
        { TestDisk.ReadOnly, JournalFullPolicy.EvictOldest },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Append_waits_while_the_disk_takes_nothing_and_what_was_acknowledged_is_there_afterwards(int error, JournalFullPolicy policy)
    {
        var disk = new TestDisk();
        await using (var journal = Open(disk, o => o with { WhenFull = policy }))
        {
            var (cas, body) = (journal.RegisterServer("cas"), journal.RegisterServer("body"));
            await journal.Append(cas, Make.Samples(100));
            disk.Error = error;
            var waiting = journal.Append(cas, Make.Samples(10, 100));
            await UntilAsync(() => disk.Failures >= 3);
            var behind = journal.Append(body, Make.Samples(10, 110));
            await UntilAsync(() => disk.Failures >= 6);
            Assert.False(waiting.IsCompleted || behind.IsCompleted);
            Assert.NotNull(journal.Trouble);
            using (var reader = journal.CreateReader(journal.Head))
                Assert.Equal(100, Make.ReadAll(reader).Samples.Count);
            Assert.Equal(100, journal.Totals().Servers.Sum(s => s.Totals.Journaled));
            disk.Error = 0;
            await UntilAsync(() => waiting.IsCompleted && behind.IsCompleted);
            await waiting;
            await behind;
            await UntilAsync(() => journal.Trouble is null);
        }

        await using var again = Make.Journal(folder.Path);
        using var all = again.CreateReader(again.Head);
        Make.AssertSame([.. Make.Samples(100), .. Make.Samples(10, 100), .. Make.Samples(10, 110)], Make.ReadAll(all).Samples);
    }

    [Fact]
    public async Task Sender_that_no_longer_waits_is_let_go_and_its_samples_are_not_appended()
    {
        var disk = new TestDisk();
        await using var journal = Open(disk, o => o);
        var server = journal.RegisterServer("cas");
        await journal.Append(server, Make.Samples(5));
        disk.Error = TestDisk.NoSpace;
        using var gone = new CancellationTokenSource();
        var samples = Make.Samples(7, 100);
        var given = journal.AppendAsync(server, samples, new BatchCounts(7, 0, 0), gone.Token).AsTask();
        var stays = journal.Append(server, Make.Samples(3, 5));
        await UntilAsync(() => disk.Failures >= 2);
        await gone.CancelAsync();
        await UntilAsync(() => given.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(stays.IsCompleted);
        disk.Error = 0;
        await UntilAsync(() => stays.IsCompleted);
        using var reader = journal.CreateReader(journal.Head);
        Make.AssertSame([.. Make.Samples(5), .. Make.Samples(3, 5)], Make.ReadAll(reader).Samples);
    }

    [Fact]
    public async Task Journal_that_is_closed_while_the_disk_is_full_tells_who_waits()
    {
        var disk = new TestDisk();
        var journal = Open(disk, o => o);
        disk.Error = TestDisk.NoSpace;
        var waiting = journal.Append(journal.RegisterServer("cas"), Make.Samples(5));
        await UntilAsync(() => disk.Failures >= 2);
        await journal.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => waiting);
    }

    [Theory]
    [InlineData(JournalFullPolicy.Wait, false)]
    [InlineData(JournalFullPolicy.EvictOldest, false)]
    [InlineData(JournalFullPolicy.Wait, true)]
    public async Task Start_that_needs_a_new_segment_opens_on_a_full_disk_gives_what_is_there_and_appends_wait(JournalFullPolicy policy, bool passed)
    {
        var end = default(JournalPosition);
        await using (var journal = Open(new TestDisk(), o => o))
        {
            await journal.Append(journal.RegisterServer("cas"), Make.Samples(100));
            end = journal.Tail;
        }

        // The segment has reached its size; or a feed has passed an end that a power cut took.
        var disk = new TestDisk { Error = TestDisk.NoSpace };
        var furthest = passed ? end with { Offset = end.Offset + 50, Sequence = 120 } : default;
        var full = SampleJournal.Open(
            new JournalOptions { Folder = folder.Path, SegmentBytes = passed ? 64 << 20 : 100, WhenFull = policy }, time, NullLogger<SampleJournal>.Instance, furthest, disk);
        await using (full)
        {
            Assert.Equal(passed ? 120 : 100, full.Tail.Sequence);
            using (var reader = full.CreateReader(full.Head))
                Assert.Equal((100, passed ? 20L : 0), (Make.ReadAll(reader).Samples.Count, full.Recovery.LostSamples));
            var waiting = full.Append(full.RegisterServer("cas"), Make.Samples(10, 100));
            await UntilAsync(() => full.Trouble is not null && disk.Failures >= 3);
            Assert.False(waiting.IsCompleted);
            disk.Error = 0;
            await UntilAsync(() => waiting.IsCompleted);
            await waiting;
            await UntilAsync(() => full.Trouble is null);
            Assert.Equal(passed ? 130 : 110, full.Tail.Sequence);
        }

        await using var again = Make.Journal(folder.Path);
        using var all = again.CreateReader(again.Head);
        Make.AssertSame([.. Make.Samples(100), .. Make.Samples(10, 100)], Make.ReadAll(all).Samples);
    }

    [Fact]
    public async Task Journal_that_opened_on_a_full_disk_and_is_closed_before_there_is_room_opens_again()
    {
        await using (var journal = Open(new TestDisk(), o => o))
            await journal.Append(journal.RegisterServer("cas"), Make.Samples(100));
        for (var i = 0; i < 2; i++)
        {
            await using var full = Open(new TestDisk { Error = TestDisk.NoSpace }, o => o with { SegmentBytes = 100 });
            Assert.Equal(100, full.Tail.Sequence);
        }

        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Full_disk_evicts_the_oldest_and_names_what_a_feed_lost()
    {
        var disk = new TestDisk { Quota = (folder.Path, 6000) };
        await using var journal = Open(disk, o => o with { SegmentBytes = 1000 });
        journal.SetNeeded(() => 1);
        var server = journal.RegisterServer("cas");
        using var reader = journal.CreateReader(journal.Head);
        for (var i = 0; i < 100; i++)
            await journal.Append(server, Make.Samples(50, i * 50));
        var (samples, gaps, skipped) = Make.ReadAll(reader);
        Assert.True(disk.Failures > 0);
        Assert.True(skipped > 0);
        Assert.Equal(5000, samples.Count + skipped);
        Assert.Contains($"{skipped} samples", Assert.Single(gaps).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_waits_at_the_size_limit_until_a_feed_has_passed_the_oldest()
    {
        var needed = 1L;
        await using var journal = Open(new TestDisk(), o => o with { SegmentBytes = 1000, MaxBytes = 5000, KeepBytes = 0, WhenFull = JournalFullPolicy.Wait });
        journal.SetNeeded(() => Volatile.Read(ref needed));
        var server = journal.RegisterServer("cas");
        var count = 0;
        Task append;
        do
        {
            append = journal.Append(server, Make.Samples(50, count * 50));
            count++;
            await UntilAsync(() => append.IsCompleted || journal.Trouble is not null);
        }
        while (append.IsCompleted);
        Assert.Equal(1, journal.Head.Segment);
        Assert.Contains("limit", journal.Trouble!.Message, StringComparison.Ordinal);
        Assert.True(Directory.GetFiles(folder.Path).Sum(f => new FileInfo(f).Length) <= 5000);
        Volatile.Write(ref needed, journal.Tail.Segment);
        await UntilAsync(() => append.IsCompleted);
        Assert.True(journal.Head.Segment > 1);
        Assert.Equal(count * 50, journal.Tail.Sequence);
    }

    [Fact]
    public async Task Real_small_file_system_that_fills_up_loses_nothing_that_was_acknowledged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting needs root");
        var mount = folder["small"];
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount) == 0, "this machine lets nothing be mounted");
        try
        {
            var data = Path.Combine(mount, "journal");
            var filler = Path.Combine(mount, "filler");
            var appended = 0;
            await using (var journal = Open(JournalDisk.System, o => o with { Folder = data, SegmentBytes = 50_000, WhenFull = JournalFullPolicy.Wait }))
            {
                journal.SetNeeded(() => 1);
                var server = journal.RegisterServer("cas");
                await File.WriteAllBytesAsync(filler, new byte[128 << 10]);
                Task append;
                do
                {
                    append = journal.Append(server, Make.Samples(50, appended * 50));
                    await UntilAsync(() => append.IsCompleted || journal.Trouble is not null);
                    appended++;
                }
                while (append.IsCompleted);
                Assert.True(appended > 10);
                using (var reader = journal.CreateReader(journal.Head))
                    Assert.Equal((appended - 1) * 50, Make.ReadAll(reader).Samples.Count);
                File.Delete(filler);
                await UntilAsync(() => append.IsCompleted);
                await append;
            }

            await using var again = Make.Journal(data);
            using var all = again.CreateReader(again.Head);
            Assert.Equal(appended * 50, Make.ReadAll(all).Samples.Count);
        }
        finally
        {
            await RunAsync("umount", mount);
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private SampleJournal Open(JournalDisk disk, Func<JournalOptions, JournalOptions> change) =>
        SampleJournal.Open(change(new JournalOptions { Folder = folder.Path }), time, NullLogger<SampleJournal>.Instance, default, disk);

    /// <summary>Lets the journal's clock run until something has happened.</summary>
    private Task UntilAsync(Func<bool> happened) => Eventually.TrueAsync(happened, () => time.Advance(TimeSpan.FromMilliseconds(500)));
}
