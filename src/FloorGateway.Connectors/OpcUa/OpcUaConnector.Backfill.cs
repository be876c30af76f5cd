using System.Collections.Concurrent;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>Fills gaps from the server's own history (OPC 10000-11), where it keeps one; what it does not give stays named.</summary>
public sealed partial class OpcUaConnector
{
    /// <summary>Tags that get gap records of their own; with more of them one record says it for the whole server.</summary>
    private const int MaxTagGaps = 100;

    /// <summary>History reads at a time: servers answer them on threads of their own, and small ones have few.</summary>
    private const int ReadsAtOnce = 4;

    /// <summary>Values of one gap: bounds the memory, and what a server can make us journal at once.</summary>
    private const int MaxBackfilled = 1_000_000;

    private const byte HistoryReadBit = 4;

    // When the server started that the last journaled message came from; 0 = not known in this run.
    private long knownStart;

    private readonly SampleBatch fetchedBatch = new(4096);

    /// <summary>Appends what history has of a gap, and gives the gaps that are left.</summary>
    private async ValueTask<IReadOnlyList<GapRecord>> BackfillAsync(GapRecord gap)
    {
        if (options.Backfill <= TimeSpan.Zero || subscription?.Client is not { } client || gap.From >= gap.To)
            return [gap];
        var wanted = gap.Tag is null ? Enumerable.Range(0, items.Count).Select(i => (uint)i).ToList() : HandlesOf(gap.Tag);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        patience.CancelAfter(options.Backfill);
        try
        {
            var nodes = await NodesWithHistoryAsync(client, wanted, patience.Token).ConfigureAwait(false);
            if (nodes.Count == 0)
                return [gap];
            var fetched = new ConcurrentDictionary<uint, List<DataValue>>();
            await FetchAsync(client, nodes, gap, fetched, patience.Token).ConfigureAwait(false);
            if (fetched.IsEmpty)
                return [gap];
            await AppendFetchedAsync(fetched).ConfigureAwait(false);
            return Left(gap, wanted, fetched, client.ServerStartTicks);
        }
        catch (Exception e) when (e is UaServiceException or ChannelException || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            LogNotBackfilled(options.Server, e.Message);
            return [gap];
        }
        finally
        {
            foreach (var handle in wanted)
                previousSource[handle] = 0;
        }
    }

    private List<uint> HandlesOf(string path) =>
        [.. Enumerable.Range(0, items.Count).Select(i => (uint)i).Where(handle => items.TagsOf(handle).ToArray().Any(tag => catalog[tag].Path == path))];

    private async ValueTask<List<(uint Handle, NodeId Node)>> NodesWithHistoryAsync(UaClient client, IReadOnlyList<uint> handles, CancellationToken cancel)
    {
        var nodes = await ResolveAsync(client, handles, cancel).ConfigureAwait(false);
        var access = await client.ReadAsync([.. nodes.Select(n => new ReadValueId { NodeId = n.Node, AttributeId = AttributeIds.UserAccessLevel })], cancel: cancel).ConfigureAwait(false);
        return [.. nodes.Where((_, i) => access[i].Status.IsGood && access[i].Value.TryGetInt64(out var level) && (level & HistoryReadBit) != 0)];
    }

    private async ValueTask<List<(uint Handle, NodeId Node)>> ResolveAsync(UaClient client, IReadOnlyList<uint> handles, CancellationToken cancel)
    {
        var nodes = new List<(uint Handle, NodeId Node)>();
        foreach (var handle in handles)
        {
            var item = items.Settings[(int)handle];
            if (!item.NodeId.TryResolve(client.NamespaceUris, out var node))
                continue;
            if (item.Path is null)
                nodes.Add((handle, node));
            else if (item.Path.TryResolve(client.NamespaceUris, out var names) && await client.TranslateBrowsePathAsync(node, names, cancel).ConfigureAwait(false) is { } found)
                nodes.Add((handle, found));
        }

        return nodes;
    }

