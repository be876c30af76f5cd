using System.Buffers.Binary;
using System.IO.Pipelines;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Session;

namespace FloorGateway.Mqtt.Client;

/// <content>From the session to the server.</content>
internal sealed partial class ClientSession
{
    private int _nextAlias;

    /// <inheritdoc/>
    public bool Fill(PipeWriter output)
    {
        lock (_gate)
        {
            if (_link is not { } link)
                return false;
            var budget = PacketPump.Chunk;
            SendAcks(output, link, ref budget);
            if (_pingDue)
            {
                _pingDue = false;
                PingPackets.Request.CopyTo(output.GetSpan(2));
                output.Advance(2);
                budget -= 2;
            }

            while (budget > 0 && _window.TryNextResend(out var id, out var state, out var item))
                budget -= Resend(output, link, id, state, item);
            if (!_window.HasResends)
            {
                SendRequests(output, link, ref budget);
                SendMessages(output, link, ref budget);
            }

            CheckIdle();
            if (budget == PacketPump.Chunk)
                return false;
            _keepAlive?.Sent();
            return true;
        }
    }

    /// <inheritdoc/>
    public void WriteGoodbye(PipeWriter output, MqttFault fault)
    {
        lock (_gate)
        {
            if (_link is not { } link)
                return;
            // 3.1.1 §3.14: DISCONNECT means "normal"; anything else just closes, so that the will is published.
            if (link.Version != MqttProtocolVersion.V5 && fault.IsFault && fault.Code != MqttReasonCode.Success)
                return;
            new DisconnectPacket { Reason = fault.Code }.Write(output, link.Version);
        }
    }

    private void SendAcks(PipeWriter output, MqttNegotiated link, ref int budget)
    {
        while (budget > 0 && _acks.TryDequeue(out var ack))
        {
            var size = AckPacket.Write(output.GetSpan(AckPacket.MaximumWrittenSize), ack.Type, ack.Id, ack.Reason, link.Version);
            output.Advance(size);
            budget -= size;
        }
    }

    private int Resend(PipeWriter output, MqttNegotiated link, ushort id, DeliveryState state, Outgoing item)
    {
        if (state == DeliveryState.AwaitPubComp)
        {
            var size = AckPacket.Write(
                output.GetSpan(AckPacket.MaximumWrittenSize), MqttPacketType.PubRel, id, MqttReasonCode.Success, link.Version);
            output.Advance(size);
            return size;
        }

        return Write(output, link, item.Batch!, item.Index, id, PublishPacket.DuplicateFlag);
    }

    private void SendRequests(PipeWriter output, MqttNegotiated link, ref int budget)
    {
        while (budget > 0 && _requests.TryPeek(out var request))
        {
            var state = request.Subscription is null ? DeliveryState.AwaitUnsubAck : DeliveryState.AwaitSubAck;
            if (request.Subscription is { Filters.Length: 0 })
            {
                _requests.Dequeue(); // unsubscribed before it was sent
                request.Waiter?.TrySetResult([.. Enumerable.Repeat(MqttReasonCode.UnspecifiedError, request.Count)]);
                continue;
            }

            if (!_window.TryBegin(state, new Outgoing(request), out var id))
                return;
            _requests.Dequeue();
            if (request.Subscription is { } subscription)
            {
                request.Sent = subscription.Filters;
                new SubscribePacket
                {
                    PacketId = id,
                    Subscriptions = request.Sent,
                    SubscriptionIdentifier = link.SubscriptionIdentifiersAvailable ? subscription.Identifier : null,
                }.Write(output, link.Version);
            }
            else
            {
                new UnsubscribePacket { PacketId = id, Filters = request.Unsubscribe }.Write(output, link.Version);
            }

            budget -= 64;
        }
    }

