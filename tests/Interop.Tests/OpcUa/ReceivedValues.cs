using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.OpcUa;

/// <summary>What a subscription with one item delivers, in order, for tests to wait for.</summary>
internal sealed class ReceivedValues : ISubscriptionHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Lock gate = new();
    private readonly List<double> values = [];
    private readonly List<string> states = [];
    private readonly List<SubscriptionGap> gaps = [];
    private readonly List<int> gapsAt = [];
    private readonly List<string> refusals = [];
    private long lastSourceTicks;
    private uint lastSequence;
    private Action? changed;

    public IReadOnlyList<double> Values => Copy(values);

    public IReadOnlyList<SubscriptionGap> Gaps => Copy(gaps);

    /// <summary>How many values had come before each gap.</summary>
    public IReadOnlyList<int> GapsAt => Copy(gapsAt);

    public int Overflows { get; private set; }

    /// <summary>
    /// Values that the server said once more in a message of their own, source time and all: node-opcua repeats the current value when a session goes on
    /// over a new channel. A repetition within or of one message is not counted here; it stays in <see cref="Values"/>.
    /// </summary>
    public int Resent { get; private set; }

    public IReadOnlyList<string> Refusals => Copy(refusals);

    public Task UntilValueAsync(double value) => UntilAsync(() => values.Count > 0 && values[^1] >= value, $"value {value}");

    /// <summary>The subscription left Running: the loss of the link has been noticed.</summary>
    public Task UntilLostAsync() => UntilAsync(() => states.Count > 0 && states.FindLastIndex(Is(SubscriptionState.Running)) < states.Count - 1, "a lost link");

    public Task UntilRunningAsync() => UntilAsync(() => states.Count > 0 && Is(SubscriptionState.Running)(states[^1]), "a running subscription");

    public ValueTask OnNotificationAsync(Notification notification)
    {
        lock (gate)
        {
            var changes = notification.DataChanges;
            while (changes.MoveNext())
            {
                if (changes.SourceTicks == lastSourceTicks && notification.SequenceNumber > lastSequence && values[^1] == changes.Double)
                {
                    Resent++;
                    continue;
                }

                (lastSourceTicks, lastSequence) = (changes.SourceTicks, notification.SequenceNumber);
                values.Add(changes.Double);
                if (changes.IsOverflow) Overflows++;
            }

            changed?.Invoke();
        }

        notification.Acknowledge();
        return default;
    }

    public void OnGap(SubscriptionGap gap)
    {
        lock (gate)
        {
            gaps.Add(gap);
            gapsAt.Add(values.Count);
        }
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
            refusals.Add($"{clientHandle} {status}");
    }

    private static Predicate<string> Is(SubscriptionState state) => text => text.StartsWith(state.ToString(), StringComparison.Ordinal);

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check()
        {
            if (condition()) done.TrySetResult();
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
                throw new TimeoutException($"Waited in vain for {what}. Last values: {string.Join(", ", values.TakeLast(5))}; gaps: {gaps.Count}; states:\n{string.Join('\n', states)}");
        }
        finally
        {
            lock (gate)
                changed -= Check;
        }
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (gate)
            return [.. list];
    }
}
