using System.Collections.Concurrent;
using System.Globalization;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace Interop.Tests.OpcUa.Matrix;

/// <summary>One node-opcua server with every endpoint, and a session of our client for each row, made when it is first asked for.</summary>
public sealed class NodeOpcuaServer : IAsyncLifetime
{
    private readonly TempDirectory folder = new();
    private readonly int port = Ports.Free();
    private readonly ConcurrentDictionary<(string Security, string User), Task<UaClient>> clients = [];
    private readonly TrustList trust;
    private readonly ApplicationCertificate certificate;

    public NodeOpcuaServer()
    {
        trust = new TrustList(folder["client"]);
        certificate = ApplicationCertificate.LoadOrCreate(trust.OwnFolder, new() { ApplicationName = "matrix", ApplicationUri = "urn:localhost:matrix" });
    }

    public JsonPeer Server { get; private set; } = null!;

    public static ExpandedNodeId Expanded(string name) => new(new NodeId(0, name), "http://matrix.example/UA/");

    public static NodeId Node(UaClient client, string name) =>
        Expanded(name).TryResolve(client.NamespaceUris, out var node) ? node : throw new InvalidOperationException("The server lacks the matrix's namespace");

    public async ValueTask InitializeAsync()
    {
        Server = await JsonPeer.StartAsync("matrix-server.mjs", "--port", port.ToString(CultureInfo.InvariantCulture), "--pki", folder["server"]);
        await Server.AskAsync("trustUser", new { der = Convert.ToHexString(MatrixRows.UserCertificate.Der) });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values.Where(c => c.IsCompletedSuccessfully))
            await client.Result.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    public UaClientOptions Options(string security, string user)
    {
        var (policy, mode) = MatrixRows.Security(security);
        return new()
        {
            EndpointUrl = $"opc.tcp://127.0.0.1:{port}/UA/Matrix",
            SecurityPolicy = policy,
            SecurityMode = mode,
            Certificate = certificate,
            TrustList = trust,
            CertificateRules = new() { AutoAcceptUntrusted = true },
            User = MatrixRows.User(user),
            RequestTimeout = TimeSpan.FromSeconds(60),
            SessionName = $"{security} {user}",
            SessionTimeout = TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>The row's session, which its tests share.</summary>
    public Task<UaClient> ClientAsync(string security, string user) => clients.GetOrAdd((security, user), _ => ConnectAsync(security, user));

    /// <summary>A session of the caller's own.</summary>
    public Task<UaClient> ConnectAsync(string security, string user) => UaClient.ConnectAsync(Options(security, user));

    /// <summary>Sets the counter that often, each time one further, and gives its last value.</summary>
    public async Task<uint> ProduceAsync(int count) => (await Server.AskAsync("produce", new { count })).GetProperty("last").GetUInt32();
}
