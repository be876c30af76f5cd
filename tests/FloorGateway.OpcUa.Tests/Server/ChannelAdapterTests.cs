using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class ChannelAdapterTests
{
    [Fact]
    public async Task Says_when_what_was_posted_to_a_client_that_does_not_read_has_been_taken()
    {
        await using var pair = new ChannelPair();
        using var reading = new ManualResetEventSlim(true);
        var relay = new ChunkRelay(pair)
        {
            FromServer = chunk =>
            {
                reading.Wait();
                return [chunk];
            },
        };
        await using var client = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None, o => o with { Connect = relay.ConnectAsync });
        await ChannelPair.AskAsync(client, "first");
        var adapter = new ChannelAdapter(Assert.Single(pair.Handler.Channels));
        Assert.True(adapter.TakenAsync().IsCompleted);
        reading.Reset();
        for (var i = 0u; i < 2000; i++)
        {
            var body = MessageBody.Rent();
            body.GetSpan(1024)[..1024].Clear();
            body.Advance(1024);
            adapter.Post(1000 + i, body);
        }

        var taken = adapter.TakenAsync();
        Assert.False(taken.IsCompleted);
        reading.Set();
        await taken;
    }
}
