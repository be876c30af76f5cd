using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// Acknowledgements waiting for the next Publish. They outlive a connection: what a lost Publish took along is put back.
/// Thread-safe.
/// </summary>
public sealed class AcknowledgementQueue
{
    private readonly Lock _gate = new();
    private readonly List<(uint SubscriptionId, uint SequenceNumber)> _waiting = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public void Add(uint subscriptionId, uint sequenceNumber)
    {
        lock (_gate)
        {
            _waiting.Add((subscriptionId, sequenceNumber));
        }
    }

    /// <summary>Takes what is waiting, oldest first.</summary>
    internal SubscriptionAcknowledgement[] Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return [];
            }

            var taken = new SubscriptionAcknowledgement[_waiting.Count];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = new SubscriptionAcknowledgement { SubscriptionId = _waiting[i].SubscriptionId, SequenceNumber = _waiting[i].SequenceNumber };
            }

            _waiting.Clear();
            return taken;
        }
    }

    /// <summary>Puts back what a failed Publish had taken. The server ignores numbers it has forgotten.</summary>
    internal void PutBack(SubscriptionAcknowledgement[] taken)
    {
        lock (_gate)
        {
            for (var i = 0; i < taken.Length; i++)
            {
                _waiting.Insert(i, (taken[i].SubscriptionId, taken[i].SequenceNumber));
            }
        }
    }

    /// <summary>Drops the acknowledgements of a subscription that is gone.</summary>
    internal void Forget(uint subscriptionId)
    {
        lock (_gate)
        {
            _waiting.RemoveAll(a => a.SubscriptionId == subscriptionId);
        }
    }
}
