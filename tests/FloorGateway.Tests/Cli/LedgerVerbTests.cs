using System.Text.Json;
using FloorGateway.Cli;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Tests.Cli;

/// <summary><c>ledger</c> and <c>feed replay-refused</c> over a gateway's data folder.</summary>
public sealed class LedgerVerbTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Ledger_of_a_stopped_gateway_closes_and_tells_of_servers_feeds_and_tags()
    {
        await FillAsync();
        var (code, output, error) = await Run("ledger", "--data", folder.Path, "--tags", "**/B");
        Assert.Equal("", error);
        Assert.Equal(ExitCodes.Ok, code);
        foreach (var expected in (string[])["cas", "refusing", "LXE/X/B", "The sums close."])
            Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain("LXE/X/A", output, StringComparison.Ordinal);
        var (_, json, _) = await Run("ledger", "--data", folder.Path, "--json");
        var ledger = JsonDocument.Parse(json).RootElement;
        Assert.Equal((true, 20, 10, 10), (ledger.GetProperty("closes").GetBoolean(), ledger.GetProperty("journaled").GetInt32(), Feed(ledger, "delivered"), Feed(ledger, "refused")));
    }

    [Fact]
    public async Task A_sum_that_does_not_close_ends_with_2()
    {
        await FillAsync();
        using (var cursor = FeedCursor.Open(Path.Combine(folder.Path, "feeds", "refusing.cursor")))
            cursor.Save(cursor.Saved!.Value with { Refused = 9 }, toDisk: true);
        var (code, output, _) = await Run("ledger", "--data", folder.Path);
        Assert.Equal(ExitCodes.RunFailed, code);
        Assert.Contains("feed refusing: 20 journaled but 19 accounted for", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_samples_are_put_where_the_feed_sends_them_again()
    {
        await FillAsync();
        var (code, output, _) = await Run("feed", "replay-refused", "refusing", "--data", folder.Path);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("10 refused samples of feed refusing are sent again", output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.RunFailed, (await Run("feed", "replay-refused", "refusing", "--data", folder.Path)).Code);
        Assert.Contains("the feeds of", (await Run("feed", "replay-refused", "other", "--data", folder.Path)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_journal_is_said_and_not_made()
    {
        var (code, _, error) = await Run("ledger", "--data", folder["nowhere"]);
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("holds no journal", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["nowhere"]));
    }

    private static int Feed(JsonElement ledger, string name) => ledger.GetProperty("feeds")[0].GetProperty(name).GetInt32();

    private async Task FillAsync()
    {
        var tags = new[] { "A", "B" }.Select(s => new PipelineTag(
            new TagDefinition { Id = -1, Path = $"LXE/X/{s}", Server = "cas", EquipmentType = "T", UnitPath = "LXE/X", Signal = s }, TagNormalisation.Default)).ToList();
        await using var pipeline = GatewayPipeline.Open(new PipelineOptions { DataFolder = folder.Path, Tags = tags }, TimeProvider.System, NullLoggerFactory.Instance);
        pipeline.AddFeed(new RefusesB(), new FeedOptions());
        await pipeline.StartAsync(CancellationToken.None);
        using var batch = new SampleBatch();
        for (var i = 0; i < 20; i++)
            batch.Add(new Sample { Tag = i % 2, Value = TagValue.From((double)i), SourceTime = DateTime.UtcNow.Ticks + i, ReceiveTime = DateTime.UtcNow.Ticks });
        await pipeline.AppendAsync("cas", batch, CancellationToken.None);
        await pipeline.StopAsync(CancellationToken.None);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await CommandLineEntry.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class RefusesB : IFeedDestination
    {
        public string Name => "refusing";

        public int MaxBatch => 100;

        public ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
        {
            foreach (var sample in batch.Samples.Span)
            {
                if (sample.Tag == 1)
                    return ValueTask.FromResult(DeliveryResult.Rejected("no B here"));
            }

            return ValueTask.FromResult(DeliveryResult.Delivered);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
