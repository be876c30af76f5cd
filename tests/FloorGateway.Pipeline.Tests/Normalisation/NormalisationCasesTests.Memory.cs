using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Conditions;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tags;
using FloorGateway.Pipeline.Tests.Feeds;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Normalisation;

/// <summary>Cases in which what came before decides: clocks, counters, flapping contacts, late values.</summary>
public sealed partial class NormalisationCasesTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Case_15_clock_400_s_ahead_is_measured_and_told_once_it_has_lasted_a_minute()
    {
        var conditions = new ConditionBook(NullLogger<ConditionBook>.Instance);
        var normaliser = new Normaliser("cas", [(Plain, TagNormalisation.Default)], new TimeRules(), NullLogger<Normaliser>.Instance, conditions);
        for (var second = 0; second < 60; second++)
            Ahead(normaliser, second, 400);
        Assert.Equal(TimeSpan.FromSeconds(400), normaliser.ClockOffset);
        Assert.Empty(conditions.Active);
        Ahead(normaliser, 60, 400);
        var told = Assert.Single(conditions.Active);
        Assert.Equal(("ClockSkew", 3, "cas"), (told.Name, told.Priority, told.Source));
        Assert.Contains("400.0 s ahead", told.Message, StringComparison.Ordinal);
        for (var second = 61; second < 90; second++)
            Ahead(normaliser, second, 0.2);
        Assert.Empty(conditions.Active);
        Assert.Equal(TimeSpan.FromSeconds(0.2), normaliser.ClockOffset);
    }

    [Fact]
    public async Task Case_15_offset_is_stored_where_a_tag_asks_for_it_each_time_it_has_changed()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(Make.Start, TimeSpan.Zero));
        var feed = new FakeDestination();
        var clock = Make.Tag("LXE/X/Clock", id: 1);
        await using var pipeline = GatewayPipeline.Open(
            new PipelineOptions { DataFolder = folder["data"], Tags = [new PipelineTag(Plain, TagNormalisation.Default), new PipelineTag(clock, TagNormalisation.Default) { IsClockOffset = true }] }, time, NullLoggerFactory.Instance);
        pipeline.AddFeed(feed, new FeedOptions());
        await pipeline.StartAsync(CancellationToken.None);
        await AppendAsync(pipeline, Ahead(0, 400));
        await UntilAsync(time, () => feed.TakenCount == 2);
        await AppendAsync(pipeline, Ahead(1, 400.01));
        await AppendAsync(pipeline, Ahead(30, -3));
        await AppendAsync(pipeline, Ahead(60, -3));
        await UntilAsync(time, () => feed.TakenCount == 6);
        Assert.Equal([400.0, -3], feed.Taken.Where(s => s.Tag == 1).Select(s => s.Value.AsDouble()));
        var ledger = pipeline.Snapshot();
        Assert.Empty(ledger.Differences);
        Assert.Equal([("(gateway)", 2), ("cas", 4)], ledger.Servers.Select(s => (s.Server, s.Received)).OrderBy(s => s.Server, StringComparer.Ordinal));
    }

    [Fact]
    public void Case_15_values_that_come_late_are_no_wrong_clock_while_fresh_ones_come_too()
    {
        var conditions = new ConditionBook(NullLogger<ConditionBook>.Instance);
        var normaliser = new Normaliser("cas", [(Plain, TagNormalisation.Default)], new TimeRules(), NullLogger<Normaliser>.Instance, conditions);
        for (var second = 0; second < 200; second++)
            Ahead(normaliser, second, second % 5 == 0 ? -0.1 : -30);
        Assert.Empty(conditions.Active);
        for (var second = 200; second < 290; second++)
            Ahead(normaliser, second, -30);
        Assert.Contains("30.0 s behind", Assert.Single(conditions.Active).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Case_19_structure_is_flattened_or_gives_one_field_and_an_unknown_one_stays_bytes()
    {
        var result = TagValue.From(new StructureValue
        {
            TypeName = "ResultDataType",
            Fields =
            [
                new("Meta", TagValue.From(new StructureValue { TypeName = "ResultMetaDataType", Fields = [new("ResultId", TagValue.From("R-1")), new("Evaluation", TagValue.From(1L))] })),
                new("Torque", TagValue.From(90.5)),
            ],
        });
        var flat = One(Plain, new() { Flatten = true }, result).Value.AsStructure()!;
        Assert.Equal(["Meta.ResultId", "Meta.Evaluation", "Torque"], flat.Fields.Select(f => f.Key));
        Assert.Equal("R-1", One(Plain, new() { Field = "Meta.ResultId" }, result).Value.AsString());
        Assert.Equal(TagValue.From(90.5), One(Plain with { Kind = ValueKind.Double }, new() { Field = "Torque" }, result).Value);
        Assert.Equal(StatusQuality.BadDecodingError, One(Plain, new() { Field = "Meta.Nothing" }, result).Status);
        var unknown = TagValue.From(new StructureValue { TypeName = "nsu=http://jsev.example/UA/;i=7", Body = [1, 2, 3] });
        Assert.Equal(unknown, One(Plain, new() { Flatten = true }, unknown).Value);
        Assert.Equal(StatusQuality.BadDecodingError, One(Plain, new() { Field = "Torque" }, unknown).Status);
    }

    [Fact]
    public void Case_20_uint16_rolls_over_in_steps_of_one_and_a_restart_is_a_reset()
    {
        var options = new TagNormalisation { Counter = new CounterOptions { Output = CounterOutput.Delta, Rollover = 65536, MaxStep = 1000 } };
        var samples = new[] { 65534L, 65535, 0, 1, 40_000, 3 }.Select((n, i) => Make.Sample(0, TagValue.From(n), i)).ToArray();
        Run(Plain, options, samples);
        Assert.Equal([0L, 1, 1, 1, 0, 3], samples.Select(s => s.Value.Bits));
        Assert.Equal([false, false, false, false, true, true], samples.Select(s => s.Flags.HasFlag(SampleFlags.CounterReset)));
    }

    [Fact]
    public void Case_20_counter_forgets_what_never_reached_the_journal()
    {
        var options = new TagNormalisation { Counter = new CounterOptions { Rollover = 65536, MaxStep = 1000 } };
        var normaliser = new Normaliser("cas", [(Plain, options)], new TimeRules(), NullLogger<Normaliser>.Instance);
        normaliser.Run([Make.Sample(0, TagValue.From(65530L), 1)]);
        normaliser.Commit();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Sample[] again = [Make.Sample(0, TagValue.From(65535L), 2), Make.Sample(0, TagValue.From(4L), 3)];
            normaliser.Run(again);
            Assert.Equal([65535L, 65540], again.Select(s => s.Value.Bits));
            Assert.All(again, s => Assert.False(s.Flags.HasFlag(SampleFlags.CounterReset)));
            normaliser.Reset();
        }
    }

    [Fact]
    public async Task Case_21_flapping_contact_is_debounced_counted_and_told()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(Make.Start, TimeSpan.Zero));
        var feed = new FakeDestination();
        await using var pipeline = await StartAsync(time, feed, new TagNormalisation { Debounce = TimeSpan.FromMilliseconds(500) });
        await AppendAsync(pipeline, Make.Sample(0, TagValue.From(false), 0));
        for (var i = 1; i <= 20; i++)
        {
            await AppendAsync(pipeline, Make.Sample(0, TagValue.From(i % 2 == 1), 1000 + (i * 50)));
            time.Advance(TimeSpan.FromMilliseconds(50));
        }

        var told = Assert.Single(pipeline.Conditions);
        Assert.Equal(("Flapping", 4, "LXE/X/Signal"), (told.Name, told.Priority, told.Source));
        await AppendAsync(pipeline, Make.Sample(0, TagValue.From(true), 3000));
        await UntilAsync(time, () => feed.TakenCount == 2);
        Assert.Equal([(false, 0L), (true, 3000)], feed.Taken.Select(s => (s.Value.AsBoolean(), (s.SourceTime - Make.Start) / TimeSpan.TicksPerMillisecond)));
        Assert.Equal(SampleFlags.Flapping, feed.Taken[1].Flags);
        Assert.Empty(pipeline.Conditions);
        var ledger = pipeline.Snapshot();
        Assert.Empty(ledger.Differences);
        Assert.Equal((22, 20, 2), (ledger.Servers[0].Received, ledger.Servers[0].SuppressedDeadband, ledger.Servers[0].Journaled));
    }

    [Fact]
    public async Task Case_21_change_that_lasts_passes_with_its_own_time_and_bad_quality_at_once()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(Make.Start, TimeSpan.Zero));
        var feed = new FakeDestination();
        await using var pipeline = await StartAsync(time, feed, new TagNormalisation { Debounce = TimeSpan.FromMilliseconds(500) });
        await AppendAsync(pipeline, Make.Sample(0, TagValue.From(false), 0), Make.Sample(0, TagValue.From(true), 100), Make.Sample(0, TagValue.From(false), 900), Make.Sample(0, default, 1000, StatusQuality.BadNoCommunication));
        await UntilAsync(time, () => feed.TakenCount == 3);
        Assert.Equal([0L, 100, 1000], feed.Taken.Select(s => (s.SourceTime - Make.Start) / TimeSpan.TicksPerMillisecond));
        Assert.Equal(Quality.Bad, feed.Taken[2].Quality);
    }

    [Fact]
    public void Case_21_what_never_reached_the_journal_is_held_again_and_let_go_again()
    {
        var normaliser = new Normaliser("cas", [(Plain, new() { Debounce = TimeSpan.FromMilliseconds(500) })], new TimeRules(), NullLogger<Normaliser>.Instance);
        normaliser.Run([Make.Sample(0, TagValue.From(false), 0)]);
        normaliser.Commit();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal((0, 3), (normaliser.Run([Make.Sample(0, TagValue.From(true), 100), Make.Sample(0, TagValue.From(false), 900), Make.Sample(0, TagValue.From(true), 1000)]) is var r ? (r.Kept, r.SuppressedDeadband) : default));
            Assert.Equal([100L], normaliser.Released.Samples.ToArray().Select(s => (s.SourceTime - Make.Start) / TimeSpan.TicksPerMillisecond));
            normaliser.Reset();
            Assert.Equal(0, normaliser.Released.Count);
        }
    }

    [Fact]
    public async Task Case_21_what_waits_for_its_time_is_let_go_when_the_gateway_stops()
    {
        var feed = new FakeDestination();
        await using var pipeline = await StartAsync(new ManualTimeProvider(), feed, new TagNormalisation { Debounce = TimeSpan.FromMinutes(1) });
        await AppendAsync(pipeline, Make.Sample(0, TagValue.From(false), 0), Make.Sample(0, TagValue.From(true), 100));
        await pipeline.StopAsync(CancellationToken.None);
        Assert.Equal([false, true], feed.Taken.Select(s => s.Value.AsBoolean()));
    }

    [Fact]
    public void Case_24_late_value_goes_to_history_only_and_one_of_a_clock_set_back_is_the_present()
    {
        var live = new LiveTags(1);
        live.Update([Make.Sample(0, TagValue.From(1.0), 5000)]);
        live.Update([Make.Sample(0, TagValue.From(2.0), 4000)]);
        Assert.Equal(1.0, Latest(live));
        live.Update([Make.Sample(0, TagValue.From(3.0), 5000)]);
        Assert.Equal(3.0, Latest(live));
        live.Update([Make.Sample(0, TagValue.From(4.0), -60_000)]);
        Assert.Equal(4.0, Latest(live));
    }

    [Fact]
    public void Case_27_meter_that_begins_anew_at_midnight_gives_a_running_total()
    {
        var options = new TagNormalisation { Counter = new CounterOptions() };
        var samples = new[] { 100.5, 120.25, 0.0, 0.75, 3.5 }.Select((n, i) => Make.Sample(0, TagValue.From(n), i)).ToArray();
        Run(Plain with { UnitCode = "KWH" }, options, samples);
        Assert.Equal([100.5, 120.25, 120.25, 121, 123.75], samples.Select(s => s.Value.AsDouble()));
        Assert.Equal([2], samples.Select((s, i) => (s, i)).Where(x => x.s.Flags.HasFlag(SampleFlags.CounterReset)).Select(x => x.i));
    }

    [Fact]
    public void Case_27_bad_and_late_values_neither_count_nor_reset()
    {
        var options = new TagNormalisation { Counter = new CounterOptions() };
        Sample[] samples =
        [
            Make.Sample(0, TagValue.From(10.0), 10), Make.Sample(0, TagValue.From(0.0), 11, StatusQuality.BadNoCommunication), Make.Sample(0, TagValue.From(12.0), 12),
            Make.Sample(0, TagValue.From(11.0), 11), Make.Sample(0, TagValue.From(11.5), 11, origin: SampleOrigin.Backfill), Make.Sample(0, TagValue.From(13.0), 13),
        ];
        Run(Plain, options, samples);
        Assert.Equal([10.0, 0, 12, 11, 11.5, 13], samples.Select(s => s.Value.AsDouble()));
        Assert.All(samples, s => Assert.False(s.Flags.HasFlag(SampleFlags.CounterReset)));
    }

    [Fact]
    public async Task Case_27_total_goes_on_after_a_restart_of_the_gateway()
    {
        var options = new TagNormalisation { Counter = new CounterOptions() };
        await using (var first = await StartAsync(TimeProvider.System, new FakeDestination(), options))
        {
            await AppendAsync(first, Make.Sample(0, TagValue.From(100.0), 1), Make.Sample(0, TagValue.From(130.0), 2), Make.Sample(0, TagValue.From(5.0), 3));
            await first.StopAsync(CancellationToken.None);
        }

        var feed = new FakeDestination();
        await using var second = await StartAsync(TimeProvider.System, feed, options);
        await AppendAsync(second, Make.Sample(0, TagValue.From(7.0), 4));
        Assert.Empty(await second.DrainAsync(Long));
        Assert.Equal(137.0, feed.Taken[^1].Value.AsDouble());
    }

    [Theory]
    [InlineData("270315080000", true)]
    [InlineData("2703150800001237", true)]
    [InlineData("27031508005A", false)]
    [InlineData("271315080000", false)]
    public void Case_29_bcd_clock_of_bytes(string hex, bool good)
    {
        var sample = One(Plain with { Kind = ValueKind.DateTime }, new() { TimeFormat = TimeFormat.Bcd, LocalOffset = TimeSpan.FromHours(8) }, TagValue.From(Convert.FromHexString(hex)));
        Assert.Equal(good, sample.Quality == Quality.Good);
        if (good)
            Assert.Equal(new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc), sample.Value.AsDateTime());
    }

    [Fact]
    public void Case_29_bcd_clock_in_a_number() => Assert.Equal(
        new DateTime(2027, 3, 15, 8, 0, 0, DateTimeKind.Utc),
        One(Plain with { Kind = ValueKind.DateTime }, new() { TimeFormat = TimeFormat.Bcd }, TagValue.From(0x20270315_080000L)).Value.AsDateTime());

    private static double Latest(LiveTags live) => live.TryGet(0, out var sample) ? sample.Value.AsDouble() : double.NaN;

    private static void Ahead(Normaliser normaliser, int second, double seconds) => normaliser.Run([Ahead(second, seconds)]);

    /// <summary>A sample that comes at a second and whose time is so many seconds ahead.</summary>
    private static Sample Ahead(int second, double seconds)
    {
        var received = Make.Start + (second * TimeSpan.TicksPerSecond);
        return Make.Sample(0, TagValue.From(second * 1.0)) with { ReceiveTime = received, SourceTime = received + (long)(seconds * TimeSpan.TicksPerSecond) };
    }

    private async Task<GatewayPipeline> StartAsync(TimeProvider time, FakeDestination feed, TagNormalisation options)
    {
        var pipeline = GatewayPipeline.Open(new PipelineOptions { DataFolder = folder["data"], Tags = [new PipelineTag(Plain, options)] }, time, NullLoggerFactory.Instance);
        pipeline.AddFeed(feed, new FeedOptions());
        await pipeline.StartAsync(CancellationToken.None);
        return pipeline;
    }

    private static async Task AppendAsync(GatewayPipeline pipeline, params Sample[] samples)
    {
        using var batch = Make.Batch(samples);
        await pipeline.AppendAsync("cas", batch, CancellationToken.None);
    }

    /// <summary>Lets time pass until something has come true.</summary>
    private static Task UntilAsync(ManualTimeProvider time, Func<bool> isSo) => Eventually.TrueAsync(isSo, () => time.Advance(TimeSpan.FromMilliseconds(100)));
}
