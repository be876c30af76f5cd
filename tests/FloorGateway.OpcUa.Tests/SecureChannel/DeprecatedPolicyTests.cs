using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using ClientUser = FloorGateway.OpcUa.Client.UserIdentity;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>Basic128Rsa15 and Basic256: spoken where somebody said so, and nowhere else.</summary>
public sealed class DeprecatedPolicyTests
{
    private static readonly IReadOnlyList<ServerChannelEndpoint> Endpoints =
        [.. SecurityPolicy.Deprecated.SelectMany(p => new ServerChannelEndpoint[] { new(p, MessageSecurityMode.Sign), new(p, MessageSecurityMode.SignAndEncrypt) })];

    public static TheoryData<string, MessageSecurityMode> Pairs()
    {
        var data = new TheoryData<string, MessageSecurityMode>();
        foreach (var (policy, mode) in Endpoints)
            data.Add(policy.Name, mode);
        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Carries_requests_of_every_size(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair(server: o => o with { Endpoints = Endpoints });
        await using var channel = await pair.OpenAsync(SecurityPolicy.FindByName(policy)!, mode, o => o with { Limits = new() { ReceiveBufferSize = 8192, SendBufferSize = 8192 } });
        for (var size = 0; size < 40; size++)
            Assert.Equal(new string('x', size), (await ChannelPair.AskAsync(channel, new string('x', size))).Text);
        var large = new string('y', 100_000);
        Assert.Equal(large, (await ChannelPair.AskAsync(channel, large)).Text);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_client_and_a_server_that_allow_it_log_a_user_in(string policy, MessageSecurityMode mode)
    {
        using var identity = new TestIdentity();
        var log = new ListLogger();
        await using var server = await UaServer.StartAsync(Server(identity) with { AllowDeprecatedPolicies = true, Security = [new(SecurityPolicy.FindByName(policy)!, mode)], LoggerFactory = log }, new Space("urn:example.org:TestServer"));
        Assert.Contains(log.Lines, l => l.Text.Contains("rests on SHA-1", StringComparison.Ordinal));
        var options = Client(identity, server, policy, mode);
        await using var client = await UaClient.ConnectAsync(options with { AllowDeprecatedPolicies = true });
        Assert.Equal(0, (await client.ReadValueAsync(VariableIds.Server_ServerStatus_State)).Value.AsInt32());

        var refused = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(options));
        Assert.Equal(StatusCodes.BadSecurityPolicyRejected, refused.Status.Value);
        Assert.Contains("AllowDeprecatedPolicies", refused.Message);
    }

    [Fact]
    public async Task A_server_does_not_offer_them_by_mistake()
    {
        using var identity = new TestIdentity();
        var options = Server(identity) with { Security = [new(SecurityPolicy.Basic256, MessageSecurityMode.Sign)] };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => UaServer.StartAsync(options, new Space("urn:example.org:TestServer")));
        Assert.Contains("AllowDeprecatedPolicies", error.Message);
    }

    [Fact]
    public void A_password_is_not_encrypted_by_one_unless_that_is_allowed()
    {
        var endpoint = new EndpointDescription
        {
            SecurityPolicyUri = SecurityPolicy.None.Uri,
            SecurityMode = MessageSecurityMode.None,
            UserIdentityTokens = [new UserTokenPolicy { PolicyId = "old", TokenType = UserTokenType.UserName, SecurityPolicyUri = SecurityPolicy.Basic128Rsa15.Uri }],
        };
        var options = new UaClientOptions { EndpointUrl = "opc.tcp://localhost", SecurityPolicy = SecurityPolicy.None, SecurityMode = MessageSecurityMode.None, User = ClientUser.UserName("anna", "secret") };
        Assert.Throws<UaServiceException>(() => EndpointSelector.SelectToken(endpoint, options));
        Assert.Equal("old", EndpointSelector.SelectToken(endpoint, options with { AllowDeprecatedPolicies = true }).PolicyId);
    }

    [Fact]
    public void They_are_not_among_the_policies_that_are_offered_by_default()
    {
        Assert.DoesNotContain(SecurityPolicy.All, p => p.IsDeprecated);
        Assert.All(SecurityPolicy.Deprecated, p => Assert.True(p.IsDeprecated));
    }

    private static UaServerOptions Server(TestIdentity identity) => new()
    {
        ApplicationName = "TestServer",
        ApplicationUri = "urn:example.org:TestServer",
        Port = 0,
        Certificate = identity.Server,
        CertificateValidator = new CertificateValidator(identity.ServerTrust),
        Users = new UserTable().Add("anna", "secret"),
    };

    private static UaClientOptions Client(TestIdentity identity, UaServer server, string policy, MessageSecurityMode mode) => new()
    {
        EndpointUrl = server.EndpointUrl,
        SecurityPolicy = SecurityPolicy.FindByName(policy)!,
        SecurityMode = mode,
        Certificate = identity.Client,
        TrustList = identity.ClientTrust,
        User = ClientUser.UserName("anna", "secret"),
    };
}
