using System.Buffers;
using System.Net.Sockets;
using FloorGateway.Net.InMemory;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class HandshakeTests
{
    private static readonly HelloMessage Hello = new(0, 65536, 65536, 0, 0, "opc.tcp://localhost:4840/test");

    [Fact]
    public async Task A_silent_connection_is_closed_after_its_time()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair(time: time);
        var connection = await pair.ConnectInMemoryAsync(default);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, pair.Listener.ConnectionCount);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(StatusCodes.BadTimeout, (await ReadErrorAsync(connection)).Value);
    }

    [Fact]
    public async Task A_connection_that_stops_after_hello_is_closed_after_its_time()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair(time: time);
        var connection = await pair.ConnectInMemoryAsync(default);
        Hello.Write(connection.Output);
        await connection.Output.FlushAsync();
        var (header, _) = await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        Assert.Equal(MessageType.Acknowledge, header.Type);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(StatusCodes.BadTimeout, (await ReadErrorAsync(connection)).Value);
    }

    [Fact]
    public async Task A_hello_that_comes_byte_by_byte_is_understood()
    {
        await using var pair = new ChannelPair();
        var connection = await pair.ConnectInMemoryAsync(default);
        var bytes = new ArrayBufferWriter<byte>();
        Hello.Write(bytes);
        for (var i = 0; i < bytes.WrittenCount; i++)
            await connection.Output.WriteAsync(bytes.WrittenMemory.Slice(i, 1));
        var (header, _) = await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        Assert.Equal(MessageType.Acknowledge, header.Type);
        await connection.DisposeAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", StatusCodes.BadTcpMessageTypeInvalid)]
    [InlineData("HELF\u0008\0\0\0", StatusCodes.BadTcpEndpointUrlInvalid)]
    [InlineData("HELF\0\0\u0001\0", StatusCodes.BadTcpMessageTooLarge)]
    [InlineData("MSGF\u0010\0\0\0\0\0\0\0\0\0\0\0", StatusCodes.BadTcpMessageTypeInvalid)]
    public async Task Anything_but_a_good_hello_is_answered_with_an_error(string bytes, uint expected)
    {
        await using var pair = new ChannelPair();
        var connection = await pair.ConnectInMemoryAsync(default);
        await connection.Output.WriteAsync(System.Text.Encoding.Latin1.GetBytes(bytes));
        Assert.Equal(expected, (await ReadErrorAsync(connection)).Value);
    }

    [Theory]
    [InlineData("MSGF\u0018\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", StatusCodes.BadTcpMessageTypeInvalid)]
    [InlineData("OPNF\u0010\0\0\0\0\0\0\0\0\0\0\0", StatusCodes.BadTcpMessageTypeInvalid)]
    [InlineData("OPNF\u0010\0\0\0\u0001\0\0\0\0\0\0\0", StatusCodes.BadTcpMessageTypeInvalid)]
    public async Task Anything_but_a_good_open_is_answered_with_an_error(string bytes, uint expected)
    {
        await using var pair = new ChannelPair();
        var connection = await pair.ConnectInMemoryAsync(default);
        Hello.Write(connection.Output);
        await connection.Output.WriteAsync(System.Text.Encoding.Latin1.GetBytes(bytes));
        await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        Assert.Equal(expected, (await ReadErrorAsync(connection)).Value);
    }

    [Fact]
    public async Task Buffers_too_small_for_the_standard_are_refused()
    {
        await using var pair = new ChannelPair();
        var connection = await pair.ConnectInMemoryAsync(default);
        (Hello with { ReceiveBufferSize = 4096 }).Write(connection.Output);
        await connection.Output.FlushAsync();
        Assert.Equal(StatusCodes.BadTcpNotEnoughResources, (await ReadErrorAsync(connection)).Value);
    }

    [Fact]
    public async Task A_flood_of_silent_connections_does_not_keep_a_client_out()
    {
        await using var pair = new ChannelPair(server: o => o with { MaxConnections = 3 });
        for (var i = 0; i < 3; i++)
            await pair.ConnectInMemoryAsync(default);
        await using var channel = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        Assert.Equal("let in", (await ChannelPair.AskAsync(channel, "let in")).Text);
    }

    [Fact]
    public async Task Open_channels_are_never_given_up_for_newcomers()
    {
        await using var pair = new ChannelPair(server: o => o with { MaxConnections = 2 });
        await using var first = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        await using var second = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        var error = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None));
        Assert.Equal(StatusCodes.BadTcpNotEnoughResources, error.Status.Value);
        Assert.Contains("no room", error.Message);
        Assert.Equal("here", (await ChannelPair.AskAsync(first, "here")).Text);
        Assert.Equal("too", (await ChannelPair.AskAsync(second, "too")).Text);
    }

    [Fact]
    public async Task A_client_says_so_when_nobody_listens()
    {
        await using var pair = new ChannelPair();
        var options = pair.TcpOptionsFor(Ports.Free());
        var error = await Assert.ThrowsAsync<ChannelException>(() => ClientSecureChannel.OpenAsync(options, default));
        Assert.Contains("can't be reached", error.Message);
        Assert.IsType<SocketException>(error.InnerException);
    }

    [Fact]
    public async Task A_client_gives_a_silent_server_its_time_and_no_more()
    {
        var time = new ManualTimeProvider();
        await using var pair = new ChannelPair();
        var (client, server) = InMemoryConnection.CreatePair();
        var opening = pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None, o => o with { Time = time, Connect = _ => new(client) });
        await HandshakeReader.ReadAsync(server.Input, 8192, default);
        time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(StatusCodes.BadTimeout, (await Assert.ThrowsAsync<ChannelException>(() => opening)).Status.Value);
    }

    [Fact]
    public async Task A_client_recognises_a_server_of_another_protocol()
    {
        await using var pair = new ChannelPair();
        var (client, server) = InMemoryConnection.CreatePair();
        await server.Output.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        var error = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None, o => o with { Connect = _ => new(client) }));
        Assert.Equal(StatusCodes.BadTcpMessageTypeInvalid, error.Status.Value);
        Assert.Contains("check that the port is that of an OPC UA server", error.Message);
    }

    [Theory]
    [InlineData("opc.tcp://host", "host", 4840)]
    [InlineData("opc.tcp://host:51210/UA/Server", "host", 51210)]
    [InlineData("opc.tcp://192.0.2.1:4841", "192.0.2.1", 4841)]
    [InlineData("opc.tcp://[2001:db8::1]:4841/x", "2001:db8::1", 4841)]
    public void Endpoint_urls_are_read(string url, string host, int port) => Assert.Equal(new EndpointAddress(host, port), EndpointAddress.Parse(url));

    [Theory]
    [InlineData("")]
    [InlineData("host:4840")]
    [InlineData("http://host:4840")]
    [InlineData("opc.tcp://")]
    public void Other_urls_are_refused(string url) => Assert.Equal(StatusCodes.BadTcpEndpointUrlInvalid, Assert.Throws<ChannelException>(() => EndpointAddress.Parse(url)).Status.Value);

    [Fact]
    public void An_endless_url_is_refused_before_it_is_read()
    {
        var refusal = Assert.Throws<ChannelException>(() => EndpointAddress.Parse("opc.tcp://a/" + new string('x', EndpointAddress.MaxLength)));
        Assert.Equal(StatusCodes.BadTcpEndpointUrlInvalid, refusal.Status.Value);
        Assert.True(refusal.Message.Length < 400);
        Assert.Equal("a", EndpointAddress.Parse("opc.tcp://a/" + new string('x', EndpointAddress.MaxLength - 12)).Host);
    }

    private static async Task<StatusCode> ReadErrorAsync(Connection connection)
    {
        var (header, body) = await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        Assert.Equal(MessageType.Error, header.Type);
        Assert.True(ErrorMessage.TryRead(body, out var error));
        var (_, after) = await HandshakeReader.ReadAsync(connection.Input, 8192, default);
        Assert.Null(after);
        await connection.DisposeAsync();
        return error!.Error;
    }
}
