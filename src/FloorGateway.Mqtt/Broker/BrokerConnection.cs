using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Session;
using FloorGateway.Net.Tls;
using FloorGateway.Net.Transport;

namespace FloorGateway.Mqtt.Broker;

/// <summary>One client's connection to the broker, from CONNECT to its end.</summary>
internal sealed partial class BrokerConnection
{
    // Characters; they are kept with the session and stand in log lines.
    private const int MaximumClientId = 256;

    private readonly MqttBroker _broker;
    private readonly MqttBrokerOptions _options;
    private readonly Connection _connection;
    private readonly bool _anonymousAllowed;
    private readonly TimeProvider _time;
    private readonly PacketPump _pump;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BrokerSession _session = null!;
    private MqttProtocolVersion _version;
    private MqttWill? _will;
    private TimeSpan _keepAlive;
    private long _lastReceived;
    private uint _clientPacketSize = uint.MaxValue;

    public BrokerConnection(MqttBroker broker, MqttBrokerOptions options, Connection connection, bool anonymousAllowed, TimeProvider time)
    {
        _broker = broker;
        _options = options;
        _connection = connection;
        _anonymousAllowed = anonymousAllowed;
        _time = time;
        _pump = new PacketPump(connection, time);
        OpenedAt = time.GetTimestamp();
    }

    /// <summary>Who it is; set once CONNECT was accepted.</summary>
    public MqttClientIdentity? Identity { get; private set; }

    /// <summary>When the link was opened: a timestamp of the broker's clock.</summary>
    public long OpenedAt { get; }

    /// <summary>True once CONNECT was accepted.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>True once <see cref="Abort"/> was called.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>Completes when the connection has let go of its session.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Something waits to be written.</summary>
    public void Wake() => _pump.Signal();

    /// <summary>Sends the client away; false when it is on its way out already.</summary>
    public bool Close(MqttFault reason) => _pump.Close(reason);

    /// <summary>Drops the link.</summary>
    public void Abort()
    {
        IsAborted = true;
        _connection.Abort();
    }

