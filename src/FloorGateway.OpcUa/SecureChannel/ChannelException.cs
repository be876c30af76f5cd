using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>A connection or secure channel failed. The message says what happened, to which endpoint, and what to do.</summary>
public sealed class ChannelException : Exception
{
    public ChannelException(StatusCode status, string message, Exception? inner = null)
        : base(message, inner) => Status = status;

    public StatusCode Status { get; }
}
