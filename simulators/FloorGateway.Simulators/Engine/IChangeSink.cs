namespace FloorGateway.Simulators.Engine;

/// <summary>Receives each published change, in the order of production.</summary>
public interface IChangeSink
{
    /// <summary>One change of one signal.</summary>
    /// <param name="unit">The equipment.</param>
    /// <param name="signal">The signal; its path and type say what the value is.</param>
    /// <param name="value">The typed value.</param>
    /// <param name="status">OPC UA status code, 0 is Good.</param>
    /// <param name="sourceTicks">Source time, UTC ticks of 100 ns; strictly increasing per signal.</param>
    void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks);
}
