using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>Laser systems (OPC 40505): the welding laser with its state and hours.</summary>
internal static class LaserNodes
{
    private const string Status = "Monitoring/LaserSystemStatus/";

    public static void Add(PublishedUnit unit)
    {
        var welder = (TabWelder)unit.Unit;
        var space = unit.Space;
        var laser = space.Instantiate(space.TypeId(CompanionSpecifications.LaserSystems, "LaserSystemType"), unit.Cell, "LaserSystem").Nameplate("Welding laser", unit.Unit.Code + "-L", "Identification/");
        var type = space.Get<ObjectTypeNode>(space.TypeId(CompanionSpecifications.LaserSystems, "LaserSystemState_StateMachineType"));
        laser.ShowState(Status + "LaserSystemState/CurrentState", unit.Node(welder.Laser), Enum.GetNames<LaserState>(), type, s => s);
        MachineryNodes.ShowStates(unit, welder, laser.At("MachineryBuildingBlocks"));
        MachineryNodes.ShowStates(unit, welder, laser.At("Monitoring/LaserSystemStatus"));
        if (unit.Find("LaserHours") is { } hours)
        {
            laser.Mirror("MachineryBuildingBlocks/OperationCounters/PowerOnDuration", hours, v => Variant.From(v.AsDouble() * 3_600_000))
                .Mirror("MachineryBuildingBlocks/OperationCounters/OperationDuration", hours, v => Variant.From(v.AsDouble() * 3_600_000));
        }

        laser.Text(Status + "MachineToolsLaserStatus/Name", "Welding laser").FillDefaults();
    }
}
