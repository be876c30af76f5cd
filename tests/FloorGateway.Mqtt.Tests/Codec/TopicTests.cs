using System.Text;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Tests.Codec;

public sealed class TopicTests
{
    [Theory]
    [InlineData("#", "a", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("#", "/", true)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$SYS/+", "$SYS/x", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("+", "a", true)]
    [InlineData("+", "/a", false)]
    [InlineData("/+", "/a", true)]
    [InlineData("+/+", "/a", true)]
    [InlineData("+/+/#", "a/b", true)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a/b", "a/bc", false)]
    [InlineData("a/bc", "a/b", false)]
    [InlineData("a/", "a/", true)]
    [InlineData("a/", "a", false)]
    [InlineData("a", "a/", false)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    [InlineData("a/+/b", "a/x/c", false)]
    public void Filters_cover_names(string filter, string topic, bool covers)
    {
        var limits = MqttLimits.Default;
        var f = Encoding.UTF8.GetBytes(filter);
        var t = Encoding.UTF8.GetBytes(topic);
        Assert.True(MqttTopic.IsValidFilter(f, limits));
        Assert.True(MqttTopic.IsValidName(t, limits));
        Assert.Equal(covers, MqttTopic.Matches(f, t));

        // The broker's tree must agree, both ways round.
        var filters = new FloorGateway.Mqtt.Broker.TopicTree<string>();
        filters.Set(f, "hit");
        var found = new List<string>();
        filters.MatchName(t, found);
        Assert.Equal(covers ? ["hit"] : [], found);

        var names = new FloorGateway.Mqtt.Broker.TopicTree<string>();
        names.Set(t, "hit");
        found.Clear();
        names.MatchFilter(f, found);
        Assert.Equal(covers ? ["hit"] : [], found);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("##", false)]
    [InlineData("a+", false)]
    [InlineData("+a/b", false)]
    [InlineData("a/+b", false)]
    [InlineData("$share/g", false)]
    [InlineData("$share//a", false)]
    [InlineData("$share/g/", false)]
    [InlineData("$share/g+/a", false)]
    [InlineData("$share/g/a/#", true)]
    [InlineData("$share/g/+/b", true)]
    [InlineData("$share/g/a#", false)]
    [InlineData("$shared", true)]
    public void Filter_syntax(string filter, bool valid) =>
        Assert.Equal(valid, MqttTopic.IsValidFilter(Encoding.UTF8.GetBytes(filter), MqttLimits.Default));

    [Fact]
    public void Levels_and_lengths_are_bounded()
    {
        var limits = new MqttLimits { MaximumTopicLevels = 3, MaximumTopicLength = 10 };
        Assert.True(MqttTopic.IsValidName("a/b/c"u8, limits));
        Assert.False(MqttTopic.IsValidName("a/b/c/d"u8, limits));
        Assert.False(MqttTopic.IsValidFilter("a/b/c/#"u8, limits));
        Assert.False(MqttTopic.IsValidName("01234567890"u8, limits));
    }

    [Fact]
    public void A_tree_forgets_branches_that_hold_nothing()
    {
        var tree = new FloorGateway.Mqtt.Broker.TopicTree<string>();
        tree.Set("a/b/c"u8, "1");
        tree.Set("a/b"u8, "2");
        Assert.Equal("1", tree.Remove("a/b/c"u8));
        Assert.Null(tree.Remove("a/b/c"u8));
        Assert.Equal("2", tree.Find("a/b"u8));
        Assert.Equal("2", tree.Remove("a/b"u8));
        Assert.Equal(0, tree.Count);
        var all = new List<string>();
        tree.MatchFilter("#"u8, all);
        Assert.Empty(all);
    }
}
