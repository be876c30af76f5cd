using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

/// <summary>A service request (OPC 10000-4, 7.33).</summary>
public interface IUaRequest : IUaStructure
{
    RequestHeader RequestHeader { get; set; }
}

/// <summary>A service response (OPC 10000-4, 7.34).</summary>
public interface IUaResponse : IUaStructure
{
    ResponseHeader ResponseHeader { get; set; }
}
