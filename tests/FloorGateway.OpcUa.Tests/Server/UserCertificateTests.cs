using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using ClientUser = FloorGateway.OpcUa.Client.UserIdentity;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>Users with certificates (OPC 10000-4, 7.41.4), our client against our server.</summary>
public sealed class UserCertificateTests : IAsyncLifetime
{
    private static readonly ApplicationCertificate Anna = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "anna", ApplicationUri = "urn:example.com:anna" });
    private static readonly ApplicationCertificate Bert = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "bert", ApplicationUri = "urn:example.com:bert" });

    private readonly TempDirectory folder = new();
    private readonly TestIdentity identity = new();
    private readonly ListLogger log = new();
    private readonly UserTable users = new();
    private readonly TrustList userTrust;
    private readonly VariableNode speed;
    private readonly Space space = new("urn:example.org:TestServer");
    private UaServer server = null!;

    public UserCertificateTests()
    {
        userTrust = new TrustList(folder["users"]);
        space.AddNamespace("http://example.com/plant/");
        var machine = space.Objects.AddObject("M1");
        speed = machine.AddVariable("Speed", BuiltInType.Double, value: Variant.From(1.0), writable: true);
        machine.AddMethod("Who", (context, _) => (StatusCodes.Good, [Variant.From(context.UserName)]), [], [new MethodArgument("Name", BuiltInType.String)]);
    }

    public static TheoryData<string, MessageSecurityMode> Pairs => ChannelRoundTripTests.Pairs();

    public async ValueTask InitializeAsync()
    {
        users.Add("operator", "secret");
        server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "TestServer",
                ApplicationUri = "urn:example.org:TestServer",
                Port = 0,
                Security = [.. ChannelPair.AllEndpoints.Select(e => new EndpointSecurity(e.Policy, e.Mode))],
                Certificate = identity.Server,
                CertificateValidator = new CertificateValidator(identity.ServerTrust),
                Users = users,
                UserCertificates = new CertificateValidator(userTrust),
                LoggerFactory = log,
            },
            space);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        identity.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_user_with_a_trusted_certificate_is_let_in_on_every_security(string policy, MessageSecurityMode mode)
    {
        userTrust.Trust(Anna.Certificate);
        await using var client = await UaClient.ConnectAsync(Options(policy, mode));
        Assert.True((await client.WriteValueAsync(speed.Id, Variant.From(2.5))).IsGood);
        Assert.Equal("CN=anna", await WhoAsync(client));
    }

    [Fact]
    public async Task A_user_nobody_trusts_is_refused_and_the_log_says_which_file_to_move()
    {
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(Options()));
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, refused.Status.Value);
        Assert.Contains("anna", refused.Message, StringComparison.Ordinal);
        var rejected = Assert.Single(Directory.GetFiles(userTrust.RejectedFolder));
        Assert.Contains(log.Lines, l => l.Text.Contains(rejected, StringComparison.Ordinal) && l.Text.Contains(userTrust.TrustedFolder, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(identity.ServerTrust.RejectedFolder));

        File.Move(rejected, Path.Combine(userTrust.TrustedFolder, Path.GetFileName(rejected)));
        await using var client = await UaClient.ConnectAsync(Options());
        Assert.Equal("CN=anna", await WhoAsync(client));
    }

    [Fact]
    public async Task An_application_that_is_trusted_is_not_a_user_for_that()
    {
        var user = ClientUser.Certificate(identity.Client.Certificate, identity.Client.PrivateKey);
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(Options() with { User = user }));
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, refused.Status.Value);
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Aes256_Sha256_RsaPss", MessageSecurityMode.SignAndEncrypt)]
    public async Task A_certificate_with_another_users_key_is_refused_and_leaves_no_file(string policy, MessageSecurityMode mode)
    {
        userTrust.Trust(Anna.Certificate);
        var thief = ClientUser.Certificate(Anna.Certificate, Bert.PrivateKey);
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(Options(policy, mode) with { User = thief }));
        Assert.Equal(StatusCodes.BadUserSignatureInvalid, refused.Status.Value);
        Assert.Empty(Directory.GetFiles(userTrust.RejectedFolder));
    }

    [Fact]
    public async Task A_table_of_users_names_certificates_and_gives_them_their_rights()
    {
        userTrust.Trust(Anna.Certificate);
        userTrust.Trust(Bert.Certificate);
        users.Add(Anna.Certificate, "anna", mayWrite: false);
        await using (var client = await UaClient.ConnectAsync(Options()))
        {
            Assert.Equal(StatusCodes.BadUserAccessDenied, (await client.WriteValueAsync(speed.Id, Variant.From(2.5))).Value);
            Assert.Equal("anna", await WhoAsync(client));
        }

        var unnamed = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(Options() with { User = ClientUser.Certificate(Bert.Certificate, Bert.PrivateKey) }));
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, unnamed.Status.Value);
        Assert.Contains(log.Lines, l => l.Text.Contains("\"bert\" is trusted but stands for no user", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_is_loaded_from_files()
    {
        File.WriteAllText(folder["anna.pem"], Anna.Certificate.ExportCertificatePem());
        File.WriteAllText(folder["anna.key"], Anna.PrivateKey.ExportPkcs8PrivateKeyPem());
        userTrust.Trust(Anna.Certificate);
        await using var client = await UaClient.ConnectAsync(Options() with { User = ClientUser.Certificate(folder["anna.pem"], folder["anna.key"]) });
        Assert.Equal("CN=anna", await WhoAsync(client));
    }

    [Fact]
    public async Task A_server_without_a_trust_list_for_users_offers_no_certificates()
    {
        var plain = new Space("urn:example.org:TestServer");
        await using var other = await UaServer.StartAsync(
            new UaServerOptions { ApplicationName = "TestServer", ApplicationUri = "urn:example.org:TestServer", Port = 0, Certificate = identity.Server, CertificateValidator = new CertificateValidator(identity.ServerTrust) },
            plain);
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(Options() with { EndpointUrl = other.EndpointUrl }));
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, refused.Status.Value);
        Assert.Contains("accepts Anonymous users", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_user_with_a_certificate_names_it_and_nothing_secret()
    {
        var text = ClientUser.Certificate(Anna.Certificate, Anna.PrivateKey).ToString();
        Assert.Equal($"the user certificate 'anna' [{Anna.Certificate.Thumbprint}]", text);
    }

    private static async Task<string?> WhoAsync(UaClient client) =>
        (await client.CallAsync(new NodeId(2, "M1"), new NodeId(2, "M1.Who"), [])).OutputArguments[0].AsString();

    private UaClientOptions Options(string policy = "Basic256Sha256", MessageSecurityMode mode = MessageSecurityMode.SignAndEncrypt) => new()
    {
        EndpointUrl = server.EndpointUrl,
        SecurityPolicy = SecurityPolicy.FindByName(policy)!,
        SecurityMode = mode,
        Certificate = identity.Client,
        TrustList = identity.ClientTrust,
        User = ClientUser.Certificate(Anna.Certificate, Anna.PrivateKey),
    };
}
