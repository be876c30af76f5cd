using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>A unit in an address space: its objects and the node of each signal, for what is built around them.</summary>
internal sealed class PublishedUnit
{
    private readonly Dictionary<(string SubUnit, string Name), VariableNode> _nodes = [];
    private readonly Dictionary<string, VariableNode> _byName = new(StringComparer.Ordinal);
    private readonly NodeSink _sink;
    private readonly Func<Unit, string, SignalValue[], MethodOutcome> _call;

    public PublishedUnit(Unit unit, ObjectNode area, ObjectNode cell, NodeSink sink, Func<Unit, string, SignalValue[], MethodOutcome> call)
    {
        Unit = unit;
        Area = area;
        Cell = cell;
        _sink = sink;
        _call = call;
        Objects = new(StringComparer.Ordinal) { [unit.Code] = cell };
    }

    public Unit Unit { get; }

    /// <summary>The folder of the area.</summary>
    public ObjectNode Area { get; }

    /// <summary>The cell's object.</summary>
    public ObjectNode Cell { get; }

    /// <summary>Objects by work unit; the cell's own code stands for the cell.</summary>
    public Dictionary<string, ObjectNode> Objects { get; }

    public Space Space => Cell.Space;

    public ushort NamespaceIndex => Cell.Id.NamespaceIndex;

    public void Add(Signal signal, VariableNode node)
    {
        _nodes.Add((signal.SubUnit, signal.Name), node);
        _byName.TryAdd(signal.Name, node);
    }

    public VariableNode Node(Signal signal) => _nodes[(signal.SubUnit, signal.Name)];

    /// <summary>The node of a signal of one work unit; null when there is none.</summary>
    public VariableNode? Find(string subUnit, string name) => _nodes.GetValueOrDefault((subUnit, name));

    /// <summary>The node of the first signal with this name, whatever its work unit; null when there is none.</summary>
    public VariableNode? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Calls somebody after each change of a signal, when its node shows it.</summary>
    public void Watch(string name, Action changed) => _sink.Watch(Unit.Signals.First(s => s.Name == name), changed);

    /// <summary>Runs a method of the unit as its own OPC UA method does.</summary>
    public StatusCode Call(string method, params SignalValue[] arguments) => new(_call(Unit, method, arguments).Status);
}
