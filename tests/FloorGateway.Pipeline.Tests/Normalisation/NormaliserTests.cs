using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Normalisation;

public sealed class NormaliserTests
{
    private static readonly TagDefinition Plain = Make.Tag("LXE/X/Signal");

    [Fact]
    public void Source_time_running_backwards_is_flagged_for_live_samples_only()
    {
        var samples = new[] { Make.Sample(0, TagValue.From(1.0), 50), Make.Sample(0, TagValue.From(2.0), 40), Make.Sample(0, TagValue.From(3.0), 10, origin: SampleOrigin.Backfill) };
        Run(Plain, TagNormalisation.Default, samples);
        Assert.Equal([SampleFlags.None, SampleFlags.SourceTimeBackwards, SampleFlags.None], samples.Select(s => s.Flags));
    }

    [Fact]
    public void Percent_deadband_refers_to_the_range()
    {
        var samples = new[] { 10.0, 11.9, 12.1, 14.0 }.Select((v, i) => Make.Sample(0, TagValue.From(v), i)).ToArray();
        var result = Run(Plain with { Low = 0, High = 200 }, new() { DeadbandPercent = 1 }, samples);
        Assert.Equal((2, 2), (result.Kept, result.SuppressedDeadband));
    }

    [Fact]
    public void Slow_drift_passes_a_deadband_because_it_is_measured_from_what_was_passed()
    {
        var samples = Enumerable.Range(0, 11).Select(i => Make.Sample(0, TagValue.From(i * 0.25), i)).ToArray();
        Assert.Equal(4, Run(Plain, new() { Deadband = 0.5 }, samples).Kept);
    }

    [Fact]
    public void Bad_value_never_becomes_the_last_good_one_and_every_status_change_passes()
    {
        Sample[] samples =
        [
            Make.Sample(0, TagValue.From(10.0), 1),
            Make.Sample(0, TagValue.From(0.0), 2, StatusQuality.BadNoCommunication),
            Make.Sample(0, TagValue.From(10.1), 3),
            Make.Sample(0, TagValue.From(10.2), 4),
            Make.Sample(0, TagValue.From(10.2), 5, StatusQuality.UncertainLastUsableValue),
            Make.Sample(0, TagValue.From(10.2), 6, StatusQuality.UncertainLastUsableValue),
        ];
        var result = Run(Plain, new() { Deadband = 1 }, samples);
        Assert.Equal((4, 2), (result.Kept, result.SuppressedDeadband));
        Assert.Equal([1L, 2, 3, 5], samples[..4].Select(s => (s.SourceTime - Make.Start) / TimeSpan.TicksPerMillisecond));
    }

    [Theory]
    [InlineData(SampleOrigin.Initial, 2)]
    [InlineData(SampleOrigin.Heartbeat, 2)]
    [InlineData(SampleOrigin.Backfill, 2)]
    [InlineData(SampleOrigin.Live, 1)]
    public void Only_live_samples_are_held_back_by_a_deadband(SampleOrigin origin, int kept)
    {
        Sample[] samples = [Make.Sample(0, TagValue.From(1.0), 1), Make.Sample(0, TagValue.From(1.1), 2, origin: origin)];
        Assert.Equal(kept, Run(Plain, new() { Deadband = 1 }, samples).Kept);
    }

    [Fact]
    public void Heartbeat_passes_although_it_repeats_the_last_sample()
    {
        Sample[] samples = [Make.Sample(0, TagValue.From(1.0), 1), Make.Sample(0, TagValue.From(1.0), 1, origin: SampleOrigin.Heartbeat)];
        Assert.Equal(2, Run(Plain, TagNormalisation.Default, samples).Kept);
    }

    [Theory]
    [InlineData(RangeAction.Flag, 12.0, StatusQuality.Good)]
    [InlineData(RangeAction.Uncertain, 12.0, StatusQuality.UncertainEngineeringUnitsExceeded)]
    [InlineData(RangeAction.Clamp, 10.0, StatusQuality.UncertainEngineeringUnitsExceeded)]
    public void Value_outside_the_range_is_flagged(RangeAction action, double value, uint status)
    {
        var sample = One(Plain with { Low = 0, High = 10 }, new() { OnOutOfRange = action }, TagValue.From(12.0));
        Assert.Equal(TagValue.From(value), sample.Value);
        Assert.Equal((SampleFlags.OutOfRange, status), (sample.Flags, sample.Status));
        Assert.Equal(SampleFlags.None, One(Plain with { Low = 0, High = 10 }, new(), TagValue.From(10.0)).Flags);
    }

