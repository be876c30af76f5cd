using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;

namespace FloorGateway.Historian.Influx;

internal sealed partial class InfluxLane
{
    /// <summary>Finds the samples of a request that a server refuses, by the lines that it names or else by halving, and delivers all others.</summary>
    /// <returns>Delivered, or why it did not come to that.</returns>
    private async ValueTask<DeliveryResult> FindRefusedAsync(
        InfluxBody body, ReadOnlyMemory<Sample> samples, int from, IReadOnlyList<GapRecord> gaps, InfluxAnswer answer, CancellationToken cancel)
    {
        // Whether the quality written before has arrived is not known.
        lines.ForgetQuality();
        if (answer.Refused is { } named && await IsolateAsync(body, samples, from, named, gaps, cancel) is { } done)
            return done;
        if (gaps.Count > 0 && samples.Length > 0)
        {
            var first = await DeliverPieceAsync(body, samples, from, [], cancel);
            return first.Outcome == DeliveryOutcome.Delivered ? await DeliverPieceAsync(body, default, from, gaps, cancel) : first;
        }

        // A gap record can't be named: the feed splits the batch until it stands alone.
        if (samples.Length == 0)
            return answer.Result;
        if (samples.Length == 1)
        {
            refused.Add(new RefusedSample(from, answer.Result.Reason!));
            return DeliveryResult.Delivered;
        }

        var half = samples.Length / 2;
        var result = await DeliverPieceAsync(body, samples[..half], from, [], cancel);
        return result.Outcome == DeliveryOutcome.Delivered ? await DeliverPieceAsync(body, samples[half..], from + half, [], cancel) : result;
    }

    /// <summary>
    /// Finds the samples behind the lines that a server refuses and delivers all others: what is not named is sent again until the server takes all of it, which
    /// is the only sure sign that nothing else was refused; of a line of several samples each is then sent in a line of its own.
    /// </summary>
    /// <returns>Delivered, or why it did not come to that; null where the server names what was not sent.</returns>
    private async ValueTask<DeliveryResult?> IsolateAsync(
        InfluxBody body, ReadOnlyMemory<Sample> samples, int from, IReadOnlyList<RefusedLine> named, IReadOnlyList<GapRecord> gaps, CancellationToken cancel)
    {
        var found = new SortedDictionary<int, string>();
        var suspects = new List<int>();
        var pending = Enumerable.Range(0, samples.Length).ToList();
        var joined = true;
        while (true)
        {
            if (!TakeOut(samples.Span, pending, joined, named, found, suspects))
                return null;
            if (pending.Count > 0 || gaps.Count > 0)
            {
                var answer = await SendAgainAsync(body, samples, pending, joined, gaps, cancel);
                if (answer.Refused is { } more)
                {
                    named = more;
                    continue;
                }

                if (answer.Result.Outcome == DeliveryOutcome.Retry)
                    return answer.Result;
                if (answer.Result.Outcome == DeliveryOutcome.Rejected)
                    return null;
                gaps = [];
            }

            if (suspects.Count == 0)
            {
                refused.AddRange(found.Select(one => new RefusedSample(from + one.Key, one.Value)));
                return DeliveryResult.Delivered;
            }

            (pending, suspects, joined, named) = (suspects, [], false, []);
        }
    }

    /// <summary>Takes the samples of the named lines out of those pending: alone in their line they are refused, else suspect. False: a line is not one of samples.</summary>
    private bool TakeOut(ReadOnlySpan<Sample> samples, List<int> pending, bool joined, IReadOnlyList<RefusedLine> named, SortedDictionary<int, string> refused, List<int> suspects)
    {
        if (named.Count == 0)
            return true;
        var sent = Gather(samples, pending);
        IReadOnlyList<int> starts = joined ? lines.LineStarts(sent) : [.. Enumerable.Range(0, sent.Length)];
        var gone = new HashSet<int>();
        foreach (var (line, reason) in named)
        {
            if (line > starts.Count)
                return false;
            var (from, to) = (starts[line - 1], line < starts.Count ? starts[line] : sent.Length);
            for (var i = from; i < to; i++)
            {
                if (!gone.Add(pending[i]))
                    continue;
                if (to - from == 1)
                    refused[pending[i]] = $"InfluxDB at {options.Url}: {reason}";
                else
                    suspects.Add(pending[i]);
            }
        }

        pending.RemoveAll(gone.Contains);
        suspects.Sort();
        return true;
    }

    private Task<InfluxAnswer> SendAgainAsync(InfluxBody body, ReadOnlyMemory<Sample> samples, List<int> pending, bool joined, IReadOnlyList<GapRecord> gaps, CancellationToken cancel)
    {
        body.Text.Clear();
        // Whether the quality written before has arrived is not known.
        lines.ForgetQuality();
        lines.Write(Gather(samples.Span, pending), body.Text, int.MaxValue, out _, joined);
        lines.WriteGaps(gaps, body.Text);
        return sender.SendAsync(body, cancel);
    }

    private static Sample[] Gather(ReadOnlySpan<Sample> samples, List<int> indexes)
    {
        var gathered = new Sample[indexes.Count];
        for (var i = 0; i < gathered.Length; i++)
            gathered[i] = samples[indexes[i]];
        return gathered;
    }
}
