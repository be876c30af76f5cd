using FloorGateway.OpcUa.SecureChannel;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class TokenSetTests
{
    private static readonly DateTimeOffset Start = new(2027, 3, 15, 0, 0, 0, TimeSpan.Zero);

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
        Assert.Same(first, tokens.ForReceiving(1, Start));
        Assert.Same(second, tokens.ForReceiving(2, Start));
        tokens.Used(second);
        Assert.Null(tokens.ForReceiving(1, Start));
        Assert.Same(second, tokens.ForReceiving(2, Start));
    }

    [Fact]
    public void A_token_is_taken_for_a_quarter_beyond_its_life_and_no_longer()
    {
        var (tokens, _, _) = Renewed(isServer: true);
        Assert.NotNull(tokens.ForReceiving(1, Start.AddSeconds(125)));
        Assert.Null(tokens.ForReceiving(1, Start.AddSeconds(125.1)));
    }

    [Fact]
    public void A_second_renewal_replaces_a_token_that_was_never_used()
    {
        var (tokens, first, _) = Renewed(isServer: true);
        var third = Token(3);
        tokens.Install(third);
        Assert.Null(tokens.ForReceiving(2, Start));
        Assert.Same(first, tokens.ForSending);
        tokens.Used(third);
        Assert.Same(third, tokens.ForSending);
    }

    [Fact]
    public void Unknown_tokens_are_refused() => Assert.Null(Renewed(isServer: true).Tokens.ForReceiving(9, Start));

    private static (TokenSet Tokens, SecurityToken First, SecurityToken Second) Renewed(bool isServer)
    {
        var tokens = new TokenSet(isServer);
        var first = Token(1);
        var second = Token(2);
        tokens.Install(first);
        tokens.Install(second);
        return (tokens, first, second);
    }

    private static SecurityToken Token(uint id) => new(id, Start, TimeSpan.FromSeconds(100), SymmetricCrypto.None, SymmetricCrypto.None);
}
