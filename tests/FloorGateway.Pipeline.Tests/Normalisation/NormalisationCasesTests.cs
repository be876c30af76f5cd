using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Normalisation;

/// <summary>The cases of the plant's list by their numbers, as far as one value after the other decides; a test of the architecture holds the numbers to be complete.</summary>
public sealed partial class NormalisationCasesTests
{
    private static readonly TagDefinition Plain = Make.Tag("LXE/X/Signal");
    [Fact]
    public void Case_1_pressure_in_megapascal_tagged_bar_is_converted_after_override() =>
        Assert.Equal(TagValue.From(2.5), One(Plain with { UnitCode = "BAR" }, new() { SourceUnit = "MPA" }, TagValue.From(0.25)).Value);

    [Fact]
    public void Case_2_fahrenheit_becomes_celsius() =>
        Assert.Equal(TagValue.From(690.0), One(Plain with { UnitCode = "CEL" }, new() { SourceUnit = "FAH" }, TagValue.From(1274.0)).Value);

    [Theory]
    [InlineData("2X", 60.0)]
    [InlineData("MTS", 1.0)]
    public void Case_3_millimetres_a_minute_convert(string unit, double expected) =>
        Assert.Equal(expected, One(Plain with { UnitCode = unit }, new() { SourceUnit = "H81" }, TagValue.From(60_000.0)).Value.AsDouble(), 1e-12);

    [Fact]
    public void Case_4_psi_become_bar() =>
        Assert.Equal(2.5, One(Plain with { UnitCode = "BAR" }, new() { SourceUnit = "PS" }, TagValue.From(36.26)).Value.AsDouble(), 1e-3);

    [Theory]
    [InlineData(13824, 250.0, StatusQuality.Good)]
    [InlineData(0, 0.0, StatusQuality.Good)]
    [InlineData(27648, 500.0, StatusQuality.Good)]
    [InlineData(28000, 506.36574074074076, StatusQuality.UncertainEngineeringUnitsExceeded)]
    [InlineData(-10, -0.18084490740740741, StatusQuality.UncertainEngineeringUnitsExceeded)]
    [InlineData(32767, null, StatusQuality.BadSensorFailure)]
    public void Case_5_analogue_raw_counts_scale_and_tell_over_range_and_broken_wire(long raw, double? expected, uint status)
    {
        var options = new TagNormalisation { RawLow = 0, RawHigh = 27648, ScaledLow = 0, ScaledHigh = 500, BadRawValues = [32767] };
        var sample = One(Plain with { UnitCode = "MPA" }, options, TagValue.From(raw));
        Assert.Equal(expected is null ? TagValue.Null : TagValue.From(expected.Value), sample.Value);
        Assert.Equal(status, sample.Status);
    }

    [Theory]
    [InlineData(RawType.Int16, 65336, -200)]
    [InlineData(RawType.Int8, 200, -56)]
    [InlineData(RawType.Int32, 4294967295, -1)]
    [InlineData(RawType.UInt16, -1, 65535)]
    [InlineData(RawType.UInt8, -1, 255)]
    public void Case_6_wrong_signedness_is_mended(RawType raw, long sent, long meant) =>
        Assert.Equal(TagValue.From(meant), One(Plain, new() { Raw = raw }, TagValue.From(sent)).Value);

    [Fact]
    public void Case_7_inverted_contact() =>
        Assert.Equal(TagValue.From(false), One(Plain, new() { Invert = true }, TagValue.From(true)).Value);

    [Fact]
    public void Case_8_states_get_names_and_an_unknown_one_is_uncertain_and_logged_once()
    {
        var log = new RecordingLogger();
        var normaliser = new Normaliser("cas", [(Plain, new() { EnumTexts = PackMlStates.Names, KeepDuplicates = true })], new TimeRules(), log);
        var samples = new[] { 6L, 42, 42 }.Select((n, i) => Make.Sample(0, TagValue.From(n), i)).ToArray();
        Assert.Equal(3, normaliser.Run(samples).Kept);
        Assert.Equal(["Execute", "Unknown(42)", "Unknown(42)"], samples.Select(s => s.Value.AsString()));
        Assert.Equal([StatusQuality.Good, StatusQuality.Uncertain, StatusQuality.Uncertain], samples.Select(s => s.Status));
        Assert.Single(log.Messages);
    }

