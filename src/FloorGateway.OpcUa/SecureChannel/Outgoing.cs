using FloorGateway.OpcUa.Transport;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>One message waiting to be chunked and sent: the type, its request id and its encoded body, which the lane disposes.</summary>
internal readonly record struct Outgoing(MessageType Type, uint RequestId, MessageBody Body);
