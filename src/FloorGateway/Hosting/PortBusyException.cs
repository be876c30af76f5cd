using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace FloorGateway.Hosting;

/// <summary>A port to listen on is taken.</summary>
public sealed class PortBusyException(string what, int port, Exception? inner = null) : IOException($"port {port} for the {what} is in use", inner)
{
    public string What { get; } = what;

    public int Port { get; } = port;

    /// <summary>Whether a listener's failure means just that.</summary>
    internal static bool IsBusy(Exception? failure) =>
        failure is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied }
        || (failure?.InnerException is { } inner && IsBusy(inner));

    /// <summary>Whether nothing listens on a port of this machine; always true of 0, which asks for any free one.</summary>
    internal static bool IsFree(int port)
    {
        if (port == 0)
            return true;
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            probe.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