    [Fact]
    public void Case_8_another_dialect_counts_its_own_way() =>
        Assert.Equal("Execute", One(Plain, new() { EnumTexts = new Dictionary<long, string> { [0] = "Stopped", [4] = "Execute" } }, TagValue.From(4L)).Value.AsString());

    [Fact]
    public void Case_9_byte_swapped_status_word()
    {
        var swapped = new TagNormalisation { Raw = RawType.UInt16, Order = ByteOrder.SwapBytes };
        Assert.Equal(TagValue.From(0x3412L), One(Plain, swapped, TagValue.From(0x1234L)).Value);
        var set = Enumerable.Range(0, 16).Where(bit => One(Plain, swapped with { Bit = bit }, TagValue.From(0x1234L)).Value.AsBoolean());
        Assert.Equal([1, 4, 10, 12, 13], set);
    }

    [Fact]
    public void Case_10_packed_word_gives_its_parts_with_one_time()
    {
        const long word = (17 << 8) | (1 << 3) | 5;
        Sample[] parts =
        [
            One(Plain, new() { Bit = 0, BitCount = 3 }, TagValue.From(word)),
            One(Plain, new() { Bit = 3 }, TagValue.From(word)),
            One(Plain, new() { Bit = 8, BitCount = 8 }, TagValue.From(word)),
        ];
        Assert.Equal([TagValue.From(5L), TagValue.From(true), TagValue.From(17L)], parts.Select(p => p.Value));
        Assert.Single(parts.Select(p => p.SourceTime).Distinct());
    }

    [Fact]
    public void Case_11_word_swapped_float_whatever_it_was_read_as()
    {
        var options = new TagNormalisation { Raw = RawType.Single, Order = ByteOrder.SwapWords };
        Assert.Equal(TagValue.From(100f), One(Plain, options, TagValue.From(0x000042C8L)).Value);
        Assert.Equal(TagValue.From(100f), One(Plain, options, TagValue.From(BitConverter.Int32BitsToSingle(0x000042C8))).Value);
        Assert.Equal(TagValue.From(100f), One(Plain, options, TagValue.From(new ulong[] { 0x0000, 0x42C8 })).Value);
        Assert.Equal(TagValue.From(100f), One(Plain, new() { Order = ByteOrder.SwapWords }, TagValue.From(BitConverter.Int32BitsToSingle(0x000042C8))).Value);
        Assert.Equal(TagValue.From(100f), One(Plain, new() { Raw = RawType.Single, Order = ByteOrder.Reverse }, TagValue.From(0x0000C842L)).Value);
        var real = BitConverter.DoubleToUInt64Bits(1.5);
        var swapped = (real << 48) | ((real & 0xFFFF_0000) << 16) | ((real >> 16) & 0xFFFF_0000) | (real >> 48);
        Assert.Equal(TagValue.From(1.5), One(Plain, new() { Raw = RawType.Double, Order = ByteOrder.SwapWords }, TagValue.From(swapped)).Value);
    }

    [Theory]
    [InlineData(" 12,5 ", "de", 12.5)]
    [InlineData("1.234e1", "en", 12.34)]
    [InlineData("-3", "zh-CN", -3.0)]
    [InlineData("12,5", "en", null)]
    [InlineData("12.5", "fr-FR", null)]
    [InlineData("", "en", null)]
    [InlineData("twelve", "en", null)]
    public void Case_12_number_in_a_string_by_declared_culture(string text, string culture, double? expected)
    {
        var sample = One(Plain, new() { NumberCulture = culture }, TagValue.From(text));
        Assert.Equal(expected is null ? TagValue.Null : TagValue.From(expected.Value), sample.Value);
        Assert.Equal(expected is null ? StatusQuality.BadDecodingError : StatusQuality.Good, sample.Status);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(504911232000000000L)]
    [InlineData(621355968000000000L)]
    public void Case_13_unset_source_time_is_replaced_and_flagged(long ticks)
    {
        var sample = One(Plain, TagNormalisation.Default, TagValue.From(1.0), s => s with { SourceTime = ticks });
        Assert.Equal(sample.ReceiveTime, sample.SourceTime);
        Assert.Equal(SampleFlags.SourceTimeSubstituted, sample.Flags);
    }

