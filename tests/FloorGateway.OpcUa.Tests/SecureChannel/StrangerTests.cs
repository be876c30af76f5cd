using System.Buffers;
using System.Buffers.Binary;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>What peers nobody knows may cost a server whose endpoints are all secured.</summary>
public class StrangerTests
{
    private static readonly ServerChannelEndpoint[] Secured = [new(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt)];

    [Fact]
    public async Task Open_channels_for_discovery_make_room_for_a_client()
    {
        await using var pair = new ChannelPair(server: o => o with { Endpoints = Secured, MaxConnections = 3 });
        var strangers = new List<ClientSecureChannel>();
        for (var i = 0; i < 3; i++)
            strangers.Add(await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None));
        await using (var client = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt))
        {
            Assert.Equal("hello", (await ChannelPair.AskAsync(client, "hello")).Text);
            Assert.Equal(StatusCodes.BadTcpNotEnoughResources, (await strangers[0].Closed).Status.Value);
        }

        foreach (var stranger in strangers)
            await stranger.DisposeAsync();
    }

    [Fact]
    public async Task A_channel_for_discovery_takes_small_messages_only()
    {
        await using var pair = new ChannelPair(server: o => o with { Endpoints = Secured });
        await using var stranger = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        Assert.Equal("hello", (await ChannelPair.AskAsync(stranger, "hello")).Text);
        var error = await Assert.ThrowsAsync<ChannelException>(() => ChannelPair.AskAsync(stranger, new string('x', 200_000)));
        Assert.Equal(StatusCodes.BadTcpMessageTooLarge, error.Status.Value);
    }

    [Fact]
    public async Task An_open_of_many_blocks_is_refused_before_the_private_key_is_used()
    {
        await using var pair = new ChannelPair(server: o => o with { Endpoints = Secured });
        var connection = await pair.ConnectInMemoryAsync(default);
        new HelloMessage(0, 65536, 65536, 0, 0, "opc.tcp://localhost:4840/test").Write(connection.Output);
        using var key = CertificateText.PublicKey(pair.Identity.Server.Certificate)!;
        var block = new byte[256];
        AsymmetricCipher.Encrypt(SecurityPolicy.Basic256Sha256, key, new byte[64], block);
        var chunk = new ArrayBufferWriter<byte>();
        AsymmetricChunk.Write(chunk, SecurityPolicy.Basic256Sha256, 0, pair.Identity.Client, pair.Identity.Server.Der, key, 1, 1, new byte[10]);
        var headerLength = AsymmetricChunk.TryReadHeader(chunk.WrittenSpan)!.Length;
        byte[] large = [.. chunk.WrittenSpan[..headerLength], .. Enumerable.Repeat(block, 200).SelectMany(b => b)];
        BinaryPrimitives.WriteUInt32LittleEndian(large.AsSpan(4), (uint)large.Length);
        var header = AsymmetricChunk.TryReadHeader(large)!;
        Assert.False(AsymmetricCipher.TryDecrypt(SecurityPolicy.Basic256Sha256, pair.Identity.Server.PrivateKey, large.AsSpan(header.Length), new byte[large.Length], out var decrypted));
        Assert.Equal(0, decrypted);
        await connection.Output.WriteAsync(large);
        await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        var (answer, body) = await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        Assert.Equal(MessageType.Error, answer.Type);
        Assert.True(ErrorMessage.TryRead(body, out var error));
        Assert.Equal(StatusCodes.BadSecurityChecksFailed, error!.Error.Value);
        await connection.DisposeAsync();
    }
}
