using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class NodePathTests
{
    private static readonly string[] Uris = [Namespaces.OpcUa, "urn:server", "http://example.com/UA/", "http://example.com/b/"];

    [Theory]
    [InlineData("nsu=http://example.com/UA/;Press1/Motor/Speed", "2:Press1|2:Motor|2:Speed")]
    [InlineData("/2:Press1/3:Motor", "2:Press1|3:Motor")]
    [InlineData("Server/ServerStatus", "Server|ServerStatus")]
    [InlineData("2:In&/Out/a&&b", "2:In/Out|2:a&b")]
    [InlineData("nsu=http://example.com/b/;12/x", "3:12|3:x")]
    public void Names_carry_their_namespace_on(string text, string expected)
    {
        Assert.True(NodePath.Parse(text).TryResolve(Uris, out var names));
        Assert.Equal(expected, string.Join('|', names.Select(n => n.ToString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("nsu=http://example.com/UA/")]
    [InlineData("nsu=;a")]
    [InlineData("70000:a")]
    public void What_is_no_path_is_refused(string text) => Assert.Throws<FormatException>(() => NodePath.Parse(text));

    [Fact]
    public void A_namespace_that_the_server_lacks_is_told() => Assert.False(NodePath.Parse("nsu=urn:elsewhere;a").TryResolve(Uris, out _));
}
