using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Host and port of an <c>opc.tcp://host:port/path</c> URL; the port is 4840 where none is named.</summary>
public readonly record struct EndpointAddress(string Host, int Port)
{
    /// <summary>The port registered for OPC UA TCP.</summary>
    public const int DefaultPort = 4840;

    /// <summary>Characters of a URL; the standard has it shorter than 4096 bytes (OPC 10000-6, 7.1.2.3).</summary>
    public const int MaxLength = 4095;

    private const int Shown = 200;

    /// <exception cref="ChannelException">BadTcpEndpointUrlInvalid: not such a URL.</exception>
    public static EndpointAddress Parse(string url)
    {
        return TryParse(url, out var address)
            ? address
            : throw new ChannelException(StatusCodes.BadTcpEndpointUrlInvalid, $"\"{(url.Length > Shown ? $"{url.AsSpan(0, Shown)}..." : url)}\" is not an endpoint URL: write it as opc.tcp://host:port/path.");
    }

    /// <summary>As <see cref="Parse"/>; false for anything else.</summary>
    public static bool TryParse(string? url, out EndpointAddress address)
    {
        address = default;
        if (url is null || url.Length > MaxLength || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "opc.tcp" || uri.Host.Length == 0)
            return false;
        address = new EndpointAddress(uri.DnsSafeHost, uri.Port < 0 ? DefaultPort : uri.Port);
        return true;
    }
}