    /// <summary>Runs the connection; does not throw.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (await AcceptAsync())
                await RunSessionAsync();
        }
        catch (Exception e)
        {
            _broker.OnConnectionFailed(_connection.RemoteEndPoint, e);
        }
        finally
        {
            await CloseQuietlyAsync();
            _ended.TrySetResult();
        }
    }

    private async Task<bool> AcceptAsync()
    {
        ConnectPacket connect;
        using (var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _pump.Stopping))
        {
            var (packet, fault) = await ReadConnectAsync(either.Token);
            if (packet is null)
                return await RefuseAsync(fault);
            connect = packet;
            var reason = await AuthenticateAsync(connect, either.Token);
            if (reason != MqttReasonCode.Success)
                return await RefuseAsync(new MqttFault(reason, "The client was not let in."));
        }

        var assigned = connect.ClientId.Length == 0 ? $"auto-{Guid.NewGuid():N}" : null;
        var clientId = assigned ?? connect.ClientId;
        var verifiedName = _options.Authenticator is null ? null : connect.UserName;
        Identity = new MqttClientIdentity(clientId, verifiedName, _connection.RemoteEndPoint, connect.Version);
        _will = connect.Will;
        if (_will is not null && !_broker.MayPublish(Identity, MqttUtf8.GetBytes(_will.Topic, "topic name")))
        {
            return await RefuseAsync(new MqttFault(MqttReasonCode.NotAuthorized, "The client may not publish its will."));
        }

        var expiry = ExpiryOf(connect);
        var (session, present, refused) = await _broker.AttachAsync(this, Identity, connect, expiry);
        if (session is null)
            return await RefuseAsync(new MqttFault(refused, "The session belongs to another user, or the broker holds as many as it may."));
        _session = session;
        _clientPacketSize = connect.MaximumPacketSize ?? uint.MaxValue;
        try
        {
            WriteConnAck(connect, assigned, expiry, present);
        }
        catch
        {
            _broker.Detach(session, _will); // else the session would wait for this connection for ever
            throw;
        }

        IsAccepted = true;
        return true;
    }

    private async Task<(ConnectPacket? Packet, MqttFault Fault)> ReadConnectAsync(CancellationToken cancel)
    {
        var maximum = Math.Min(_options.Limits.MaximumPacketSize, _options.Limits.MaximumConnectSize);
        while (true)
        {
            var result = await _connection.Input.ReadAsync(cancel);
            var buffer = result.Buffer;
            var status = MqttFrame.TryRead(ref buffer, maximum, out var frame, out var fault);
            ConnectPacket? packet = null;
            if (status == MqttFrameStatus.Complete && frame.Type == MqttPacketType.Connect)
                packet = ConnectPacket.TryRead(_pump.Contiguous(frame.Body), _options.Limits, out _version, out fault);
            else if (status == MqttFrameStatus.Complete)
                fault = MqttFault.Protocol("The first packet is not CONNECT."); // [MQTT-3.1.0-1]
            _connection.Input.AdvanceTo(buffer.Start, packet is null ? buffer.End : buffer.Start);
            if (packet is not null)
                return (Check(packet, ref fault), fault);
            if (fault.IsFault)
                return (null, fault);
            if (result.IsCompleted)
                return (null, MqttFault.Protocol("The client closed the connection without CONNECT."));
        }
    }

    private static ConnectPacket? Check(ConnectPacket packet, ref MqttFault fault)
    {
        if (packet.AuthenticationMethod is not null)
            fault = new MqttFault(MqttReasonCode.BadAuthenticationMethod, "Enhanced authentication is not offered.");
        else if (packet.ClientId.Length > MaximumClientId || packet.ClientId.Any(char.IsControl))
            fault = new MqttFault(MqttReasonCode.ClientIdentifierNotValid, "The client identifier is too long or holds control characters.");
        else if (packet is { Version: MqttProtocolVersion.V311, ClientId: "", CleanStart: false })
            fault = new MqttFault(MqttReasonCode.ClientIdentifierNotValid, "A kept session needs a client identifier."); // 3.1.1 [MQTT-3.1.3-8]
        return fault.IsFault ? null : packet;
    }

    private async ValueTask<MqttReasonCode> AuthenticateAsync(ConnectPacket connect, CancellationToken cancel)
    {
        if (connect.UserName is null && _anonymousAllowed)
            return MqttReasonCode.Success;
        if (_options.Authenticator is not { } authenticator)
            return _anonymousAllowed ? MqttReasonCode.Success : MqttReasonCode.NotAuthorized;
        try
        {
            return await authenticator.AuthenticateAsync(
                new MqttAuthenticationRequest(
                    connect.ClientId, connect.UserName, connect.Password, _connection.RemoteEndPoint,
                    (_connection as TlsConnection)?.RemoteCertificate),
                cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _broker.OnConnectionFailed(_connection.RemoteEndPoint, e);
            return MqttReasonCode.UnspecifiedError;
        }
    }

    private TimeSpan ExpiryOf(ConnectPacket connect)
    {
        if (connect.Version == MqttProtocolVersion.V311)
            return connect.CleanStart ? TimeSpan.Zero : _options.MaximumSessionExpiry;
        return Cap(connect.SessionExpiryInterval ?? 0);
    }

    private TimeSpan Cap(uint seconds) =>
        seconds >= _options.MaximumSessionExpiry.TotalSeconds ? _options.MaximumSessionExpiry : TimeSpan.FromSeconds(seconds);

    private void WriteConnAck(ConnectPacket connect, string? assigned, TimeSpan expiry, bool present)
    {
        var maximum = (ushort)Math.Min(_options.MaximumKeepAlive.TotalSeconds, ushort.MaxValue);
        var seconds = connect.KeepAlive;
        if (_version == MqttProtocolVersion.V5 && maximum > 0 && (seconds == 0 || seconds > maximum))
            seconds = maximum;
        _keepAlive = TimeSpan.FromSeconds(seconds);
        new ConnAckPacket
        {
            SessionPresent = present,
            SessionExpiryInterval = expiry.TotalSeconds == (connect.SessionExpiryInterval ?? 0) ? null : (uint)expiry.TotalSeconds,
            ReceiveMaximum = _options.ReceiveMaximum,
            MaximumPacketSize = (uint)_options.Limits.MaximumPacketSize,
            AssignedClientIdentifier = assigned,
            TopicAliasMaximum = _options.TopicAliasMaximum > 0 ? _options.TopicAliasMaximum : null,
            ServerKeepAlive = seconds == connect.KeepAlive ? null : seconds,
        }.Write(_connection.Output, _version);
    }

    private async Task<bool> RefuseAsync(MqttFault fault)
    {
        _broker.OnRefused(_connection.RemoteEndPoint, fault);
        // Who does not speak MQTT gets no answer in MQTT; nor does a client of an unknown version a property block.
        if (_version != MqttProtocolVersion.None || fault.Code == MqttReasonCode.UnsupportedProtocolVersion)
        {
            var version = _version == MqttProtocolVersion.None ? MqttProtocolVersion.V311 : _version;
            new ConnAckPacket { Reason = ConnectReason(fault.Code) }.Write(_connection.Output, version);
            await _connection.Output.FlushAsync();
        }

        return false;
    }

    private static MqttReasonCode ConnectReason(MqttReasonCode code) =>
        MqttReasonCodes.IsAllowed(MqttPacketType.ConnAck, (byte)code) ? code : MqttReasonCode.UnspecifiedError;

    private async Task RunSessionAsync()
    {
        Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        var period = _keepAlive == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _keepAlive / 2;
        try
        {
            _broker.OnConnected(Identity!, _keepAlive);
            _pump.Signal();
            await _connection.Output.FlushAsync();
            await using (_time.CreateTimer(static c => ((BrokerConnection)c!).CheckKeepAlive(), this, period, period))
                await _pump.RunAsync(this);
        }
        finally
        {
            _broker.Detach(_session, _will);
            _broker.OnDisconnected(Identity!, _pump.Fault, _pump.Error);
        }
    }

    // [MQTT-3.1.2-22]: one and a half keep-alive periods of silence end the connection.
    private void CheckKeepAlive()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lastReceived)) >= _keepAlive * 1.5)
            _pump.Close(new MqttFault(MqttReasonCode.KeepAliveTimeout, "The client was silent for one and a half keep-alive periods."));
    }

    private async Task CloseQuietlyAsync()
    {
        try
        {
            await _connection.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // It was closed or cut already.
        }
    }
}
