using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>Told of each value a variable takes, on the producer's thread and inside the variable's lock: be brief, read no variable.</summary>
internal interface IValueSubscriber
{
    void OnValueChanged(in Variant value, StatusCode status, long sourceTicks, long serverTicks);
}
