using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>Industrial automation (OPC 10000-200): the stack light of a machine that has one, with a lamp for each bit of its signal.</summary>
internal static class StacklightNodes
{
    /// <summary>The signal: 1 green, 2 yellow, 4 red.</summary>
    public const string Signal = "StackLight";

    private static readonly (string Name, int Bit, int Color)[] Lamps = [("Green", 1, 2), ("Yellow", 2, 4), ("Red", 4, 1)];

    public static void Add(PublishedUnit unit)
    {
        var source = unit.Find(Signal)!;
        var space = unit.Space;
        var light = space.Instantiate(space.TypeId(CompanionSpecifications.IndustrialAutomation, "BasicStacklightType"), unit.Cell, "Stacklight");
        var lamp = space.TypeId(CompanionSpecifications.IndustrialAutomation, "StackElementLightType");
        for (var i = 0; i < Lamps.Length; i++)
        {
            var (name, bit, color) = Lamps[i];
            space.Instantiate(lamp, light.Node, name, new()
            {
                Optional = ["SignalOn", "SignalColor", "SignalMode"],
                Reference = ReferenceTypeIds.HasOrderedComponent,
                DataTypes = new Dictionary<string, NodeId> { ["NumberInList"] = DataTypeIds.UInt16 },
            }).Mirror("SignalOn", source, v => Variant.From((v.AsInt32() & bit) != 0)).Set("SignalColor", Variant.From(color)).Set("NumberInList", Variant.From((ushort)i));
        }

        light.FillDefaults();
    }
}
