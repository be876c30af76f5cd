using System.Net;
using System.Net.Sockets;
using FloorGateway.Simulators.Faults;
using FloorGateway.TestKit;

namespace FloorGateway.Simulators.Tests.Faults;

/// <summary>On real sockets, with an echo behind the proxy.</summary>
public sealed class TcpFaultProxyTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _echoing;

    public TcpFaultProxyTests()
    {
        _echo.Start();
        _echoing = EchoAsync();
    }

    private int Target => ((IPEndPoint)_echo.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _echo.Stop();
        await _echoing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Fact]
    public async Task Bytes_pass_both_ways_and_an_end_is_passed_on()
    {
        await using var proxy = new TcpFaultProxy(Target);
        using var client = await ConnectAsync(proxy);
        var sent = Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7)).ToArray();
        var reading = ReadAsync(client, sent.Length);
        await client.GetStream().WriteAsync(sent, TestContext.Current.CancellationToken);
        Assert.Equal(sent, await reading);
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await client.Client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.Equal(1, proxy.Connections);
    }

    [Fact]
    public async Task Cut_resets_connections_and_refuses_others_until_mended()
    {
        await using var proxy = new TcpFaultProxy(Target);
        using var client = await ConnectAsync(proxy);
        await RoundTripAsync(client, 1);
        proxy.Cut();
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(client, 1));
        await AssertRefusedAsync(proxy);
        proxy.Mend();
        using var next = await ConnectAsync(proxy);
        await RoundTripAsync(next, 3);
        Assert.Equal(2, proxy.Connections);
    }

    [Fact]
    public async Task Stall_holds_bytes_back_and_loses_none()
    {
        await using var proxy = new TcpFaultProxy(Target);
        using var client = await ConnectAsync(proxy);
        await RoundTripAsync(client, 1);
        proxy.Stall();
        var reading = ReadAsync(client, 3);
        await client.GetStream().WriteAsync(new byte[] { 7, 8, 9 }, TestContext.Current.CancellationToken);
        using var other = await ConnectAsync(proxy);
        var second = RoundTripAsync(other, 2);
        Assert.False(reading.IsCompleted || second.IsCompleted);
        proxy.Mend();
        Assert.Equal([7, 8, 9], await reading);
        await second;
    }

    [Fact]
    public async Task Delay_runs_on_the_given_clock()
    {
        var time = new ManualTimeProvider();
        await using var proxy = new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, Target), time: time) { Delay = TimeSpan.FromSeconds(30) };
        using var client = await ConnectAsync(proxy);
        // Once there and once back.
        Assert.True(await AdvanceUntilAsync(time, RoundTripAsync(client, 5)) >= TimeSpan.FromSeconds(59));
    }

    [Fact]
    public async Task Split_tears_messages_into_pieces()
    {
        await using var proxy = new TcpFaultProxy(Target) { SplitBytes = 3 };
        using var client = await ConnectAsync(proxy);
        var sent = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();
        var reading = ReadAsync(client, sent.Length);
        await client.GetStream().WriteAsync(sent, TestContext.Current.CancellationToken);
        Assert.Equal(sent, await reading);
    }

    [Fact]
    public async Task Throttle_passes_everything_at_its_rate()
    {
        var time = new ManualTimeProvider();
        await using var proxy = new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, Target), time: time) { BytesPerSecond = 1000 };
        using var client = await ConnectAsync(proxy);
        var reading = ReadAsync(client, 10_000);
        await client.GetStream().WriteAsync(new byte[10_000], TestContext.Current.CancellationToken);
        Assert.True(await AdvanceUntilAsync(time, reading) >= TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task Abandoned_connection_is_silent_and_stays_open()
    {
        await using var proxy = new TcpFaultProxy(Target);
        using var client = await ConnectAsync(proxy);
        await RoundTripAsync(client, 1);
        proxy.Abandon();
        await client.GetStream().WriteAsync(new byte[] { 2 }, TestContext.Current.CancellationToken);
        using var next = await ConnectAsync(proxy);
        await RoundTripAsync(next, 3);
        Assert.Equal(0, client.Available);
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task A_dead_target_closes_the_clients_connection()
    {
        await using var proxy = new TcpFaultProxy(Ports.Free());
        await AssertRefusedAsync(proxy);
    }

    private static async Task<TimeSpan> AdvanceUntilAsync(ManualTimeProvider time, Task task)
    {
        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Soon);
        while (!task.IsCompleted && !limit.IsCancellationRequested)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1, CancellationToken.None);
        }

        await task;
        return time.GetElapsedTime(start);
    }

    // The reset may come while the client still connects, or when it uses the connection.
    private static async Task AssertRefusedAsync(TcpFaultProxy proxy)
    {
        var error = await Record.ExceptionAsync(async () =>
        {
            using var client = await ConnectAsync(proxy);
            await RoundTripAsync(client, 2);
        });
        Assert.True(error is IOException or SocketException, $"{error}");
    }

    private static async Task<TcpClient> ConnectAsync(TcpFaultProxy proxy)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task RoundTripAsync(TcpClient client, byte value)
    {
        await client.GetStream().WriteAsync(new[] { value }, TestContext.Current.CancellationToken);
        Assert.Equal([value], await ReadAsync(client, 1));
    }

    private static async Task<byte[]> ReadAsync(TcpClient client, int count)
    {
        var bytes = new byte[count];
        await client.GetStream().ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(Soon);
        return bytes;
    }

    private async Task EchoAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
                serving.Add(ServeAsync(await _echo.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        await Task.WhenAll(serving);

        async Task ServeAsync(TcpClient client)
        {
            using (client)
            {
                try
                {
                    await client.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
                }
                catch (Exception e) when (e is IOException or OperationCanceledException)
                {
                }
            }
        }
    }
}
