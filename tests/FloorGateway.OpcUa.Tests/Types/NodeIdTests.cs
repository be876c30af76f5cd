using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Types;

public sealed class NodeIdTests
{
    [Theory]
    [InlineData("i=84")]
    [InlineData("ns=2;s=Line1.Speed")]
    [InlineData("ns=2;s=a;b=c")]
    [InlineData("ns=3;g=72962b91-fa75-4ae6-8d28-b404dc7daf63")]
    [InlineData("ns=65535;b=AQID")]
    [InlineData("ns=4;i=4294967295")]
    public void Text_form_round_trips(string text)
    {
        var id = NodeId.Parse(text);
        Assert.Equal(text, id.ToString());
        Assert.Equal(id, NodeId.Parse(id.ToString()));
        Assert.Equal(id.GetHashCode(), NodeId.Parse(text).GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("84")]
    [InlineData("i=-1")]
    [InlineData("i=4294967296")]
    [InlineData("ns=65536;i=1")]
    [InlineData("ns=1")]
    [InlineData("g=nope")]
    [InlineData("b=*")]
    [InlineData("x=1")]
    public void Bad_text_is_refused(string text)
    {
        Assert.False(NodeId.TryParse(text, out _));
        Assert.Contains(text, Assert.Throws<FormatException>(() => NodeId.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nsu=http://example.com/plant;s=A")]
    [InlineData("svr=3;nsu=urn:x%3By;i=5")]
    [InlineData("ns=2;s=A")]
    public void Expanded_text_form_round_trips(string text) => Assert.Equal(text, ExpandedNodeId.Parse(text).ToString());

    [Fact]
    public void Expanded_id_resolves_by_namespace_uri()
    {
        var id = ExpandedNodeId.Parse("nsu=urn:plant;s=A");
        Assert.True(id.TryResolve(["http://opcfoundation.org/UA/", "urn:me", "urn:plant"], out var resolved));
        Assert.Equal(new NodeId(2, "A"), resolved);
        Assert.False(id.TryResolve(["http://opcfoundation.org/UA/"], out _));
    }

    [Fact]
    public void Null_in_every_kind()
    {
        Assert.True(default(NodeId).IsNull);
        Assert.True(new NodeId(0, "").IsNull);
        Assert.True(new NodeId(0, Guid.Empty).IsNull);
        Assert.True(new NodeId(0, Array.Empty<byte>()).IsNull);
        Assert.False(new NodeId(1, 0u).IsNull);
    }

    [Fact]
    public void Overflow_bit_is_seen_only_with_its_info_type()
    {
        Assert.True(new StatusCode(0x00000480).IsOverflow);
        Assert.False(new StatusCode(0x00000080).IsOverflow);
        Assert.True(StatusCode.Good.WithOverflow().IsOverflow);
        Assert.True(StatusCode.Good.WithOverflow().IsGood);
    }
}
