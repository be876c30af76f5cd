using System.Buffers;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Session;

namespace FloorGateway.Mqtt.Client;

/// <content>From the server to the session.</content>
internal sealed partial class ClientSession
{
    // QoS 2 identifiers between PUBLISH and PUBREL: a message is handed on once, whatever is sent again ([MQTT-4.3.3-10]).
    private readonly Dictionary<ushort, Received> _received = [];
    private readonly List<ClientInbox.Item> _incoming = [];
    private string?[] _aliases = [];
    private int _inboundInUse;
    private PacketPump? _receiving;

    /// <inheritdoc/>
    public MqttFault OnReceived(ref ReadOnlySequence<byte> buffer, PacketPump pump)
    {
        _receiving = pump;
        bool isDue;
        lock (_gate)
        {
            if (_link is not { } link)
                return default;
            _keepAlive?.Received();
            while (true)
            {
                var status = MqttFrame.TryRead(ref buffer, _options.Limits.MaximumPacketSize, out var frame, out var fault);
                if (status == MqttFrameStatus.Complete)
                    fault = OnPacket(frame.Type, frame.Flags, pump.Contiguous(frame.Body), link);
                if (fault.IsFault)
                    return fault;
                if (status != MqttFrameStatus.Complete)
                    break;
            }

            // An acknowledgement that leaves nothing to send wakes nobody.
            isDue = _acks.Count > 0 || _requests.Count > 0 || _window.HasResends || (_window.CanPublish && (_batches.Count > 0 || _again.Count > 0));
            CheckIdle();
        }

        if (isDue)
            pump.Signal();
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask AfterReceivedAsync()
    {
        if (_incoming.Count == 0)
            return;
        var handedOn = 0;
        try
        {
            for (; handedOn < _incoming.Count; handedOn++)
                await _inbox.AddAsync(_incoming[handedOn], _receiving!.Stopping);
        }
        catch (OperationCanceledException)
        {
            // The connection ended while handlers were behind. The server sends these again; forget that they were seen.
            lock (_gate)
            {
                for (; handedOn < _incoming.Count; handedOn++)
                {
                    if (_incoming[handedOn].Message.Qos == MqttQos.ExactlyOnce)
                        _received.Remove(_incoming[handedOn].PacketId);
                }
            }
        }

        _incoming.Clear();
    }

    /// <summary>A handler is done with a message: acknowledge it, if its connection (or, for QoS 2, its session) is still there.</summary>
    public void Acknowledge(in ClientInbox.Item item, MqttReasonCode reason)
    {
        PacketPump? pump;
        lock (_gate)
        {
            pump = _pump;
            if (item.Message.Qos == MqttQos.AtLeastOnce)
            {
                if (item.Epoch != Epoch)
                    return;
                _inboundInUse--;
                _acks.Enqueue(new PendingAck(MqttPacketType.PubAck, item.PacketId, reason));
            }
            else if (_received.TryGetValue(item.PacketId, out var received) && received.Epoch == item.Epoch)
            {
                if (reason.IsFailure())
                    _received.Remove(item.PacketId);
                else
                    _received[item.PacketId] = received with { Handled = true };
                // Later connections get their PUBREC when the server sends the message again.
                if (received.SeenOn != Epoch)
                    return;
                if (reason.IsFailure())
                    _inboundInUse--;
                _acks.Enqueue(new PendingAck(MqttPacketType.PubRec, item.PacketId, reason));
            }
        }

        pump?.Signal();
    }

    private MqttFault OnPacket(MqttPacketType type, byte flags, ReadOnlySpan<byte> body, MqttNegotiated link)
    {
        switch (type)
        {
            case MqttPacketType.Publish:
                return OnPublish(flags, body, link);
            case MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubComp:
                return OnAck(type, body, link);
            case MqttPacketType.PubRel:
                return OnRelease(body, link);
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                return OnRequestAck(type, body, link);
            case MqttPacketType.PingResp:
                return body.IsEmpty ? default : MqttFault.Malformed("PINGRESP has a body.");
            case MqttPacketType.Disconnect when link.Version == MqttProtocolVersion.V5:
                if (DisconnectPacket.TryRead(body, link.Version, _options.Limits, out var fault) is not { } goodbye)
                    return fault;
                ServerGoodbye = new MqttFault(goodbye.Reason, goodbye.ReasonString ?? "The server closed the connection.");
                _pump?.Close(ServerGoodbye, goodbye: false);
                return default;
            default:
                return MqttFault.Protocol("The server sent a packet that a server may not send here.");
        }
    }

    private MqttFault OnAck(MqttPacketType type, ReadOnlySpan<byte> body, MqttNegotiated link)
    {
        if (!AckPacket.TryRead(type, body, link.Version, _options.Limits, out var ack, out var fault))
            return fault;
        switch (_window.Acknowledge(type, ack.PacketId, ack.Reason.IsFailure(), out var item))
        {
            case AckStep.Completed when item.Batch is { } batch:
                // After PUBREC the server has the message: a PUBCOMP that knows no identifier only says that it finished before the link broke.
                batch.Complete(item.Index, type == MqttPacketType.PubComp ? MqttReasonCode.Success : ack.Reason);
                return default;
            case AckStep.Release:
                _acks.Enqueue(new PendingAck(MqttPacketType.PubRel, ack.PacketId, MqttReasonCode.Success));
                return default;
            case AckStep.ReleaseUnknown:
                _acks.Enqueue(new PendingAck(MqttPacketType.PubRel, ack.PacketId, MqttReasonCode.PacketIdentifierNotFound));
                return default;
            case AckStep.Ignore:
                return default;
            default:
                return MqttFault.Protocol("An acknowledgement does not fit the packet it names.");
        }
    }

    private MqttFault OnRequestAck(MqttPacketType type, ReadOnlySpan<byte> body, MqttNegotiated link)
    {
        if (SubAckPacket.TryRead(type, body, link.Version, _options.Limits, out var fault) is not { } ack)
            return fault;
        var step = _window.Acknowledge(type, ack.PacketId, failed: false, out var item);
        if (step == AckStep.Ignore)
            return default;
        if (step != AckStep.Completed || item.Request is not { } request)
            return MqttFault.Protocol("An acknowledgement does not fit the packet it names.");
        var reasons = ack.Reasons;
        if (type == MqttPacketType.UnsubAck && link.Version != MqttProtocolVersion.V5)
            reasons = new MqttReasonCode[request.Unsubscribe.Length];
        var asked = request.Subscription is null ? request.Unsubscribe.Length : request.Sent.Length;
        if (reasons.Count != asked)
        {
            var wrong = MqttFault.Protocol("SUBACK or UNSUBACK does not answer each filter of its request."); // [MQTT-3.9.3-1]
            request.Waiter?.TrySetException(new InvalidDataException(wrong.Detail));
            return wrong;
        }

        if (request.Subscription is { } subscription)
            DropRefused(request, subscription, reasons);
        if (Array.Exists(_subscriptions, s => s.Filters.Length == 0))
            _subscriptions = [.. _subscriptions.Where(s => s.Filters.Length > 0)];
        request.Waiter?.TrySetResult(reasons);
        return default;
    }

    // A refused filter is not asked for again on the next connection: the caller knows of it, or is told.
    private void DropRefused(ClientRequest request, ClientSubscription subscription, IReadOnlyList<MqttReasonCode> reasons)
    {
        for (var i = 0; i < reasons.Count; i++)
        {
            if (!reasons[i].IsFailure())
                continue;
            subscription.Remove(request.Sent[i].Filter);
            if (request.Waiter is null)
                RestoreRefused?.Invoke(request.Sent[i].Filter, reasons[i]);
        }
    }

    private MqttFault OnPublish(byte flags, ReadOnlySpan<byte> body, MqttNegotiated link)
    {
        if (!PublishPacket.TryRead(flags, body, link.Version, _options.Limits, out var packet, out var fault))
            return fault;
        if (!TryResolveTopic(packet, out var topic))
            return new MqttFault(MqttReasonCode.TopicAliasInvalid, "A topic alias is above the maximum or was never set.");
        if (packet.Qos == MqttQos.ExactlyOnce && _received.TryGetValue(packet.PacketId, out var seen))
            return OnDuplicate(packet.PacketId, seen, link);
        if (packet.Qos != MqttQos.AtMostOnce)
        {
            if (++_inboundInUse > _options.ReceiveMaximum && link.Version == MqttProtocolVersion.V5)
                return new MqttFault(MqttReasonCode.ReceiveMaximumExceeded, "The server sent more than the Receive Maximum.");
            if (packet.Qos == MqttQos.ExactlyOnce)
                _received[packet.PacketId] = new Received(Epoch, Epoch, Handled: false);
        }

        _incoming.Add(new ClientInbox.Item(MqttMessage.From(packet, topic), Epoch, packet.PacketId));
        return default;
    }

    private MqttFault OnDuplicate(ushort id, Received seen, MqttNegotiated link)
    {
        if (seen.SeenOn != Epoch && ++_inboundInUse > _options.ReceiveMaximum && link.Version == MqttProtocolVersion.V5)
            return new MqttFault(MqttReasonCode.ReceiveMaximumExceeded, "The server sent more than the Receive Maximum.");
        _received[id] = seen with { SeenOn = Epoch };
        // Still with its handler: the PUBREC follows when that is done.
        if (seen.Handled)
            _acks.Enqueue(new PendingAck(MqttPacketType.PubRec, id, MqttReasonCode.Success));
        return default;
    }

    private MqttFault OnRelease(ReadOnlySpan<byte> body, MqttNegotiated link)
    {
        if (!AckPacket.TryRead(MqttPacketType.PubRel, body, link.Version, _options.Limits, out var release, out var fault))
            return fault;
        var reason = MqttReasonCode.PacketIdentifierNotFound;
        if (_received.Remove(release.PacketId, out var received))
        {
            reason = MqttReasonCode.Success;
            if (received.SeenOn == Epoch)
                _inboundInUse--;
        }

        _acks.Enqueue(new PendingAck(MqttPacketType.PubComp, release.PacketId, reason));
        return default;
    }

    private bool TryResolveTopic(scoped in PublishPacket packet, out string topic)
    {
        topic = packet.Topic.IsEmpty ? "" : MqttUtf8.GetString(packet.Topic);
        if (packet.Properties.Number(MqttPropertyId.TopicAlias) is not { } alias)
            return true;
        if (alias > _options.TopicAliasMaximum)
            return false;
        if (_aliases.Length == 0)
            _aliases = new string?[_options.TopicAliasMaximum + 1];
        if (packet.Topic.IsEmpty)
            topic = _aliases[alias] ?? "";
        else
            _aliases[alias] = topic;
        return topic.Length > 0;
    }

    /// <param name="Epoch">Connection on which the message came first.</param>
    /// <param name="SeenOn">Connection on which it came last; counts against that one's Receive Maximum.</param>
    /// <param name="Handled">True: the handler has it, PUBREC may be sent.</param>
    private readonly record struct Received(long Epoch, long SeenOn, bool Handled);
}
