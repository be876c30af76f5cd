using FloorGateway.Model.Ports;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Ledger;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tests.Feeds;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;

namespace FloorGateway.Pipeline.Tests;

/// <summary>
/// Every byte of the small files in the data folder, flipped and cut: what is read is what was written, or nothing and it is told; and a gateway that starts on it delivers what waits,
/// with a warning, and its sums close. FLOORGATEWAY_DAMAGE_BITS=8 flips each bit and starts a gateway after every flip and cut.
/// </summary>
public sealed class DataFolderDamageTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Cursor_gives_what_one_of_its_slots_holds_or_says_that_it_is_damaged()
    {
        var file = folder["a.cursor"];
        var (older, newer) = (new FeedProgress(new JournalPosition(1, 100, 10), 0, 10, 0, 0, 5), new FeedProgress(new JournalPosition(2, 50, 20), 0, 15, 5, 0, 6));
        using (var cursor = FeedCursor.Open(file))
        {
            cursor.Save(older, toDisk: false);
            cursor.Save(newer, toDisk: false);
        }

        var whole = File.ReadAllBytes(file);
        foreach (var bytes in Damage.Flips(whole).Select(f => f.Bytes).Concat(Damage.Cuts(whole)))
        {
            File.WriteAllBytes(file, bytes);
            using (var cursor = FeedCursor.Open(file))
            {
                Assert.True(cursor.Saved is null ? cursor.Damaged : cursor.HalfDamaged && !cursor.Damaged, $"{bytes.Length} bytes");
                Assert.True(cursor.Saved?.Position is null || cursor.Saved?.Position == older.Position || cursor.Saved?.Position == newer.Position);
                cursor.Save(newer, toDisk: false);
                cursor.Save(newer, toDisk: false);
            }

            using var mended = FeedCursor.Open(file);
            Assert.Equal((newer.Position, false, false), (mended.Saved!.Value.Position, mended.Damaged, mended.HalfDamaged));
        }

        File.Delete(file);
        using (var first = FeedCursor.Open(file))
            first.Save(older, toDisk: false);
        using var once = FeedCursor.Open(file);
        Assert.Equal((older.Position, false, false), (once.Saved!.Value.Position, once.Damaged, once.HalfDamaged));
    }

    [Fact]
    public void Counters_are_given_as_they_were_saved_or_told_to_be_damaged()
    {
        var file = folder["counters.txt"];
        var saved = new Dictionary<string, (double, double)> { ["A/1"] = (12, 3456789), ["A/2"] = (0.5, 1e-7), ["end"] = (7, 8) };
        CounterFile.Save(file, saved.Select(s => (s.Key, s.Value.Item1, s.Value.Item2)));
        Assert.Equal(saved, CounterFile.Load(file, out var damage));
        Assert.Null(damage);
        var whole = File.ReadAllBytes(file);
        foreach (var bytes in Damage.Flips(whole).Select(f => f.Bytes).Concat(Damage.Cuts(whole)))
        {
            File.WriteAllBytes(file, bytes);
            var read = CounterFile.Load(file, out damage);
            Assert.All(read, r => Assert.Equal(saved[r.Key], r.Value));
            // The last line break says nothing.
            Assert.True(damage is not null || (read.Count == saved.Count && bytes.Length == whole.Length - 1), $"{bytes.Length} bytes");
        }
    }

    [Fact]
    public void Counts_by_tag_are_given_as_they_were_saved_or_said_to_be_damaged()
    {
        var file = folder["tags.counts"];
        using (var tally = new TagTally(new JournalPosition(1, 0, 0)))
        {
            tally.AddSuppressed(3, 7);
            tally.Save(file);
        }

        var whole = File.ReadAllBytes(file);
        foreach (var bytes in Damage.Flips(whole).Select(f => f.Bytes).Concat(Damage.Cuts(whole)))
        {
            File.WriteAllBytes(file, bytes);
            using var tally = TagTally.Load(file, out var damaged);
            Assert.True(tally is null && damaged);
        }
    }

    [Theory]
    [InlineData("tags.catalog", 11)]
    [InlineData("feeds/fake.cursor", 29)]
    [InlineData("counters.txt", 5)]
    [InlineData("tags.counts", 9)]
    public async Task Gateway_starts_on_a_damaged_file_with_a_warning_delivers_what_waits_and_its_sums_close(string name, int step)
    {
        await FillAsync();
        var file = Path.Combine(folder["data"], name);
        var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var forms = Damage.Flips(whole).Select(f => f.Bytes).Concat(Damage.Cuts(whole)).ToList();
        for (var i = 0; i < forms.Count; i += Damage.IsLong ? 1 : step)
        {
            Make.CopyFolder(folder["data"], folder["damaged"]);
            await File.WriteAllBytesAsync(Path.Combine(folder["damaged"], name), forms[i], TestContext.Current.CancellationToken);
            var (log, fake) = (new WarningLog(), new FakeDestination());
            await using (var pipeline = await StartAsync("damaged", log, fake))
            {
                using var batch = Make.Batch(Make.Sample(1, TagValue.From(5L), 500), Make.Sample(0, TagValue.From(1005L), 500));
                await pipeline.AppendAsync("cas", batch, CancellationToken.None);
                Assert.Empty(await pipeline.DrainAsync(TimeSpan.FromSeconds(60)));
                Assert.True(log.Lines.Count > 0 || (name == "counters.txt" && forms[i].Length == whole.Length - 1), $"{name}, form {i}: nothing was told");
                // The second 10 were not delivered before, and the 2 are new: whatever else comes once more, these do, in order and under their names.
                Assert.Equal(Enumerable.Range(10, 12).Select(s => (long)s), fake.Sequences.Skip(fake.Sequences.IndexOf(10)));
                Assert.Equal(["LXE/X/Count", "LXE/X/S"], new[] { 0, 1 }.Select(t => pipeline.Catalog[t].Path));
                Assert.Empty(pipeline.Snapshot().Differences);
                Assert.Equal(22, pipeline.Tags().Sum(t => t.Journaled));
                // Counted on from where it stood, or anew with what the equipment shows: never from anything else.
                var total = fake.Taken.Last(s => s.Tag == 0).Value.AsDouble();
                Assert.True(total == 2005 || (name == "counters.txt" && total == 1005), $"{name}, form {i}: {total}");
            }

            Directory.Delete(folder["damaged"], true);
        }
    }

    /// <summary>20 samples, of which the feed has delivered 10; the counter has been reset once, so that its total is not what it shows.</summary>
    private async Task FillAsync()
    {
        var fake = new FakeDestination();
        await using var pipeline = await StartAsync("data", new WarningLog(), fake);
        for (var round = 0; round < 2; round++)
        {
            using var batch = Make.Batch([.. Enumerable.Range(0, 5).SelectMany(i => new[]
            {
                Make.Sample(0, TagValue.From(200L * (i + 1)), (round * 100) + i),
                Make.Sample(1, TagValue.From((long)i), (round * 100) + i),
            })]);
            if (round == 1)
            {
                await pipeline.DrainAsync(TimeSpan.FromSeconds(60));
                fake.Behaviour = (_, _) => ValueTask.FromResult(DeliveryResult.Retry("busy"));
            }

            await pipeline.AppendAsync("cas", batch, CancellationToken.None);
        }
    }

    private async Task<GatewayPipeline> StartAsync(string data, WarningLog log, FakeDestination fake)
    {
        var pipeline = GatewayPipeline.Open(
            new PipelineOptions
            {
                DataFolder = folder[data],
                Tags = [new PipelineTag(Make.Tag("LXE/X/Count"), new TagNormalisation { Counter = new CounterOptions { MaxStep = 1000 } }), new PipelineTag(Make.Tag("LXE/X/S"), TagNormalisation.Default)],
            },
            new ManualTimeProvider(),
            log);
        pipeline.AddFeed(fake, new FeedOptions { LiveAfter = null });
        await pipeline.StartAsync(CancellationToken.None);
        return pipeline;
    }
}
