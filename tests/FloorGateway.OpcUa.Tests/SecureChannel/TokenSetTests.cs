using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class TokenSetTests
{
    private readonly ManualTimeProvider time = new();

    [Fact]
    public void A_server_keeps_sending_with_the_old_token_until_the_client_used_the_new_one()
    {
        var (tokens, first, second) = Renewed(isServer: true);
        Assert.Same(first, tokens.ForSending);
        tokens.Used(first);
        Assert.Same(first, tokens.ForSending);
        tokens.Used(second);
        Assert.Same(second, tokens.ForSending);
    }

    [Fact]
    public void A_client_sends_with_the_new_token_at_once()
    {
        var (tokens, _, second) = Renewed(isServer: false);
        Assert.Same(second, tokens.ForSending);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_take_the_old_token_until_the_first_message_with_the_new_one(bool isServer)
    {
        var (tokens, first, second) = Renewed(isServer);
        Assert.Same(first, tokens.ForReceiving(1));
        Assert.Same(second, tokens.ForReceiving(2));
        tokens.Used(second);
        Assert.Null(tokens.ForReceiving(1));
        Assert.Same(second, tokens.ForReceiving(2));
    }

    [Fact]
    public void A_token_is_taken_for_a_quarter_beyond_its_life_and_no_longer()
    {
        var (tokens, _, _) = Renewed(isServer: true);
        time.Advance(TimeSpan.FromSeconds(125));
        Assert.NotNull(tokens.ForReceiving(1));
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(tokens.ForReceiving(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_renewal_leaves_a_token_alive_whose_first_message_may_be_on_its_way(bool isServer)
    {
        var (tokens, first, second) = Renewed(isServer);
        var third = Token(3);
        tokens.Install(third);
        Assert.Same(isServer ? first : third, tokens.ForSending);
        Assert.Same(second, tokens.ForReceiving(2));
        tokens.Used(second);
        Assert.Null(tokens.ForReceiving(1));
        Assert.Same(isServer ? second : third, tokens.ForSending);
        tokens.Used(third);
        Assert.Null(tokens.ForReceiving(2));
        Assert.Same(third, tokens.ForSending);
    }

    [Fact]
    public void Renewals_without_a_message_do_not_pile_up()
    {
        var (tokens, _, _) = Renewed(isServer: true);
        for (var id = 3u; id <= 100; id++)
            tokens.Install(Token(id));
        Assert.Equal(4, Enumerable.Range(1, 100).Count(id => tokens.ForReceiving((uint)id) is not null));
    }

    [Fact]
    public void Unknown_tokens_are_refused() => Assert.Null(Renewed(isServer: true).Tokens.ForReceiving(9));

    private (TokenSet Tokens, SecurityToken First, SecurityToken Second) Renewed(bool isServer)
    {
        var tokens = new TokenSet(isServer);
        var first = Token(1);
        var second = Token(2);
        tokens.Install(first);
        tokens.Install(second);
        return (tokens, first, second);
    }

    private SecurityToken Token(uint id) => new(id, time, TimeSpan.FromSeconds(100), SymmetricCrypto.None, SymmetricCrypto.None);
}
