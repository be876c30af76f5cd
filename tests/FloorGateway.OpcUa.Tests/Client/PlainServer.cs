using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>This library's server on loopback without security, with variables V0, V1, ... and the limits a test gives it. Can be stopped and started on its port.</summary>
internal sealed class PlainServer : IAsyncDisposable
{
    public const string Uri = "urn:example.org:PlainServer";

    private static readonly Lazy<ApplicationCertificate> Certificate = new(() =>
        ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "PlainServer", ApplicationUri = Uri, Hosts = ["localhost"] }));

    private readonly ServerLimits _limits;
    // Not one of the system's choice: while the server is stopped, somebody else could get that.
    private int _port = Ports.Free();

    private PlainServer(ServerLimits limits) => _limits = limits;

    public static SubscriptionSettings Fast { get; } = new()
    {
        PublishingInterval = TimeSpan.FromMilliseconds(20),
        Backoff = new BackoffOptions { First = TimeSpan.FromMilliseconds(10), Max = TimeSpan.FromMilliseconds(50) },
    };

    public Space Space { get; private set; } = new(Uri);

    public UaServer Server { get; private set; } = null!;

    public List<VariableNode> Variables { get; private set; } = [];

    public UaClientOptions Options => new()
    {
        EndpointUrl = $"opc.tcp://127.0.0.1:{_port}",
        SecurityPolicy = SecurityPolicy.None,
        SecurityMode = MessageSecurityMode.None,
    };

    public static async Task<PlainServer> StartAsync(int variables, ServerLimits? limits = null, Action<Space>? prepare = null)
    {
        var server = new PlainServer(limits ?? new ServerLimits());
        await server.RestartAsync(variables, prepare);
        return server;
    }

    /// <summary>As after a download to a controller: all nodes are new.</summary>
    public async Task RestartAsync(int variables, Action<Space>? prepare = null)
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        Space = new Space(Uri);
        prepare?.Invoke(Space);
        Variables = [.. Enumerable.Range(0, variables).Select(i => Space.Objects.AddVariable($"V{i}", BuiltInType.Double, value: Variant.From(0.0)))];
        Server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "PlainServer",
                ApplicationUri = Uri,
                Certificate = Certificate.Value,
                Port = _port,
                HostName = "127.0.0.1",
                Security = [EndpointSecurity.None],
                Limits = _limits,
            },
            Space);
        _port = Server.Port;
    }

    /// <summary>The server no longer tells its limits, as many small ones do.</summary>
    public void HideLimits()
    {
        foreach (var id in new[]
        {
            VariableIds.Server_ServerCapabilities_MaxMonitoredItemsPerSubscription,
            VariableIds.Server_ServerCapabilities_MaxSubscriptionsPerSession,
            VariableIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
        })
        {
            Space.Get<VariableNode>(id).SetValue(Variant.From(0u));
        }
    }

    public MonitoredItemSettings[] Items(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new MonitoredItemSettings((uint)i, Variables[i].Id) { SamplingIntervalMs = 0, QueueSize = 100 })];

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
