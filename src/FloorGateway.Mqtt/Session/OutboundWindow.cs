using System.Numerics;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Session;

/// <summary>
/// Packet identifiers in flight towards the peer: a pure state machine over a flat ring, without I/O, clock or lock. An identifier
/// stays taken until its exchange is over, across reconnects; the peer's Receive Maximum bounds what is sent (MQTT 5 §4.4, §4.9).
/// </summary>
/// <typeparam name="T">What the owner wants back when the exchange ends.</typeparam>
public sealed class OutboundWindow<T>
{
    private readonly Slot[] _slots;
    private readonly int _mask;
    private readonly Queue<(ushort Id, long Sequence)> _resend = new();
    private int _next = 1;
    private long _sequence;
    private int _receiveMaximum;

    /// <summary>Makes a window of <paramref name="capacity"/> identifiers, rounded up to a power of two, at most 65536.</summary>
    public OutboundWindow(int capacity)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(capacity, 2, 65536));
        _slots = new Slot[size];
        _mask = size - 1;
    }

    /// <summary>PUBLISH packets of QoS 1 and 2 that may be sent now.</summary>
    public int Quota { get; private set; }

    /// <summary>Identifiers taken.</summary>
    public int Count { get; private set; }

    /// <summary>True when <see cref="TryBegin"/> would take a PUBLISH.</summary>
    public bool CanPublish => Quota > 0 && Count < Math.Min(_slots.Length, 65535);

    /// <summary>True while packets of an earlier connection wait to be sent again; nothing new may overtake them.</summary>
    public bool HasResends => _resend.Count > 0;

    /// <summary>
    /// A new connection goes on with the session: everything unacknowledged is queued to be sent again in its first order
    /// ([MQTT-4.4.0-1], [MQTT-4.6.0-1]).
    /// </summary>
    /// <param name="receiveMaximum">The peer's Receive Maximum on this connection.</param>
    /// <param name="request">Gets each SUBSCRIBE and UNSUBSCRIBE that was not answered: these end with their connection.</param>
    public void Resume(int receiveMaximum, Action<DeliveryState, T>? request = null)
    {
        _receiveMaximum = Quota = receiveMaximum;
        _resend.Clear();
        foreach (var (slot, index) in TakenInOrder())
        {
            _slots[index].Counted = false;
            if (slot.State is DeliveryState.AwaitPubAck or DeliveryState.AwaitPubRec or DeliveryState.AwaitPubComp)
            {
                _resend.Enqueue((slot.Id, slot.Sequence));
                continue;
            }

            _slots[index] = default;
            Count--;
            request?.Invoke(slot.State, slot.Cookie);
        }
    }

    /// <summary>Frees everything and hands it to <paramref name="taken"/> in its first order: the session is gone.</summary>
    /// <param name="receiveMaximum">The peer's Receive Maximum on the next connection.</param>
    /// <param name="taken">Gets state and cookie of each identifier; null to let go of all.</param>
    public void Reset(int receiveMaximum, Action<DeliveryState, T>? taken)
    {
        var before = TakenInOrder();
        Array.Clear(_slots);
        Count = 0;
        _resend.Clear();
        _receiveMaximum = Quota = receiveMaximum;
        if (taken is null)
            return;
        foreach (var (slot, _) in before)
            taken(slot.State, slot.Cookie);
    }

    /// <summary>Takes an identifier. False when none is free, or for a PUBLISH when the quota is used up.</summary>
    /// <param name="state">What the exchange waits for first.</param>
    /// <param name="cookie">Handed back at its end.</param>
    /// <param name="id">The identifier, 1 to 65535.</param>
    public bool TryBegin(DeliveryState state, T cookie, out ushort id)
    {
        id = 0;
        var publish = state is DeliveryState.AwaitPubAck or DeliveryState.AwaitPubRec;
        if (Count >= Math.Min(_slots.Length, 65535) || (publish && Quota <= 0))
            return false;

        // Identifiers are skipped while their slot is taken: with a free slot left, the walk ends.
        while (_slots[_next & _mask].State != DeliveryState.Free)
            Advance();
        ref var slot = ref _slots[_next & _mask];
        id = (ushort)_next;
        slot = new Slot { Id = id, State = state, Cookie = cookie, Sequence = _sequence++, Counted = publish };
        if (publish)
            Quota--;
        Count++;
        Advance();
        return true;
    }

    /// <summary>The next packet to send again. False when there is none, or when it is a PUBLISH and the quota is used up.</summary>
    /// <param name="id">Identifier.</param>
    /// <param name="state">AwaitPubComp: send PUBREL; else send PUBLISH with DUP.</param>
    /// <param name="cookie">Given at the beginning.</param>
    public bool TryNextResend(out ushort id, out DeliveryState state, out T? cookie)
    {
        while (_resend.TryPeek(out var first))
        {
            ref var slot = ref _slots[first.Id & _mask];
            if (slot.State == DeliveryState.Free || slot.Sequence != first.Sequence)
            {
                _resend.Dequeue(); // acknowledged before its turn
                continue;
            }

            if (slot.State != DeliveryState.AwaitPubComp)
            {
                if (Quota <= 0)
                    break;
                Quota--;
                slot.Counted = true;
            }

            _resend.Dequeue();
            (id, state, cookie) = (first.Id, slot.State, slot.Cookie);
            return true;
        }

        (id, state, cookie) = (0, DeliveryState.Free, default);
        return false;
    }

    /// <summary>Takes in an acknowledgement.</summary>
    /// <param name="type">PubAck, PubRec, PubComp, SubAck or UnsubAck.</param>
    /// <param name="id">Identifier.</param>
    /// <param name="failed">True for a PUBREC with a failure code, which ends the exchange.</param>
    /// <param name="cookie">Given at the beginning; set when the step is Completed or Release.</param>
    public AckStep Acknowledge(MqttPacketType type, ushort id, bool failed, out T? cookie)
    {
        cookie = default;
        ref var slot = ref _slots[id & _mask];
        if (slot.State == DeliveryState.Free || slot.Id != id)
            return type == MqttPacketType.PubRec ? AckStep.ReleaseUnknown : AckStep.Ignore;

        cookie = slot.Cookie;
        switch (type, slot.State)
        {
            case (MqttPacketType.PubRec, DeliveryState.AwaitPubRec) when !failed:
                slot.State = DeliveryState.AwaitPubComp;
                return AckStep.Release;
            case (MqttPacketType.PubRec, DeliveryState.AwaitPubComp):
                return AckStep.Release;
            case (MqttPacketType.PubAck, DeliveryState.AwaitPubAck):
            case (MqttPacketType.PubRec, DeliveryState.AwaitPubRec):
            case (MqttPacketType.PubComp, DeliveryState.AwaitPubComp):
            case (MqttPacketType.SubAck, DeliveryState.AwaitSubAck):
            case (MqttPacketType.UnsubAck, DeliveryState.AwaitUnsubAck):
                Free(ref slot);
                return AckStep.Completed;
            default:
                return AckStep.Violation;
        }
    }

    private void Free(ref Slot slot)
    {
        if (slot.Counted && Quota < _receiveMaximum)
            Quota++;
        slot = default;
        Count--;
    }

    private void Advance() => _next = _next == 65535 ? 1 : _next + 1;

    private List<(Slot Slot, int Index)> TakenInOrder()
    {
        var taken = new List<(Slot Slot, int Index)>(Count);
        for (var i = 0; i < _slots.Length; i++)
        {
            if (_slots[i].State != DeliveryState.Free)
                taken.Add((_slots[i], i));
        }

        taken.Sort((a, b) => a.Slot.Sequence.CompareTo(b.Slot.Sequence));
        return taken;
    }

    private struct Slot
    {
        public ushort Id;
        public DeliveryState State;

        // Took a place of the quota on this connection, so its end gives one back.
        public bool Counted;
        public long Sequence;
        public T Cookie;
    }
}
