using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>A service call failed as a whole. Results of single operations are values, not exceptions.</summary>
public sealed class UaServiceException : Exception
{
    public UaServiceException(StatusCode status, string message, Exception? inner = null)
        : base(message, inner) => Status = status;

    public StatusCode Status { get; }
}
