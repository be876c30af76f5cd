using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using ClientUser = FloorGateway.OpcUa.Client.UserIdentity;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>Certificates that change while client and server talk to each other.</summary>
public sealed class CertificateRenewalTests : IAsyncLifetime
{
    private readonly TempDirectory folder = new();
    private readonly ManualTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly TrustList serverTrust;
    private readonly TrustList clientTrust;
    private OwnCertificate serverOwn = null!;
    private OwnCertificate clientOwn = null!;
    private UaServer server = null!;

    public CertificateRenewalTests()
    {
        serverTrust = new TrustList(folder["server"]);
        clientTrust = new TrustList(folder["client"]);
    }

    public async ValueTask InitializeAsync()
    {
        var life = TimeSpan.FromDays(100);
        serverOwn = OwnCertificate.Open(serverTrust.OwnFolder, new() { ApplicationName = "server", ApplicationUri = "urn:example.org:server", Lifetime = life, Hosts = ["localhost"] }, time);
        clientOwn = OpenClient();
        serverTrust.Trust(clientOwn.Current.Certificate);
        clientTrust.Trust(serverOwn.Current.Certificate);
        server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "server",
                ApplicationUri = "urn:example.org:server",
                Port = 0,
                Certificate = serverOwn,
                CertificateValidator = new CertificateValidator(serverTrust, null, time),
                Users = new UserTable().Add("anna", "secret"),
            },
            new Space("urn:example.org:server"));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        serverOwn.Dispose();
        clientOwn.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_session_lives_on_through_the_servers_renewal_and_resumes_after_it()
    {
        var client = await UaClient.ConnectAsync(Options());
        var before = serverOwn.Current;
        time.Advance(TimeSpan.FromDays(80));
        Assert.True(serverOwn.Refresh());
        Assert.Equal(0, (await ReadStateAsync(client)).AsInt32());
        var ticket = client.Ticket;
        await client.AbandonAsync();

        // The ticket names the endpoint, and with it the certificate, of before.
        await using (var resumed = await UaClient.ResumeAsync(Options(), ticket))
            Assert.Equal(0, (await ReadStateAsync(resumed)).AsInt32());
        Assert.NotEqual(before.Der, serverOwn.Current.Der);
    }

    [Fact]
    public async Task A_new_connection_sees_the_servers_new_certificate()
    {
        time.Advance(TimeSpan.FromDays(80));
        serverOwn.Refresh();
        var refused = await Assert.ThrowsAsync<ChannelException>(() => UaClient.ConnectAsync(Options(), time));
        Assert.Equal(StatusCodes.BadCertificateUntrusted, refused.Status.Value);
        clientTrust.Trust(serverOwn.Current.Certificate);
        await using var client = await UaClient.ConnectAsync(Options(), time);
        Assert.Equal(serverOwn.Current.Der, client.Endpoint.ServerCertificate);
    }

    [Fact]
    public async Task A_client_renews_before_it_connects_and_uses_the_one_before_until_the_server_trusts_the_new_one()
    {
        time.Advance(TimeSpan.FromDays(80));
        var before = clientOwn.Current;
        var log = new ListLogger();
        await using (var client = await UaClient.ConnectAsync(Options(), time, log))
        {
            Assert.NotEqual(before.Der, clientOwn.Current.Der);
            Assert.Equal(0, (await ReadStateAsync(client)).AsInt32());
            Assert.Contains(log.Lines, l => l.Text.Contains("does not trust our renewed certificate", StringComparison.Ordinal));
        }

        serverTrust.Trust(clientOwn.Current.Certificate);
        log.Lines.Clear();
        await using var trusted = await UaClient.ConnectAsync(Options(), time, log);
        Assert.Equal(0, (await ReadStateAsync(trusted)).AsInt32());
        Assert.DoesNotContain(log.Lines, l => l.Text.Contains("does not trust", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_one_before_is_there_after_a_restart_of_the_client_and_not_after_its_end()
    {
        time.Advance(TimeSpan.FromDays(80));
        clientOwn.Refresh();
        clientOwn.Dispose();
        clientOwn = OpenClient();
        await using (await UaClient.ConnectAsync(Options(), time))
        {
        }

        time.Advance(TimeSpan.FromDays(21));
        serverOwn.Refresh();
        clientTrust.Trust(serverOwn.Current.Certificate);
        var refused = await Assert.ThrowsAsync<ChannelException>(() => UaClient.ConnectAsync(Options(), time));
        Assert.Equal(StatusCodes.BadSecurityChecksFailed, refused.Status.Value);
    }

    [Fact]
    public async Task A_session_resumes_after_the_clients_renewal_with_the_certificate_it_was_made_with()
    {
        var client = await UaClient.ConnectAsync(Options());
        var ticket = client.Ticket;
        await client.AbandonAsync();
        time.Advance(TimeSpan.FromDays(80));
        Assert.True(clientOwn.Refresh());
        await using var resumed = await UaClient.ResumeAsync(Options(), ticket);
        Assert.Equal(ticket.SessionId, resumed.Ticket.SessionId);
    }

    [Fact]
    public async Task A_running_session_outlives_the_clients_renewal()
    {
        await using var client = await UaClient.ConnectAsync(Options());
        time.Advance(TimeSpan.FromDays(80));
        Assert.True(clientOwn.Refresh());
        Assert.Equal(0, (await ReadStateAsync(client)).AsInt32());
    }

    private OwnCertificate OpenClient() =>
        OwnCertificate.Open(clientTrust.OwnFolder, new() { ApplicationName = "client", ApplicationUri = "urn:example.org:client", Lifetime = TimeSpan.FromDays(100) }, time);

    private static async Task<Variant> ReadStateAsync(UaClient client) => (await client.ReadValueAsync(VariableIds.Server_ServerStatus_State)).Value;

    private UaClientOptions Options() => new()
    {
        EndpointUrl = server.EndpointUrl,
        Certificate = clientOwn,
        TrustList = clientTrust,
        User = ClientUser.UserName("anna", "secret"),
        KeepAliveInterval = TimeSpan.Zero,
        SessionTimeout = TimeSpan.FromHours(1),
    };
}
