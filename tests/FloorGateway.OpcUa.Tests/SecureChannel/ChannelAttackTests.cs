using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class ChannelAttackTests
{
    public static TheoryData<string, MessageSecurityMode> Pairs => new()
    {
        { "None", MessageSecurityMode.None },
        { "Basic256Sha256", MessageSecurityMode.Sign },
        { "Basic256Sha256", MessageSecurityMode.SignAndEncrypt },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_replayed_request_closes_the_channel_before_the_handler_sees_it(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        var relay = new ChunkRelay(pair) { FromClient = chunk => ChunkRelay.IsMessage(chunk) ? [chunk, chunk] : [chunk] };
        await using var channel = await pair.OpenAsync(SecurityPolicy.FindByName(policy)!, mode, o => o with { Connect = relay.ConnectAsync });
        await Task.WhenAny(ChannelPair.AskAsync(channel, "once"), channel.Closed);
        Assert.Equal(StatusCodes.BadSequenceNumberInvalid, (await pair.Handler.Closed).Value);
        Assert.Equal(StatusCodes.BadSequenceNumberInvalid, (await channel.Closed).Status.Value);
        Assert.Equal(1, pair.Handler.Requests);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_skipped_request_closes_the_channel(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        var seen = 0;
        var relay = new ChunkRelay(pair) { FromClient = chunk => ChunkRelay.IsMessage(chunk) && seen++ == 0 ? [] : [chunk] };
        await using var channel = await pair.OpenAsync(SecurityPolicy.FindByName(policy)!, mode, o => o with { Connect = relay.ConnectAsync });
        var lost = ChannelPair.AskAsync(channel, "lost");
        var refused = ChannelPair.AskAsync(channel, "refused");
        Assert.Equal(StatusCodes.BadSequenceNumberInvalid, (await pair.Handler.Closed).Value);
        await Assert.ThrowsAsync<ChannelException>(() => lost);
        await Assert.ThrowsAsync<ChannelException>(() => refused);
        Assert.Equal(0, pair.Handler.Requests);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_replayed_response_closes_the_channel(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        var relay = new ChunkRelay(pair) { FromServer = chunk => ChunkRelay.IsMessage(chunk) ? [chunk, chunk] : [chunk] };
        await using var channel = await pair.OpenAsync(SecurityPolicy.FindByName(policy)!, mode, o => o with { Connect = relay.ConnectAsync });
        Assert.Equal("first", (await ChannelPair.AskAsync(channel, "first")).Text);
        Assert.Equal(StatusCodes.BadSequenceNumberInvalid, (await channel.Closed).Status.Value);
    }

    [Theory]
    [InlineData(MessageSecurityMode.Sign)]
    [InlineData(MessageSecurityMode.SignAndEncrypt)]
    public async Task A_changed_request_closes_the_channel(MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        var relay = new ChunkRelay(pair) { FromClient = chunk => [ChunkRelay.IsMessage(chunk) ? Changed(chunk) : chunk] };
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, mode, o => o with { Connect = relay.ConnectAsync });
        var error = await Assert.ThrowsAsync<ChannelException>(() => ChannelPair.AskAsync(channel, "changed"));
        Assert.Equal(StatusCodes.BadSecurityChecksFailed, error.Status.Value);
        Assert.Equal(0, pair.Handler.Requests);
    }

    [Theory]
    [InlineData(MessageSecurityMode.Sign)]
    [InlineData(MessageSecurityMode.SignAndEncrypt)]
    public async Task A_changed_response_is_never_delivered(MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        var relay = new ChunkRelay(pair) { FromServer = chunk => [ChunkRelay.IsMessage(chunk) ? Changed(chunk) : chunk] };
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, mode, o => o with { Connect = relay.ConnectAsync });
        var error = await Assert.ThrowsAsync<ChannelException>(() => ChannelPair.AskAsync(channel, "changed"));
        Assert.Equal(StatusCodes.BadSecurityChecksFailed, error.Status.Value);
        Assert.Contains("changing the traffic", error.Message);
    }

    [Fact]
    public async Task A_replayed_open_can_not_renew_the_channel()
    {
        await using var pair = new ChannelPair();
        byte[]? open = null;
        var relay = new ChunkRelay(pair)
        {
            FromClient = chunk =>
            {
                if (chunk[0] == (byte)'O')
                    open ??= chunk;
                return ChunkRelay.IsMessage(chunk) ? [open!, chunk] : [chunk];
            },
        };
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt, o => o with { Connect = relay.ConnectAsync });
        await Assert.ThrowsAsync<ChannelException>(() => ChannelPair.AskAsync(channel, "after the replay"));
        Assert.Equal(0, pair.Handler.Requests);
    }

    [Fact]
    public async Task Sequence_numbers_wrap_both_ways_without_a_break()
    {
        var start = SequenceNumbers.After(uint.MaxValue - 1024 - 20);
        await using var pair = new ChannelPair(server: o => o with { FirstSequence = start });
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign, o => o with { FirstSequence = start });
        for (var i = 0; i < 60; i++)
            Assert.Equal($"{i}", (await ChannelPair.AskAsync(channel, $"{i}")).Text);
    }

    [Fact]
    public async Task Request_ids_wrap_past_zero_and_pass_over_those_in_flight()
    {
        await using var pair = new ChannelPair();
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign, o => o with { LastRequestId = uint.MaxValue - 30 });
        var gate = new TaskCompletionSource();
        pair.Handler.Gate = gate.Task;
        var waiting = Enumerable.Range(0, 60).Select(i => ChannelPair.AskAsync(channel, $"{i}")).ToArray();
        gate.SetResult();
        var answers = await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}"), answers.Select(a => a.Text));
    }

    [Fact]
    public void A_request_id_in_flight_is_not_given_again_after_the_wrap()
    {
        var pending = new PendingRequests(uint.MaxValue - 1);
        Assert.Equal(uint.MaxValue, pending.Add(long.MaxValue, false, default).Id);
        Assert.Equal(1u, pending.Add(long.MaxValue, false, default).Id);
        var again = new PendingRequests();
        Assert.Equal(1u, again.Add(long.MaxValue, false, default).Id);
        Assert.Equal(2u, again.NextId());
    }

    private static byte[] Changed(byte[] chunk)
    {
        var changed = chunk.ToArray();
        changed[chunk.Length / 2] ^= 0x40;
        return changed;
    }
}
