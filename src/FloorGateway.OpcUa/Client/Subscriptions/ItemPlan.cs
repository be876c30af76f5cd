namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>Spreads items over subscriptions: items of one publishing interval together, in their order, no more in each than the server takes. Pure.</summary>
internal static class ItemPlan
{
    /// <param name="items">What to monitor.</param>
    /// <param name="standard">The publishing interval of items that give none.</param>
    /// <param name="maxItems">Most items of a subscription; 0 = no limit.</param>
    /// <param name="maxSubscriptions">Most subscriptions; 0 = no limit.</param>
    public static List<(TimeSpan Interval, List<MonitoredItemSettings> Items)> Spread(IEnumerable<MonitoredItemSettings> items, TimeSpan standard, int maxItems, int maxSubscriptions)
    {
        List<(TimeSpan Interval, List<MonitoredItemSettings> Items)> parts = [];
        foreach (var group in items.GroupBy(i => i.PublishingInterval ?? standard))
        {
            parts.AddRange(group.Chunk(maxItems > 0 ? maxItems : int.MaxValue).Select(chunk => (group.Key, chunk.ToList())));
        }

        while (maxSubscriptions > 0 && parts.Count > maxSubscriptions)
        {
            Merge(parts);
        }

        return parts;
    }

    /// <summary>The slowest part goes into the nearest that publishes as often or more often: frequent values are better than late ones.</summary>
    private static void Merge(List<(TimeSpan Interval, List<MonitoredItemSettings> Items)> parts)
    {
        var slowest = Enumerable.Range(0, parts.Count).OrderByDescending(i => parts[i].Interval).ThenBy(i => parts[i].Items.Count).First();
        var (interval, moved) = parts[slowest];
        parts.RemoveAt(slowest);
        parts[BestFor(interval, [.. parts.Select(p => (p.Interval, p.Items.Count))])].Items.AddRange(moved);
    }

    /// <summary>Where items of an interval fit best among what is there.</summary>
    public static int BestFor(TimeSpan interval, IReadOnlyList<(TimeSpan Interval, int Count)> parts) => Enumerable.Range(0, parts.Count)
        .OrderBy(i => parts[i].Interval > interval)
        .ThenBy(i => (parts[i].Interval - interval).Duration())
        .ThenBy(i => parts[i].Count)
        .First();
}
