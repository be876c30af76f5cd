using System.Buffers;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>CONNECT (MQTT 5 §3.1; MQTT 3.1.1 §3.1).</summary>
public sealed record ConnectPacket
{
    private const byte UserNameFlag = 0x80, PasswordFlag = 0x40, WillRetainFlag = 0x20, WillFlag = 0x04, CleanStartFlag = 0x02;

    /// <summary>Protocol of the connection.</summary>
    public MqttProtocolVersion Version { get; init; } = MqttProtocolVersion.V5;

    /// <summary>Client identifier; empty asks the server for one.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>True: start without the earlier session (clean session in 3.1.1).</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>Longest silence, in seconds; 0: no limit.</summary>
    public ushort KeepAlive { get; init; }

    /// <summary>User name; null: none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password; null: none.</summary>
    public byte[]? Password { get; init; }

    /// <summary>Will; null: none.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>Seconds the session outlives the connection; 0xFFFFFFFF: for ever; null counts as 0.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>QoS 1 and 2 messages the client takes unacknowledged; null counts as 65535.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>Largest packet the client takes, in bytes; null: no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>Highest topic alias the client takes; null counts as 0.</summary>
    public ushort? TopicAliasMaximum { get; init; }

    /// <summary>False asks the server for no reason strings and user properties but in PUBLISH, CONNACK and DISCONNECT.</summary>
    public bool RequestProblemInformation { get; init; } = true;

    /// <summary>True asks for response information in CONNACK.</summary>
    public bool RequestResponseInformation { get; init; }

    /// <summary>Method of enhanced authentication; null: none.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Data of enhanced authentication.</summary>
    public byte[]? AuthenticationData { get; init; }

    /// <summary>User properties.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    /// <summary>
    /// Reads a body. <paramref name="version"/> is set as soon as it is known, so that a refusal can be worded in the client's protocol.
    /// </summary>
    public static ConnectPacket? TryRead(
        ReadOnlySpan<byte> body, MqttLimits limits, out MqttProtocolVersion version, out MqttFault fault)
    {
        version = MqttProtocolVersion.None;
        var reader = new MqttReader(body, limits);
        var name = reader.Utf8();
        var level = reader.Byte();
        if (!reader.Fault.IsFault && !name.SequenceEqual("MQTT"u8))
            reader.Fail(new MqttFault(MqttReasonCode.UnsupportedProtocolVersion, "The protocol name is not MQTT."));
        if (!reader.Fault.IsFault && level is not (4 or 5))
            reader.Fail(new MqttFault(MqttReasonCode.UnsupportedProtocolVersion, "The protocol version is neither 3.1.1 nor 5."));
        if (!reader.Fault.IsFault)
            version = (MqttProtocolVersion)level;

        var packet = reader.Fault.IsFault ? null : ReadFields(ref reader, version);
        reader.End();
        fault = reader.Fault;
        return fault.IsFault ? null : packet;
    }

    private static ConnectPacket ReadFields(ref MqttReader reader, MqttProtocolVersion version)
    {
        var v5 = version == MqttProtocolVersion.V5;
        var flags = reader.Byte();
        CheckFlags(ref reader, flags, v5);
        var keepAlive = reader.UInt16();
        var properties = v5 ? reader.Properties(MqttPacketType.Connect) : default;
        var authenticationMethod = properties.Text(MqttPropertyId.AuthenticationMethod);
        var authenticationData = properties.Bytes(MqttPropertyId.AuthenticationData);
        if (authenticationData is not null && authenticationMethod is null)
            reader.Fail(MqttFault.Protocol("There is authentication data without a method."));

        var clientId = MqttUtf8.GetString(reader.Utf8());
        var will = (flags & WillFlag) != 0 ? ReadWill(ref reader, flags, v5) : null;
        return new ConnectPacket
        {
            Version = version,
            ClientId = clientId,
            CleanStart = (flags & CleanStartFlag) != 0,
            KeepAlive = keepAlive,
            Will = will,
            UserName = (flags & UserNameFlag) != 0 ? MqttUtf8.GetString(reader.Utf8()) : null,
            Password = (flags & PasswordFlag) != 0 ? reader.Binary().ToArray() : null,
            SessionExpiryInterval = properties.Number(MqttPropertyId.SessionExpiryInterval),
            ReceiveMaximum = (ushort?)properties.Number(MqttPropertyId.ReceiveMaximum),
            MaximumPacketSize = properties.Number(MqttPropertyId.MaximumPacketSize),
            TopicAliasMaximum = (ushort?)properties.Number(MqttPropertyId.TopicAliasMaximum),
            RequestProblemInformation = properties.Number(MqttPropertyId.RequestProblemInformation) != 0,
            RequestResponseInformation = properties.Number(MqttPropertyId.RequestResponseInformation) == 1,
            AuthenticationMethod = authenticationMethod,
            AuthenticationData = authenticationData,
            UserProperties = properties.UserProperties(),
        };
    }

