using FloorGateway.Model.Ports;
using FloorGateway.Pipeline.Conditions;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Ledger;
using FloorGateway.Pipeline.Tags;
using FloorGateway.Pipeline.Tests.Feeds;
using FloorGateway.Pipeline.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Ledger;

public sealed class LedgerTests : IDisposable
{
    private readonly FeedHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task A_sum_that_is_broken_on_purpose_raises_the_alarm_and_a_mended_one_clears_it()
    {
        await using (var pipeline = await harness.StartAsync(new FeedOptions(), new FakeDestination()))
        {
            await harness.AppendAsync(pipeline, 10, 0);
            Assert.Empty(await pipeline.DrainAsync(FeedHarness.Long));
            Assert.DoesNotContain(pipeline.Conditions, c => c.Name == "LedgerOpen");
        }

        var file = Path.Combine(harness.Feeds, "fake.cursor");
        var sound = FeedCursor.Read(file)!.Value;
        Save(file, sound with { Delivered = sound.Delivered - 3 });
        await using (var broken = await harness.StartAsync(new FeedOptions(), new FakeDestination()))
        {
            await harness.UntilAsync(() => broken.Conditions.Any(c => c.Name == "LedgerOpen"), TimeSpan.FromSeconds(1));
            var alarm = broken.Conditions.Single(c => c.Name == "LedgerOpen");
            Assert.Equal(1, alarm.Priority);
            Assert.Contains("feed fake: 10 journaled but 7 accounted for", alarm.Message, StringComparison.Ordinal);
            Assert.False(LedgerBook.Read(harness.Folder["data"]).Closes);
        }

        Save(file, sound);
        await using var mended = await harness.StartAsync(new FeedOptions(), new FakeDestination());
        harness.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.DoesNotContain(mended.Conditions, c => c.Name == "LedgerOpen");
    }

    [Fact]
    public async Task Condition_goes_when_the_sums_close_again()
    {
        var open = true;
        var book = new ConditionBook(NullLogger<ConditionBook>.Instance);
        await using var watch = new LedgerWatch(() => Volatile.Read(ref open) ? ["2 + 2 = 5"] : [], book, harness.Time, NullLogger<LedgerWatch>.Instance);
        await harness.UntilAsync(() => book.Active.Count == 1);
        Volatile.Write(ref open, false);
        await harness.UntilAsync(() => book.Active.Count == 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Tags_are_counted_over_restarts_and_kills()
    {
        await using (var pipeline = await harness.StartAsync(new FeedOptions(), null))
        {
            await harness.AppendAsync(pipeline, 70, 0);
            await harness.AppendAsync(pipeline, 7, 1000);
            // The same samples once more are duplicates.
            await harness.AppendAsync(pipeline, 7, 1000);
            Make.CopyFolder(harness.Folder["data"], harness.Folder["killed"]);
        }

        await using (var pipeline = await harness.StartAsync(new FeedOptions(), null))
        {
            harness.Time.Advance(TimeSpan.FromSeconds(1));
            await harness.AppendAsync(pipeline, 7, 2000);
            var tags = pipeline.Tags();
            Assert.Equal(7, tags.Count);
            Assert.Equal(pipeline.Snapshot().Servers.Sum(s => s.Journaled), tags.Sum(t => t.Journaled));
            Assert.Equal(pipeline.Snapshot().Servers.Sum(s => s.Received), tags.Sum(t => t.Received));
        }

        // After a kill the journaled ones are there to the last; of the suppressed the last moments are not known by tag.
        await using var killed = await harness.StartAsync(new FeedOptions(), null, "killed");
        Assert.Equal(killed.Snapshot().Journaled, killed.Tags().Sum(t => t.Journaled));
    }

    [Fact]
    public async Task Folder_tells_the_ledger_that_the_running_gateway_told()
    {
        var fake = new FakeDestination { Behaviour = (b, _) => ValueTask.FromResult(b.FirstSequence >= 10 ? DeliveryResult.Retry("down") : DeliveryResult.Delivered) };
        var pipeline = await harness.StartAsync(new FeedOptions(), fake);
        await harness.AppendAsync(pipeline, 10, 0);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Delivered == 10);
        await harness.AppendAsync(pipeline, 20, 100);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).State == "Retrying");
        var told = pipeline.Snapshot();
        await pipeline.DisposeAsync();
        var read = LedgerBook.Read(harness.Folder["data"]);
        Assert.Equal(told.Servers, read.Servers);
        Assert.Equal(told.Journaled, read.Journaled);
        Assert.Equal((10, 20, 0), (read.Feeds[0].Delivered, read.Feeds[0].Waiting, read.Feeds[0].Difference));
        var catalog = TagCatalog.Open(Path.Combine(harness.Folder["data"], "tags.catalog"), [], NullLogger<TagCatalog>.Instance);
        Assert.Equal(30, LedgerBook.ReadTags(harness.Folder["data"], catalog).Sum(t => t.Journaled));
    }

    private static void Save(string file, FeedProgress progress)
    {
        using var cursor = FeedCursor.Open(file);
        cursor.Save(progress, toDisk: true);
    }
}
