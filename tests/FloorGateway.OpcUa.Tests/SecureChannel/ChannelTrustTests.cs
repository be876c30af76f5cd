using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class ChannelTrustTests
{
    [Fact]
    public async Task An_untrusted_client_learns_which_file_to_trust_and_the_servers_log_what_to_move_where()
    {
        var log = new ListLogger();
        var identity = new TestIdentity(mutualTrust: false);
        identity.ClientTrust.Trust(identity.Server.Certificate);
        await using var pair = new ChannelPair(identity, loggers: log);
        var error = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt));
        Assert.Equal(StatusCodes.BadSecurityChecksFailed, error.Status.Value);
        Assert.Contains("the server refused our certificate", error.Message);
        Assert.Contains("trust it there", error.Message);

        var rejected = Assert.Single(Directory.GetFiles(identity.ServerTrust.RejectedFolder));
        await pair.Listener.DisposeAsync();
        var (level, line) = Assert.Single(log.Lines, l => l.Text.Contains(rejected, StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains(identity.ServerTrust.TrustedFolder, line);
    }

    [Fact]
    public async Task A_client_is_let_in_once_its_file_was_moved()
    {
        var identity = new TestIdentity(mutualTrust: false);
        identity.ClientTrust.Trust(identity.Server.Certificate);
        await using var pair = new ChannelPair(identity);
        await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign));
        var rejected = Assert.Single(Directory.GetFiles(identity.ServerTrust.RejectedFolder));
        File.Move(rejected, Path.Combine(identity.ServerTrust.TrustedFolder, Path.GetFileName(rejected)));
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign);
        await ChannelPair.AskAsync(channel, "trusted");
        Assert.Equal(identity.Client.Der, Assert.Single(pair.Handler.Channels).ClientCertificate);
    }

    [Fact]
    public async Task An_untrusted_server_is_not_even_dialled()
    {
        var identity = new TestIdentity(mutualTrust: false);
        await using var pair = new ChannelPair(identity);
        var error = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt));
        Assert.Equal(StatusCodes.BadCertificateUntrusted, error.Status.Value);
        var rejected = Assert.Single(Directory.GetFiles(identity.ClientTrust.RejectedFolder));
        Assert.Contains(rejected, error.Message);
        Assert.Contains(identity.ClientTrust.TrustedFolder, error.Message);
        Assert.Null(pair.ClientEnd);
    }

    [Fact]
    public async Task Auto_accept_lets_a_stranger_in_with_a_warning()
    {
        var log = new ListLogger();
        var identity = new TestIdentity(mutualTrust: false);
        identity.ClientTrust.Trust(identity.Server.Certificate);
        await using var pair = new ChannelPair(identity, loggers: log, rules: new CertificateRules { AutoAcceptUntrusted = true });
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt);
        Assert.Contains(log.Lines, l => l.Level == LogLevel.Warning && l.Text.Contains("autoAcceptUntrusted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pair_that_is_not_offered_is_refused_by_name()
    {
        await using var pair = new ChannelPair(server: o => o with { Endpoints = [new(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt)] });
        var mode = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign));
        Assert.Equal(StatusCodes.BadSecurityModeRejected, mode.Status.Value);
        Assert.Contains("GetEndpoints", mode.Message);
        var policy = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.Aes256Sha256RsaPss, MessageSecurityMode.Sign));
        Assert.Equal(StatusCodes.BadSecurityPolicyRejected, policy.Status.Value);
    }

    [Fact]
    public async Task Without_a_none_endpoint_an_unprotected_channel_is_for_discovery_only()
    {
        await using var pair = new ChannelPair(server: o => o with { Endpoints = [new(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt)] });
        await using var channel = await pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None);
        await ChannelPair.AskAsync(channel, "discover");
        Assert.True(Assert.Single(pair.Handler.Channels).IsDiscoveryOnly);
    }

    [Fact]
    public async Task Discovery_without_security_can_be_turned_off()
    {
        await using var pair = new ChannelPair(server: o => o with { Endpoints = [new(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt)], AllowDiscoveryWithoutSecurity = false });
        var error = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.None, MessageSecurityMode.None));
        Assert.Equal(StatusCodes.BadSecurityPolicyRejected, error.Status.Value);
    }

    [Fact]
    public async Task A_client_that_holds_an_old_server_certificate_is_told()
    {
        var identity = new TestIdentity();
        using var other = new TestIdentity(largeKeys: true);
        identity.ClientTrust.Trust(other.Server.Certificate);
        await using var pair = new ChannelPair(identity);
        var error = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign, o => o with { ServerCertificate = other.Server.Der }));
        Assert.Equal(StatusCodes.BadCertificateInvalid, error.Status.Value);
        Assert.Contains("GetEndpoints", error.Message);
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.Sign)]
    [InlineData("Basic256Sha256", MessageSecurityMode.None)]
    public async Task A_client_does_not_mix_policies_and_modes(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        var error = await Assert.ThrowsAsync<ChannelException>(() => pair.OpenAsync(SecurityPolicy.FindByName(policy)!, mode));
        Assert.Equal(StatusCodes.BadSecurityModeRejected, error.Status.Value);
    }
}
