using System.Globalization;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using ClientUser = FloorGateway.OpcUa.Client.UserIdentity;

namespace Interop.Tests.OpcUa;

/// <summary>Users with certificates, against node-opcua in both roles and on every security.</summary>
public sealed class UserCertificateTests(UserCertificateTests.Peers peers) : IClassFixture<UserCertificateTests.Peers>
{
    private static readonly string[] Policies = ["Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"];

    public static TheoryData<string, MessageSecurityMode> Securities()
    {
        var data = new TheoryData<string, MessageSecurityMode> { { "None", MessageSecurityMode.None } };
        foreach (var policy in Policies)
        {
            data.Add(policy, MessageSecurityMode.Sign);
            data.Add(policy, MessageSecurityMode.SignAndEncrypt);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_foreign_server_lets_our_user_in(string policy, MessageSecurityMode mode)
    {
        await using var client = await UaClient.ConnectAsync(peers.ClientOptions(policy, mode, peers.Anna));
        Assert.Equal(42, (await client.ReadValueAsync(new NodeId(1, "Value"))).Value.Boxed);
    }

    [Fact]
    public async Task A_foreign_server_refuses_a_user_it_does_not_know()
    {
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(peers.ClientOptions("Basic256Sha256", MessageSecurityMode.SignAndEncrypt, peers.Bert)));
        Assert.Contains("bert", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task Our_server_lets_a_foreign_clients_user_in(string policy, MessageSecurityMode mode)
    {
        var read = await peers.Client.AskAsync("read", Request(policy, mode, peers.Anna));
        Assert.Equal(("Good", 42), (read.GetProperty("status").GetString(), read.GetProperty("value").GetInt32()));
    }

    [Fact]
    public async Task Our_server_refuses_a_foreign_clients_user_that_nobody_trusts()
    {
        var refused = await Assert.ThrowsAsync<PeerException>(() => peers.Client.AskAsync("read", Request("Basic256Sha256", MessageSecurityMode.SignAndEncrypt, peers.Bert)));
        Assert.Contains("BadIdentityTokenRejected", refused.Status ?? refused.Message, StringComparison.Ordinal);
    }

    private object Request(string policy, MessageSecurityMode mode, ApplicationCertificate user) => new
    {
        url = peers.ServerUrl,
        policy,
        mode = mode.ToString(),
        node = "ns=1;s=Value",
        certificate = Convert.ToHexString(user.Der),
        key = user.PrivateKey.ExportPkcs8PrivateKeyPem(),
    };

    /// <summary>A foreign server and a foreign client, and ours.</summary>
    public sealed class Peers : IAsyncLifetime
    {
        private readonly TempDirectory folder = new();
        private readonly int port = Ports.Free();
        private readonly ApplicationCertificate application = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "interop", ApplicationUri = "urn:localhost:interop" });
        private JsonPeer? foreignServer;
        private JsonPeer? foreignClient;
        private UaServer? server;

        public ApplicationCertificate Anna { get; } = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "anna", ApplicationUri = "urn:localhost:anna" });

        public ApplicationCertificate Bert { get; } = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "bert", ApplicationUri = "urn:localhost:bert" });

        public JsonPeer Client => foreignClient!;

        public string ServerUrl => server!.EndpointUrl;

        public UaClientOptions ClientOptions(string policy, MessageSecurityMode mode, ApplicationCertificate user) => new()
        {
            EndpointUrl = $"opc.tcp://127.0.0.1:{port}",
            SecurityPolicy = SecurityPolicy.FindByName(policy)!,
            SecurityMode = mode,
            Certificate = application,
            TrustList = new TrustList(folder["client"]),
            CertificateRules = new() { AutoAcceptUntrusted = true },
            User = ClientUser.Certificate(user.Certificate, user.PrivateKey),
            RequestTimeout = TimeSpan.FromSeconds(60),
        };

        public async ValueTask InitializeAsync()
        {
            var starting = JsonPeer.StartAsync(
                "security-server.mjs", "--port", port.ToString(CultureInfo.InvariantCulture), "--pki", folder["foreign-server"], "--policies", string.Join(',', Policies));
            foreignClient = await JsonPeer.StartAsync("security-client.mjs", "--pki", folder["foreign-client"]);
            foreignServer = await starting;
            await foreignServer.AskAsync("trustUser", new { der = Convert.ToHexString(Anna.Der) });

            var users = new TrustList(folder["users"]);
            users.Trust(Anna.Certificate);
            var space = new AddressSpace("urn:localhost:interop");
            space.Objects.AddVariable("Value", BuiltInType.Int32, value: Variant.From(42), nodeId: new NodeId(1, "Value"));
            server = await UaServer.StartAsync(
                new UaServerOptions
                {
                    ApplicationName = "interop",
                    ApplicationUri = "urn:localhost:interop",
                    Port = 0,
                    Certificate = application,
                    Security =
                    [
                        EndpointSecurity.None,
                        .. Policies.SelectMany(p => new[] { MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt }.Select(m => new EndpointSecurity(SecurityPolicy.FindByName(p)!, m))),
                    ],
                    CertificateValidator = new CertificateValidator(new TrustList(folder["server"]), new() { AutoAcceptUntrusted = true }),
                    UserCertificates = new CertificateValidator(users),
                },
                space);
        }

        public async ValueTask DisposeAsync()
        {
            if (foreignClient is not null) await foreignClient.DisposeAsync();
            if (foreignServer is not null) await foreignServer.DisposeAsync();
            if (server is not null) await server.DisposeAsync();
            application.Dispose();
            Anna.Dispose();
            Bert.Dispose();
            folder.Dispose();
        }
    }
}
