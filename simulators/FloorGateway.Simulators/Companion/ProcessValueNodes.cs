using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>Process values (OPC 40001-2): value and set point of each zone of an oven or dryer in one object.</summary>
internal static class ProcessValueNodes
{
    private const string Suffix = ".Temp";

    public static void Add(PublishedUnit unit)
    {
        var type = unit.Space.TypeId(CompanionSpecifications.ProcessValues, "ProcessValueType");
        foreach (var signal in unit.Unit.Signals)
        {
            if (!signal.Name.StartsWith("Zone", StringComparison.Ordinal) || !signal.Name.EndsWith(Suffix, StringComparison.Ordinal)) continue;
            var zone = signal.Name[..^Suffix.Length];
            var value = unit.Space.Instantiate(type, unit.Objects[signal.SubUnit], zone, new()
            {
                Optional = ["ProcessValueSetpoint"],
                DataTypes = new Dictionary<string, NodeId> { ["AnalogSignal"] = DataTypeIds.Double, ["ProcessValueSetpoint"] = DataTypeIds.Double },
            });
            value.MirrorAnalog("AnalogSignal", unit.Node(signal))
                .MirrorAnalog("ProcessValueSetpoint", unit.Find(signal.SubUnit, "SetPoint." + zone))
                .Text("SignalTag", signal.NodeName)
                .FillDefaults();
        }
    }
}
