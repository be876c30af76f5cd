using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.Simulators.Companion;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Simulators.Tests.Readme;

/// <summary>The README's equipment type is what it says: it compiles, runs and is seen over OPC UA.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_readme_s_equipment_type_is_the_one_tested_here()
    {
        var readme = File.ReadAllText(RepositoryRoot.Combine("simulators", "FloorGateway.Simulators", "README.md")).ReplaceLineEndings("\n");
        var code = File.ReadAllText(RepositoryRoot.Combine("tests", "FloorGateway.Simulators.Tests", "Readme", "LabelPrinter.cs")).ReplaceLineEndings("\n");
        Assert.Contains(code[code.IndexOf("/// <summary>Prints", StringComparison.Ordinal)..].TrimEnd(), readme, StringComparison.Ordinal);
    }

    [Fact]
    public void It_prints_good_labels_at_its_rate_and_is_the_same_with_the_same_seed()
    {
        var first = Hour();
        Assert.InRange(first.GoodCount.Value, 125u, 140u);
        Assert.InRange(first.HeadTemp.Value, 50, 75);
        Assert.True(first.RejectCount.Value < 5);
        var second = Hour();
        Assert.Equal((first.GoodCount.Value, first.Contrast.Value, first.HeadTemp.Value), (second.GoodCount.Value, second.Contrast.Value, second.HeadTemp.Value));

        static LabelPrinter Hour()
        {
            var printer = new LabelPrinter("LBL01", Run.Context(new RecordingSink(_ => false), seed: 5));
            printer.Advance(0);
            printer.For(TimeSpan.FromHours(1));
            return printer;
        }
    }

    [Fact]
    public void It_is_a_machine_with_PackML_and_alarms_over_OPC_UA_without_a_further_line()
    {
        var space = new Space("urn:example.com:test");
        var sink = new NodeSink();
        var printer = new LabelPrinter("LBL01", Run.Context(sink));
        var published = UnitNodes.Add(space, printer, sink, (u, method, arguments) => u.Call(method, arguments));
        UnitCompanions.Add(published);
        AlarmNodes.Add(published, printer, conditions: true);
        printer.Advance(0);
        printer.ForSeconds(60);
        var cell = new Instance(published.Cell);
        Assert.Equal((int)PackMlState.Execute, cell.Variable("State").GetValue().Value.AsInt32());
        Assert.Equal("PackMLBaseObjectType", cell.Object("PackML").TypeDefinition!.BrowseName.Name);
        Assert.Equal("ExclusiveLevelAlarmType", cell.Object("HEAD_HI").TypeDefinition!.BrowseName.Name);
        Assert.True(published.Call("Hold", SignalValue.From("test")).IsGood);
    }
}
