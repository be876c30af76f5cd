using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;

namespace FloorGateway.Historian.Influx;

public sealed partial class InfluxDestination
{
    /// <summary>
    /// Finds the samples behind the lines that a server refuses and delivers all others: what is not named is sent again until the server takes all of it, which
    /// is the only sure sign that nothing else was refused; of a line of several samples each is then sent in a line of its own.
    /// </summary>
    /// <returns>Delivered with the refused samples (by index), or why it did not come to that.</returns>
    private async ValueTask<(DeliveryResult Result, IReadOnlyList<RefusedSample> Refused)> IsolateAsync(
        ReadOnlyMemory<Sample> samples, IReadOnlyList<RefusedLine> named, IReadOnlyList<GapRecord> gaps, CancellationToken cancel)
    {
        var refused = new SortedDictionary<int, string>();
        var suspects = new List<int>();
        var pending = Enumerable.Range(0, samples.Length).ToList();
        var joined = true;
        while (true)
        {
            if (!TakeOut(samples.Span, pending, joined, named, refused, suspects))
                return (DeliveryResult.Rejected(named[0].Reason), []);
            if (pending.Count > 0 || gaps.Count > 0)
            {
                var answer = await SendAgainAsync(samples, pending, joined, gaps, cancel);
                if (answer.Refused is { } more)
                {
                    named = more;
                    continue;
                }

                if (answer.Result.Outcome != DeliveryOutcome.Delivered)
                    return (answer.Result, []);
                gaps = [];
            }

            if (suspects.Count == 0)
                return (DeliveryResult.Delivered, [.. refused.Select(one => new RefusedSample(one.Key, one.Value))]);
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

    private ValueTask<InfluxAnswer> SendAgainAsync(ReadOnlyMemory<Sample> samples, List<int> pending, bool joined, IReadOnlyList<GapRecord> gaps, CancellationToken cancel)
    {
        text.Clear();
        // Whether the quality written before has arrived is not known.
        lines.ForgetQuality();
        lines.Write(Gather(samples.Span, pending), text, int.MaxValue, out _, joined);
        if (gaps.Count > 0)
            lines.WriteGaps(gaps, text);
        return SendAsync(cancel);
    }

    private static Sample[] Gather(ReadOnlySpan<Sample> samples, List<int> indexes)
    {
        var gathered = new Sample[indexes.Count];
        for (var i = 0; i < gathered.Length; i++)
            gathered[i] = samples[indexes[i]];
        return gathered;
    }
}