    private static void CheckFlags(ref MqttReader reader, byte flags, bool v5)
    {
        if ((flags & 1) != 0)
            reader.Fail(MqttFault.Malformed("The reserved connect flag is set.")); // [MQTT-3.1.2-3]
        var willQos = flags >> 3 & 3;
        if (willQos == 3)
            reader.Fail(MqttFault.Malformed("The will's QoS is 3.")); // [MQTT-3.1.2-12]
        if ((flags & WillFlag) == 0 && (willQos != 0 || (flags & WillRetainFlag) != 0))
            reader.Fail(MqttFault.Malformed("There are will flags without a will.")); // [MQTT-3.1.2-11], [MQTT-3.1.2-13]
        if (!v5 && (flags & PasswordFlag) != 0 && (flags & UserNameFlag) == 0)
            reader.Fail(MqttFault.Malformed("There is a password without a user name.")); // 3.1.1 [MQTT-3.1.2-22]
    }

    private static MqttWill ReadWill(ref MqttReader reader, byte flags, bool v5)
    {
        var properties = v5 ? reader.Properties(MqttPropertyTable.Will) : default;
        var topic = reader.Utf8();
        if (!reader.Fault.IsFault && !MqttTopic.IsValidName(topic, reader.Limits))
            reader.Fail(new MqttFault(MqttReasonCode.TopicNameInvalid, "The will's topic is not a topic name."));
        return new MqttWill
        {
            Topic = MqttUtf8.GetString(topic),
            Payload = reader.Binary().ToArray(),
            Qos = (MqttQos)(flags >> 3 & 3),
            Retain = (flags & WillRetainFlag) != 0,
            DelayInterval = properties.Number(MqttPropertyId.WillDelayInterval) ?? 0,
            Properties = MqttPublishProperties.Read(properties),
        };
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        using var body = new MqttBodyWriter();
        body.Binary("MQTT"u8);
        body.Byte((byte)Version);
        var flags = CleanStart ? CleanStartFlag : 0;
        if (UserName is not null)
            flags |= UserNameFlag;
        if (Password is not null)
            flags |= PasswordFlag;
        if (Will is not null)
            flags |= WillFlag | (byte)Will.Qos << 3 | (Will.Retain ? WillRetainFlag : 0);
        body.Byte((byte)flags);
        body.UInt16(KeepAlive);
        if (Version == MqttProtocolVersion.V5)
            WriteProperties(body);
        body.Utf8(ClientId);
        if (Will is not null)
            WriteWill(body, Will);
        if (UserName is not null)
            body.Utf8(UserName);
        if (Password is not null)
            body.Binary(Password);
        body.Finish((byte)MqttPacketType.Connect << 4, output);
    }

    private void WriteProperties(MqttBodyWriter body)
    {
        using var block = new MqttBodyWriter();
        block.Property(MqttPropertyId.SessionExpiryInterval, SessionExpiryInterval);
        block.Property(MqttPropertyId.ReceiveMaximum, ReceiveMaximum);
        block.Property(MqttPropertyId.MaximumPacketSize, MaximumPacketSize);
        block.Property(MqttPropertyId.TopicAliasMaximum, TopicAliasMaximum);
        block.Property(MqttPropertyId.RequestResponseInformation, RequestResponseInformation ? 1u : null);
        block.Property(MqttPropertyId.RequestProblemInformation, RequestProblemInformation ? null : 0u);
        block.Property(MqttPropertyId.AuthenticationMethod, AuthenticationMethod);
        block.Property(MqttPropertyId.AuthenticationData, AuthenticationData);
        block.UserProperties(UserProperties);
        body.Properties(block.Written);
    }

    private void WriteWill(MqttBodyWriter body, MqttWill will)
    {
        if (Version == MqttProtocolVersion.V5)
        {
            using var block = new MqttBodyWriter();
            block.Property(MqttPropertyId.WillDelayInterval, will.DelayInterval == 0 ? null : will.DelayInterval);
            will.Properties.Write(block);
            body.Properties(block.Written);
        }

        body.Utf8(will.Topic);
        body.Binary(will.Payload);
    }
}
