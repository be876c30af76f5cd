using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Simulators.Tests.OpcUa;

/// <summary>What a subscription delivered, per monitored item.</summary>
internal sealed class ReceivedChanges(int items) : ISubscriptionHandler
{
    private readonly List<long>[] _stamps = [.. Enumerable.Range(0, items).Select(_ => new List<long>())];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (long Count, TaskCompletionSource Done) _wanted = (long.MaxValue, new());
    private long _count;

    public int Overflows { get; private set; }

    public int Gaps { get; private set; }

    public long First(int item)
    {
        lock (_gate) return _stamps[item][0];
    }

    public List<long> Stamps(int item)
    {
        lock (_gate) return [.. _stamps[item]];
    }

    /// <summary>Completes when that many values have come, and one of each item.</summary>
    public async Task UntilAsync(long count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_count >= count && _stamps.All(s => s.Count > 0)) return;
            _wanted = (count, done);
        }

        await await Task.WhenAny(done.Task, _refused.Task).WaitAsync(TimeSpan.FromSeconds(60));
    }

    public ValueTask OnNotificationAsync(Notification notification)
    {
        lock (_gate)
        {
            var changes = notification.DataChanges;
            while (changes.MoveNext())
            {
                _stamps[changes.ClientHandle].Add(changes.SourceTicks);
                _count++;
                if (changes.IsOverflow) Overflows++;
            }

            if (_count >= _wanted.Count && _stamps.All(s => s.Count > 0)) _wanted.Done.TrySetResult();
        }

        notification.Acknowledge();
        return default;
    }

    public void OnGap(SubscriptionGap gap) => Gaps++;

    public void OnStateChanged(SubscriptionState state, string reason)
    {
    }

    public void OnItemStatus(uint clientHandle, StatusCode status)
    {
        if (status.IsBad) _refused.TrySetException(new InvalidOperationException($"Item {clientHandle}: {status}"));
    }
}