    private void SendMessages(PipeWriter output, MqttNegotiated link, ref int budget)
    {
        while (budget > 0 && _again.TryPeek(out var item))
        {
            if (!SendOne(output, link, item.Batch!, item.Index, ref budget))
                return;
            _again.Dequeue();
        }

        while (budget > 0 && _batches.TryPeek(out var batch))
        {
            // Once its last message is over the batch belongs to the caller, so what is needed of it is read before.
            var count = batch.Count;
            var next = batch.Next;
            while (budget > 0 && next < count)
            {
                batch.Next = next + 1;
                if (!SendOne(output, link, batch, next, ref budget))
                {
                    batch.Next = next;
                    return;
                }

                next++;
            }

            if (next == count)
                _batches.Dequeue();
        }
    }

    /// <summary>Sends one message, or ends it where the server would refuse it. False: the window is full.</summary>
    private bool SendOne(PipeWriter output, MqttNegotiated link, MqttPublishBatch batch, int index, ref int budget)
    {
        ref var entry = ref batch.At(index);
        if (Refusal(link, batch, entry) is { } refusal)
        {
            batch.Complete(index, refusal);
            return true;
        }

        ushort id = 0;
        if (entry.Qos != MqttQos.AtMostOnce)
        {
            var state = entry.Qos == MqttQos.AtLeastOnce ? DeliveryState.AwaitPubAck : DeliveryState.AwaitPubRec;
            if (!_window.TryBegin(state, new Outgoing(batch, index), out id))
                return false;
        }

        budget -= Write(output, link, batch, index, id, 0);
        if (id == 0)
            batch.Complete(index, MqttReasonCode.Success);
        return true;
    }

    private MqttReasonCode? Refusal(MqttNegotiated link, MqttPublishBatch batch, in MqttPublishBatch.Entry entry)
    {
        if (entry.Qos > link.MaximumQos)
            return MqttReasonCode.QosNotSupported;
        if ((entry.Flags & PublishPacket.RetainFlag) != 0 && !link.RetainAvailable)
            return MqttReasonCode.RetainNotSupported;
        var topic = batch.TopicOf(entry);
        // Handles were checked when they were made.
        if (entry.Topic is null && !(MqttTopic.IsValidName(topic, _options.Limits) && MqttUtf8.IsValid(topic)))
            return MqttReasonCode.TopicNameInvalid;
        var size = PublishWriter.Measure(
            topic.Length, entry.Qos, link.Version, batch.EncodedProperties.Length + 3, entry.Length - entry.TopicLength, out _);
        return size > link.MaximumPacketSize ? MqttReasonCode.PacketTooLarge : null;
    }

    private int Write(PipeWriter output, MqttNegotiated link, MqttPublishBatch batch, int index, ushort id, byte extraFlags)
    {
        ref var entry = ref batch.At(index);
        var topic = batch.TopicOf(entry);
        Span<byte> hop = stackalloc byte[3];
        if (!UseAlias(link, entry.Topic, hop, ref topic))
            hop = default;
        var payload = batch.PayloadOf(entry);
        var properties = batch.EncodedProperties;
        var size = (int)PublishWriter.Measure(
            topic.Length, entry.Qos, link.Version, properties.Length + hop.Length, payload.Length, out var remaining);
        PublishWriter.Write(
            output.GetSpan(size), (int)remaining, (byte)(entry.Flags | extraFlags), topic, id, link.Version, properties, hop, payload);
        output.Advance(size);
        return size;
    }

    // §3.3.2.3.4: the first use on a connection carries topic and alias, later ones the alias alone. First come, first served: the
    // gateway's topics are a fixed set, so there is nothing to evict.
    private bool UseAlias(MqttNegotiated link, MqttTopicHandle? handle, scoped Span<byte> hop, ref ReadOnlySpan<byte> topic)
    {
        if (handle is null || link.TopicAliasMaximum == 0)
            return false;
        if (handle.AliasEpoch == Epoch)
        {
            topic = default;
        }
        else
        {
            if (_nextAlias >= link.TopicAliasMaximum)
                return false;
            handle.AliasEpoch = Epoch;
            handle.Alias = (ushort)++_nextAlias;
        }

        hop[0] = (byte)MqttPropertyId.TopicAlias;
        BinaryPrimitives.WriteUInt16BigEndian(hop[1..], handle.Alias);
        return true;
    }
}
