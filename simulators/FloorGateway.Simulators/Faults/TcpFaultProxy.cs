using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace FloorGateway.Simulators.Faults;

/// <summary>
/// A port that passes bytes on to another and does what bad networks do, before OPC UA, MQTT or HTTP: it cuts connections, stalls, delays, splits,
/// throttles, or lets connections die silently. What is set holds for connections there are and for those to come.
/// </summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    // Bytes on the way in one direction: 64 reads of 16 KB, a little more than a socket's own buffers.
    private const int ReadBytes = 16 * 1024, ReadsHeld = 64;

    private readonly IPEndPoint _target;
    private readonly TimeProvider _time;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Link> _links = [];
    private readonly Task _accepting;
    private TaskCompletionSource _flowing = Open();
    private TaskCompletionSource _idle = Open();
    private long _delayTicks;
    private volatile int _splitBytes, _bytesPerSecond;
    private int _connections;
    private bool _cut;

    /// <summary>Begins to listen on loopback.</summary>
    /// <param name="target">Where the bytes go.</param>
    /// <param name="port">Where clients connect; 0 takes any free port.</param>
    /// <param name="time">Clock of delays; the system's when null.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public TcpFaultProxy(IPEndPoint target, int port = 0, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        _target = target;
        _time = time ?? TimeProvider.System;
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Begins to listen on any free port, before a port of this machine.</summary>
    public TcpFaultProxy(int target)
        : this(new IPEndPoint(IPAddress.Loopback, target))
    {
    }

    /// <summary>The port for clients.</summary>
    public int Port { get; }

    /// <summary>Connections let through so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How much later every byte arrives; zero passes it on at once.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Passes bytes on in pieces of at most this many, so that messages come torn; 0 passes them on as they come.</summary>
    public int SplitBytes
    {
        get => _splitBytes;
        set => _splitBytes = value;
    }

    /// <summary>Bytes a second and direction of a connection; 0 is no limit.</summary>
    public int BytesPerSecond
    {
        get => _bytesPerSecond;
        set => _bytesPerSecond = value;
    }

    /// <summary>Resets every connection and refuses new ones until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _cut = true;
            foreach (var link in _links.ToArray()) link.Reset();
        }
    }

    /// <summary>Holds every byte back until <see cref="Mend"/>; none is lost.</summary>
    public void Stall()
    {
        lock (_gate)
        {
            if (_flowing.Task.IsCompleted) _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Leaves the connections open on both sides and passes nothing on any more, ever: half-open. New connections work.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            foreach (var link in _links) link.IsDead = true;
        }
    }

    /// <summary>The network is sound again; connections that were cut or abandoned stay so.</summary>
    public void Mend()
    {
        Delay = TimeSpan.Zero;
        SplitBytes = BytesPerSecond = 0;
        lock (_gate)
        {
            _cut = false;
            _flowing.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task idle;
        lock (_gate)
        {
            foreach (var link in _links.ToArray()) link.Reset();
            idle = _idle.Task;
        }

        await idle;
        _stop.Dispose();
    }

    private static TaskCompletionSource Open()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var link = new Link(await _listener.AcceptSocketAsync(_stop.Token));
                lock (_gate)
                {
                    if (_cut)
                    {
                        link.Reset();
                        continue;
                    }

                    if (_links.Count == 0) _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    _links.Add(link);
                }

                Interlocked.Increment(ref _connections);
                // The link's own task ends with it; the table of links and _idle stand for it.
                _ = ServeAsync(link);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Link link)
    {
        try
        {
            await link.Far.ConnectAsync(_target, _stop.Token);
            await Task.WhenAll(PumpAsync(link, link.Near, link.Far), PumpAsync(link, link.Far, link.Near));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            link.Reset();
        }
        finally
        {
            link.Dispose();
            lock (_gate)
            {
                _links.Remove(link);
                if (_links.Count == 0) _idle.TrySetResult();
            }
        }
    }

    // Reading and writing go on side by side, so that a delay holds back the bytes and not the sender.
    private async Task PumpAsync(Link link, Socket from, Socket to)
    {
        var way = Channel.CreateBounded<Piece>(new BoundedChannelOptions(ReadsHeld) { SingleReader = true, SingleWriter = true });
        await Task.WhenAll(ReadAsync(link, from, way.Writer), WriteAsync(link, to, way.Reader));
    }

    private async Task ReadAsync(Link link, Socket from, ChannelWriter<Piece> way)
    {
        try
        {
            while (true)
            {
                var buffer = new byte[ReadBytes];
                var count = await from.ReceiveAsync(buffer, SocketFlags.None, link.Ended);
                await way.WriteAsync(new(buffer.AsMemory(0, count), _time.GetTimestamp()), link.Ended);
                if (count == 0) return;
            }
        }
        catch
        {
            // A reset on one side resets the other, which ends the writer too.
            link.Reset();
            throw;
        }
    }

    private async Task WriteAsync(Link link, Socket to, ChannelReader<Piece> way)
    {
        try
        {
            await foreach (var piece in way.ReadAllAsync(link.Ended))
            {
                if (Delay - _time.GetElapsedTime(piece.At) is { Ticks: > 0 } wait) await Task.Delay(wait, _time, link.Ended);
                await FlowingAsync(link.Ended);
                // What comes on a dead link is swallowed, and the other side is not told of an end.
                if (link.IsDead) continue;
                if (piece.Bytes.Length == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                await SendAsync(link, to, piece.Bytes);
            }
        }
        catch
        {
            link.Reset();
            throw;
        }
    }

    private async Task SendAsync(Link link, Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var (split, rate) = (SplitBytes, BytesPerSecond);
            var size = Math.Min(bytes.Length, split > 0 ? split : bytes.Length);
            if (rate > 0) size = Math.Min(size, Math.Max(1, rate / 20));
            await FlowingAsync(link.Ended);
            if (link.IsDead) return;
            await to.SendAsync(bytes[..size], SocketFlags.None, link.Ended);
            bytes = bytes[size..];
            if (rate > 0) await Task.Delay(TimeSpan.FromSeconds((double)size / rate), _time, link.Ended);
        }
    }

    private Task FlowingAsync(CancellationToken ended)
    {
        Task open;
        lock (_gate) open = _flowing.Task;
        return open.IsCompleted ? Task.CompletedTask : open.WaitAsync(ended);
    }

    private readonly record struct Piece(ReadOnlyMemory<byte> Bytes, long At);

    /// <summary>A client's connection and ours to the target.</summary>
    private sealed class Link : IDisposable
    {
        // Not disposed: a reset from elsewhere may still be on its way, and without a timer there is nothing to free.
        private readonly CancellationTokenSource _ended = new();
        private int _closed;

        public Link(Socket near)
        {
            Near = near;
            // Pieces must leave as they are cut.
            Near.NoDelay = Far.NoDelay = true;
        }

        public Socket Near { get; }

        public Socket Far { get; } = new(SocketType.Stream, ProtocolType.Tcp);

        public CancellationToken Ended => _ended.Token;

        public volatile bool IsDead;

        /// <summary>Ends both connections with a reset.</summary>
        public void Reset()
        {
            if (Interlocked.Exchange(ref _closed, 1) != 0) return;
            // Linger of zero seconds is a reset; closing with a timeout of zero sets it.
            Near.Close(0);
            Far.Close(0);
            _ended.Cancel();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) != 0) return;
            Near.Dispose();
            Far.Dispose();
        }
    }
}
