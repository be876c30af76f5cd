using System.Net.Sockets;

namespace FloorGateway.Net.Transport;

/// <summary>Limits of a TCP link.</summary>
public sealed record TcpOptions
{
    /// <summary>Time for the three-way handshake. Plant networks answer in milliseconds; a switched-off peer never does.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes read ahead of the parser before the peer is slowed by TCP.</summary>
    public int MaxReadBuffer { get; init; } = 1 << 20;

    /// <summary>Bytes written but not yet sent before a flush waits.</summary>
    public int MaxWriteBuffer { get; init; } = 1 << 20;

    /// <summary>Idle time before the kernel probes a silent peer, so that a half-open link is found even where the protocol is idle.</summary>
    public TimeSpan KeepAliveTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections the kernel holds for a listener before they are accepted.</summary>
    public int Backlog { get; init; } = 512;

    internal void ApplyKeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)KeepAliveTime.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
