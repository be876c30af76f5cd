using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Tests;

public sealed class EquipmentCatalogueTests
{
    public static TheoryData<string> Types => [.. EquipmentCatalogue.Types];

    /// <summary>A client that subscribes before production begins is given the latest value only: a second one at the same instant would be missing.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Every_signal_has_one_value_when_production_begins(string letters)
    {
        var sink = new RecordingSink();
        var unit = EquipmentCatalogue.Create(letters + "01", Run.Context(sink));
        unit.Advance(0);
        Assert.Equal(unit.Signals.Select(s => s.Name), sink.Changes.Select(c => c.Signal.Name));
    }
}
