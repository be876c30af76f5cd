using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using FloorGateway.Model.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests;

[Collection(nameof(Alone))]
public sealed class AllocationTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Encoding_and_decoding_numbers_and_known_states_allocates_nothing()
    {
        var states = new[] { "Execute", "Held", "Aborted" };
        var samples = Enumerable.Range(0, 2000).Select(i => Make.Sample(i % 50, (i % 4) switch
        {
            0 => TagValue.From(i / 100.0),
            1 => TagValue.From((long)i),
            2 => TagValue.From(i % 3 == 0),
            _ => TagValue.From(states[i % 3]),
        }, i)).ToArray();
        var encoder = new BlockEncoder();
        var decoder = new BlockDecoder();
        using var batch = new SampleBatch(4096);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            batch.Clear();
            encoder.Clear();
            encoder.Begin();
            encoder.WriteTotals([], []);
            encoder.BeginSamples(1, samples[0].ReceiveTime);
            encoder.WriteSamples(samples);
            encoder.End(BlockKind.Samples, 0, 0, 0);
            BlockHeader.TryRead(encoder.Written, out var header);
            decoder.Begin(header with { MinReceiveTime = samples[0].ReceiveTime }, encoder.Written[BlockHeader.Size..], null);
            decoder.ReadSamples(encoder.Written[BlockHeader.Size..], batch, int.MaxValue);
        }));
        Assert.Equal(2000, batch.Count);
    }

    [Fact]
    public async Task Whole_way_from_append_to_delivery_allocates_nothing_per_sample()
    {
        await using var pipeline = GatewayPipeline.Open(
            new PipelineOptions { DataFolder = folder["data"], Tags = [.. Enumerable.Range(0, 50).Select(i => new PipelineTag(Make.Tag($"LXE/X/S{i}"), TagNormalisation.Default))] },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        var destination = new CountingDestination();
        // In order: the samples have times of their own, which in some years make them old enough to be left behind and caught up, with memory of its own.
        pipeline.AddFeed(destination, new FeedOptions { LiveAfter = null });
        await pipeline.StartAsync(CancellationToken.None);
        using var batch = new SampleBatch(1024);
        const int rounds = 300;
        const int each = 1000;
        long before = 0;
        for (var round = 0; round < rounds; round++)
        {
            if (round == rounds / 3)
                before = GC.GetTotalAllocatedBytes(precise: true);
            batch.Clear();
            for (var i = 0; i < each; i++)
                batch.Add(Make.Sample(i % 50, TagValue.From((round * each) + (i / 10.0)), (round * each) + i));
            await pipeline.AppendAsync("cas", batch, CancellationToken.None);
        }

        Assert.Empty(await pipeline.DrainAsync(TimeSpan.FromSeconds(30)));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(rounds * each, destination.Count);
        // Unoptimised builds allocate a few state machines a batch; anything per sample would be eight bytes at least.
        Assert.True(allocated < rounds * each * 2 / 3, $"{allocated} bytes for {rounds * each * 2 / 3} samples");
    }

    private sealed class CountingDestination : IFeedDestination
    {
        public long Count { get; private set; }

        public string Name => "counting";

        // As many as one append brings: a larger batch would grow its memory when the feed first falls behind, which may be after the warm-up.
        public int MaxBatch => 1000;

        public ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
        {
            Count += batch.Samples.Length;
            return ValueTask.FromResult(DeliveryResult.Delivered);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
