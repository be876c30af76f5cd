using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>PROFIenergy (OPC 30141): power and energy of an electricity meter as its profile E2 has them.</summary>
internal static class EnergyNodes
{
    /// <summary>The profile has watts and watt hours, the meters kilowatts and kilowatt hours.</summary>
    private const double Kilo = 1000;

    // With the numbers of the measurements (annex C.5).
    private static readonly (string Name, string Signal, string Unit, ushort Id)[] Measurements =
    [
        ("AcActivePowerTotal", "PowerActive", "WTT", 34), ("AcActiveEnergyTotalImportLp", "EnergyTotal", "WHR", 200), ("AcActiveEnergyTotalExportLp", "", "WHR", 201),
    ];

    public static void Add(PublishedUnit unit)
    {
        if (unit.Find("EnergyTotal") is null) return; // water and air have no place there
        var space = unit.Space;
        var energy = space.Instantiate(space.TypeId(CompanionSpecifications.PowerEnergy, "EnergyMeasurementType"), unit.Cell, "EnergyMeasurement", new()
        {
            Interfaces = [space.TypeId(CompanionSpecifications.PowerEnergy, "IEnergyProfileE2Type")],
            Optional = [.. Measurements.Select(m => m.Name + "/EngineeringUnits")],
        });
        foreach (var (name, signal, code, id) in Measurements)
        {
            energy.Mirror(name, unit.Find(signal), v => Variant.From((float)(v.AsDouble() * Kilo)))
                .Set(name + "/EngineeringUnits", Variant.From(EngineeringUnits.FromCode(code)))
                .Set(name + "/PeMeasurementID", Variant.From(id));
        }

        energy.FillDefaults();
    }
}
