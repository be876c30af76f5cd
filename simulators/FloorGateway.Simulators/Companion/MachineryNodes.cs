using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Companion;

/// <summary>
/// Machinery's building blocks (OPC 40001-1) on every unit: it stands in the Machines folder and says who made it; a machine says its state and operation mode too.
/// Areas, cells and work units carry their ISA-95 level.
/// </summary>
internal static class MachineryNodes
{
    /// <summary>Who made the machines and what belongs to them.</summary>
    public const string Maker = "Jinshan Example Machine Works";
    private const uint MachinesFolder = 1001;

    /// <summary>Numbers of ISA95EquipmentElementLevelEnum.</summary>
    private const int Area = 2, WorkCell = 6, WorkUnit = 11;

    private static readonly (string Name, string Type)[] StateMachines =
        [("MachineryItemState", "MachineryItemState_StateMachineType"), ("MachineryOperationMode", "MachineryOperationModeStateMachineType")];

    private static readonly string[] ItemStates = ["NotAvailable", "OutOfService", "NotExecuting", "Executing"], Modes = ["None", "Processing", "Maintenance", "Setup"];

    public static void Add(PublishedUnit unit)
    {
        var machines = unit.Space.Get<ObjectNode>(new NodeId(unit.Space.IndexOf(CompanionSpecifications.Machinery), MachinesFolder));
        unit.Space.AddReference(machines, ReferenceTypeIds.Organizes, unit.Cell);
        AddIdentification(unit);
        AddLevels(unit);
        if (unit.Unit is EquipmentUnit machine) AddStates(unit, machine);
    }

    private static void AddIdentification(PublishedUnit unit) => new Instance(unit.Cell)
        .AddAddIn(unit.Space.TypeId(CompanionSpecifications.Machinery, "MachineIdentificationType"), options: new() { Optional = ["Model", "Location", "ComponentName"] })
        .Text("Manufacturer", Maker)
        .Text("Model", unit.Unit.GetType().Name)
        .Text("SerialNumber", $"{unit.Unit.Code}-2026")
        .Text("ProductInstanceUri", $"http://jsev.example/{unit.Unit.Location}")
        .Text("Location", unit.Unit.Location)
        .Text("ComponentName", unit.Unit.Code)
        .FillDefaults();

    private static void AddStates(PublishedUnit unit, EquipmentUnit machine)
    {
        var index = unit.Space.IndexOf(CompanionSpecifications.Machinery);
        foreach (var (name, type) in StateMachines)
            unit.Space.Instantiate(unit.Space.TypeId(CompanionSpecifications.Machinery, type), unit.Cell, name, new() { BrowseName = new(index, name), Reference = ReferenceTypeIds.HasAddIn });
        var cell = new Instance(unit.Cell);
        ShowStates(unit, machine, cell);
        foreach (var (name, _) in StateMachines) cell.At(name).FillDefaults();
    }

    /// <summary>Shows the machine's state and mode in the state machines below an object.</summary>
    public static void ShowStates(PublishedUnit unit, EquipmentUnit machine, Instance blocks)
    {
        Show(0, unit.Node(machine.State), ItemStates, v => (PackMlState)v switch
        {
            PackMlState.Execute => 3,
            PackMlState.Aborted or PackMlState.Aborting or PackMlState.Clearing => 1,
            _ => 2,
        });
        Show(1, unit.Node(machine.Mode), Modes, v => v is >= 1 and <= 3 ? v : 0);

        void Show(int which, VariableNode source, string[] names, Func<int, int> stateOf)
        {
            var (name, typeName) = StateMachines[which];
            var type = unit.Space.Get<ObjectTypeNode>(unit.Space.TypeId(CompanionSpecifications.Machinery, typeName));
            blocks.ShowState(name + "/CurrentState", source, names, type, stateOf);
        }
    }

    private static void AddLevels(PublishedUnit unit)
    {
        var index = unit.Space.IndexOf(CompanionSpecifications.Isa95);
        var type = unit.Space.TypeId(CompanionSpecifications.Isa95, "ISA95EquipmentElementLevelEnum");
        SetLevel(unit.Cell, WorkCell);
        foreach (var (code, node) in unit.Objects)
        {
            if (code != unit.Unit.Code) SetLevel(node, WorkUnit);
        }

        SetLevel(unit.Area, Area);

        void SetLevel(ObjectNode node, int level)
        {
            QualifiedName name = new(index, "EquipmentLevel");
            if (node.FindChild(name) is null) node.AddProperty(name, type, Variant.From(level));
        }
    }
}
