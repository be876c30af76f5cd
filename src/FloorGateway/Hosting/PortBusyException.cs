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
}
