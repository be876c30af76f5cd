using FloorGateway.Net.InMemory;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>Recorded sessions with bytes changed, cut and added at random (fixed seeds): nothing may throw, hang or leak a buffer.</summary>
public class ChannelFuzzTests
{
    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    public async Task A_server_outlives_every_damaged_session(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        var (recorded, _) = await RecordAsync(pair, SecurityPolicy.FindByName(policy)!, mode);
        for (var seed = 0; seed < 150; seed++)
        {
            var connection = await pair.ConnectInMemoryAsync(default);
            await connection.Output.WriteAsync(Damage(recorded, seed));
            await connection.Output.CompleteAsync();
            while (await connection.Input.ReadAsync() is { IsCompleted: false } read)
                connection.Input.AdvanceTo(read.Buffer.End);
            await connection.Input.CompleteAsync();
        }

        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign);
        Assert.Equal("still here", (await ChannelPair.AskAsync(channel, "still here")).Text);
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    public async Task A_client_meets_every_damaged_server_with_a_channel_exception(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        var (_, recorded) = await RecordAsync(pair, SecurityPolicy.FindByName(policy)!, mode);
        for (var seed = 0; seed < 150; seed++)
        {
            var (client, server) = InMemoryConnection.CreatePair(1 << 20);
            await server.Output.WriteAsync(Damage(recorded, seed));
            await server.Output.CompleteAsync();
            try
            {
                await using var channel = await pair.OpenAsync(SecurityPolicy.FindByName(policy)!, mode, o => o with { Connect = _ => new(client) });
                await channel.Closed;
                Assert.Equal(0, channel.OutstandingMessages);
            }
            catch (ChannelException)
            {
                // The expected end of most of them.
            }
        }
    }

    private static async Task<(byte[] FromClient, byte[] FromServer)> RecordAsync(ChannelPair pair, SecurityPolicy policy, MessageSecurityMode mode)
    {
        List<byte> fromClient = [];
        List<byte> fromServer = [];
        var relay = new ChunkRelay(pair);
        relay.FromClient = chunk =>
        {
            fromClient.AddRange(chunk);
            return [chunk];
        };
        relay.FromServer = chunk =>
        {
            fromServer.AddRange(chunk);
            return [chunk];
        };
        await using (var channel = await pair.OpenAsync(policy, mode, o => o with { Connect = relay.ConnectAsync }))
        {
            await ChannelPair.AskAsync(channel, "one");
            await ChannelPair.AskAsync(channel, "two", [.. Enumerable.Range(0, 50).Select(i => $"urn:{i}")]);
        }

        await pair.Handler.Closed;
        return ([.. fromClient], [.. fromServer]);
    }

    private static byte[] Damage(byte[] recorded, int seed)
    {
        var random = new Random(seed);
        List<byte> damaged = [.. recorded];
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            // Mostly near the start, where the headers are.
            var at = random.Next(3) == 0 ? random.Next(damaged.Count) : random.Next(Math.Min(damaged.Count, 220));
            switch (random.Next(4))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    damaged.RemoveRange(at, Math.Min(random.Next(1, 9), damaged.Count - at));
                    break;
                default:
                    damaged.InsertRange(at, Enumerable.Range(0, random.Next(1, 9)).Select(_ => (byte)random.Next(256)));
                    break;
            }

            if (damaged.Count == 0)
                break;
        }

        return [.. damaged];
    }
}