    private async Task FetchAsync(UaClient client, List<(uint Handle, NodeId Node)> nodes, GapRecord gap, ConcurrentDictionary<uint, List<DataValue>> fetched, CancellationToken cancel)
    {
        var count = 0;
        await Parallel.ForEachAsync(nodes, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce }, async (node, _) =>
        {
            // From the last value that came; where that is not known, from a little before the gap: rather twice than never.
            var earliest = gap.From - options.Subscription.PublishingInterval.Ticks - GapMargin.Ticks;
            var before = previousSource[node.Handle] != 0 ? previousSource[node.Handle] : gap.Tag is null ? earliest : gap.From;
            var start = Math.Max(Math.Max(before, earliest), 1) + 1;
            // The value that came first after the gap is not history's to give.
            var end = gap.Tag is null && firstSource[node.Handle] != 0 ? Math.Min(firstSource[node.Handle], gap.To) : gap.To;
            var values = new List<DataValue>();
            try
            {
                await foreach (var page in client.HistoryReadRawAsync(node.Node, UaDateTime.FromTicks(start), UaDateTime.FromTicks(Math.Max(end, start)), cancel: cancel).ConfigureAwait(false))
                {
                    values.AddRange(page.Where(v => v.SourceTicks >= start && v.SourceTicks < end));
                    if (Interlocked.Add(ref count, page.Length) > MaxBackfilled)
                        return;
                }

                fetched[node.Handle] = values;
            }
            catch (Exception e) when (e is UaServiceException or ChannelException or OperationCanceledException)
            {
                LogNotBackfilled(options.Server, $"{node.Node}: {e.Message}");
            }
        }).ConfigureAwait(false);
    }

    private async ValueTask AppendFetchedAsync(ConcurrentDictionary<uint, List<DataValue>> fetched)
    {
        var now = time.GetUtcNow().UtcTicks;
        fetchedBatch.Clear();
        foreach (var (handle, values) in fetched)
        {
            foreach (var value in values)
            {
                AddFetched(fetchedBatch, handle, value, now, SampleOrigin.Backfill);
                if (fetchedBatch.Count >= 4096)
                    await AppendFetchedBatchAsync().ConfigureAwait(false);
            }

            if (values.Count > 0)
                fetchedUpTo[handle] = values.Max(v => v.SourceTicks);
        }

        await AppendFetchedBatchAsync().ConfigureAwait(false);
        LogBackfilled(options.Server, fetched.Values.Sum(v => v.Count), fetched.Count);
    }

    private void AddFetched(SampleBatch to, uint handle, in DataValue value, long now, SampleOrigin origin)
    {
        TagValue converted;
        var status = value.Status.Value & ~InfoBits;
        try
        {
            converted = ValueConverter.ToTagValue(value.Value);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            (converted, status) = (TagValue.Null, StatusCodes.BadDecodingError);
        }

        foreach (var tag in items.TagsOf(handle))
        {
            ref var sample = ref to.Add();
            sample.Tag = tag;
            sample.Value = converted;
            sample.SourceTime = value.SourceTicks;
            sample.ReceiveTime = now;
            sample.Status = status;
            sample.Origin = origin;
        }
    }

    private async ValueTask AppendFetchedBatchAsync()
    {
        if (fetchedBatch.Count == 0)
            return;
        var count = fetchedBatch.Count;
        await sink.AppendAsync(options.Server, fetchedBatch, stopping.Token).ConfigureAwait(false);
        received += count;
        fetchedBatch.Clear();
    }

    /// <summary>What history did not give: tags without one, and the time in which the server itself did not run.</summary>
    private List<GapRecord> Left(GapRecord gap, IReadOnlyList<uint> wanted, ConcurrentDictionary<uint, List<DataValue>> fetched, long serverStart)
    {
        var unread = wanted.Where(handle => !fetched.ContainsKey(handle)).SelectMany(handle => items.TagsOf(handle).ToArray()).ToList();
        if (unread.Count > MaxTagGaps)
            return [gap];
        var left = unread.ConvertAll(tag => gap with { Tag = catalog[tag].Path });
        if (serverStart != knownStart && serverStart > gap.From && serverStart < gap.To)
        {
            // It lived at least until the last value of before; what changed while it was down nobody has seen.
            var lived = fetched.Values.SelectMany(v => v).Select(v => v.SourceTicks).Where(t => t < serverStart).DefaultIfEmpty(gap.From).Max();
            left.Add(gap with { From = Math.Max(gap.From, lived), To = serverStart });
        }

        return left;
    }
}
