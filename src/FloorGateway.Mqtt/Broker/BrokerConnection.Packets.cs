using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Session;

namespace FloorGateway.Mqtt.Broker;

/// <content>Packets in and out, after CONNECT.</content>
internal sealed partial class BrokerConnection : IPacketHandler
{
    // Answers a client may leave unread before it is not read from any more either: what it may have in flight, with room to spare.
    private const int MaximumResponses = 16 * 1024;

    // Collected by the reading task over one chunk, handed to the writing task under the session's lock at its end.
    private readonly List<Response> _answered = [];
    private readonly Queue<Response> _responses = new();
    private byte[]?[] _aliases = [];
    private byte[] _hop = new byte[64];
    private TaskCompletionSource? _drained;

    /// <inheritdoc/>
    public MqttFault OnReceived(ref ReadOnlySequence<byte> buffer, PacketPump pump)
    {
        Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        var fault = ReadPackets(ref buffer, pump);
        if (_answered.Count > 0)
        {
            lock (_session.Gate)
            {
                foreach (var response in _answered)
                    _responses.Enqueue(response);
                if (_responses.Count > MaximumResponses)
                    _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _answered.Clear();
        }

        pump.Signal();
        return fault;
    }

    /// <inheritdoc/>
    public async ValueTask AfterReceivedAsync()
    {
        if (_drained is { } drained)
            await drained.Task.WaitAsync(_pump.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The session's lock is kept over a run of acknowledgements, and let go before a PUBLISH: that takes the locks of its receivers.
    private MqttFault ReadPackets(ref ReadOnlySequence<byte> buffer, PacketPump pump)
    {
        var held = false;
        try
        {
            while (true)
            {
                var status = MqttFrame.TryRead(ref buffer, _options.Limits.MaximumPacketSize, out var frame, out var fault);
                if (status != MqttFrameStatus.Complete)
                    return fault;
                var isAck = frame.Type is MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubComp;
                if (isAck != held)
                {
                    if (held)
                        _session.Gate.Exit();
                    else
                        _session.Gate.Enter();
                    held = isAck;
                }

                var body = pump.Contiguous(frame.Body);
                fault = isAck ? OnAck(frame.Type, body) : OnPacket(frame.Type, frame.Flags, body);
                if (fault.IsFault)
                    return fault;
                if (_pump.Stopping.IsCancellationRequested)
                {
                    buffer = buffer.Slice(buffer.End); // nothing counts after DISCONNECT
                    return default;
                }
            }
        }
        finally
        {
            if (held)
                _session.Gate.Exit();
        }
    }

    private MqttFault OnPacket(MqttPacketType type, byte flags, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case MqttPacketType.Publish:
                return OnPublish(flags, body);
            case MqttPacketType.PubRel:
                return OnRelease(body);
            case MqttPacketType.Subscribe:
                return OnSubscribe(body);
            case MqttPacketType.Unsubscribe:
                return OnUnsubscribe(body);
            case MqttPacketType.PingReq:
                _answered.Add(new Response(MqttPacketType.PingResp, 0, MqttReasonCode.Success));
                return body.IsEmpty ? default : MqttFault.Malformed("PINGREQ has a body.");
            case MqttPacketType.Disconnect:
                return OnDisconnect(body);
            default:
                // A second CONNECT ([MQTT-3.1.0-2]), AUTH without a method, or a packet that only servers send.
                return MqttFault.Protocol("The client sent a packet that a client may not send here.");
        }
    }

    private MqttFault OnAck(MqttPacketType type, ReadOnlySpan<byte> body)
    {
        if (!AckPacket.TryRead(type, body, _version, _options.Limits, out var ack, out var fault))
            return fault;
        switch (_session.Window.Acknowledge(type, ack.PacketId, ack.Reason.IsFailure(), out var delivery))
        {
            case AckStep.Completed:
                delivery.Message.Release();
                return default;
            case AckStep.Release:
                _answered.Add(new Response(MqttPacketType.PubRel, ack.PacketId, MqttReasonCode.Success));
                return default;
            case AckStep.ReleaseUnknown:
                _answered.Add(new Response(MqttPacketType.PubRel, ack.PacketId, MqttReasonCode.PacketIdentifierNotFound));
                return default;
            case AckStep.Ignore:
                return default;
            default:
                return MqttFault.Protocol("An acknowledgement does not fit the packet it names.");
        }
    }

    private MqttFault OnPublish(byte flags, ReadOnlySpan<byte> body)
    {
        if (!PublishPacket.TryRead(flags, body, _version, _options.Limits, out var packet, out var fault))
            return fault;
        var topic = packet.Topic;
        if (!packet.Properties.Encoded.IsEmpty)
        {
            if (packet.Properties.TryFind(MqttPropertyId.SubscriptionIdentifier, out _))
                return MqttFault.Protocol("A client sent a subscription identifier in PUBLISH."); // [MQTT-3.3.4-6]
            if (!ResolveAlias(packet, ref topic))
                return new MqttFault(MqttReasonCode.TopicAliasInvalid, "A topic alias is above the maximum or was never set.");
        }

        if (packet.Qos == MqttQos.ExactlyOnce)
        {
            if (_session.Received.Contains(packet.PacketId))
            {
                _answered.Add(new Response(MqttPacketType.PubRec, packet.PacketId, MqttReasonCode.Success));
                return default;
            }

            if (_session.Received.Count >= _options.ReceiveMaximum && _version == MqttProtocolVersion.V5)
                return new MqttFault(MqttReasonCode.ReceiveMaximumExceeded, "The client sent more than the Receive Maximum.");
        }

        var reason = _broker.Publish(Identity!, _session, topic, packet);
        if (packet.Qos == MqttQos.AtLeastOnce)
        {
            _answered.Add(new Response(MqttPacketType.PubAck, packet.PacketId, reason));
        }
        else if (packet.Qos == MqttQos.ExactlyOnce)
        {
            // 3.1.1 has no refusal, so there the exchange goes on to its end.
            if (!reason.IsFailure() || _version != MqttProtocolVersion.V5)
                _session.Received.Add(packet.PacketId);
            _answered.Add(new Response(MqttPacketType.PubRec, packet.PacketId, reason));
        }

        return default;
    }

    private bool ResolveAlias(scoped in PublishPacket packet, ref ReadOnlySpan<byte> topic)
    {
        if (packet.Properties.Number(MqttPropertyId.TopicAlias) is not { } alias)
            return true;
        if (alias > _options.TopicAliasMaximum)
            return false;
        if (_aliases.Length == 0)
            _aliases = new byte[]?[_options.TopicAliasMaximum + 1];
        if (packet.Topic.IsEmpty)
            topic = _aliases[alias];
        else if (!packet.Topic.SequenceEqual(_aliases[alias]))
            _aliases[alias] = packet.Topic.ToArray();
        return !topic.IsEmpty;
    }

    private MqttFault OnRelease(ReadOnlySpan<byte> body)
    {
        if (!AckPacket.TryRead(MqttPacketType.PubRel, body, _version, _options.Limits, out var release, out var fault))
            return fault;
        var known = _session.Received.Remove(release.PacketId);
        _answered.Add(new Response(
            MqttPacketType.PubComp, release.PacketId, known ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound));
        return default;
    }

    private MqttFault OnSubscribe(ReadOnlySpan<byte> body)
    {
        if (SubscribePacket.TryRead(body, _version, _options.Limits, out var fault) is not { } packet)
            return fault;
        var reasons = new MqttReasonCode[packet.Subscriptions.Count];
        for (var i = 0; i < reasons.Length; i++)
        {
            // The retained messages of one filter may have filled the queue: no use in walking them for a thousand more.
            if (_pump.Stopping.IsCancellationRequested)
                return default;
            reasons[i] = _broker.Subscribe(Identity!, _session, packet.Subscriptions[i], packet.SubscriptionIdentifier);
        }

        _answered.Add(new Response(MqttPacketType.SubAck, new SubAckPacket { PacketId = packet.PacketId, Reasons = reasons }));
        return default;
    }

    private MqttFault OnUnsubscribe(ReadOnlySpan<byte> body)
    {
        if (UnsubscribePacket.TryRead(body, _version, _options.Limits, out var fault) is not { } packet)
            return fault;
        var reasons = new MqttReasonCode[packet.Filters.Count];
        for (var i = 0; i < reasons.Length; i++)
            reasons[i] = _broker.Unsubscribe(_session, packet.Filters[i]);
        _answered.Add(new Response(MqttPacketType.UnsubAck, new SubAckPacket { PacketId = packet.PacketId, Reasons = reasons }));
        return default;
    }

    private MqttFault OnDisconnect(ReadOnlySpan<byte> body)
    {
        if (DisconnectPacket.TryRead(body, _version, _options.Limits, out var fault) is not { } packet)
            return fault;
        if (packet.SessionExpiryInterval is { } seconds)
        {
            if (seconds > 0 && _session.Expiry == TimeSpan.Zero)
                return MqttFault.Protocol("DISCONNECT keeps a session that CONNECT did not keep."); // §3.14.2.2.2
            _session.Expiry = Cap(seconds);
        }

        if (packet.Reason == MqttReasonCode.Success)
            _will = null; // [MQTT-3.14.4-3]
        _pump.Close(default, goodbye: false);
        return default;
    }

    /// <inheritdoc/>
    public bool Fill(PipeWriter output)
    {
        lock (_session.Gate)
        {
            var budget = PacketPump.Chunk;
            while (budget > 0 && _responses.TryDequeue(out var response))
                budget -= Write(output, response);
            if (_responses.Count == 0 && _drained is not null)
            {
                _drained.TrySetResult();
                _drained = null;
            }

            while (budget > 0 && _session.Window.TryNextResend(out var id, out var state, out var delivery))
            {
                budget -= state == DeliveryState.AwaitPubComp
                    ? Write(output, new Response(MqttPacketType.PubRel, id, MqttReasonCode.Success))
                    : Write(output, delivery, id, PublishPacket.DuplicateFlag);
            }

            var now = _time.GetUtcNow().UtcTicks;
            while (budget > 0 && !_session.Window.HasResends && _session.TryDequeue(now, out var next))
                budget -= Send(output, next);
            if (budget < PacketPump.Chunk)
                return true;
            _session.Sleep();
            return false;
        }
    }

    /// <inheritdoc/>
    public void WriteGoodbye(PipeWriter output, MqttFault fault)
    {
        if (_version == MqttProtocolVersion.V5 && fault.IsFault)
            new DisconnectPacket { Reason = fault.Code, ReasonString = fault.Detail }.Write(output, _version);
    }

    private int Send(PipeWriter output, Delivery delivery)
    {
        ushort id = 0;
        if (delivery.Qos != MqttQos.AtMostOnce)
        {
            var state = delivery.Qos == MqttQos.AtLeastOnce ? DeliveryState.AwaitPubAck : DeliveryState.AwaitPubRec;
            _session.Window.TryBegin(state, delivery, out id); // TryDequeue has seen that there is room
        }

        var size = Write(output, delivery, id, 0);
        if (size == 0)
        {
            // Too large for this client: as if it had been delivered ([MQTT-3.1.2-25]).
            if (id != 0)
                _session.Window.Acknowledge(AckOf(delivery.Qos), id, failed: true, out _);
            Interlocked.Increment(ref _broker.Counters.Dropped);
        }

        if (id == 0 || size == 0)
            delivery.Message.Release();
        return Math.Max(size, 1);
    }

    private static MqttPacketType AckOf(MqttQos qos) => qos == MqttQos.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec;

    private int Write(PipeWriter output, Delivery delivery, ushort id, byte extraFlags)
    {
        var message = delivery.Message;
        var properties = message.Properties;
        var hop = _version == MqttProtocolVersion.V5 ? HopProperties(delivery) : default;
        var size = PublishWriter.Measure(
            message.Topic.Length, delivery.Qos, _version, properties.Length + hop.Length, message.Payload.Length, out var remaining);
        if (size > _clientPacketSize || remaining > MqttVarInt.MaxValue)
            return 0;
        PublishWriter.Write(
            output.GetSpan((int)size), (int)remaining, (byte)(delivery.Flags | extraFlags), message.Topic, id, _version, properties, hop,
            message.Payload);
        output.Advance((int)size);
        Interlocked.Increment(ref _broker.Counters.Sent);
        return (int)size;
    }

    private ReadOnlySpan<byte> HopProperties(Delivery delivery)
    {
        var expires = delivery.Message.ExpiresAt;
        if (expires == long.MaxValue)
            return delivery.Identifiers;
        if (_hop.Length < delivery.Identifiers.Length + 5)
            _hop = new byte[delivery.Identifiers.Length + 5];
        // [MQTT-3.3.2-6]: what is left of the interval after the time spent waiting here.
        var left = Math.Max(0, expires - _time.GetUtcNow().UtcTicks);
        _hop[0] = (byte)MqttPropertyId.MessageExpiryInterval;
        BinaryPrimitives.WriteUInt32BigEndian(_hop.AsSpan(1), (uint)((left + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond));
        delivery.Identifiers.CopyTo(_hop, 5);
        return _hop.AsSpan(0, 5 + delivery.Identifiers.Length);
    }

    private int Write(PipeWriter output, in Response response)
    {
        switch (response.Type)
        {
            case MqttPacketType.PingResp:
                PingPackets.Response.CopyTo(output.GetSpan(2));
                output.Advance(2);
                return 2;
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                response.Packet!.Write(output, response.Type, _version);
                return 4 + response.Packet.Reasons.Count;
            default:
                var size = AckPacket.Write(
                    output.GetSpan(AckPacket.MaximumWrittenSize), response.Type, response.Id, response.Reason, _version);
                output.Advance(size);
                return size;
        }
    }

    private readonly record struct Response(MqttPacketType Type, ushort Id, MqttReasonCode Reason, SubAckPacket? Packet = null)
    {
        public Response(MqttPacketType type, SubAckPacket packet)
            : this(type, 0, MqttReasonCode.Success, packet)
        {
        }
    }
}
