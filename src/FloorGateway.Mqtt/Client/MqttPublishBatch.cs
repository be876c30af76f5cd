using System.Buffers;
using System.Threading.Tasks.Sources;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Client;

/// <summary>
/// Messages to publish together: the hot path. Payloads are written straight into the batch's buffer, one await covers all
/// acknowledgements, and what was not acknowledged when a connection broke is sent again from here, so the batch must be left alone until
/// it completes. Reuse it: a warm batch allocates nothing. Not thread-safe while it is being filled.
/// </summary>
public sealed class MqttPublishBatch : IBufferWriter<byte>, IValueTaskSource<int>
{
    private const int Building = 0, Sending = 1, Completed = 2;

    private ManualResetValueTaskSourceCore<int> _completion = new() { RunContinuationsAsynchronously = true };
    private Entry[] _entries;
    private byte[] _arena;
    private byte[] _properties = [];
    private int _used;
    private int _open = -1;
    private int _phase;
    private int _remaining;

    /// <summary>Makes an empty batch with room for some messages; it grows as needed.</summary>
    /// <param name="messages">Messages expected.</param>
    /// <param name="bytes">Bytes of payloads (and of topics given as bytes) expected.</param>
    public MqttPublishBatch(int messages = 256, int bytes = 32 * 1024)
    {
        _entries = new Entry[messages];
        _arena = new byte[bytes];
    }

    /// <summary>Messages in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Messages that the server (or the client, for what the server would not take) refused; final once completed.</summary>
    public int FailedCount { get; private set; }

    /// <summary>Properties of every message in the batch (MQTT 5); encoded when set.</summary>
    public MqttPublishProperties Properties
    {
        set => _properties = value.Encode();
    }

    internal int Next { get; set; }

    internal ReadOnlySpan<byte> EncodedProperties => _properties;

    /// <summary>Adds a message.</summary>
    public void Add(MqttTopicHandle topic, ReadOnlySpan<byte> payload, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false)
    {
        Begin(topic, qos, retain);
        Write(payload);
        End();
    }

    /// <summary>Adds a message to a topic given as UTF-8, which is copied. The topic is checked when the message is sent.</summary>
    public void Add(ReadOnlySpan<byte> topicUtf8, ReadOnlySpan<byte> payload, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false)
    {
        Begin(topicUtf8, qos, retain);
        Write(payload);
        End();
    }

    /// <summary>Starts a message; write its payload through <see cref="IBufferWriter{T}"/>, then call <see cref="End"/>.</summary>
    public void Begin(MqttTopicHandle topic, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false)
    {
        ref var entry = ref Start(qos, retain);
        entry.Topic = topic;
        entry.TopicLength = 0;
        entry.Start = _used;
    }

    /// <summary>Starts a message to a topic given as UTF-8.</summary>
    public void Begin(ReadOnlySpan<byte> topicUtf8, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false)
    {
        ref var entry = ref Start(qos, retain);
        entry.Topic = null;
        entry.TopicLength = topicUtf8.Length;
        entry.Start = _used;
        Write(topicUtf8);
    }

    /// <summary>Ends the message begun last and returns its index.</summary>
    public int End()
    {
        if (_open < 0)
            throw new InvalidOperationException("No message was begun.");
        ref var entry = ref _entries[_open];
        entry.Length = _used - entry.Start;
        _open = -1;
        return Count++;
    }

    /// <summary>Takes back the message begun last, for instance when its payload could not be written.</summary>
    public void Abandon()
    {
        if (_open < 0)
            return;
        _used = _entries[_open].Start;
        _open = -1;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        if (_open < 0 || (uint)count > (uint)(_arena.Length - _used))
            throw new InvalidOperationException("Bytes were written without a message begun, or more than the buffer holds.");
        _used += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _arena.AsMemory(_used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _arena.AsSpan(_used);
    }

    /// <summary>How a message ended. Success and NoMatchingSubscribers are good; from 0x80 up the message was refused.</summary>
    public MqttReasonCode ReasonOf(int index) =>
        (uint)index < (uint)Count ? _entries[index].Reason : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Empties the batch for the next use. Its buffers and properties stay.</summary>
    /// <exception cref="InvalidOperationException">The batch is on its way.</exception>
    public void Clear()
    {
        if (Volatile.Read(ref _phase) == Sending)
            throw new InvalidOperationException("The batch is on its way; await its completion before clearing it.");
        Count = Next = FailedCount = _used = 0;
        _open = -1;
        _phase = Building;
    }

    int IValueTaskSource<int>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    internal ValueTask<int> Send()
    {
        if (_open >= 0)
            throw new InvalidOperationException("A message was begun and not ended.");
        if (Interlocked.CompareExchange(ref _phase, Sending, Building) != Building)
            throw new InvalidOperationException("The batch was sent before; clear it first.");
        _completion.Reset();
        _remaining = Count;
        var task = new ValueTask<int>(this, _completion.Version);
        if (Count == 0)
            Finish();
        return task;
    }

    internal ref Entry At(int index) => ref _entries[index];

    internal ReadOnlySpan<byte> TopicOf(in Entry entry) =>
        entry.Topic is { } topic ? topic.Utf8 : _arena.AsSpan(entry.Start, entry.TopicLength);

    internal ReadOnlySpan<byte> PayloadOf(in Entry entry) =>
        _arena.AsSpan(entry.Start + entry.TopicLength, entry.Length - entry.TopicLength);

    /// <summary>
    /// One message is over; the batch completes with its last one, and then belongs to the caller again: true means "don't touch it".
    /// Under the session's lock.
    /// </summary>
    internal bool Complete(int index, MqttReasonCode reason)
    {
        ref var entry = ref _entries[index];
        if (entry.Done)
            return false;
        entry.Done = true;
        entry.Reason = reason;
        if (reason.IsFailure())
            FailedCount++;
        if (--_remaining > 0)
            return false;
        Finish();
        return true;
    }

    /// <summary>Ends every message that is not over yet.</summary>
    internal void CompleteRest(MqttReasonCode reason)
    {
        var count = Count;
        for (var i = 0; i < count; i++)
        {
            if (Complete(i, reason))
                return;
        }
    }

    private void Finish()
    {
        Volatile.Write(ref _phase, Completed);
        _completion.SetResult(FailedCount);
    }

    private ref Entry Start(MqttQos qos, bool retain)
    {
        if (_phase != Building)
            throw new InvalidOperationException("The batch was sent; clear it before filling it again.");
        if (_open >= 0)
            throw new InvalidOperationException("The message begun before was not ended.");
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(16, _entries.Length * 2));
        _open = Count;
        ref var entry = ref _entries[Count];
        entry.Flags = (byte)((int)qos << 1 | (retain ? PublishPacket.RetainFlag : 0));
        entry.Done = false;
        entry.Reason = MqttReasonCode.Success;
        return ref entry;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        EnsureRoom(bytes.Length);
        bytes.CopyTo(_arena.AsSpan(_used));
        _used += bytes.Length;
    }

    private void EnsureRoom(int count)
    {
        if (_open < 0)
            throw new InvalidOperationException("Begin a message before writing its payload.");
        if (_arena.Length - _used >= Math.Max(count, 1))
            return;
        Array.Resize(ref _arena, checked(Math.Max(_arena.Length * 2, _used + Math.Max(count, 256))));
    }

    internal struct Entry
    {
        public MqttTopicHandle? Topic;
        public int TopicLength;
        public int Start;
        public int Length;
        public byte Flags;
        public bool Done;
        public MqttReasonCode Reason;

        public readonly MqttQos Qos => (MqttQos)(Flags >> 1 & 3);
    }
}
