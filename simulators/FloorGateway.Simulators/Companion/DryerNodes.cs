using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>Compressed air systems (OPC 40250-1): the desiccant unit of a dry room is a dryer.</summary>
internal static class DryerNodes
{
    private const int Stopped = 1, Running = 2;

    public static void Add(PublishedUnit unit)
    {
        var dryer = unit.Space.Instantiate(unit.Space.TypeId(CompanionSpecifications.CompressedAir, "DryerType"), unit.Cell, "Dryer", new()
        {
            Optional = ["Operational/OperatingState", "Operational/PressureDewPoint", "Operational/PressureDewPoint/EngineeringUnits", "Operational/PressureDewPoint/EURange"],
        });
        dryer.Nameplate("Desiccant dryer", unit.Unit.Code + "-D", "Identification/")
            .MirrorAnalog("Operational/PressureDewPoint", unit.Find("SupplyDewPoint"))
            .Mirror("Operational/OperatingState", unit.Find("WheelSpeed"), v => Variant.From(v.AsDouble() > 0 ? Running : Stopped))
            .FillDefaults();
    }
}
