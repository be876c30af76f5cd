using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Companion;

/// <summary>Laboratory devices (OPC 30500-1) as the pattern of a formation rack: a functional unit for each tray position, with its programs.</summary>
internal static class FormationNodes
{
    private static readonly string[] DeviceStates = ["Initialization", "Operate", "Shutdown", "Sleep"], UnitStates = ["Stopped", "Running", "Aborted"];

    public static void Add(PublishedUnit unit)
    {
        var machine = (EquipmentUnit)unit.Unit;
        var space = unit.Space;
        var device = Make("LADSDeviceType", unit.Cell, "Rack", []).Nameplate("Formation rack", unit.Unit.Code, "Identification/").Nameplate("Formation rack", unit.Unit.Code);
        var deviceType = space.Get<ObjectTypeNode>(space.TypeId(CompanionSpecifications.Lads, "LADSDeviceStateMachineType"));
        device.ShowState("DeviceState/CurrentState", unit.Node(machine.State), DeviceStates, deviceType, s => (PackMlState)s is PackMlState.Stopped or PackMlState.Resetting or PackMlState.Starting ? 0 : 1);
        var unitType = space.Get<ObjectTypeNode>(space.TypeId(CompanionSpecifications.Lads, "FunctionalUnitStateMachineType"));
        foreach (var tray in unit.Objects.Keys.Where(k => k.StartsWith("TRAY", StringComparison.Ordinal)))
        {
            var position = Make("FunctionalUnitType", device.Object("FunctionalUnitSet"), tray, ["ProgramManager", "Operational/StartProgram", "Operational/Abort"]);
            if (unit.Find(tray, "TrayState") is { } state)
            {
                // 3 runs, 4 pauses, 6 and above are faults; before and after a program the position stands.
                position.ShowState("FunctionalUnitState/CurrentState", state, UnitStates, unitType, s => s switch { 3 or 4 => 1, >= 6 => 2, _ => 0 });
            }

            position.Bind("Operational/Abort", (_, _) => (unit.Call("AbortTray", SignalValue.From(tray)), []));
            position.Bind("Operational/StartProgram", (_, inputs) =>
            {
                var status = unit.Call("StartProgram", SignalValue.From(tray), SignalValue.From(inputs[^1].AsString() ?? ""));
                return (status, status.IsGood ? [Variant.From($"{unit.Unit.Code}-{tray}")] : []);
            });
        }

        device.FillDefaults();

        Instance Make(string type, Node parent, string name, string[] optional) =>
            space.Instantiate(space.TypeId(CompanionSpecifications.Lads, type), parent, name, new() { Optional = optional });
    }
}
