using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

internal static class ResponseExtensions
{
    /// <summary>Marks a response as failed as a whole; the dispatcher sends a ServiceFault in its place (OPC 10000-4, 7.34).</summary>
    public static T Fail<T>(this T response, StatusCode status)
        where T : IUaResponse
    {
        response.ResponseHeader.ServiceResult = status;
        return response;
    }
}
