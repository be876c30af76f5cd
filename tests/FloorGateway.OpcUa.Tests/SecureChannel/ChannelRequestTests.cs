using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class ChannelRequestTests
{
    private static readonly string[] Many = [.. Enumerable.Range(0, 5000).Select(i => $"urn:example.org:{i}")];

    [Fact]
    public async Task A_request_beyond_the_servers_limit_is_refused_here_and_the_channel_lives_on()
    {
        await using var pair = new ChannelPair(server: o => o with { Limits = new() { MaxMessageSize = 50_000 } });
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign);
        var error = await Assert.ThrowsAsync<ChannelException>(() => ChannelPair.AskAsync(channel, "many", Many));
        Assert.Equal(StatusCodes.BadRequestTooLarge, error.Status.Value);
        Assert.Equal("few", (await ChannelPair.AskAsync(channel, "few")).Text);
    }

    [Fact]
    public async Task A_response_beyond_the_clients_limit_is_aborted_and_the_channel_lives_on()
    {
        await using var pair = new ChannelPair();
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt, o => o with { Limits = new() { MaxMessageSize = 50_000 } });
        var error = await Assert.ThrowsAsync<ChannelException>(() => ChannelPair.AskAsync(channel, "many", Many));
        Assert.Equal(StatusCodes.BadResponseTooLarge, error.Status.Value);
        Assert.Contains("ask for less", error.Message);
        Assert.Equal("few", (await ChannelPair.AskAsync(channel, "few")).Text);
    }

    [Fact]
    public async Task Too_many_chunks_are_refused_like_too_many_bytes()
    {
        await using var pair = new ChannelPair();
        await using var channel = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None, o => o with { Limits = new() { ReceiveBufferSize = 8192, MaxChunkCount = 3 } });
        var error = await Assert.ThrowsAsync<ChannelException>(() => ChannelPair.AskAsync(channel, "many", Many));
        Assert.Equal(StatusCodes.BadResponseTooLarge, error.Status.Value);
    }

    [Fact]
    public async Task An_unanswered_request_fails_after_its_time_and_its_late_response_is_dropped()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair();
        var gate = new TaskCompletionSource();
        pair.Handler.Gate = gate.Task;
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign, o => o with { Time = time, RequestTimeout = TimeSpan.FromSeconds(5) });
        var late = ChannelPair.AskAsync(channel, "late");
        time.Advance(TimeSpan.FromSeconds(4.5));
        Assert.False(late.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StatusCodes.BadRequestTimeout, (await Assert.ThrowsAsync<ChannelException>(() => late)).Status.Value);
        gate.SetResult();
        pair.Handler.Gate = null;
        Assert.Equal("next", (await ChannelPair.AskAsync(channel, "next")).Text);
        Assert.Equal(0, channel.OutstandingMessages);
    }

    [Fact]
    public async Task A_cancelled_request_ends_at_once_and_the_channel_lives_on()
    {
        await using var pair = new ChannelPair();
        var gate = new TaskCompletionSource();
        pair.Handler.Gate = gate.Task;
        await using var channel = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        using var cancel = new CancellationTokenSource();
        var request = channel.RequestAsync(ChannelPair.Request("cancelled"), cancel.Token).AsTask();
        await cancel.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(cancel.Token, error.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await channel.RequestAsync(ChannelPair.Request("never sent"), cancel.Token));
        gate.SetResult();
        pair.Handler.Gate = null;
        Assert.Equal("next", (await ChannelPair.AskAsync(channel, "next")).Text);
        Assert.Equal(0, channel.InFlight);
    }

    [Fact]
    public async Task Closing_fails_what_is_in_flight_and_what_comes_after()
    {
        await using var pair = new ChannelPair();
        pair.Handler.Gate = new TaskCompletionSource().Task;
        var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt);
        var pending = Enumerable.Range(0, 20).Select(i => ChannelPair.AskAsync(channel, $"{i}")).ToArray();
        await channel.DisposeAsync();
        foreach (var request in pending)
            Assert.Equal(StatusCodes.BadSecureChannelClosed, (await Assert.ThrowsAsync<ChannelException>(() => request)).Status.Value);
        await Assert.ThrowsAsync<ChannelException>(() => ChannelPair.AskAsync(channel, "too late"));
        Assert.Equal(StatusCodes.BadSecureChannelClosed, (await channel.Closed).Status.Value);
        await channel.DisposeAsync();
    }

    [Fact]
    public async Task A_cut_link_fails_what_is_in_flight_and_tells_the_handler()
    {
        await using var pair = new ChannelPair();
        pair.Handler.Gate = new TaskCompletionSource().Task;
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign);
        var pending = ChannelPair.AskAsync(channel, "cut");
        pair.ClientEnd!.Abort();
        Assert.Equal(StatusCodes.BadConnectionClosed, (await Assert.ThrowsAsync<ChannelException>(() => pending)).Status.Value);
        Assert.Equal(StatusCodes.BadConnectionClosed, (await pair.Handler.Closed).Value);
    }

    [Fact]
    public async Task An_aborted_channel_tells_the_client_why_and_drops_later_responses()
    {
        await using var pair = new ChannelPair();
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign);
        await ChannelPair.AskAsync(channel, "hello");
        var server = Assert.Single(pair.Handler.Channels);
        server.Abort(StatusCodes.BadSessionIdInvalid);
        Assert.Equal(StatusCodes.BadSessionIdInvalid, (await channel.Closed).Status.Value);
        Assert.Equal(StatusCodes.BadSessionIdInvalid, (await pair.Handler.Closed).Value);
        Assert.False(server.IsOpen);
        await server.SendResponseAsync(1, new FindServersResponse());
    }

    [Fact]
    public async Task A_request_the_handler_can_not_bear_closes_its_channel_only()
    {
        await using var pair = new ChannelPair();
        await using var bad = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        await using var good = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        // The echo handler decodes everything as FindServers, which this is not.
        await Assert.ThrowsAsync<ChannelException>(async () => await bad.RequestAsync(new CloseSessionRequest(), CancellationToken.None));
        Assert.Equal(StatusCodes.BadInternalError, (await bad.Closed).Status.Value);
        Assert.Equal("fine", (await ChannelPair.AskAsync(good, "fine")).Text);
    }

    [Fact]
    public async Task A_stopping_listener_tells_its_clients()
    {
        await using var pair = new ChannelPair();
        await pair.ListenAsync();
        await using var channel = await ClientSecureChannel.OpenAsync(pair.TcpOptions(SecurityPolicy.None, MessageSecurityMode.None), CancellationToken.None);
        await pair.Listener.DisposeAsync();
        Assert.Equal(StatusCodes.BadShutdown, (await channel.Closed).Status.Value);
        Assert.Equal(0, pair.Listener.ConnectionCount);
    }

    [Fact]
    public async Task A_full_send_queue_makes_requests_wait_and_loses_none()
    {
        await using var pair = new ChannelPair();
        await using var channel = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None, o => o with { SendQueueLength = 1 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => ChannelPair.AskAsync(channel, $"{i}"))));
        Assert.Equal(200, answers.Select(a => a.Text).Distinct().Count());
    }
}
