using FloorGateway.Model.Ledger;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Feeds;

/// <summary>A pipeline over a folder of its own, on a clock that the test moves.</summary>
internal sealed class FeedHarness : IDisposable
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public TempDirectory Folder { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public string Feeds => Path.Combine(Folder["data"], "feeds");

    public void Dispose() => Folder.Dispose();

    public async Task<GatewayPipeline> StartAsync(FeedOptions options, IFeedDestination? destination, string data = "data", Func<JournalOptions, JournalOptions>? journal = null)
    {
        var standard = new JournalOptions { Folder = Path.Combine(Folder[data], "journal") };
        var pipeline = GatewayPipeline.Open(
            new PipelineOptions
            {
                DataFolder = Folder[data],
                Tags = [.. Enumerable.Range(0, 7).Select(i => new PipelineTag(Make.Tag($"LXE/X/S{i}"), TagNormalisation.Default))],
                CursorInterval = TimeSpan.FromSeconds(1),
                Journal = journal?.Invoke(standard) ?? standard,
            },
            Time,
            NullLoggerFactory.Instance);
        if (destination is not null)
            pipeline.AddFeed(destination, options);
        await pipeline.StartAsync(CancellationToken.None);
        return pipeline;
    }

    /// <summary>Appends samples that are received now.</summary>
    public async Task AppendAsync(GatewayPipeline pipeline, int count, double firstValue)
    {
        var now = Time.GetUtcNow().UtcTicks;
        using var batch = new SampleBatch();
        for (var i = 0; i < count; i++)
        {
            var sample = Make.Sample(i % 7, TagValue.From(firstValue + i));
            (sample.SourceTime, sample.ReceiveTime) = (now + i, now);
            batch.Add(sample);
        }

        await pipeline.AppendAsync("cas", batch, CancellationToken.None);
    }

    /// <summary>Outages one after the other, of 100 samples in 50 s each, and three samples behind each that are live.</summary>
    public async Task OutagesAsync(GatewayPipeline pipeline, int outages, Action<bool> setUp)
    {
        for (var outage = 0; outage < outages; outage++)
        {
            setUp(false);
            for (var i = 0; i < 5; i++)
            {
                await AppendAsync(pipeline, 20, (outage * 1000) + (i * 20));
                Time.Advance(TimeSpan.FromSeconds(10));
            }

            setUp(true);
            await AppendAsync(pipeline, 3, (outage * 1000) + 900);
            await UntilAsync(() => Line(pipeline).State == "Running", TimeSpan.FromSeconds(1));
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    public static FeedLedger Line(GatewayPipeline pipeline, string feed = "fake") => pipeline.Snapshot().Feeds.Single(f => f.Feed == feed);

    public Task UntilAsync(Func<bool> done, TimeSpan? step = null) => Eventually.TrueAsync(done, step is { } by ? () => Time.Advance(by) : null);

    public static IEnumerable<long> Numbers(int from, int to) => Enumerable.Range(from, to - from).Select(i => (long)i);
}
