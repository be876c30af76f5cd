using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;
using UaArgument = FloorGateway.OpcUa.AddressSpace.MethodArgument;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>
/// Builds a unit's nodes: area folder, cell object, work units, variables with unit and range, methods. Variables have the
/// id <c>&lt;Cell&gt;.&lt;Signal&gt;</c> in the unit's own namespace, whatever object they hang under.
/// </summary>
public static class UnitNodes
{
    /// <summary>Namespaces of the equipment types, in the order in which every server registers them.</summary>
    public static IReadOnlyList<string> Namespaces { get; } =
    [
        "http://jsev.example/UA/Base/",
        "http://jsev.example/UA/DieCasting/",
        "http://jsev.example/UA/Vehicle/",
        "http://jsev.example/UA/Battery/",
    ];

    private static readonly Dictionary<string, string> AreaNames = new()
    {
        ["CAS"] = "压铸", ["BDY"] = "车身", ["PNT"] = "涂装", ["ASM"] = "总装", ["EOL"] = "下线", ["ELE"] = "电极",
        ["SSC"] = "固态电芯", ["LQC"] = "液态电芯", ["FRM"] = "化成", ["MPK"] = "模组/包", ["UTL"] = "动力",
    };

    /// <summary>Adds a unit to an address space.</summary>
    /// <param name="space">The address space; its equipment namespaces are registered here.</param>
    /// <param name="unit">The unit; not yet started, so that its initial values reach the nodes.</param>
    /// <param name="sink">Learns which node shows which signal.</param>
    /// <param name="call">Runs a method of the unit, serialised with its stepping.</param>
    internal static PublishedUnit Add(Space space, Unit unit, NodeSink sink, Func<Unit, string, SignalValue[], MethodOutcome> call)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(unit);
        ArgumentNullException.ThrowIfNull(sink);
        foreach (var uri in Namespaces) space.AddNamespace(uri);
        var ns = space.AddNamespace(unit.NamespaceUri);
        var area = Area(space, unit);
        var cell = area.AddObject(unit.Code, TypeOf(space, unit, ns), new NodeId(ns, unit.Code), displayName: unit.DisplayName);
        var published = new PublishedUnit(unit, area, cell, sink, call);
        foreach (var signal in unit.Signals)
        {
            if (!published.Objects.TryGetValue(signal.SubUnit, out var parent))
                published.Objects.Add(signal.SubUnit, parent = cell.AddObject(signal.SubUnit));
            var node = AddSignal(parent, ns, signal);
            sink.Bind(signal, node);
            published.Add(signal, node);
        }

        foreach (var method in unit.Methods.Values)
        {
            var node = cell.AddMethod(
                method.Name,
                (_, inputs) => Call(unit, method, inputs, call),
                [.. method.Inputs.Select(a => new UaArgument(a.Name, a.Type.BuiltIn(), description: a.Description.Length == 0 ? null : a.Description))]);
            if (method.Description.Length > 0) node.Description = method.Description;
        }

        return published;
    }

    private static VariableNode AddSignal(ObjectNode parent, ushort ns, Signal signal)
    {
        var traits = signal.Traits;
        var node = parent.AddVariable(
            signal.Name,
            signal.Type.BuiltIn(),
            traits.Unit,
            traits is { Low: { } low, High: { } high } ? (low, high) : null,
            valueRank: signal.Type.ValueRank(),
            nodeId: new NodeId(ns, signal.NodeName));
        if (traits.DisplayName is { } text) node.DisplayName = new LocalizedText(text);
        return node;
    }

    // The equipment's own type, in its own namespace: a client finds all machines of a kind by it.
    private static NodeId TypeOf(Space space, Unit unit, ushort ns)
    {
        var name = unit.GetType().Name + "Type";
        return space.FindOrAddIn(ns, name, () => space.AddObjectType(name).Id);
    }

    /// <summary>The id of a type of ours by its name, which is made in that namespace when it is not there.</summary>
    internal static NodeId FindOrAddIn(this Space space, ushort ns, string name, Func<NodeId> add)
    {
        var id = new NodeId(ns, name);
        if (space.Find(id) is not null) return id;
        var usual = space.DefaultNamespace;
        space.DefaultNamespace = ns;
        try
        {
            return add();
        }
        finally
        {
            space.DefaultNamespace = usual;
        }
    }

    private static ObjectNode Area(Space space, Unit unit)
    {
        var code = unit.Location.Split('/')[2];
        var id = new NodeId(space.AddNamespace(Namespaces[0]), code);
        if (space.TryFind<ObjectNode>(id, out var area)) return area;
        area = space.Objects.AddFolder(code, id);
        area.DisplayName = new LocalizedText(AreaNames.GetValueOrDefault(code, code));
        return area;
    }

    private static (StatusCode Status, Variant[] Outputs) Call(Unit unit, UnitMethod method, Variant[] inputs, Func<Unit, string, SignalValue[], MethodOutcome> call)
    {
        var arguments = new SignalValue[inputs.Length];
        for (var i = 0; i < inputs.Length; i++) arguments[i] = inputs[i].ToSignalValue(method.Inputs[i].Type);
        return (new StatusCode(call(unit, method.Name, arguments).Status), []);
    }
}
