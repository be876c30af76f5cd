using System.Buffers.Binary;
using System.Security.Cryptography;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class EndpointSelectorTests
{
    private static readonly UaClientOptions Options = new() { EndpointUrl = "opc.tcp://plc1:4840" };

    [Fact]
    public void Takes_exactly_the_policy_and_mode_asked_for()
    {
        var chosen = EndpointSelector.Select(
            [Endpoint(SecurityPolicy.None, MessageSecurityMode.None), Endpoint(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign), Endpoint(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt)],
            Options);
        Assert.Equal(MessageSecurityMode.SignAndEncrypt, chosen.SecurityMode);
    }

    [Fact]
    public void Never_downgrades_and_says_what_there_is()
    {
        var error = Assert.Throws<UaServiceException>(() => EndpointSelector.Select(
            [Endpoint(SecurityPolicy.None, MessageSecurityMode.None), Endpoint(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign)],
            Options));
        Assert.Equal(StatusCodes.BadSecurityPolicyRejected, error.Status.Value);
        Assert.Contains("None/None, Basic256Sha256/Sign", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dials_the_configured_host_with_the_servers_path()
    {
        var endpoint = Endpoint(SecurityPolicy.None, MessageSecurityMode.None);
        endpoint.EndpointUrl = "opc.tcp://inner-name:4840/UA/Plc";
        Assert.Equal("opc.tcp://gateway:14840/UA/Plc", EndpointSelector.UrlToDial(endpoint, "opc.tcp://gateway:14840"));
    }

    [Fact]
    public void Refuses_a_user_kind_that_the_endpoint_does_not_take()
    {
        var error = Assert.Throws<UaServiceException>(() => EndpointSelector.SelectToken(
            Endpoint(SecurityPolicy.None, MessageSecurityMode.None),
            Options with { User = UserIdentity.UserName("op", "secret") }));
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, error.Status.Value);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Password_never_goes_out_readable_unless_that_was_written_down()
    {
        var endpoint = Endpoint(SecurityPolicy.None, MessageSecurityMode.None);
        endpoint.UserIdentityTokens = [new UserTokenPolicy { PolicyId = "u", TokenType = UserTokenType.UserName }];
        var options = Options with { User = UserIdentity.UserName("op", "secret") };
        Assert.Throws<UaServiceException>(() => UserTokens.Create(options, endpoint, [], []));
        Assert.IsType<UserNameIdentityToken>(UserTokens.Create(options with { AllowPlainTextPassword = true }, endpoint, [], []).Token);
    }

    [Fact]
    public void Password_is_encrypted_with_length_and_nonce()
    {
        using var server = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "s", ApplicationUri = "urn:s" });
        var nonce = RandomNumberGenerator.GetBytes(32);

        // Longer than one RSA block, so that more than one is written.
        var password = RandomNumberGenerator.GetBytes(300);
        var encrypted = UserTokens.Encrypt(SecurityPolicy.Basic256Sha256, server.Der, password, nonce);

        var plain = new byte[encrypted.Length];
        Assert.True(AsymmetricCipher.TryDecrypt(SecurityPolicy.Basic256Sha256, server.PrivateKey, encrypted, plain, out var length));
        Assert.Equal(4 + 300 + 32, length);
        Assert.Equal(332, BinaryPrimitives.ReadInt32LittleEndian(plain));
        Assert.Equal(password, plain[4..304]);
        Assert.Equal(nonce, plain[304..336]);
    }

    [Fact]
    public void Text_form_of_a_user_leaves_the_password_out() =>
        Assert.DoesNotContain("secret", (Options with { User = UserIdentity.UserName("op", "secret") }).ToString(), StringComparison.Ordinal);

    private static EndpointDescription Endpoint(SecurityPolicy policy, MessageSecurityMode mode) => new()
    {
        EndpointUrl = "opc.tcp://plc1:4840",
        SecurityPolicyUri = policy.Uri,
        SecurityMode = mode,
        UserIdentityTokens = [new UserTokenPolicy { PolicyId = "a", TokenType = UserTokenType.Anonymous }],
    };
}
