using System.Net;
using System.Net.Sockets;

namespace Interop.Tests.OpcUa;

/// <summary>A loopback port that passes bytes on to another and can cut all connections, as a pulled cable does.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly int target;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<TcpClient> links = [];
    private readonly List<Task> pumps = [];
    private readonly Task accepting;
    private bool cut;

    public TcpRelay(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections let through so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Resets every connection and turns new ones away until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        lock (gate)
        {
            cut = true;
            foreach (var link in links)
                Reset(link);
            links.Clear();
        }
    }

    public void Mend()
    {
        lock (gate)
            cut = false;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        Cut();
        await accepting;
        await Task.WhenAll(pumps);
        stop.Dispose();
    }

    private static void Reset(TcpClient link)
    {
        if (link.Client is { } socket)
            socket.LingerState = new LingerOption(true, 0);
        link.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync(stop.Token);
                var far = new TcpClient();
                lock (gate)
                {
                    links.Add(near);
                    links.Add(far);
                    if (cut)
                    {
                        Reset(near);
                        continue;
                    }

                    Connections++;
                    pumps.Add(LinkAsync(near, far));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task LinkAsync(TcpClient near, TcpClient far)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), stop.Token), far.GetStream().CopyToAsync(near.GetStream(), stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or InvalidOperationException)
        {
        }

        near.Dispose();
        far.Dispose();
    }
}
