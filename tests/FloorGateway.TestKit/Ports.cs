using System.Net;
using System.Net.Sockets;

namespace FloorGateway.TestKit;

/// <summary>Free loopback ports for foreign programs that can't bind port 0 and tell.</summary>
public static class Ports
{
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that was free a moment ago and that this process gives out only once.</summary>
    public static int Free()
    {
        lock (Given)
        {
            while (true)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
                if (Given.Add(port))
                    return port;
            }
        }
    }
}
