using FloorGateway.Configuration;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Tests.Configuration;

/// <summary>Those of the plant's normalisation cases that the configuration decides, and how the others are written in it.</summary>
public sealed class NormalisationCasesTests
{
    private const string Head = """
        gateway: {id: edge-01, clock: {skewLimit: 2s, skewDelay: 30s, futureTolerance: 1s}}
        servers:
          a: {url: "opc.tcp://127.0.0.1:48401", textEncoding: GBK, checkUnits: false, decodeStructures: false}
          b: {url: "opc.tcp://127.0.0.1:48402"}

        """;

    [Fact]
    public void Case_14_and_15_clocks_are_configured()
    {
        var rules = Loaded.Good(Head).Gateway.TimeRules;
        Assert.Equal((1, 2, 30), (rules.FutureTolerance.TotalSeconds, rules.SkewLimit.TotalSeconds, rules.SkewDelay.TotalSeconds));
        Assert.Equal(TimeSpan.FromHours(8), Tag("Clock: {type: DateTime, timeFormat: Bcd, localOffset: \"+08:00\"}").Normalisation.LocalOffset);
    }

    [Fact]
    public void Case_13_which_times_a_server_is_asked_for_is_configured()
    {
        Assert.Equal(TimestampsChoice.Both, Loaded.Good(Head).Servers[0].Timestamps);
        Assert.Equal(TimestampsChoice.Source, Loaded.Good(Head.Replace("48402\"", "48402\", timestamps: source", StringComparison.Ordinal)).Servers[1].Timestamps);
        Assert.Contains(Loaded.Errors(Head.Replace("48402\"", "48402\", timestamps: server", StringComparison.Ordinal)), e => e.Contains("Both", StringComparison.OrdinalIgnoreCase) && e.Contains("Source", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Case_15_clock_offset_is_a_tag_where_one_asks_for_it()
    {
        Assert.Equal(ConfiguredTag.ClockOffsetNode, Tag("Clock: {node: \"gateway:ClockOffset\", type: Double, unit: SEC}").Node);
        Assert.Contains(Loaded.Errors(Plant("Clock: {node: \"gateway:Clock\"}")), e => e.Contains("'gateway:Clock' is nothing that the gateway tells of itself; write gateway:ClockOffset", StringComparison.Ordinal));
    }

    [Fact]
    public void Case_18_array_explodes_into_tags_by_number_or_by_name()
    {
        var tags = Tags("Voltage: {type: \"Float[]\", unit: VLT, elements: {count: 36, name: \"Cell{n}\"}}");
        Assert.Equal(36, tags.Count);
        Assert.Equal(("A/U/Voltage.Cell01", "Voltage.Cell01", 0, ValueKind.Single), (tags[0].Path, tags[0].Signal, tags[0].Normalisation.ArrayIndex, tags[0].Kind));
        Assert.Equal(("A/U/Voltage.Cell36", 35), (tags[35].Path, tags[35].Normalisation.ArrayIndex));
        Assert.Single(tags.Select(t => t.Node).Distinct());
        Assert.Equal(["A/U/T.Inlet", "A/U/T.Outlet"], Tags("T: {type: \"Double[]\", elements: [Inlet, Outlet]}").Select(t => t.Path));
    }

    [Fact]
    public void Case_19_and_20_and_21_and_27_are_written_as_keys_of_a_tag()
    {
        Assert.Equal("Meta.ResultId", Tag("R: {type: String, field: Meta.ResultId}").Normalisation.Field);
        Assert.True(Tag("R: {type: Structure, flatten: true}").Normalisation.Flatten);
        Assert.Equal(new CounterOptions { Output = CounterOutput.Delta, Rollover = 65536, MaxStep = 1000 }, Tag("C: {type: UInt16, counter: {output: Delta, rollover: 65536, maxStep: 1000}}").Normalisation.Counter);
        Assert.Equal(new CounterOptions(), Tag("C: {type: Double, counter: {output: Total}}").Normalisation.Counter);
        Assert.Equal(TimeSpan.FromMilliseconds(500), Tag("B: {type: Boolean, debounce: 500ms}").Normalisation.Debounce);
    }

    [Fact]
    public void Case_22_same_signal_of_two_servers_is_told_apart_by_its_unit_and_a_collision_is_refused()
    {
        const string types = "equipmentTypes: {T: {node: \"ns=2;s={signal}\", tags: {Temp: {type: Double}}}}\n";
        var tags = Loaded.Good($"{Head}{types}units: [{{path: A/U1, type: T, server: a}}, {{path: A/U2, type: T, server: b}}]\n").Tags;
        Assert.Equal([("A/U1/Temp", "a"), ("A/U2/Temp", "b")], tags.Select(t => (t.Path, t.Server)));
        Assert.Contains(Loaded.Errors($"{Head}{types}units: [{{path: A/U1, type: T, server: a}}, {{path: A/U1, type: T, server: b}}]\n"), e => e.Contains("is already used", StringComparison.Ordinal));
        const string clash = "equipmentTypes: {T: {node: \"ns=2;s={signal}\", tags: {V.1: {type: Double}, V: {type: \"Double[]\", elements: {count: 2}}}}}\n";
        Assert.Contains(Loaded.Errors($"{Head}{clash}units: [{{path: A/U1, type: T, server: a}}]\n"), e => e.Contains("tag path A/U1/V.1 is already given", StringComparison.Ordinal));
    }

    [Fact]
    public void Case_23_chinese_node_gets_an_alias_its_unit_a_code_and_its_server_a_code_page()
    {
        var tag = Tag("FurnaceTemp: {node: \"nsu=http://jsev.example/UA/;s=DC01.炉温\", type: Double, unit: CEL, sourceUnit: 摄氏度, description: 炉温}");
        Assert.Equal(("A/U/FurnaceTemp", "nsu=http://jsev.example/UA/;s=DC01.炉温", "炉温"), (tag.Path, tag.Node, tag.Description));
        var server = Loaded.Good(Head).Servers[0];
        Assert.Equal("炉温", server.TextEncoding!.GetString([0xC2, 0xAF, 0xCE, 0xC2]));
        Assert.Equal((false, false), (server.CheckUnits, server.DecodeStructures));
    }

    [Fact]
    public void Case_30_percent_deadband_without_a_range_falls_back_or_is_refused()
    {
        var falls = Loaded.Text(Plant("D: {type: Double, deadband: 0.5, deadbandPercent: 1}"));
        Assert.True(falls.IsValid);
        Assert.Contains(falls.Warnings, w => w.ToString().Contains("absolute deadband of 0.5 is used", StringComparison.Ordinal));
        Assert.Contains(Loaded.Errors(Plant("D: {type: Double, deadbandPercent: 1}")), e => e.Contains("needs a range", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("V: {type: Double, elements: {count: 2}}", "only an array has elements")]
    [InlineData("V: {type: \"Double[]\", elements: {name: \"C{n}\"}}", "'count' is missing in elements")]
    [InlineData("V: {type: \"Double[]\", elements: {count: 2, name: C}}", "'C' can't name elements")]
    [InlineData("V: {type: \"Double[]\", elements: [A, a]}", "element 'A' is named twice")]
    [InlineData("V: {type: \"Double[]\", index: 1, elements: [A, B]}", "'elements' makes a tag of each element")]
    [InlineData("C: {type: UInt16, counter: {rollover: 65536}}", "a counter that rolls over needs a maxStep")]
    [InlineData("C: {type: UInt16, counter: {rollover: 100, maxStep: 100}}", "maxStep 100 is not below rollover 100")]
    [InlineData("C: {type: Boolean, counter: {output: Total}}", "is no number, so it can't count")]
    [InlineData("C: {type: UInt16, counter: {output: Sum}}", "'output' in counter can't be 'Sum'")]
    [InlineData("B: {type: Double, debounce: 1s}", "only a Boolean can be debounced")]
    [InlineData("R: {type: Double, flatten: true}", "only a structure can be flattened")]
    [InlineData("R: {type: Double, field: A..B}", "'A..B' is no path to a field")]
    public void Says_what_is_wrong_with_them(string tag, string expected) =>
        Assert.Contains(Loaded.Errors(Plant(tag)), e => e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Says_that_an_encoding_is_unknown() =>
        Assert.Contains(Loaded.Errors("gateway: {id: a}\nservers: {s: {url: opc.tcp://127.0.0.1, textEncoding: GKB}}\n"), e => e.StartsWith("gateway.yaml:2:55: unknown encoding 'GKB'; write its IANA name", StringComparison.Ordinal));

    private static string Plant(string tag) => $"{Head}equipmentTypes: {{T: {{node: \"ns=2;s={{signal}}\", tags: {{{tag}}}}}}}\nunits: [{{path: A/U, type: T, server: a}}]\n";

    private static IReadOnlyList<ConfiguredTag> Tags(string tag) => Loaded.Good(Plant(tag)).Tags;

    private static ConfiguredTag Tag(string tag) => Assert.Single(Tags(tag));
}
