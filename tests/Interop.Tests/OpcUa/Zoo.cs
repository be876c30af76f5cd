using System.Globalization;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace Interop.Tests.OpcUa;

/// <summary>The node-opcua server of peers/opcua-zoo.mjs, with our client's certificate and trust list beside it.</summary>
public sealed class Zoo : IAsyncLifetime
{
    private readonly TempDirectory folder = new();
    private readonly int port = Ports.Free();
    private UaClient? client;

    public Zoo()
    {
        Trust = new TrustList(folder["client"]);
        Certificate = ApplicationCertificate.LoadOrCreate(Trust.OwnFolder, new() { ApplicationName = "interop", ApplicationUri = "urn:localhost:interop" });
    }

    public TrustList Trust { get; }

    public ApplicationCertificate Certificate { get; }

    /// <summary>False: the server refuses clients that it does not know. Set before the start.</summary>
    public bool TrustsAll { get; init; } = true;

    /// <summary>Longest life of a channel's security token that the server grants, in milliseconds; it takes no less than 2500.</summary>
    public int TokenLifetimeMs { get; init; } = 600_000;

    public JsonPeer Server { get; private set; } = null!;

    public int Port => port;

    /// <summary>A session without security that the tests of a class share.</summary>
    public UaClient Client => client!;

    public ushort Namespace => (ushort)Client.NamespaceUris.ToList().IndexOf("http://zoo.example/UA/");

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        client = await UaClient.ConnectAsync(Options());
    }

    public async ValueTask DisposeAsync()
    {
        if (client is not null) await client.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        Certificate.Dispose();
        folder.Dispose();
    }

    /// <summary>Starts the server, again if it was killed; the port stays.</summary>
    public async Task StartAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        Server = await JsonPeer.StartAsync(
            "opcua-zoo.mjs", "--port", port.ToString(CultureInfo.InvariantCulture), "--pki", folder["server"], "--trust-all", TrustsAll ? "true" : "false",
            "--token-lifetime", TokenLifetimeMs.ToString(CultureInfo.InvariantCulture));
    }

    public UaClientOptions Options(string policy = "None", MessageSecurityMode mode = MessageSecurityMode.None, UserIdentity? user = null, bool trustServer = true) => new()
    {
        EndpointUrl = $"opc.tcp://127.0.0.1:{port}/UA/Zoo",
        SecurityPolicy = policy == "None" ? SecurityPolicy.None : SecurityPolicy.Basic256Sha256,
        SecurityMode = mode,
        Certificate = Certificate,
        TrustList = Trust,
        CertificateRules = new() { AutoAcceptUntrusted = trustServer },
        User = user ?? UserIdentity.Anonymous,
        RequestTimeout = TimeSpan.FromSeconds(60),
    };

    public NodeId Node(string name) => new(Namespace, name);
}
