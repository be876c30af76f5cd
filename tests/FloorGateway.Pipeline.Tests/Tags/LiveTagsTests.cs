using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Tags;
using FloorGateway.Pipeline.Tests.Support;

namespace FloorGateway.Pipeline.Tests.Tags;

public sealed class LiveTagsTests
{
    [Fact]
    public void Gives_the_latest_sample_and_says_what_changed_since()
    {
        var live = new LiveTags(3);
        Assert.False(live.TryGet(0, out _));
        Assert.False(live.TryGet(7, out _));
        live.Update([Make.Sample(0, TagValue.From(1.0)), Make.Sample(1, TagValue.From(2.0))]);
        var seen = live.Version;
        live.Update([Make.Sample(1, TagValue.From(3.0), 5)]);
        Assert.True(live.TryGet(1, out var sample));
        Assert.Equal(3.0, sample.Value.AsDouble());
        Assert.True(live.Version > seen);
        Assert.Equal([1], Enumerable.Range(0, 3).Where(t => live.VersionOf(t) > seen));
        Assert.Equal(0, live.VersionOf(2));
    }

    [Fact]
    public void Backfill_replaces_nothing_newer()
    {
        var live = new LiveTags(1);
        live.Update([Make.Sample(0, TagValue.From(1.0), 100)]);
        live.Update([Make.Sample(0, TagValue.From(2.0), 50, origin: SampleOrigin.Backfill)]);
        Assert.True(live.TryGet(0, out var sample));
        Assert.Equal(1.0, sample.Value.AsDouble());
    }

    [Fact]
    public async Task Reader_never_sees_half_a_sample()
    {
        var live = new LiveTags(1);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (var i = 1; i <= 200_000; i++)
                live.Update([new Sample { Tag = 0, Value = i % 2 == 0 ? TagValue.From((long)i) : TagValue.From(i.ToString()), SourceTime = i, ReceiveTime = i, Status = (uint)i }]);
            stop.Cancel();
        });
        var torn = 0;
        while (!stop.IsCancellationRequested)
        {
            if (!live.TryGet(0, out var s))
                continue;
            var number = s.Value.Kind == ValueKind.Int64 ? s.Value.Bits : long.Parse(s.Value.AsString()!);
            if (number != s.SourceTime || number != s.ReceiveTime || number != s.Status)
                torn++;
        }

        await writer;
        Assert.Equal(0, torn);
    }
}
