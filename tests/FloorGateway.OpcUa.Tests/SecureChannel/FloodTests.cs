using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>Peers that come in numbers, or take their time: each costs one connection and bounded memory, and clients get in all the same.</summary>
public class FloodTests
{
    private static readonly HelloMessage Hello = new(0, 65536, 65536, 0, 0, "opc.tcp://localhost:4840/test");

    [Fact]
    public async Task A_hello_that_drips_in_is_cut_off_after_the_time_of_the_handshake()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair(time: time);
        var connection = await pair.ConnectInMemoryAsync(default);
        var bytes = new ArrayBufferWriter<byte>();
        Hello.Write(bytes);
        // A byte each second never is silent, and is out of time all the same.
        for (var i = 0; i < 9; i++)
        {
            await connection.Output.WriteAsync(bytes.WrittenMemory.Slice(i, 1));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, pair.Listener.ConnectionCount);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(StatusCodes.BadTimeout, await ErrorAsync(connection));
    }

    [Fact]
    public async Task An_open_that_drips_in_is_cut_off_after_the_time_of_the_handshake()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair(time: time);
        var connection = await pair.ConnectInMemoryAsync(default);
        Hello.Write(connection.Output);
        await connection.Output.FlushAsync();
        await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        await connection.Output.WriteAsync(new byte[] { (byte)'O', (byte)'P', (byte)'N', (byte)'F', 0, 0x10, 0, 0 });
        for (var i = 0; i < 11; i++)
        {
            await connection.Output.WriteAsync(new byte[1]);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(StatusCodes.BadTimeout, await ErrorAsync(connection));
    }

    [Fact]
    public async Task A_flood_of_hellos_takes_a_bounded_number_of_connections_and_lets_a_client_in()
    {
        await using var pair = new ChannelPair(server: o => o with { MaxConnections = 10 });
        for (var i = 0; i < 500; i++)
        {
            var connection = await pair.ConnectInMemoryAsync(default);
            Hello.Write(connection.Output);
            await connection.Output.FlushAsync();
            Assert.InRange(pair.Listener.ConnectionCount, 0, 20);
        }

        await using var channel = await OpenWhenThereIsRoomAsync(pair);
        Assert.Equal("let in", (await ChannelPair.AskAsync(channel, "let in")).Text);
    }

    [Fact]
    public async Task A_second_hello_closes_the_connection()
    {
        await using var pair = new ChannelPair();
        var connection = await pair.ConnectInMemoryAsync(default);
        Hello.Write(connection.Output);
        Hello.Write(connection.Output);
        await connection.Output.FlushAsync();
        await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        Assert.Equal(StatusCodes.BadTcpMessageTypeInvalid, await ErrorAsync(connection));
    }

    [Theory]
    [InlineData(100_000u, 0u)]
    [InlineData(0u, 20u)]
    public async Task An_endless_chain_of_intermediate_chunks_ends_at_the_negotiated_limit(uint maxMessageSize, uint maxChunks)
    {
        var limits = new TransportLimits { MaxMessageSize = maxMessageSize == 0 ? 1 << 24 : maxMessageSize, MaxChunkCount = maxChunks == 0 ? 4096 : maxChunks };
        await using var pair = new ChannelPair(server: o => o with { Limits = limits });
        var connection = await pair.ConnectInMemoryAsync(default);
        var channelId = await OpenByHandAsync(connection);
        var sent = 0;
        StatusCode? end = null;
        for (var sequence = 2u; end is null && sequence < 10_000; sequence++)
        {
            WriteChunk(connection.Output, channelId, sequence, new byte[1000]);
            sent += 1000;
            await connection.Output.FlushAsync();
            await Task.Yield();
            if (connection.Input.TryRead(out var read))
            {
                end = ReadError(read.Buffer);
                connection.Input.AdvanceTo(read.Buffer.Start);
            }
        }

        Assert.Equal(StatusCodes.BadTcpMessageTooLarge, end?.Value ?? await ErrorAsync(connection));
        Assert.Equal(0, pair.Handler.Requests);
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_aborts_a_request_half_way_goes_on_with_the_next()
    {
        await using var pair = new ChannelPair();
        var connection = await pair.ConnectInMemoryAsync(default);
        var channelId = await OpenByHandAsync(connection);
        WriteChunk(connection.Output, channelId, 2, new byte[1000]);
        var abort = new ErrorMessage(StatusCodes.BadRequestInterrupted, "changed my mind");
        var body = new byte[abort.BodyLength];
        abort.WriteBody(body);
        WriteChunk(connection.Output, channelId, 3, body, ChunkType.Abort);
        var request = MessageBody.Rent();
        FloorGateway.OpcUa.Encoding.MessageCodec.Encode(request, ChannelPair.Request("whole"));
        WriteChunk(connection.Output, channelId, 4, request.Written.ToArray(), ChunkType.Final, requestId: 3);
        request.Dispose();
        await connection.Output.FlushAsync();
        var (header, _) = await HandshakeReader.ReadAsync(connection.Input, 65536, default);
        Assert.Equal((MessageType.Message, ChunkType.Final), (header.Type, header.ChunkType));
        Assert.Equal(1, pair.Handler.Requests);
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_channel_on_which_no_session_comes_is_closed_after_its_time()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair(time: time);
        pair.Handler.InUse = false;
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("still there", (await ChannelPair.AskAsync(channel, "still there")).Text);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(StatusCodes.BadTimeout, (await channel.Closed).Status.Value);
    }

    [Fact]
    public async Task A_channel_with_a_session_stays_and_goes_a_while_after_the_session_ended()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair(time: time);
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("still there", (await ChannelPair.AskAsync(channel, "still there")).Text);
        pair.Handler.InUse = false;
        time.Advance(TimeSpan.FromSeconds(130));
        Assert.Equal(StatusCodes.BadTimeout, (await channel.Closed).Status.Value);
    }

    [Fact]
    public async Task Channels_without_a_session_are_limited_and_strangers_go_before_known_clients()
    {
        await using var pair = new ChannelPair(server: o => o with { MaxChannelsWithoutSession = 2 });
        pair.Handler.InUse = false;
        await using var known = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign);
        await using var first = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        await using var second = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        Assert.Equal(StatusCodes.BadTcpNotEnoughResources, (await first.Closed).Status.Value);
        Assert.Equal("here", (await ChannelPair.AskAsync(known, "here")).Text);
        Assert.Equal("too", (await ChannelPair.AskAsync(second, "too")).Text);
    }

    [Fact]
    public async Task Open_channels_without_a_session_make_room_in_a_full_house()
    {
        await using var pair = new ChannelPair(server: o => o with { MaxConnections = 2 });
        pair.Handler.InUse = false;
        await using var first = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        await using var second = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        await using var third = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign);
        Assert.Equal(StatusCodes.BadTcpNotEnoughResources, (await first.Closed).Status.Value);
        Assert.Equal("let in", (await ChannelPair.AskAsync(third, "let in")).Text);
    }

    [Fact]
    public async Task One_address_does_not_take_all_connections()
    {
        await using var pair = new ChannelPair(server: o => o with { MaxConnectionsPerAddress = 2 });
        await pair.ListenAsync();
        var options = pair.TcpOptions(SecurityPolicy.None, MessageSecurityMode.None);
        await using var first = await ClientSecureChannel.OpenAsync(options, default);
        await using var second = await ClientSecureChannel.OpenAsync(options, default);
        var refused = await Assert.ThrowsAsync<ChannelException>(() => ClientSecureChannel.OpenAsync(options, default));
        Assert.Equal(StatusCodes.BadTcpNotEnoughResources, refused.Status.Value);
        Assert.Equal("here", (await ChannelPair.AskAsync(first, "here")).Text);
        await using var elsewhere = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        Assert.Equal("not counted with them", (await ChannelPair.AskAsync(elsewhere, "not counted with them")).Text);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    public void Addresses_are_counted_by_what_one_machine_has(string address, string counted) =>
        Assert.Equal(counted, ClientAddress.Of(new IPEndPoint(IPAddress.Parse(address), 1)));

    private static async Task<ClientSecureChannel> OpenWhenThereIsRoomAsync(ChannelPair pair)
    {
        // The flood's own connections take a moment to end; a client tries again, as clients do.
        while (true)
        {
            try
            {
                return await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
            }
            catch (ChannelException e) when (e.Status.CodeBits == StatusCodes.BadTcpNotEnoughResources)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<uint> OpenByHandAsync(Connection connection)
    {
        Hello.Write(connection.Output);
        var body = MessageBody.Rent();
        FloorGateway.OpcUa.Encoding.MessageCodec.Encode(body, new OpenSecureChannelRequest { SecurityMode = MessageSecurityMode.None, RequestedLifetime = 60_000 });
        AsymmetricChunk.Write(connection.Output, SecurityPolicy.None, 0, null, null, null, 1, 1, body.Written);
        body.Dispose();
        await connection.Output.FlushAsync();
        await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        var (_, answer) = await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        return BinaryPrimitives.ReadUInt32LittleEndian(answer);
    }

    private static void WriteChunk(IBufferWriter<byte> output, uint channelId, uint sequence, byte[] body, ChunkType type = ChunkType.Intermediate, uint requestId = 2)
    {
        var span = output.GetSpan(24 + body.Length);
        new ChunkHeader(MessageType.Message, type, (uint)(24 + body.Length)).Write(span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], channelId);
        BinaryPrimitives.WriteUInt32LittleEndian(span[12..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(span[16..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(span[20..], requestId);
        body.CopyTo(span[24..]);
        output.Advance(24 + body.Length);
    }

    private static StatusCode? ReadError(ReadOnlySequence<byte> buffer) =>
        FrameReader.TryRead(ref buffer, 8192, out var header, out var frame) == FrameStatus.Complete && header.Type == MessageType.Error
            && ErrorMessage.TryRead(frame.Slice(ChunkHeader.Length).ToArray(), out var error)
            ? error!.Error
            : null;

    private static async Task<uint> ErrorAsync(Connection connection)
    {
        var (header, body) = await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        Assert.Equal(MessageType.Error, header.Type);
        Assert.True(ErrorMessage.TryRead(body, out var error));
        await connection.DisposeAsync();
        return error!.Error.Value;
    }
}
