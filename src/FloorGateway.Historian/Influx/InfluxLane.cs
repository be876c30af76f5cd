using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;

namespace FloorGateway.Historian.Influx;

/// <summary>
/// One way to the server, with what it remembers of the qualities it wrote: batches go one after the other, each in one request or several. What the server refuses of them
/// is found here, so that the feed is told which samples it is.
/// </summary>
/// <param name="catalog">Names of the tags.</param>
/// <param name="options">Validated options.</param>
/// <param name="sender">Sends; shared with other lanes.</param>
/// <param name="requests">Requests under way at a time. More than one: the batch is sorted by series, and no point lies in two of them.</param>
internal sealed partial class InfluxLane(ITagCatalog catalog, InfluxOptions options, InfluxSender sender, int requests) : IDisposable
{
    private readonly LineProtocolWriter lines = new(catalog, options.Lines);
    private readonly Stack<InfluxBody> free = new(Enumerable.Range(0, requests).Select(_ => new InfluxBody()));
    private readonly Queue<Request> underWay = new();

    // Of the batch on its way: place in it, and why.
    private readonly List<RefusedSample> refused = [];
    private SeriesOrder? order;

    public async ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
    {
        // What was written last is not what comes before this batch: each tag says its quality again.
        if (batch.Jumped)
            lines.ForgetQuality();
        refused.Clear();
        DeliveryResult result;
        if (requests == 1)
        {
            var body = free.Peek();
            result = await DeliverPieceAsync(body, batch.Samples, 0, batch.Gaps, cancel);
        }
        else
        {
            order ??= new SeriesOrder(lines);
            result = await DeliverSortedAsync(order.Sort(batch.Samples.Span), batch.Gaps, order, cancel);
        }

        // What was written may not have arrived: each tag's next good sample says so again.
        if (result.Outcome != DeliveryOutcome.Delivered || refused.Count > 0)
            lines.ForgetQuality();
        if (result.Outcome != DeliveryOutcome.Delivered || refused.Count == 0)
            return result;
        return DeliveryResult.Rejected(refused[0].Reason, [.. refused.Select(r => r with { Index = requests == 1 ? r.Index : order!.IndexOf(r.Index) }).OrderBy(r => r.Index)]);
    }

    public void Dispose()
    {
        foreach (var body in free)
            body.Dispose();
    }

    /// <summary>Writes piece after piece, and sends them while the next is written. What goes wrong with a piece is seen to when all others have their answers.</summary>
    private async ValueTask<DeliveryResult> DeliverSortedAsync(ReadOnlyMemory<Sample> samples, IReadOnlyList<GapRecord> gaps, SeriesOrder sorted, CancellationToken cancel)
    {
        try
        {
            for (var at = 0; at < samples.Length || gaps.Count > 0 || underWay.Count > 0;)
            {
                if (free.Count > 0 && (at < samples.Length || gaps.Count > 0))
                {
                    var body = free.Pop();
                    body.Text.Clear();
                    var end = sorted.CutAt(Math.Min(at + options.MaxBatch, samples.Length));
                    var written = lines.Write(samples.Span[at..end], body.Text, options.MaxBodyBytes, out var problem);
                    lines.WriteGaps(gaps, body.Text);
                    var piece = samples.Slice(at, written);
                    underWay.Enqueue(new Request(body, piece, at, gaps, body.Text.Length == 0 ? null : Task.Run(() => sender.SendAsync(body, cancel), cancel)));
                    at += written;
                    gaps = [];
                    if (problem is not null)
                        refused.Add(new RefusedSample(at++, problem));
                    continue;
                }

                var first = underWay.Peek();
                if (first.Answer is null || (await first.Answer).Result.Outcome == DeliveryOutcome.Delivered)
                {
                    free.Push(underWay.Dequeue().Body);
                    continue;
                }

                await Task.WhenAll(underWay.Select(r => r.Answer ?? Task.CompletedTask));
                lines.ForgetQuality();
                var again = await DeliverPieceAsync(first.Body, first.Samples, first.From, first.Gaps, cancel);
                if (again.Outcome != DeliveryOutcome.Delivered)
                    return again;
                free.Push(underWay.Dequeue().Body);
            }

            return DeliveryResult.Delivered;
        }
        finally
        {
            // Bodies are in use until their requests have ended.
            foreach (var left in underWay)
            {
                if (left.Answer is { } answer)
                    await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                free.Push(left.Body);
            }

            underWay.Clear();
        }
    }

    /// <summary>Delivers samples of the batch, one request after the other, in smaller ones where the server says so; what is refused alone is remembered.</summary>
    /// <param name="body">Memory to use.</param>
    /// <param name="samples">What.</param>
    /// <param name="from">Place of the first of them in the batch.</param>
    /// <param name="gaps">Go with the first request.</param>
    /// <param name="cancel">Stops.</param>
    private async ValueTask<DeliveryResult> DeliverPieceAsync(InfluxBody body, ReadOnlyMemory<Sample> samples, int from, IReadOnlyList<GapRecord> gaps, CancellationToken cancel)
    {
        var most = samples.Length;
        for (var at = 0; at < samples.Length || gaps.Count > 0;)
        {
            body.Text.Clear();
            var part = samples.Slice(at, Math.Min(most, samples.Length - at));
            var written = lines.Write(part.Span, body.Text, options.MaxBodyBytes, out var problem);
            lines.WriteGaps(gaps, body.Text);
            if (body.Text.Length > 0)
            {
                var answer = await sender.SendAsync(body, cancel);
                if (answer.DatabaseMissing && options is { CreateDatabase: true, Api: InfluxApi.V1 })
                {
                    if (await sender.CreateDatabaseAsync(cancel) is { } trouble)
                        return trouble;
                    answer = await sender.SendAsync(body, cancel);
                }

                if (answer.TooLarge && written > 1)
                {
                    most = written / 2;
                    lines.ForgetQuality();
                    sender.LogSplit(options.Name, written, body.Text.Length);
                    continue;
                }

                if (answer.Result.Outcome == DeliveryOutcome.Retry)
                    return answer.Result;
                if (answer.Result.Outcome == DeliveryOutcome.Rejected)
                {
                    var found = await FindRefusedAsync(body, part[..written], from + at, gaps, answer, cancel);
                    if (found.Outcome != DeliveryOutcome.Delivered)
                        return found;
                }
            }

            gaps = [];
            at += written;
            if (problem is not null)
                refused.Add(new RefusedSample(from + at++, problem));
        }

        return DeliveryResult.Delivered;
    }

    /// <summary>A request on its way; no answer where there was nothing to send.</summary>
    private sealed record Request(InfluxBody Body, ReadOnlyMemory<Sample> Samples, int From, IReadOnlyList<GapRecord> Gaps, Task<InfluxAnswer>? Answer);
}
