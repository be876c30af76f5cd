using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Host and port of an <c>opc.tcp://host:port/path</c> URL; the port is 4840 where none is named.</summary>
public readonly record struct EndpointAddress(string Host, int Port)
{
    /// <summary>The port registered for OPC UA TCP.</summary>
    public const int DefaultPort = 4840;

    /// <exception cref="ChannelException">BadTcpEndpointUrlInvalid: not such a URL.</exception>
    public static EndpointAddress Parse(string url)
    {
        return TryParse(url, out var address)
            ? address
            : throw new ChannelException(StatusCodes.BadTcpEndpointUrlInvalid, $"\"{url}\" is not an endpoint URL: write it as opc.tcp://host:port/path.");
    }

    /// <summary>As <see cref="Parse"/>; false for anything else.</summary>
    public static bool TryParse(string? url, out EndpointAddress address)
    {
        address = default;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "opc.tcp" || uri.Host.Length == 0)
            return false;
        address = new EndpointAddress(uri.DnsSafeHost, uri.Port < 0 ? DefaultPort : uri.Port);
        return true;
    }
}