    [Fact]
    public void Case_14_local_time_without_zone()
    {
        var sample = One(Plain with { Kind = ValueKind.DateTime }, new() { LocalOffset = TimeSpan.FromHours(8) }, TagValue.From("2027-03-15T08:00"));
        Assert.Equal(new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc), sample.Value.AsDateTime());
        var zoned = One(Plain with { Kind = ValueKind.DateTime }, new() { LocalOffset = TimeSpan.FromHours(8) }, TagValue.From("2027-03-15T08:00Z"));
        Assert.Equal(8, zoned.Value.AsDateTime().Hour);
    }

    [Fact]
    public void Case_15_source_time_in_the_future_is_kept_and_flagged()
    {
        var ahead = One(Plain, TagNormalisation.Default, TagValue.From(1.0), s => s with { SourceTime = s.ReceiveTime + (400 * TimeSpan.TicksPerSecond) });
        Assert.Equal(ahead.ReceiveTime + (400 * TimeSpan.TicksPerSecond), ahead.SourceTime);
        Assert.Equal(SampleFlags.SourceTimeInFuture, ahead.Flags);
    }

    [Theory]
    [InlineData(0x808C0000u)]
    [InlineData(0x40900000u)]
    public void Case_16_status_is_kept_and_never_made_better(uint status)
    {
        var options = new TagNormalisation { RawLow = 0, RawHigh = 10, ScaledLow = 0, ScaledHigh = 1 };
        Assert.Equal(status, One(Plain, options, TagValue.From(5L), s => s with { Status = status }).Status);
        Assert.Equal(status, One(Plain, options, TagValue.From(50L), s => s with { Status = status }).Status);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Case_17_what_is_no_number_becomes_null_and_bad(double value)
    {
        foreach (var raw in new[] { TagValue.From(value), TagValue.From((float)value) })
        {
            var sample = One(Plain, TagNormalisation.Default, raw);
            Assert.True(sample.Value.IsNull);
            Assert.Equal(Quality.Bad, sample.Quality);
        }
    }

    [Fact]
    public void Case_18_element_of_an_array()
    {
        var voltages = TagValue.From(Enumerable.Range(0, 36).Select(i => i / 10f).ToArray());
        Assert.Equal(TagValue.From(3.5f), One(Plain, new() { ArrayIndex = 35 }, voltages).Value);
        var beyond = One(Plain, new() { ArrayIndex = 36 }, voltages);
        Assert.True(beyond.Value.IsNull);
        Assert.Equal(StatusQuality.BadOutOfRange, beyond.Status);
        Assert.Equal(TagValue.From(12L), One(Plain, new() { ArrayIndex = 5 }, TagValue.From(new long[,] { { 7, 8, 9 }, { 10, 11, 12 } })).Value);
        Assert.Equal(StatusQuality.BadDecodingError, One(Plain, new() { ArrayIndex = 0 }, TagValue.From(1.0)).Status);
        Assert.Equal(voltages, One(Plain, TagNormalisation.Default, voltages).Value);
    }

    [Fact]
    public void Case_18_whole_array_is_converted_without_touching_the_raw_one()
    {
        var raw = new float[] { 1, 2 };
        Assert.Equal(TagValue.From(new float[] { 1000, 2000 }), One(Plain with { UnitCode = "2Z" }, new() { SourceUnit = "VLT" }, TagValue.From(raw)).Value);
        Assert.Equal([1, 2], raw);
    }

    [Fact]
    public void Case_24_same_time_value_and_status_is_a_duplicate()
    {
        Sample[] samples =
        [
            Make.Sample(0, TagValue.From(1.0), 1),
            Make.Sample(0, TagValue.From(1.0), 1),
            Make.Sample(0, TagValue.From(1.0), 1, 0x40000000),
            Make.Sample(0, TagValue.From(1.0), 2, 0x40000000),
            Make.Sample(0, TagValue.From("a"), 2, 0x40000000),
            Make.Sample(0, TagValue.From(new string('a', 1)), 2, 0x40000000),
        ];
        var result = Run(Plain, TagNormalisation.Default, samples);
        Assert.Equal((4, 0, 2), (result.Kept, result.SuppressedDeadband, result.SuppressedDuplicate));
        Assert.Equal(6, Run(Plain, new() { KeepDuplicates = true }, samples).Kept);
    }

    [Fact]
    public void Case_24_fetched_duplicates_of_live_and_fetched_samples_are_suppressed()
    {
        Sample[] samples =
        [
            Make.Sample(0, TagValue.From(1.0), 10),
            Make.Sample(0, TagValue.From(1.0), 10, origin: SampleOrigin.Backfill),
            Make.Sample(0, TagValue.From(0.5), 5, origin: SampleOrigin.Backfill),
            Make.Sample(0, TagValue.From(0.5), 5, origin: SampleOrigin.Backfill),
            Make.Sample(0, TagValue.From(1.0), 10),
        ];
        Assert.Equal(3, Run(Plain, TagNormalisation.Default, samples).SuppressedDuplicate);
    }

    [Fact]
    public void Case_26_range_of_nothing_gives_no_percent_deadband()
    {
        var normaliser = new Normaliser("cas", [(Plain with { Low = 0, High = 0 }, new() { DeadbandPercent = 1 })], new TimeRules(), NullLogger<Normaliser>.Instance);
        Assert.Contains("has no range", Assert.Single(normaliser.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Case_28_text_in_another_language() =>
        Assert.Equal("Execute", One(Plain, new() { Texts = new Dictionary<string, string> { ["运行"] = "Execute" } }, TagValue.From("运行")).Value.AsString());

    [Fact]
    public void Case_29_times_as_numbers()
    {
        var expected = new DateTime(2027, 3, 15, 8, 0, 0, DateTimeKind.Utc);
        var tag = Plain with { Kind = ValueKind.DateTime };
        Assert.Equal(expected, One(tag, new() { TimeFormat = TimeFormat.UnixMilliseconds }, TagValue.From(1_805_097_600_000L)).Value.AsDateTime());
        Assert.Equal(expected, One(tag, new() { TimeFormat = TimeFormat.UnixSeconds }, TagValue.From(1_805_097_600L)).Value.AsDateTime());
        Assert.Equal(expected, One(tag, new() { TimeFormat = TimeFormat.Digits }, TagValue.From(20270315080000L)).Value.AsDateTime());
        Assert.Equal(expected, One(tag, new() { TimeFormat = TimeFormat.FileTime }, TagValue.From(expected.ToFileTimeUtc())).Value.AsDateTime());
        Assert.Equal(Quality.Bad, One(tag, new() { TimeFormat = TimeFormat.UnixSeconds }, TagValue.From(long.MaxValue)).Quality);
    }

    [Fact]
    public void Case_30_percent_deadband_without_range_falls_back_to_absolute_and_says_so()
    {
        var normaliser = new Normaliser("cas", [(Plain, new() { DeadbandPercent = 1, Deadband = 0.5 })], new TimeRules(), NullLogger<Normaliser>.Instance);
        Assert.Contains("the absolute deadband of 0.5 is used", Assert.Single(normaliser.Warnings), StringComparison.Ordinal);
        var samples = new[] { 1.0, 1.5, 1.6 }.Select((v, i) => Make.Sample(0, TagValue.From(v), i)).ToArray();
        var result = normaliser.Run(samples);
        Assert.Equal((2, 1), (result.Kept, result.SuppressedDeadband));
        Assert.Equal(1.6, samples[1].Value.AsDouble());
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

    private sealed class RecordingLogger : ILogger<Normaliser>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Messages.Add(formatter(state, exception));
    }
}