    [Fact]
    public void Scale_and_offset_come_before_the_unit()
    {
        var sample = One(Plain with { UnitCode = "BAR" }, new() { Scale = 0.1, Offset = 5, SourceUnit = "KPA" }, TagValue.From(950L));
        Assert.Equal(1.0, sample.Value.AsDouble(), 1e-12);
    }

    [Fact]
    public void Value_gets_the_kind_its_tag_declares()
    {
        Assert.Equal(TagValue.From(3L), One(Plain with { Kind = ValueKind.Int64 }, new(), TagValue.From(2.6)).Value);
        Assert.Equal(TagValue.From(2.5f), One(Plain with { Kind = ValueKind.Single }, new(), TagValue.From(2.5)).Value);
        Assert.Equal(TagValue.From(true), One(Plain with { Kind = ValueKind.Boolean }, new(), TagValue.From(1L)).Value);
        Assert.Equal(TagValue.From(true), One(Plain with { Kind = ValueKind.Boolean }, new(), TagValue.From(" True ")).Value);
        Assert.Equal(TagValue.From("2.5"), One(Plain with { Kind = ValueKind.String }, new(), TagValue.From(2.5)).Value);
        Assert.Equal(TagValue.From(7ul), One(Plain with { Kind = ValueKind.UInt64 }, new(), TagValue.From(7L)).Value);
        Assert.Equal(StatusQuality.BadOutOfRange, One(Plain with { Kind = ValueKind.UInt64 }, new(), TagValue.From(-7L)).Status);
        Assert.Equal(StatusQuality.BadOutOfRange, One(Plain with { Kind = ValueKind.Int64 }, new(), TagValue.From(1e30)).Status);
        Assert.Equal(StatusQuality.BadDecodingError, One(Plain with { Kind = ValueKind.Double }, new(), TagValue.From("x")).Status);
        Assert.True(One(Plain with { Kind = ValueKind.Double }, new(), TagValue.Null, s => s with { Status = 0x80310000 }).Value.IsNull);
    }

    [Theory]
    [InlineData("JOU", "NU", "torque")]
    [InlineData("XXX", "BAR", "unknown")]
    [InlineData("BAR", null, "no unit")]
    public void Option_that_cannot_be_honoured_is_said_at_load(string source, string? unit, string says)
    {
        var normaliser = new Normaliser("cas", [(Plain with { UnitCode = unit }, new() { SourceUnit = source })], new TimeRules(), NullLogger<Normaliser>.Instance);
        Assert.Contains(says, Assert.Single(normaliser.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Tag_of_another_server_is_refused() =>
        Assert.Throws<ArgumentException>(() => Run(Plain, new(), [Make.Sample(1, TagValue.From(1.0))]));

    [Fact]
    public void Reset_lets_the_same_sample_pass_again()
    {
        var normaliser = new Normaliser("cas", [(Plain, new())], new TimeRules(), NullLogger<Normaliser>.Instance);
        var sample = Make.Sample(0, TagValue.From(1.0));
        Assert.Equal(1, normaliser.Run([sample]).Kept);
        Assert.Equal(0, normaliser.Run([sample]).Kept);
        normaliser.Reset();
        Assert.Equal(1, normaliser.Run([sample]).Kept);
    }

    [Fact]
    public void Numbers_are_normalised_without_allocating()
    {
        var options = new TagNormalisation { RawLow = 0, RawHigh = 27648, ScaledLow = 0, ScaledHigh = 500, SourceUnit = "KPA", Deadband = 0.1, BadRawValues = [32767] };
        var tags = Enumerable.Range(0, 100).Select(i => (Make.Tag($"LXE/X/S{i}", unit: "BAR", low: 0, high: 5, id: i), i % 2 == 0 ? options : TagNormalisation.Default)).ToArray();
        var normaliser = new Normaliser("cas", tags, new TimeRules(), NullLogger<Normaliser>.Instance);
        var samples = new Sample[1000];
        var (round, kept) = (0, 0);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < samples.Length; i++)
                samples[i] = Make.Sample(i % 100, TagValue.From((long)((i * 37) + round)), (round * 1000) + i);
            kept += normaliser.Run(samples).Kept;
            round++;
        }));
        Assert.True(kept > 0);
    }

    private static Sample One(TagDefinition tag, TagNormalisation options, TagValue raw, Func<Sample, Sample>? change = null)
    {
        var sample = Make.Sample(tag.Id, raw);
        Sample[] samples = [change?.Invoke(sample) ?? sample];
        Assert.Equal(1, Run(tag, options, samples).Kept);
        return samples[0];
    }

    private static NormalisationResult Run(TagDefinition tag, TagNormalisation options, Sample[] samples) =>
        new Normaliser("cas", [(tag, options)], new TimeRules(), NullLogger<Normaliser>.Instance).Run(samples);
}
