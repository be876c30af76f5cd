using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>Writes each change to the signal's OPC UA node, with the change's own status and source time.</summary>
public sealed class NodeSink : IChangeSink
{
    private readonly Dictionary<Signal, VariableNode> _nodes = [];
    private readonly Dictionary<Signal, Action> _watchers = [];

    /// <summary>Says which node shows a signal. A signal that had one already shows in the new one what it showed in the old.</summary>
    internal void Bind(Signal signal, VariableNode node)
    {
        if (_nodes.TryGetValue(signal, out var before) && before.GetValue() is var last) node.SetValue(last.Value, last.Status, last.SourceTicks);
        _nodes[signal] = node;
    }

    /// <summary>The node that shows a signal; null when none does.</summary>
    internal VariableNode? NodeOf(Signal signal) => _nodes.GetValueOrDefault(signal);

    /// <summary>Calls somebody after each change of a signal has reached its node: for what is told as an event. One for each signal, the latest given.</summary>
    internal void Watch(Signal signal, Action changed) => _watchers[signal] = changed;

    /// <inheritdoc/>
    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        if (_nodes.TryGetValue(signal, out var node)) node.SetValue(value.ToVariant(), new StatusCode(status), sourceTicks);
        if (_watchers.Count != 0 && _watchers.TryGetValue(signal, out var changed)) changed();
    }
}
