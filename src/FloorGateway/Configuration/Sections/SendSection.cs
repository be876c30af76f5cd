using FloorGateway.Configuration.Loading;
using FloorGateway.Pipeline.Feeds;

namespace FloorGateway.Configuration.Sections;

/// <summary>What any feed may hold under <c>send</c>: which samples it gets, how many, and in which order.</summary>
internal static class SendSection
{
    public static readonly Section Send = new("feed.send", "include", "exclude", "rates", "paused", "inOrder", "catchUpRate");

    public static readonly Section Rate = new("feed.send.rates", "tags", "deadband", "minInterval", "aggregate", "every");

    // A million samples a second is beyond any destination.
    private const int MaxCatchUpRate = 1_000_000;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromDays(1);

    /// <summary>Adds them to a feed.</summary>
    public static FeedSettings Read(FeedSettings feed, MapReader feedReader)
    {
        // The embedded history is written and packed by time: what comes in order costs it less, and screens are live anyway.
        var standard = feed with { InOrder = feed is HistoryFeedSettings };
        if (feedReader.Map("send", Send) is not { } reader)
            return standard;
        var filter = new FeedFilterOptions
        {
            Include = [.. reader.Texts("include").Select(t => t.Value)],
            Exclude = [.. reader.Texts("exclude").Select(t => t.Value)],
            Rates = [.. reader.List("rates").Select(node => ReadRate(new MapReader(node, Rate, reader.Errors)))],
        };
        return standard with
        {
            Paused = reader.Flag("paused"),
            InOrder = reader.Flag("inOrder", standard.InOrder),
            CatchUpRate = reader.Whole("catchUpRate", 0, 0, MaxCatchUpRate),
            Filter = filter,
        };
    }

    private static FeedRate ReadRate(MapReader reader)
    {
        var rate = new FeedRate
        {
            Tags = reader.RequiredText("tags", "\"**/Motor.*\""),
            Deadband = reader.Number("deadband") ?? 0,
            MinInterval = reader.Duration("minInterval", TimeSpan.Zero, Shortest, Longest),
            Aggregate = reader.Choice("aggregate", FeedAggregate.None),
            Every = reader.Duration("every", TimeSpan.Zero, Shortest, Longest),
        };
        if (rate.Deadband < 0)
            reader.Errors.Error(reader.Source["deadband"], "a deadband can't be negative", "write 0 or more");
        if (rate.Aggregate != FeedAggregate.None && rate.Every == TimeSpan.Zero)
            reader.Errors.Error(reader.Source.At, "an aggregate needs the length of its intervals", "add every: 1m");
        if (rate.Aggregate == FeedAggregate.None && rate.Every > TimeSpan.Zero)
            reader.Errors.Error(reader.Source["every"], "'every' is the interval of an aggregate, and none is named", "add aggregate: Mean, or write minInterval instead");
        if (rate.Aggregate != FeedAggregate.None && (rate.Deadband > 0 || rate.MinInterval > TimeSpan.Zero))
            reader.Errors.Error(reader.Source.At, "an aggregate takes neither deadband nor minInterval: it sends one value each interval", "leave them out");
        return rate;
    }
}
