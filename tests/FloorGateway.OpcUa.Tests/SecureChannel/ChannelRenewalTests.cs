using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class ChannelRenewalTests
{
    public static TheoryData<string, MessageSecurityMode> Pairs => ChannelAttackTests.Pairs;

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Renews_under_load_without_losing_a_request(string policy, MessageSecurityMode mode)
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair(time: time);
        var tokens = new HashSet<uint>();
        var relay = new ChunkRelay(pair);
        relay.FromServer = chunk =>
        {
            if (ChunkRelay.IsMessage(chunk))
                tokens.Add(ChunkReader.ReadTokenId(chunk));
            return [chunk];
        };
        await using var channel = await pair.OpenAsync(SecurityPolicy.FindByName(policy)!, mode, o => o with { TokenLifetime = TimeSpan.FromSeconds(20), RequestTimeout = Timeout.InfiniteTimeSpan, Connect = relay.ConnectAsync });
        var stop = false;
        var asked = 0;
        var load = Enumerable.Range(0, 8).Select(n => Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                var text = $"{n}:{Interlocked.Increment(ref asked)}";
                Assert.Equal(text, (await ChannelPair.AskAsync(channel, text)).Text);
            }
        })).ToArray();

        for (var renewal = 2u; renewal <= 6; renewal++)
        {
            time.Advance(TimeSpan.FromSeconds(16));
            while (channel.TokenId < renewal && !channel.Closed.IsCompleted)
                await ChannelPair.AskAsync(channel, "until renewed");
            Assert.Equal(renewal, channel.TokenId);
            await ChannelPair.AskAsync(channel, "with the new token");
            await ChannelPair.AskAsync(channel, "answered with the new token");
        }

        Volatile.Write(ref stop, true);
        await Task.WhenAll(load);
        Assert.False(channel.Closed.IsCompleted);
        Assert.Superset(new HashSet<uint> { 2, 3, 4, 5 }, tokens);
    }

    [Fact]
    public async Task A_client_that_does_not_renew_is_closed_a_quarter_after_the_lifetime()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair(time: time);
        var frozen = new ManualTimeProvider();
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign, o => o with { TokenLifetime = TimeSpan.FromSeconds(20), Time = frozen });
        time.Advance(TimeSpan.FromSeconds(24.5));
        Assert.Equal("late but in time", (await ChannelPair.AskAsync(channel, "late but in time")).Text);
        // It looks once a second.
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(StatusCodes.BadSecureChannelTokenUnknown, (await pair.Handler.Closed).Value);
        Assert.Equal(StatusCodes.BadSecureChannelTokenUnknown, (await channel.Closed).Status.Value);
    }

    [Fact]
    public async Task A_server_that_does_not_renew_loses_the_channel()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair();
        var relay = new ChunkRelay(pair);
        await using var channel = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None, o => o with { TokenLifetime = TimeSpan.FromSeconds(20), Time = time, Connect = relay.ConnectAsync });
        relay.FromClient = chunk => ChunkHeader.TryRead(chunk, out var header) && header.Type == MessageType.OpenSecureChannel ? [] : [chunk];
        time.Advance(TimeSpan.FromSeconds(24));
        Assert.False(channel.Closed.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(StatusCodes.BadSecureChannelTokenUnknown, (await channel.Closed).Status.Value);
    }

    [Theory]
    [InlineData(0.001, 10)]
    [InlineData(60, 60)]
    [InlineData(86400, 3600)]
    public async Task The_server_keeps_the_lifetime_within_its_bounds(double asked, double granted)
    {
        await using var pair = new ChannelPair();
        await using var channel = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None, o => o with { TokenLifetime = TimeSpan.FromSeconds(asked) });
        Assert.Equal(TimeSpan.FromSeconds(granted), channel.TokenLifetime);
    }
}
