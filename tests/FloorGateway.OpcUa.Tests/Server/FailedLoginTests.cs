using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>What guessing passwords looks like from outside.</summary>
public sealed class FailedLoginTests
{
    private readonly ServerHarness server = new();

    [Fact]
    public void After_five_wrong_passwords_even_the_right_one_is_refused_for_a_minute_and_looks_the_same()
    {
        TimeSpan delay = default;
        for (var i = 0; i < 6; i++)
            (_, delay) = Try("operator", "wrong", server.Channel);
        var (locked, lockedDelay) = Try("operator", "secret", server.Channel);
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, locked);
        Assert.Equal(delay, lockedDelay);

        server.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((StatusCodes.Good, TimeSpan.Zero), Try("operator", "secret", server.Channel));
    }

    [Fact]
    public void A_name_that_does_not_exist_is_locked_like_one_that_does()
    {
        (uint, TimeSpan)[] known = [.. Enumerable.Range(0, 8).Select(_ => Try("operator", "wrong", new FakeChannel { ClientAddress = "192.0.2.7" }))];
        (uint, TimeSpan)[] unknown = [.. Enumerable.Range(0, 8).Select(_ => Try("nobody", "wrong", new FakeChannel { ClientAddress = "192.0.2.8" }))];
        Assert.Equal(known, unknown);
    }

    [Fact]
    public void A_guesser_does_not_lock_out_the_user_next_door_and_new_channels_do_not_help_it()
    {
        for (var i = 0; i < 6; i++)
            Try("operator", "wrong", new FakeChannel { ClientAddress = "192.0.2.66" });
        Assert.Equal(StatusCodes.BadIdentityTokenRejected, Try("operator", "secret", new FakeChannel { ClientAddress = "192.0.2.66" }).Status);
        Assert.Equal((StatusCodes.Good, TimeSpan.Zero), Try("operator", "secret", new FakeChannel { ClientAddress = "192.0.2.1" }));
    }

    [Fact]
    public void Anonymous_sessions_and_tokens_that_can_not_be_read_do_not_count()
    {
        for (var i = 0; i < 10; i++)
        {
            var created = Create(server.Channel);
            var garbled = new ExtensionObject(new UserNameIdentityToken { PolicyId = "username", UserName = "operator", Password = new byte[256] });
            var answer = server.Send(server.Channel, new ActivateSessionRequest { UserIdentityToken = garbled }, created.AuthenticationToken);
            Assert.Equal(StatusCodes.BadIdentityTokenInvalid, answer!.ResponseHeader.ServiceResult.Value);
        }

        Assert.Equal((StatusCodes.Good, TimeSpan.Zero), Try("operator", "secret", server.Channel));
    }

    private CreateSessionResponse Create(FakeChannel channel) => Assert.IsType<CreateSessionResponse>(server.Send(channel, new CreateSessionRequest()));

    private (uint Status, TimeSpan Delay) Try(string user, string password, FakeChannel channel)
    {
        var created = Create(channel);
        var policy = SecurityPolicy.Basic256Sha256;
        var token = new UserNameIdentityToken
        {
            PolicyId = "username",
            UserName = user,
            EncryptionAlgorithm = policy.AsymmetricEncryptionUri,
            Password = UserTokens.Encrypt(policy, created.ServerCertificate!, System.Text.Encoding.UTF8.GetBytes(password), created.ServerNonce!),
        };
        channel.Delayed = default;
        var answer = server.Send(channel, new ActivateSessionRequest { UserIdentityToken = new ExtensionObject(token) }, created.AuthenticationToken);
        return (answer!.ResponseHeader.ServiceResult.Value, channel.Delayed);
    }
}
