using System.Net;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Broker;

/// <content>Sessions: take-over, expiry, wills.</content>
public sealed partial class MqttBroker
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BrokerSession> _sessions = new(StringComparer.Ordinal);
    private bool _stopped;

    internal BrokerCounters Counters { get; } = new();

    /// <summary>
    /// Gives a connection its session. A client that is connected already is sent away first, and has let go of its session before the
    /// new connection gets it ([MQTT-3.1.4-3]). A user's session is for that user alone; one that was made without a login gives way to
    /// a user, so that nobody can keep a client identifier from its owner.
    /// </summary>
    internal async ValueTask<(BrokerSession? Session, bool Present, MqttReasonCode Refused)> AttachAsync(
        BrokerConnection connection, MqttClientIdentity identity, ConnectPacket connect, TimeSpan expiry)
    {
        var clientId = identity.ClientId;
        while (true)
        {
            BrokerConnection? other;
            MqttWill? will = null;
            BrokerSession? session;
            bool present;
            lock (_gate)
            {
                if (_stopped)
                    return (null, false, MqttReasonCode.ServerShuttingDown);
                session = _sessions.GetValueOrDefault(clientId);
                var foreign = session is not null && session.UserName != identity.UserName;
                if (foreign && session!.UserName is not null)
                    return (null, false, MqttReasonCode.NotAuthorized);
                other = session?.Connection;
                if (other is null)
                {
                    if (session is not null && (connect.CleanStart || foreign))
                    {
                        will = End(session);
                        session = null;
                    }

                    present = session is not null;
                    if (session is null && _sessions.Count < _options.MaximumSessions)
                        _sessions[clientId] = session = new BrokerSession(clientId, identity.UserName, _options, Counters);
                    if (session is not null)
                        Resume(session, connection, connect, expiry);
                }
                else
                {
                    present = false;
                }
            }

            if (other is null)
            {
                PublishWill(will);
                return (session, present, MqttReasonCode.QuotaExceeded);
            }

            other.Close(new MqttFault(MqttReasonCode.SessionTakenOver, "Another connection took the session over."));
            await other.Ended;
        }
    }

    /// <summary>A connection lets go of its session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="will">To be published, now or after its delay; null after a normal DISCONNECT.</param>
    internal void Detach(BrokerSession session, MqttWill? will)
    {
        MqttWill? due = null;
        lock (_gate)
        {
            session.Detach();
            if (_stopped)
                return;
            var now = _time.GetUtcNow().UtcTicks;
            var delay = TimeSpan.FromSeconds(will?.DelayInterval ?? 0);
            session.EndDue = now + session.Expiry.Ticks;
            // [MQTT-3.1.3-9]: the will waits for its delay or the end of its session, whichever comes first.
            session.PendingWill = will;
            session.WillDue = Math.Min(now + delay.Ticks, session.EndDue);
            due = Expire(session, now);
        }

        PublishWill(due);
    }

    private static void Resume(BrokerSession session, BrokerConnection connection, ConnectPacket connect, TimeSpan expiry)
    {
        session.PendingWill = null;
        session.EndDue = long.MaxValue;
        session.Expiry = expiry;
        session.Timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        session.Attach(connection, connect.ReceiveMaximum ?? ushort.MaxValue);
    }

    private void OnTimer(BrokerSession session)
    {
        MqttWill? will;
        lock (_gate)
        {
            if (_stopped || session.IsConnected || _sessions.GetValueOrDefault(session.ClientId) != session)
                return;
            will = Expire(session, _time.GetUtcNow().UtcTicks);
        }

        PublishWill(will);
    }

    // Does what is due by now and sets the timer for what is not. Gives a will to publish once the lock is released.
    private MqttWill? Expire(BrokerSession session, long now)
    {
        MqttWill? will = null;
        if (session.PendingWill is not null && session.WillDue <= now)
        {
            will = session.PendingWill;
            session.PendingWill = null;
        }

        if (session.EndDue <= now)
        {
            End(session);
            return will;
        }

        var next = session.PendingWill is null ? session.EndDue : session.WillDue;
        session.Timer ??= _time.CreateTimer(
            s => OnTimer((BrokerSession)s!), session, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        session.Timer.Change(TimeSpan.FromTicks(next - now), Timeout.InfiniteTimeSpan);
        return will;
    }

    // Gives the will that was still waiting: a session's end publishes it.
    private MqttWill? End(BrokerSession session)
    {
        _sessions.Remove(session.ClientId);
        foreach (var filter in session.Filters)
            _index.Remove(session, filter);
        session.Filters.Clear();
        session.End();
        var will = session.PendingWill;
        session.PendingWill = null;
        return will;
    }

    private void PublishWill(MqttWill? will)
    {
        if (will is null)
            return;
        Interlocked.Increment(ref Counters.Wills);
        Route(
            null, MqttUtf8.GetBytes(will.Topic, "topic name"), new MqttProperties(will.Properties.Encode()), will.Payload, will.Qos,
            will.Retain, out _);
    }

    internal void OnConnected(MqttClientIdentity identity, TimeSpan keepAlive)
    {
        Interlocked.Increment(ref Counters.Accepted);
        LogConnected(_logger, identity.ClientId, identity.UserName, identity.RemoteEndPoint, identity.Version, keepAlive);
    }

    internal void OnDisconnected(MqttClientIdentity identity, MqttFault fault, Exception? error)
    {
        if (fault.IsFault)
            LogSentAway(_logger, identity.ClientId, fault.Code, fault.Detail!);
        else
            LogDisconnected(_logger, identity.ClientId, error?.Message);
    }

    internal void OnRefused(EndPoint? remote, MqttFault fault)
    {
        Interlocked.Increment(ref Counters.Refused);
        if (_strangers.TryPass(out var heldBack))
            LogRefused(_logger, remote, fault.Code, fault.Detail, heldBack);
    }

    internal void OnConnectionFailed(EndPoint? remote, Exception error)
    {
        Interlocked.Increment(ref Counters.Refused);
        if (_strangers.TryPass(out var heldBack))
            LogConnectionFailed(_logger, remote, error.Message, heldBack);
    }
}
