using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>Told of each value a variable takes, on the producer's thread and inside the variable's lock: be brief, read no variable.</summary>
internal interface IValueSubscriber
{
    /// <param name="value">The value.</param>
    /// <param name="status">Its quality.</param>
    /// <param name="sourceTicks">UTC .NET ticks.</param>
    /// <param name="serverTicks">UTC .NET ticks.</param>
    /// <param name="changed">False when value and status are those this subscriber was told last.</param>
    void OnValueChanged(in Variant value, StatusCode status, long sourceTicks, long serverTicks, bool changed);
}
