namespace FloorGateway.Simulators.Engine;

/// <summary>Hands each change to several sinks, in the order given.</summary>
public sealed class ChangeFanOut(params IChangeSink[] sinks) : IChangeSink
{
    /// <inheritdoc/>
    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        foreach (var sink in sinks) sink.OnChange(unit, signal, value, status, sourceTicks);
    }
}
