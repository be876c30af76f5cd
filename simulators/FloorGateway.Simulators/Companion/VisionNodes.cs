using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Companion;

/// <summary>Machine vision (OPC 40100-1): the vision system of a machine, whose state follows the machine's.</summary>
internal static class VisionNodes
{
    private static readonly string[] States = ["Preoperational", "Halted", "Error", "Operational"];

    public static void Add(PublishedUnit unit)
    {
        var machine = (EquipmentUnit)unit.Unit;
        var space = unit.Space;
        var vision = space.Instantiate(space.TypeId(CompanionSpecifications.MachineVision, "VisionSystemType"), unit.Cell, "VisionSystem", new()
        {
            Optional = ["RecipeManagement", "ResultManagement", "ResultManagement/Results"],
        });
        var type = space.Get<ObjectTypeNode>(space.TypeId(CompanionSpecifications.MachineVision, "VisionStateMachineType"));
        vision.ShowState("VisionStateMachine/CurrentState", unit.Node(machine.State), States, type, s => (PackMlState)s switch
        {
            PackMlState.Stopped or PackMlState.Resetting => 0,
            PackMlState.Stopping => 1,
            PackMlState.Aborting or PackMlState.Aborted or PackMlState.Clearing => 2,
            _ => 3,
        });
        vision.FillDefaults();
    }
}
