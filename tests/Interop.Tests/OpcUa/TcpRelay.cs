using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Interop.Tests.OpcUa;

/// <summary>A loopback port that passes bytes on to another and does what bad networks do: cuts all connections, holds all bytes back, or lets connections die silently.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly int target;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<Link> links = [];
    private readonly List<Task> pumps = [];
    private readonly Task accepting;
    private TaskCompletionSource flowing = Flowing();
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
                link.Reset();
            links.Clear();
        }
    }

    /// <summary>Holds every byte back until <see cref="Mend"/>; none is lost.</summary>
    public void Pause()
    {
        lock (gate)
            flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Leaves the connections open on both sides and passes nothing on any more, ever: half-open. New connections work.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            foreach (var link in links)
                link.IsDead = true;
        }
    }

    public void Mend()
    {
        lock (gate)
        {
            cut = false;
            flowing.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        Mend();
        Cut();
        await accepting;
        await Task.WhenAll(pumps);
        stop.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var link = new Link(await listener.AcceptTcpClientAsync(stop.Token), new TcpClient());
                lock (gate)
                {
                    if (cut)
                    {
                        link.Reset();
                        continue;
                    }

                    links.Add(link);
                    Connections++;
                    pumps.Add(LinkAsync(link));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task LinkAsync(Link link)
    {
        try
        {
            await link.Far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            await Task.WhenAny(PumpAsync(link, link.Near, link.Far), PumpAsync(link, link.Far, link.Near)).Unwrap();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or InvalidOperationException)
        {
        }

        link.Near.Dispose();
        link.Far.Dispose();
    }

    private async Task PumpAsync(Link link, TcpClient from, TcpClient to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(65536);
        try
        {
            while (true)
            {
                var count = await from.GetStream().ReadAsync(buffer, stop.Token);
                Task open;
                lock (gate)
                    open = flowing.Task;
                await open.WaitAsync(stop.Token);
                if (link.IsDead)
                {
                    // What comes is swallowed, and the other side is not told of an end.
                    if (count == 0)
                        await Task.Delay(Timeout.Infinite, stop.Token);
                    continue;
                }

                if (count == 0)
                    return;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stop.Token);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Link(TcpClient near, TcpClient far)
    {
        public TcpClient Near => near;

        public TcpClient Far => far;

        public bool IsDead { get; set; }

        public void Reset()
        {
            foreach (var client in new[] { near, far })
            {
                if (client.Client is { } socket)
                    socket.LingerState = new LingerOption(true, 0);
                client.Dispose();
            }
        }
    }
}
