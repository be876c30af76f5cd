using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>Writes each change to the signal's OPC UA node, with the change's own status and source time.</summary>
public sealed class NodeSink : IChangeSink
{
    private readonly Dictionary<Signal, VariableNode> _nodes = [];

    /// <summary>Says which node shows a signal; before the first change, then no more.</summary>
    internal void Bind(Signal signal, VariableNode node) => _nodes.Add(signal, node);

    /// <inheritdoc/>
    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        if (_nodes.TryGetValue(signal, out var node)) node.SetValue(value.ToVariant(), new StatusCode(status), sourceTicks);
    }
}
