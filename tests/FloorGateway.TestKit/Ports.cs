using System.Net;
using System.Net.Sockets;

namespace FloorGateway.TestKit;

/// <summary>Free loopback ports for programs that can't bind port 0 and tell, and for servers that come back on the port they had.</summary>
/// <remarks>
/// From below the range out of which systems take the ports of outgoing connections and of listeners on port 0 (32768 and up on Linux, 49152 on Windows): nobody else gets one of
/// these while its server is not there yet, or just restarts. A file that is held open keeps other test processes from giving out the same.
/// </remarks>
public static class Ports
{
    private const int First = 20_000, Count = 12_000;
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "floorgateway-test-ports");

    // Held to the end of the process.
    private static readonly Dictionary<int, FileStream> Given = [];

    /// <summary>A port that nobody listens on and that no other test gets.</summary>
    public static int Free()
    {
        lock (Given)
        {
            Directory.CreateDirectory(Folder);
            while (true)
            {
                var port = First + Random.Shared.Next(Count);
                if (Given.ContainsKey(port) || !IsFree(port) || TryHold(port) is not { } held)
                    continue;
                Given.Add(port, held);
                return port;
            }
        }
    }

    private static FileStream? TryHold(int port)
    {
        try
        {
            return new FileStream(Path.Combine(Folder, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
