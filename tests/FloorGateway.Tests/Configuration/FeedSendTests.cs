using FloorGateway.Configuration;
using FloorGateway.Hosting;
using FloorGateway.Pipeline.Feeds;

namespace FloorGateway.Tests.Configuration;

/// <summary>What a feed may hold under <c>send</c>.</summary>
public sealed class FeedSendTests
{
    private const string Head = "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost:1}}\nfeeds:\n  uns: {type: mqtt, url: \"mqtt://127.0.0.1\", send: ";

    [Fact]
    public void Everything_under_send_reaches_the_feed()
    {
        var feed = Feed("{include: [\"A/**\"], exclude: [\"**/X\"], rates: [{tags: \"A/*\", deadband: 0.5, minInterval: 2s}, {tags: \"**\", aggregate: Mean, every: 1m}], paused: true, inOrder: true, catchUpRate: 500}");
        var options = FeedDestinations.Options(feed);
        Assert.Equal((true, 500), (options.Paused, options.CatchUpRate));
        Assert.Null(options.LiveAfter);
        Assert.Equal("A/**", Assert.Single(options.Filter.Include));
        Assert.Equal("**/X", Assert.Single(options.Filter.Exclude));
        Assert.Equal(new FeedRate { Tags = "A/*", Deadband = 0.5, MinInterval = TimeSpan.FromSeconds(2) }, options.Filter.Rates[0]);
        Assert.Equal(new FeedRate { Tags = "**", Aggregate = FeedAggregate.Mean, Every = TimeSpan.FromMinutes(1) }, options.Filter.Rates[1]);
    }

    [Fact]
    public void A_feed_is_live_first_and_the_history_in_order_unless_told_otherwise()
    {
        var feeds = Loaded.Good(Head.Replace(", send: ", "}\n", StringComparison.Ordinal)).Feeds;
        Assert.NotNull(FeedDestinations.Options(feeds.Single(f => f.Name == "uns")).LiveAfter);
        Assert.Null(FeedDestinations.Options(feeds.Single(f => f.Name == "history")).LiveAfter);
        Assert.True(FeedDestinations.Options(feeds[0]).Filter.IsEmpty);
    }

    [Theory]
    [InlineData("{rates: [{tags: \"**\", aggregate: Mean}]}", "an aggregate needs the length of its intervals; add every: 1m")]
    [InlineData("{rates: [{tags: \"**\", every: 1m}]}", "'every' is the interval of an aggregate, and none is named")]
    [InlineData("{rates: [{tags: \"**\", deadband: -1}]}", "a deadband can't be negative; write 0 or more")]
    [InlineData("{rates: [{tags: \"**\", aggregate: Mean, every: 1m, deadband: 1}]}", "an aggregate takes neither deadband nor minInterval")]
    [InlineData("{rates: [{deadband: 1}]}", "'tags' is missing in feed.send.rates")]
    [InlineData("{pause: true}", "unknown key 'pause' in feed.send; did you mean 'paused'?")]
    public void A_mistake_says_what_to_write(string send, string error) => Assert.Contains(Loaded.Errors(Head + send + "}"), e => e.Contains(error, StringComparison.Ordinal));

    private static FeedSettings Feed(string send) => Loaded.Good(Head + send + "}").Feeds.Single(f => f.Name == "uns");
}
