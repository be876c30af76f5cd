using System.Net;
using System.Net.Sockets;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>The part of a peer's address that limits count by.</summary>
internal static class ClientAddress
{
    /// <summary>An IPv4 address, or the /64 network of an IPv6 address: whoever has one IPv6 address has as many as it likes. Null for what is not on IP.</summary>
    public static string? Of(EndPoint? endPoint)
    {
        if (endPoint is not IPEndPoint { Address: var address })
            return null;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }
}
