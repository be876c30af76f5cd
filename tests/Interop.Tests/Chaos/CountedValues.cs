using System.Globalization;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.Chaos;

/// <summary>
/// Everything a subscription with one counter delivers, and the judgement at the end: each value of the truth file came once, or a gap names its time. A value said
/// again, source time and all, right after itself is the server's repetition (node-opcua repeats the current one when a session goes on) and is counted apart.
/// </summary>
internal sealed class CountedValues : ISubscriptionHandler
{
    /// <summary>A gap begins at the server's time of a message, and the values in it are up to a publishing interval older.</summary>
    private static readonly long Margin = TimeSpan.FromMilliseconds(100).Ticks;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Lock gate = new();
    private readonly List<(long Value, long Ticks)> received = [];
    private readonly List<(long From, long To, string Cause)> gaps = [];
    private readonly List<string> states = [];
    private Action? changed;

    public int Resent { get; private set; }

    public int Gaps
    {
        get
        {
            lock (gate)
                return gaps.Count;
        }
    }

    public ValueTask OnNotificationAsync(Notification notification)
    {
        lock (gate)
        {
            var changes = notification.DataChanges;
            while (changes.MoveNext())
            {
                var value = (long)changes.Double;
                if (received.Count > 0 && received[^1] == (value, changes.SourceTicks))
                {
                    Resent++;
                    continue;
                }

                if (changes.IsOverflow)
                    gaps.Add((received.Count == 0 ? 0 : received[^1].Ticks, changes.SourceTicks, "overflow"));
                received.Add((value, changes.SourceTicks));
            }

            changed?.Invoke();
        }

        notification.Acknowledge();
        return default;
    }

    public void OnGap(SubscriptionGap gap)
    {
        lock (gate)
            gaps.Add((gap.FromTicks, gap.ToTicks, gap.Cause));
    }

    public void OnStateChanged(SubscriptionState state, string reason)
    {
        lock (gate)
        {
            states.Add($"{state}: {reason}");
            changed?.Invoke();
        }
    }

    public void OnItemStatus(uint clientHandle, StatusCode status)
    {
        lock (gate)
            states.Add($"item {clientHandle} {status}");
    }

    public Task UntilValueAsync(long value) => UntilAsync(() => received.Count > 0 && received[^1].Value >= value, $"value {value}");

    /// <summary>More values than now have come.</summary>
    public Task UntilMoreAsync(int count)
    {
        int target;
        lock (gate)
            target = received.Count + count;
        return UntilAsync(() => received.Count >= target, $"{count} more values");
    }

    /// <summary>The subscription has left Running since the mark was taken with <see cref="Mark"/>.</summary>
    public Task UntilLostAsync(int mark) => UntilAsync(() => states.Skip(mark).Any(s => !s.StartsWith("Running", StringComparison.Ordinal)), "a loss that is noticed");

    public int Mark()
    {
        lock (gate)
            return states.Count;
    }

    /// <summary>Compares with what was produced.</summary>
    /// <returns>What is wrong, in words, or null.</returns>
    public (string? Wrong, int Produced, int Delivered, int Named) Judge(string truthFile)
    {
        var truth = File.ReadAllLines(truthFile).Select(l => l.Split(' ')).Where(p => p.Length == 2)
            .Select(p => (Value: long.Parse(p[0], CultureInfo.InvariantCulture), Ticks: long.Parse(p[1], CultureInfo.InvariantCulture))).ToList();
        lock (gate)
        {
            // Values from before the first one received were produced before anybody listened.
            var first = received[0];
            truth = [.. truth.Where(t => t.Value >= first.Value)];
            var produced = truth.ToHashSet();
            var known = received.ToHashSet();
            var missing = truth.Where(t => !known.Contains(t)).ToList();
            var unnamed = missing.Where(t => !gaps.Any(g => g.From - Margin <= t.Ticks && t.Ticks <= g.To)).ToList();
            var twice = received.GroupBy(r => r).Where(g => g.Count() > 1).Select(g => g.Key.Value).ToList();
            var foreign = received.Where(r => !produced.Contains(r)).ToList();
            var backwards = received.Zip(received.Skip(1)).Where(p => p.Second.Value <= p.First.Value).ToList();
            string? wrong = unnamed.Count + twice.Count + foreign.Count + backwards.Count == 0
                ? null
                : $"lost without a word: {Some(unnamed.Select(u => $"{u.Value} at {new DateTime(u.Ticks):O}"))}; twice: {Some(twice)}; never produced: {Some(foreign)}; out of order: {Some(backwards)}\n"
                    + $"gaps: {string.Join("; ", gaps.Select(g => $"{new DateTime(g.From):O} to {new DateTime(g.To):O} {g.Cause}"))}\n{string.Join('\n', states.TakeLast(40))}";
            return (wrong, truth.Count, known.Count, missing.Count);
        }
    }

    private static string Some<T>(IEnumerable<T> items)
    {
        var all = items.ToList();
        return all.Count == 0 ? "none" : $"{all.Count} ({string.Join(", ", all.Take(5))})";
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check()
        {
            if (condition())
                done.TrySetResult();
        }

        lock (gate)
        {
            changed += Check;
            Check();
        }

        try
        {
            await done.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            lock (gate)
                throw new TimeoutException($"Waited in vain for {what}; {received.Count} values came, the last {(received.Count > 0 ? received[^1].Value : -1)}; {gaps.Count} gaps; states:\n{string.Join('\n', states.TakeLast(30))}");
        }
        finally
        {
            lock (gate)
                changed -= Check;
        }
    }
}
