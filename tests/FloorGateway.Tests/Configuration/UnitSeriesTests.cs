namespace FloorGateway.Tests.Configuration;

/// <summary>One entry of <c>units</c> that stands for many.</summary>
public sealed class UnitSeriesTests
{
    private const string Head = """
        gateway: {id: edge-01}
        servers: {cas: {url: "opc.tcp://127.0.0.1:4840"}, bdy1: {url: "opc.tcp://127.0.0.1:4841"}, bdy2: {url: "opc.tcp://127.0.0.1:4842"}}
        equipmentTypes: {Robot: {node: "nsu=http://example.com/;s={unit}.{signal}", tags: {State: {type: Int32}}}}
        units:

        """;

    [Fact]
    public void A_range_makes_a_unit_of_each_number_with_the_digits_of_the_first()
    {
        var read = Loaded.Good(Head + """  - {for: {n: 08..11}, path: "A/RB{n}", type: Robot, server: cas, with: {unit: "RB{n}"}}""");

        Assert.Equal(["A/RB08", "A/RB09", "A/RB10", "A/RB11"], read.Units.Select(u => u.Path));
        Assert.Equal("nsu=http://example.com/;s=RB11.State", read.Tags[3].Node);
    }

    [Fact]
    public void Several_words_give_every_combination() => Assert.Equal(
        ["A/FR1/T1", "A/FR1/T2", "A/FR2/T1", "A/FR2/T2"],
        Loaded.Good(Head + """  - {for: {r: 1..2, t: 1..2}, path: "A/FR{r}/T{t}", type: Robot, server: cas, with: {unit: "FR{r}.T{t}"}}""").Units.Select(u => u.Path));

    [Fact]
    public void A_list_counts_its_words_and_ranges() => Assert.Equal(
        ["A/RB01", "A/RB02", "A/RB07", "A/RBX"],
        Loaded.Good(Head + """  - {for: {n: [01..02, 07, X]}, path: "A/RB{n}", type: Robot, server: cas, with: {unit: "RB{n}"}}""").Units.Select(u => u.Path));

    [Fact]
    public void The_server_can_be_counted_too() => Assert.Equal(
        ["bdy1", "bdy2"],
        Loaded.Good(Head + """  - {for: {n: 1..2}, path: "A/RB{n}", type: Robot, server: "bdy{n}", with: {unit: "RB{n}"}}""").Units.Select(u => u.Server));

    [Fact]
    public void Placeholders_of_overridden_nodes_stay_those_of_the_unit() => Assert.Equal(
        "nsu=http://example.com/;s=RB2.Zustand",
        Loaded.Good(Head + """  - {for: {n: 2..2}, path: "A/RB{n}", type: Robot, server: cas, with: {unit: "RB{n}"}, overrides: {State: {node: "nsu=http://example.com/;s={unit}.Zustand"}}}""").Tags[0].Node);

    [Theory]
    [InlineData("{n: 12..1}", "A/{n}", "'12..1' is no range")]
    [InlineData("{n: a..b}", "A/{n}", "'a..b' is no range")]
    [InlineData("{n: 0..999999999}", "A/{n}", "'0..999999999' is no range")]
    [InlineData("{n: 0..999, m: 0..999}", "A/{n}/{m}", "more than 100,000 units")]
    [InlineData("{n: [1, 1]}", "A/{n}", "'1' is counted twice")]
    [InlineData("{n: {x: 1}}", "A/{n}", "a range can't be a mapping")]
    [InlineData("{}", "A/1", "names nothing to count")]
    [InlineData("{n1: 1..2}", "A/{n1}", "can't stand for the numbers")]
    [InlineData("{n: 1..2, m: 1..2}", "A/{n}", "'m' is counted but used nowhere")]
    [InlineData("{n: 1..2}", "A/{n}/{k}", "there is no 'k' under 'for'")]
    [InlineData("12", "A/1", "'for' must be a mapping")]
    public void What_is_wrong_is_told_once_with_its_place(string wanted, string path, string message)
    {
        var errors = Loaded.Errors(Head + $$$"""  - {for: {{{wanted}}}, path: "{{{path}}}", type: Robot, server: cas, with: {unit: "{{{path}}}"}}""");

        Assert.Contains(errors, e => e.Contains(message, StringComparison.Ordinal) && e.Contains("gateway.yaml:5", StringComparison.Ordinal));
        Assert.Equal(errors.Distinct(), errors);
    }
}
