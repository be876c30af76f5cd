using System.Net;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>Servers that dial their clients (OPC 10000-6, 7.1.3).</summary>
public sealed class ReverseConnectTests : IAsyncLifetime
{
    private const string ServerUri = "urn:example.org:TestServer";

    private readonly TestIdentity identity = new();
    private readonly ListLogger log = new();
    private ReverseConnectListener listener = null!;

    public async ValueTask InitializeAsync() =>
        listener = await ReverseConnectListener.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), new ReverseListenerOptions { Loggers = log });

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        identity.Dispose();
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    public async Task A_client_has_a_session_with_a_server_that_dialled_it(string policy, MessageSecurityMode mode)
    {
        await using var server = await StartAsync(listener.EndPoint.Port);
        await using var client = await UaClient.ConnectAsync(Options(policy, mode));
        Assert.Equal(0, (await client.ReadValueAsync(VariableIds.Server_ServerStatus_State)).Value.AsInt32());
    }

    [Fact]
    public async Task Many_clients_share_the_port_and_each_gets_the_server_it_waits_for()
    {
        using var other = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "other", ApplicationUri = "urn:example.org:other", Hosts = ["localhost"] });
        identity.ClientTrust.Trust(other.Certificate);
        var toOther = listener.ConnectorFor("urn:example.org:other");
        var options = Options();
        await using var server = await StartAsync(listener.EndPoint.Port);
        await using var second = await StartAsync(listener.EndPoint.Port, other);
        var clients = await Task.WhenAll(
            UaClient.ConnectAsync(options),
            UaClient.ConnectAsync(options),
            UaClient.ConnectAsync(options with { Connect = toOther }),
            UaClient.ConnectAsync(options));
        Assert.Equal(
            [ServerUri, ServerUri, "urn:example.org:other", ServerUri],
            clients.Select(c => c.Endpoint.Server.ApplicationUri));
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_nobody_waits_for_is_refused()
    {
        await using var server = await StartAsync(listener.EndPoint.Port);
        await log.WaitForAsync("nobody here waits for the server \"urn:example.org:TestServer\"");
    }

    [Fact]
    public async Task A_server_that_claims_another_ones_name_fails_at_its_certificate()
    {
        using var thief = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "thief", ApplicationUri = ServerUri, Hosts = ["localhost"] });
        var options = Options();
        await using var server = await StartAsync(listener.EndPoint.Port, thief);
        var refused = await Assert.ThrowsAsync<ChannelException>(() => UaClient.ConnectAsync(options));
        Assert.Equal(StatusCodes.BadCertificateUntrusted, refused.Status.Value);
    }

    [Fact]
    public async Task A_server_keeps_dialling_until_the_client_listens_and_again_after_it_went_away()
    {
        var port = Ports.Free();
        var serverLog = new ListLogger();
        await using var server = await StartAsync(port, log: serverLog);
        await serverLog.WaitForAsync("can't be reached");
        for (var round = 0; round < 2; round++)
        {
            await using var late = await ReverseConnectListener.ListenAsync(new IPEndPoint(IPAddress.Loopback, port));
            await using var client = await UaClient.ConnectAsync(Options() with { Connect = late.ConnectorFor(ServerUri) });
            Assert.Equal(0, (await client.ReadValueAsync(VariableIds.Server_ServerStatus_State)).Value.AsInt32());
        }
    }

    [Fact]
    public async Task A_stranger_who_says_nothing_is_cut_off_after_his_time()
    {
        var time = new ManualTimeProvider();
        await using var own = await ReverseConnectListener.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), new ReverseListenerOptions { Time = time, Loggers = log });
        using var connector = new TcpConnector();
        await using var silent = await connector.ConnectAsync("127.0.0.1", own.EndPoint.Port, default);
        var answer = HandshakeReader.ReadAsync(silent.Input, 8192, default).AsTask();
        // Whenever the listener accepted it, its time begins to count from there.
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(MessageType.Error, (await answer).Header.Type);
    }

    [Theory]
    [InlineData("HELF\u0008\0\0\0")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("RHEF\u000c\0\0\0\uFFFF\uFFFF")]
    [InlineData("RHEF\0\0\u0001\0")]
    public async Task Anything_but_a_reverse_hello_is_refused(string bytes)
    {
        using var connector = new TcpConnector();
        await using var stranger = await connector.ConnectAsync("127.0.0.1", listener.EndPoint.Port, default);
        await stranger.Output.WriteAsync(System.Text.Encoding.Latin1.GetBytes(bytes.Replace('\uFFFF', 'ÿ')));
        Assert.Equal(MessageType.Error, (await HandshakeReader.ReadAsync(stranger.Input, 8192, default)).Header.Type);
    }

    [Fact]
    public async Task Waiting_connections_of_one_server_are_limited()
    {
        listener.ConnectorFor(ServerUri);
        using var connector = new TcpConnector();
        var dialled = new List<Connection>();
        for (var i = 0; i < 10; i++)
        {
            var connection = await connector.ConnectAsync("127.0.0.1", listener.EndPoint.Port, default);
            new ReverseHelloMessage(ServerUri, "opc.tcp://localhost:4840").Write(connection.Output);
            await connection.Output.FlushAsync();
            dialled.Add(connection);
        }

        // Six of the ten had to go; which is told by their end.
        var ends = dialled.Select(EndAsync).ToList();
        for (var gone = 0; gone < 6; gone++)
            ends.Remove(await Task.WhenAny(ends));
        Assert.Equal(4, ends.Count);
        foreach (var connection in dialled)
            connection.Abort();
        await Task.WhenAll(ends);
        foreach (var connection in dialled)
            await connection.DisposeAsync();

        static async Task EndAsync(Connection connection)
        {
            try
            {
                await connection.Input.ReadAsync();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // Cut, from there or from here.
            }
        }
    }

    [Fact]
    public async Task A_url_that_is_no_listener_is_found_at_the_start()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => UaServer.StartAsync(ServerOptions(identity.Server) with { ReverseConnect = new() { ClientUrls = ["http://client"] } }, new Space(ServerUri)));
        Assert.Contains("opc.tcp://host:port", error.Message);
    }

    private Task<UaServer> StartAsync(int clientPort, ApplicationCertificate? certificate = null, ListLogger? log = null) => UaServer.StartAsync(
        ServerOptions(certificate ?? identity.Server) with
        {
            LoggerFactory = log ?? new ListLogger(),
            ReverseConnect = new()
            {
                ClientUrls = [$"opc.tcp://127.0.0.1:{clientPort}"],
                Retry = new() { First = TimeSpan.FromMilliseconds(20), Max = TimeSpan.FromMilliseconds(200) },
                MinInterval = TimeSpan.FromMilliseconds(10),
            },
        },
        new Space((certificate ?? identity.Server).ApplicationUri));

    private UaServerOptions ServerOptions(ApplicationCertificate certificate) => new()
    {
        ApplicationName = "test",
        ApplicationUri = certificate.ApplicationUri,
        Port = 0,
        Security = [EndpointSecurity.None, EndpointSecurity.Basic256Sha256SignAndEncrypt],
        Certificate = certificate,
        CertificateValidator = new CertificateValidator(identity.ServerTrust),
    };

    private UaClientOptions Options(string policy = "Basic256Sha256", MessageSecurityMode mode = MessageSecurityMode.SignAndEncrypt) => new()
    {
        // Nobody listens there: only the server can make the connection.
        EndpointUrl = "opc.tcp://localhost:1",
        SecurityPolicy = SecurityPolicy.FindByName(policy)!,
        SecurityMode = mode,
        Certificate = identity.Client,
        TrustList = identity.ClientTrust,
        Connect = listener.ConnectorFor(ServerUri),
    };
}
