using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>Temperature control devices (OPC 40082-1): a device zone for each of a die-cast cell's thermal units.</summary>
internal static class TemperatureControlNodes
{
    public static void Add(PublishedUnit unit)
    {
        var type = unit.Space.TypeId(CompanionSpecifications.TemperatureControl, "DeviceZoneType");
        foreach (var (name, parent) in unit.Objects)
        {
            if (!name.StartsWith("TCU", StringComparison.Ordinal)) continue;
            var zone = unit.Space.Instantiate(type, parent, "DeviceZone", new()
            {
                Optional =
                [
                    "Temperature/ActualValue/EngineeringUnits", "TemperatureMainLine/EngineeringUnits", "TemperatureReturnLine/EngineeringUnits", "FlowRate/ActualValue/EngineeringUnits",
                    "PressureMainLine/EngineeringUnits",
                ],
            });
            zone.MirrorAnalog("Temperature/ActualValue", unit.Find(name, "TemperatureMainLine"))
                .MirrorAnalog("TemperatureMainLine", unit.Find(name, "TemperatureMainLine"))
                .MirrorAnalog("TemperatureReturnLine", unit.Find(name, "TemperatureReturnLine"))
                .MirrorAnalog("FlowRate/ActualValue", unit.Find(name, "FlowRate"))
                .MirrorAnalog("PressureMainLine", unit.Find(name, "PressureMainLine"))
                .FillDefaults();
        }
    }
}
