using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>Weighing technology (OPC 40200): the loss-in-weight scale that doses a slurry mixer.</summary>
internal static class ScaleNodes
{
    public static void Add(PublishedUnit unit)
    {
        var space = unit.Space;
        var scale = space.Instantiate(space.TypeId(CompanionSpecifications.Scales, "LossInWeightScaleType"), unit.Cell, "Scale").Nameplate("Loss-in-weight feeder", unit.Unit.Code + "-W");
        if (unit.Find("MassDosed") is { } dosed)
        {
            var layout = space.Get<DataTypeNode>(space.TypeId(CompanionSpecifications.Scales, "WeightType")).Layout!;
            scale.MirrorAnalog("CurrentWeight", dosed).Mirror("CurrentWeight", dosed, v =>
            {
                var net = Variant.From(v.Boxed is double[] masses ? masses.Sum() : 0);
                return Variant.From(new DynamicStructure(layout) { ["Gross"] = net, ["Net"] = net }.ToExtensionObject());
            });
        }

        scale.FillDefaults();
    }
}
