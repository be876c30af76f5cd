using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Companion;

/// <summary>PackML's base object (OPC 30050) beside a machine's signals: state machines, status and administration show what the signals say, methods call the machine's own.</summary>
internal static class PackMlNodes
{
    private static readonly string[] Outer = ["Aborting", "Aborted", "Cleared"];
    private static readonly string[] Machine = ["Clearing", "Stopped", "Stopping", "Running"];

    private static readonly string[] Innermost =
    [
        "Starting", "Idle", "Suspended", "Execute", "Holding", "Held", "Unholding", "Suspending", "Unsuspending", "Resetting", "Completing", "Complete",
    ];

    // The methods of the specification have no arguments; what ours want is said for them. Suspend and Unsuspend are the line's own decision.
    private static readonly (string Path, SignalValue[] Arguments)[] Methods =
    [
        ("BaseStateMachine/Abort", [SignalValue.From("PackML")]), ("BaseStateMachine/Clear", []), ("BaseStateMachine/MachineState/Stop", []), ("BaseStateMachine/MachineState/Reset", []),
        ("BaseStateMachine/MachineState/ExecuteState/Start", [SignalValue.From(""), SignalValue.From("")]),
        ("BaseStateMachine/MachineState/ExecuteState/Hold", [SignalValue.From("PackML")]), ("BaseStateMachine/MachineState/ExecuteState/Unhold", []),
        ("BaseStateMachine/MachineState/ExecuteState/Reset", []),
    ];

    public static void Add(PublishedUnit unit)
    {
        var machine = (EquipmentUnit)unit.Unit;
        var space = unit.Space;
        var mode = space.TypeId(CompanionSpecifications.PackMl, "ProductionMaintenanceModeEnum");
        var instance = space.Instantiate(space.TypeId(CompanionSpecifications.PackMl, "PackMLBaseObjectType"), unit.Cell, "PackML", new()
        {
            Optional = ["PackMLVersion", "TagID", "Admin/ProdProcessedCount", "Admin/ProdDefectiveCount", .. Methods.Select(m => m.Path)],
            DataTypes = new Dictionary<string, NodeId> { ["Status/UnitModeCurrent"] = mode },
        });
        var state = unit.Node(machine.State);
        ShowStates(instance, "BaseStateMachine", "PackMLBaseStateMachineType", Outer, s => s is PackMlState.Aborting or PackMlState.Aborted ? s.ToString() : "Cleared");
        ShowStates(instance, "BaseStateMachine/MachineState", "PackMLMachineStateMachineType", Machine, s => s switch
        {
            PackMlState.Aborting or PackMlState.Aborted => "",
            PackMlState.Clearing or PackMlState.Stopped or PackMlState.Stopping => s.ToString(),
            _ => "Running",
        });
        ShowStates(instance, "BaseStateMachine/MachineState/ExecuteState", "PackMLExecuteStateMachineType", Innermost, s => s.ToString());
        instance
            .Text("PackMLVersion", "3.0").Text("TagID", unit.Unit.Code)
            .Mirror("Status/EquipmentBlocked", unit.Node(machine.Blocked)).Mirror("Status/EquipmentStarved", unit.Node(machine.Starved))
            .Mirror("Status/UnitModeCurrent", unit.Node(machine.Mode))
            .Set("Status/UnitSupportedModes", Variant.From(mode));
        ShowSpeed(instance, unit.Node(machine.CycleTime));
        ShowCounts(instance, "Admin/ProdProcessedCount", [unit.Node(machine.GoodCount), unit.Node(machine.RejectCount)]);
        ShowCounts(instance, "Admin/ProdDefectiveCount", [unit.Node(machine.RejectCount)]);
        foreach (var (path, arguments) in Methods) instance.Bind(path, (_, _) => (unit.Call(path[(path.LastIndexOf('/') + 1)..], arguments), []));
        if (instance.Find("SetUnitMode") is MethodNode setMode) setMode.Handler = (_, inputs) => (unit.Call("SetMode", SignalValue.From(inputs[0].AsInt32())), []);
        instance.FillDefaults();

        void ShowStates(Instance at, string path, string typeName, string[] names, Func<PackMlState, string> nameOf)
        {
            var type = space.Get<ObjectTypeNode>(space.TypeId(CompanionSpecifications.PackMl, typeName));
            at.ShowState(path + "/CurrentState", state, names, type, s => Array.IndexOf(names, nameOf((PackMlState)s)));
        }
    }

    // Parts per minute from the last cycle.
    private static void ShowSpeed(Instance instance, VariableNode cycleTime)
    {
        instance.Mirror("Status/CurMachSpeed", cycleTime, v => Variant.From((float)(v.AsDouble() > 0 ? 60 / v.AsDouble() : 0)));
        foreach (var path in new[] { "Status/CurMachSpeed", "Status/MachSpeed" })
        {
            if (instance.Find(path + "/EURange") is VariableNode range) range.SetValue(Variant.From(new FloorGateway.OpcUa.Types.Range { Low = 0, High = 1000 }));
        }
    }

    private static void ShowCounts(Instance instance, string path, VariableNode[] counters)
    {
        var node = instance.Variable(path);
        var layout = instance.Space.Get<DataTypeNode>(node.DataType).Layout!;
        node.OnRead = () =>
        {
            var (count, latest) = (0u, default(DataValue));
            foreach (var counter in counters)
            {
                var value = counter.GetValue();
                count += value.Value.AsUInt32();
                if (value.SourceTicks >= latest.SourceTicks) latest = value;
            }

            var structure = new DynamicStructure(layout) { ["Name"] = Variant.From("parts"), ["Count"] = Variant.From((int)count), ["AccCount"] = Variant.From((int)count) };
            return new(Variant.From(new ExtensionObject?[] { structure.ToExtensionObject() }), latest.Status, latest.SourceTicks, latest.ServerTicks);
        };
    }
}
