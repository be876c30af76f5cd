using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Normalisation;

public sealed class SubstitutedTimeTests
{
    private readonly Normaliser normaliser = new("cas", [(Make.Tag("LXE/X/A"), TagNormalisation.Default)], new TimeRules(), NullLogger<Normaliser>.Instance);

    [Fact]
    public void Values_of_one_message_without_source_times_get_times_of_their_own_in_their_order()
    {
        Sample[] samples = [.. Enumerable.Range(0, 10).Select(i => Timeless(i, 0))];
        Assert.Equal(10, normaliser.Run(samples).Kept);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => samples[0].ReceiveTime + i), samples.Select(s => s.SourceTime));
        Assert.All(samples, s => Assert.Equal(SampleFlags.SourceTimeSubstituted, s.Flags));
    }

    [Fact]
    public void Next_message_starts_at_its_own_receive_time()
    {
        normaliser.Run([Timeless(1, 0), Timeless(2, 0)]);
        Sample[] next = [Timeless(3, 100)];
        normaliser.Run(next);
        Assert.Equal(next[0].ReceiveTime, next[0].SourceTime);
    }

    private static Sample Timeless(double value, long atMs) => Make.Sample(0, TagValue.From(value), atMs) with { SourceTime = 0 };
}
