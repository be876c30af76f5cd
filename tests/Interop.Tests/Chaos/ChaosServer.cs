using System.Globalization;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.Simulators.Faults;
using FloorGateway.TestKit;
using Interop.Tests.OpcUa;

namespace Interop.Tests.Chaos;

/// <summary>A counting server in a process of its own, behind a relay, that tests may treat badly. One for a class of tests; it counts on over all of them.</summary>
public abstract class ChaosServer : IAsyncLifetime
{
    private const double Rate = 100;
    private readonly TempDirectory folder = new();
    private readonly int port = Ports.Free();
    private int certificates;
    private int spare;

    protected ChaosServer()
    {
        Trust = new TrustList(folder["client"]);
        Certificate = ApplicationCertificate.LoadOrCreate(Trust.OwnFolder, new() { ApplicationName = "chaos-client", ApplicationUri = "urn:localhost:chaos-client" });
    }

    public string TruthFile => folder["truth"];

    public TcpFaultProxy Relay { get; private set; } = null!;

    public JsonPeer Peer { get; private set; } = null!;

    private TrustList Trust { get; }

    private ApplicationCertificate Certificate { get; }

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Relay = new TcpFaultProxy(port);
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        await Peer.DisposeAsync();
        Certificate.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    public Task CountAsync() => Peer.AskAsync("start", new { rate = Rate });

    public async Task<long> StopCountingAsync() => (await Peer.AskAsync("stop")).GetProperty("last").GetInt64();

    /// <summary>SIGKILL, and a new process on the same port that counts on.</summary>
    public async Task KillAndRestartAsync()
    {
        await Peer.KillAsync();
        await Peer.DisposeAsync();
        await StartAsync();
        await CountAsync();
    }

    /// <summary>After the next restart the counter's namespace has another index.</summary>
    public void MoveNamespace() => spare = spare == 0 ? 3 : 0;

    /// <summary>After the next restart the server shows another certificate.</summary>
    public void SwapCertificate() => certificates++;

    public UaClientOptions Options(TimeSpan sessionTimeout) => new()
    {
        EndpointUrl = $"opc.tcp://127.0.0.1:{Relay.Port}",
        Certificate = Certificate,
        TrustList = Trust,
        CertificateRules = new() { AutoAcceptUntrusted = true },
        SessionTimeout = sessionTimeout,
        KeepAliveInterval = TimeSpan.FromMilliseconds(500),
        RequestTimeout = TimeSpan.FromSeconds(5),
    };

    protected abstract Task<JsonPeer> StartAsync(params string[] arguments);

    private async Task StartAsync() => Peer = await StartAsync(port.ToString(CultureInfo.InvariantCulture), folder[$"server{certificates}"], TruthFile, spare.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Our own server.</summary>
public sealed class OwnChaosServer : ChaosServer
{
    protected override Task<JsonPeer> StartAsync(params string[] arguments) =>
        JsonPeer.StartAsync(ForeignProcess.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "ChaosPeer.dll"), .. arguments]));
}

/// <summary>node-opcua.</summary>
public sealed class NodeChaosServer : ChaosServer
{
    protected override Task<JsonPeer> StartAsync(params string[] arguments) => JsonPeer.StartAsync("opcua-counter.mjs", arguments);
}
