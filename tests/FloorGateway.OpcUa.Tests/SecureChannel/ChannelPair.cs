using System.Net;
using FloorGateway.Net.InMemory;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>A listener and what clients of it need; checks at the end that every received buffer came back.</summary>
internal sealed class ChannelPair : IAsyncDisposable
{
    public static readonly IReadOnlyList<ServerChannelEndpoint> AllEndpoints =
    [
        new(SecurityPolicy.None, MessageSecurityMode.None),
        .. SecurityPolicy.All.Where(p => !p.IsNone).SelectMany(p => new ServerChannelEndpoint[] { new(p, MessageSecurityMode.Sign), new(p, MessageSecurityMode.SignAndEncrypt) }),
    ];

    private readonly TestIdentity identity;
    private readonly List<Task> served = [];

    public ChannelPair(TestIdentity? identity = null, Func<ServerChannelOptions, ServerChannelOptions>? server = null, TimeProvider? time = null, ILoggerFactory? loggers = null, CertificateRules? rules = null)
    {
        this.identity = identity ?? new TestIdentity();
        Time = time ?? TimeProvider.System;
        var options = new ServerChannelOptions
        {
            Endpoints = AllEndpoints,
            Certificate = this.identity.Server,
            Validator = new CertificateValidator(this.identity.ServerTrust, rules),
            Time = Time,
            Loggers = loggers,
            MaxUnknownMessageSize = uint.MaxValue,
        };
        Listener = new ServerChannelListener(server?.Invoke(options) ?? options, Handler);
    }

    public TimeProvider Time { get; }

    public TestIdentity Identity => identity;

    public EchoHandler Handler { get; } = new();

    public ServerChannelListener Listener { get; }

    /// <summary>The ends of the last in-memory connection.</summary>
    public Connection? ClientEnd { get; private set; }

    public ClientChannelOptions Options(SecurityPolicy policy, MessageSecurityMode mode) => new()
    {
        EndpointUrl = "opc.tcp://localhost:4840/test",
        Policy = policy,
        Mode = mode,
        Certificate = identity.Client,
        ServerCertificate = identity.Server.Der,
        Validator = new CertificateValidator(identity.ClientTrust),
        Time = Time,
        Connect = ConnectInMemoryAsync,
    };

    public ClientChannelOptions TcpOptions(SecurityPolicy policy, MessageSecurityMode mode) => Options(policy, mode) with
    {
        Connect = null,
        EndpointUrl = $"opc.tcp://127.0.0.1:{Listener.EndPoint!.Port}/test",
    };

    public ClientChannelOptions TcpOptionsFor(int port) => Options(SecurityPolicy.None, MessageSecurityMode.None) with
    {
        Connect = null,
        EndpointUrl = $"opc.tcp://127.0.0.1:{port}/test",
    };

    public Task<ClientSecureChannel> OpenAsync(SecurityPolicy policy, MessageSecurityMode mode, Func<ClientChannelOptions, ClientChannelOptions>? change = null)
    {
        var options = Options(policy, mode);
        return ClientSecureChannel.OpenAsync(change?.Invoke(options) ?? options, CancellationToken.None);
    }

    public Task ListenAsync() => Listener.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));

    public ValueTask<Connection> ConnectInMemoryAsync(CancellationToken cancel)
    {
        var (a, b) = InMemoryConnection.CreatePair();
        ClientEnd = a;
        served.Add(Listener.ServeAsync(b));
        return new(a);
    }

    /// <summary>A request whose response repeats <paramref name="text"/> and <paramref name="uris"/>.</summary>
    public static FindServersRequest Request(string text, params string[] uris) => new()
    {
        RequestHeader = new RequestHeader { RequestHandle = 7 },
        EndpointUrl = text,
        ServerUris = uris,
    };

    /// <summary>Asks and gives back what the server repeated.</summary>
    public static async Task<(string Text, string?[] Uris)> AskAsync(ClientSecureChannel channel, string text, params string[] uris)
    {
        using var message = await channel.RequestAsync(Request(text, uris), CancellationToken.None);
        Assert.Equal(FindServersResponse.BinaryId, message.TypeId);
        var response = message.Decode<FindServersResponse>(EncodingLimits.Default);
        var server = Assert.Single(response.Servers);
        return (server.ApplicationUri!, [.. server.DiscoveryUrls!]);
    }

    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        await Task.WhenAll(served);
        Assert.Equal(0, Listener.OutstandingMessages);
        identity.Dispose();
    }
}
