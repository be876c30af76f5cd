using Torture;

namespace EndToEnd.Tests;

/// <summary>What the torture run would say of a destination that is wrong: a judge that finds nothing proves nothing.</summary>
public sealed class TortureReckoningTests
{
    private const uint Uncertain = 0x4090_0000, Bad = 0x808C_0000, BadOutOfRange = 0x803C_0000;

    private static readonly SampleKey Key = new("LXE/A", 1000);

    private static readonly Dictionary<string, string> Servers = new() { ["LXE/A"] = "cas" };

    private static readonly Gap Gap = new("cas", null, 900, 1100, "killed");

    [Theory]
    [InlineData("history", "1.5", 0u)]
    [InlineData("MQTT", "1.5", 0u)]
    [InlineData("InfluxDB", "1.5", null)]
    public void Says_nothing_of_what_is_as_it_was_produced(string destination, string text, uint? status) =>
        Assert.Empty(Judge(destination, new("1.5", 0), new(text, status)).Faults);

    [Theory]
    [InlineData("history")]
    [InlineData("InfluxDB")]
    [InlineData("MQTT")]
    public void Finds_what_is_not_there_unless_a_gap_record_names_it(string destination)
    {
        Assert.Contains("LOST", Assert.Single(Judge(destination, new("1.5", 0), null).Faults), StringComparison.Ordinal);
        Assert.Empty(Judge(destination, new("1.5", 0), null, Gap).Faults);
        Assert.Equal(1, Judge(destination, new("1.5", 0), null, Gap).InGaps);
        Assert.NotEmpty(Judge(destination, new("1.5", 0), null, Gap with { Server = "asm" }).Faults);
        Assert.NotEmpty(Judge(destination, new("1.5", 0), null, Gap with { Tag = "LXE/B" }).Faults);
        Assert.NotEmpty(Judge(destination, new("1.5", 0), null, Gap with { To = 999 }).Faults);
    }

    [Theory]
    [InlineData("history", "1.4", 0u)]
    [InlineData("history", "1.5", Uncertain)]
    [InlineData("history", "null", 0u)]
    [InlineData("MQTT", "\"1.5\"", 0u)]
    [InlineData("InfluxDB", "1.4", null)]
    [InlineData("InfluxDB", "1.5", Uncertain)]
    [InlineData("InfluxDB", "null", Bad)]
    public void Finds_another_value_or_status(string destination, string text, uint? status) =>
        Assert.Contains("WRONG", Assert.Single(Judge(destination, new("1.5", 0), new(text, status), Gap).Faults), StringComparison.Ordinal);

    [Theory]
    [InlineData("InfluxDB", "1.5", null)]
    [InlineData("InfluxDB", "1.5", 0u)]
    [InlineData("history", "1.5", 0u)]
    public void Finds_a_bad_value_that_passes_for_a_good_one(string destination, string text, uint? status) =>
        Assert.NotEmpty(Judge(destination, new("1.5", Bad), new(text, status)).Faults);

    [Fact]
    public void Finds_what_was_never_produced()
    {
        var holding = new Holding("history", new() { [Key] = new(new("1.5", 0)) }, []);
        Assert.Contains("INVENTED", Assert.Single(Reckoning.Of(holding, [], new Dictionary<SampleKey, SampleSet>(), Servers).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_a_bad_value_in_place_of_a_good_one_of_the_same_time()
    {
        var everything = new Dictionary<SampleKey, SampleSet> { [Key] = new SampleSet(new("1.5", 0)).With(new("1.5", Bad)) };
        var holding = new Holding("history", new() { [Key] = new(new("1.5", Bad)) }, []);
        Assert.Contains("replaced", Assert.Single(Reckoning.Of(holding, [Key], everything, Servers).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Broker_must_pass_on_both_values_of_one_time()
    {
        var everything = new Dictionary<SampleKey, SampleSet> { [Key] = new SampleSet(new("1.5", 0)).With(new("1.6", 0)) };
        var holding = new Holding("MQTT", new() { [Key] = new(new("1.6", 0)) }, []);
        Assert.Contains("LOST", Assert.Single(Reckoning.Of(holding, [Key], everything, Servers).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_protocol_has_no_empty_list_and_no_bad_value()
    {
        Assert.Empty(Judge("InfluxDB", new("[]", 0), new("null", BadOutOfRange)).Faults);
        Assert.Empty(Judge("InfluxDB", new("1.5", Bad), new("null", Bad)).Faults);
        Assert.NotEmpty(Judge("history", new("[]", 0), new("null", BadOutOfRange)).Faults);
    }

    [Fact]
    public void Gap_record_needs_a_blow_that_explains_it()
    {
        var excuse = new Excuse(1, "cas", 800, 1200);
        Assert.True(excuse.Covers(Gap));
        Assert.False(excuse.Covers(Gap with { Server = "asm" }));
        Assert.False(excuse.Covers(Gap with { From = 799 }));
        Assert.False(excuse.Covers(Gap with { To = 1201 }));
    }

    private static Reckoning Judge(string destination, SampleValue produced, SampleValue? there, params Gap[] gaps) =>
        Reckoning.Of(
            new Holding(destination, there is { } value ? new() { [Key] = new(value) } : [], gaps), [Key], new Dictionary<SampleKey, SampleSet> { [Key] = new(produced) }, Servers);
}
