using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tests.Feeds;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests;

/// <summary>One part in trouble must cost the others nothing.</summary>
public sealed class GatewayPipelineTroubleTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Sample_that_the_destination_chokes_on_is_put_aside_and_the_others_go_on()
    {
        var fake = new FakeDestination();
        fake.Behaviour = (batch, _) => batch.Samples.ToArray().Any(s => s.Tag == 3) ? throw new ArgumentException("'a/+/b' is no topic") : ValueTask.FromResult(DeliveryResult.Delivered);
        await using var pipeline = await StartAsync(null, fake);
        await AppendAsync(pipeline, Make.Samples(14));
        Assert.Empty(await pipeline.DrainAsync(Long));
        var line = pipeline.Snapshot().Feeds.Single();
        Assert.Equal((12, 2, 0), (line.Delivered, line.Refused, line.Waiting));
        Assert.Empty(pipeline.Snapshot().Differences);
        Assert.Contains("is no topic", await File.ReadAllTextAsync(Path.Combine(folder["data"], "feeds", "fake.refused.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journal_that_cannot_be_read_on_never_makes_two_deliveries_overlap()
    {
        var fake = new FakeDestination(maxBatch: 10);
        var (atOnce, most, broken) = (0, 0, "");
        fake.Behaviour = async (_, attempt) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            if (attempt == 1)
            {
                // The next segment can't be opened while this delivery is on its way.
                broken = Directory.GetFiles(Path.Combine(folder["data"], "journal")).Order(StringComparer.Ordinal).ElementAt(2);
                File.Move(broken, broken + ".away");
                Directory.CreateDirectory(broken);
                // Nothing is to happen meanwhile, and that has no state to wait for: this long a second delivery would have to begin.
                await Task.Delay(300);
                Directory.Delete(broken);
                File.Move(broken + ".away", broken);
            }

            Interlocked.Decrement(ref atOnce);
            return DeliveryResult.Delivered;
        };
        var options = new FeedOptions { StartAt = FeedStart.Head, RetryFirst = TimeSpan.FromMilliseconds(1) };
        await using (var filling = await StartAsync(o => o with { SegmentBytes = 1 }))
        {
            for (var i = 0; i < 10; i++)
                await AppendAsync(filling, Make.Samples(10, i * 10));
        }

        await using var pipeline = await StartAsync(o => o with { SegmentBytes = 1 }, options, fake);
        Assert.Empty(await pipeline.DrainAsync(Long));
        Assert.NotEqual("", broken);
        Assert.Equal(1, most);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), fake.Sequences);
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Destination_that_fails_to_close_costs_no_other_feed_its_cursor_and_frees_the_folder()
    {
        var bad = new FakeDestination("bad") { FailsToClose = new IOException("no goodbye") };
        var good = new FakeDestination("good");
        var pipeline = await StartAsync(null, bad, good);
        await AppendAsync(pipeline, Make.Samples(10));
        await pipeline.StopAsync(CancellationToken.None);
        Assert.True(good.Disposed);
        var again = new FakeDestination("good");
        await using var next = await StartAsync(null, again);
        Assert.Empty(await next.DrainAsync(Long));
        Assert.Empty(again.Taken);
    }

    [Fact]
    public async Task Journal_without_its_catalog_is_refused_rather_than_delivered_under_other_names()
    {
        await using (var pipeline = await StartAsync(null))
            await AppendAsync(pipeline, Make.Samples(10));
        File.Delete(Path.Combine(folder["data"], "tags.catalog"));
        await using (var restored = await StartAsync(null))
            Assert.Equal(7, restored.Catalog.Count);
        File.Delete(Path.Combine(folder["data"], "tags.catalog"));
        File.Delete(Path.Combine(folder["data"], "tags.catalog.copy"));
        var refused = await Assert.ThrowsAsync<IOException>(() => StartAsync(null));
        Assert.Contains("tags.catalog is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_by_tag_that_are_ahead_of_a_journal_which_lost_its_end_are_never_taken_for_counts_of_what_comes()
    {
        await using (var pipeline = await StartAsync(null))
        {
            await AppendAsync(pipeline, Make.Samples(10));
            await AppendAsync(pipeline, Make.Samples(14, 10));
            await pipeline.StopAsync(CancellationToken.None);
        }

        // As a power cut does: the counts were on the disk before the journal's last block. No feed has a cursor there.
        var segment = Directory.GetFiles(Path.Combine(folder["data"], "journal")).Single();
        using (var handle = File.OpenHandle(segment, FileMode.Open, FileAccess.Write))
            RandomAccess.SetLength(handle, new FileInfo(segment).Length - 10);
        await using var again = await StartAsync(null);
        await AppendAsync(again, Make.Samples(7, 100));
        Assert.Equal(31, again.Snapshot().Journaled);
        Assert.Empty(again.Snapshot().Differences);
        // 24 of the run before, 7 of this one.
        Assert.Equal(31, again.Tags().Sum(t => t.Journaled));
    }

    [Fact]
    public async Task Last_complete_follows_a_clock_that_was_set_back()
    {
        var time = new ManualTimeProvider();
        var start = time.GetUtcNow().UtcTicks;
        await using (var journal = Make.Journal(folder.Path, time))
        {
            var server = journal.RegisterServer("cas");
            var wrong = Make.Sample(0, TagValue.From(1.0));
            wrong.ReceiveTime = start + TimeSpan.TicksPerHour;
            await journal.Append(server, wrong);
            var right = Make.Sample(0, TagValue.From(2.0));
            right.ReceiveTime = start;
            await journal.Append(server, right);
            Assert.Equal(start, journal.Totals().Servers.Single().Totals.LastComplete);
            journal.MarkAlive(server, start + TimeSpan.TicksPerHour);
            journal.MarkAlive(server, start + 5);
        }

        await using var again = Make.Journal(folder.Path, time);
        Assert.Equal(start + 5, again.LastComplete("cas"));
    }

    private static async Task AppendAsync(GatewayPipeline pipeline, params Sample[] samples)
    {
        using var batch = Make.Batch(samples);
        await pipeline.AppendAsync("cas", batch, CancellationToken.None);
    }

    private Task<GatewayPipeline> StartAsync(Func<JournalOptions, JournalOptions>? journal, params IFeedDestination[] destinations) => StartAsync(journal, new FeedOptions(), destinations);

    private async Task<GatewayPipeline> StartAsync(Func<JournalOptions, JournalOptions>? journal, FeedOptions feed, params IFeedDestination[] destinations)
    {
        var standard = new JournalOptions { Folder = Path.Combine(folder["data"], "journal") };
        var pipeline = GatewayPipeline.Open(
            new PipelineOptions
            {
                DataFolder = folder["data"],
                Tags = [.. Enumerable.Range(0, 7).Select(i => new PipelineTag(Make.Tag($"LXE/X/S{i}"), TagNormalisation.Default))],
                Journal = journal?.Invoke(standard) ?? standard,
            },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        foreach (var destination in destinations)
            pipeline.AddFeed(destination, feed with { LiveAfter = null });
        await pipeline.StartAsync(CancellationToken.None);
        return pipeline;
    }
}
