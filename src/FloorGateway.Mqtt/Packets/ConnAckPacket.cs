using System.Buffers;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>CONNACK (MQTT 5 §3.2; MQTT 3.1.1 §3.2).</summary>
public sealed record ConnAckPacket
{
    /// <summary>True: the server goes on with the session it had.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Success, or why not. A 3.1.1 return code is mapped.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>Seconds, when the server uses another value than asked for.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>QoS 1 and 2 messages the server takes unacknowledged; null counts as 65535.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>Highest QoS the server takes; null counts as 2.</summary>
    public MqttQos? MaximumQos { get; init; }

    /// <summary>False: the server keeps no retained messages.</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>Largest packet the server takes, in bytes; null: no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>Identifier the server chose for a client that sent none.</summary>
    public string? AssignedClientIdentifier { get; init; }

    /// <summary>Highest topic alias the server takes; null counts as 0.</summary>
    public ushort? TopicAliasMaximum { get; init; }

    /// <summary>Text for people and logs.</summary>
    public string? ReasonString { get; init; }

    /// <summary>False: no wildcard subscriptions.</summary>
    public bool WildcardSubscriptionAvailable { get; init; } = true;

    /// <summary>False: no subscription identifiers.</summary>
    public bool SubscriptionIdentifiersAvailable { get; init; } = true;

    /// <summary>False: no shared subscriptions.</summary>
    public bool SharedSubscriptionAvailable { get; init; } = true;

    /// <summary>Seconds the client must use instead of its own keep-alive.</summary>
    public ushort? ServerKeepAlive { get; init; }

    /// <summary>Base for response topics.</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>Another server to use.</summary>
    public string? ServerReference { get; init; }

    /// <summary>Method of enhanced authentication.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Data of enhanced authentication.</summary>
    public byte[]? AuthenticationData { get; init; }

    /// <summary>User properties.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    /// <summary>Reads a body; null with a fault when it is refused.</summary>
    public static ConnAckPacket? TryRead(
        ReadOnlySpan<byte> body, MqttProtocolVersion version, MqttLimits limits, out MqttFault fault)
    {
        var v5 = version == MqttProtocolVersion.V5;
        var reader = new MqttReader(body, limits);
        var flags = reader.Byte();
        if (flags > 1)
            reader.Fail(MqttFault.Malformed("Reserved connect acknowledge flags are set.")); // [MQTT-3.2.2-1]
        var code = reader.Byte();
        var reason = v5
            ? MqttReasonCodes.IsAllowed(MqttPacketType.ConnAck, code) ? (MqttReasonCode)code : null
            : MqttReasonCodes.FromConnectReturnCode(code);
        if (reason is null)
            reader.Fail(MqttFault.Malformed("The reason code may not stand in CONNACK."));
        if (flags == 1 && reason is { } r && r != MqttReasonCode.Success)
            reader.Fail(MqttFault.Protocol("A refused connection has a session present.")); // [MQTT-3.2.2-6]
        var properties = v5 ? reader.Properties(MqttPacketType.ConnAck) : default;
        reader.End();
        fault = reader.Fault;
        if (fault.IsFault)
            return null;
        return new ConnAckPacket
        {
            SessionPresent = flags == 1,
            Reason = reason!.Value,
            SessionExpiryInterval = properties.Number(MqttPropertyId.SessionExpiryInterval),
            ReceiveMaximum = (ushort?)properties.Number(MqttPropertyId.ReceiveMaximum),
            MaximumQos = (MqttQos?)properties.Number(MqttPropertyId.MaximumQos),
            RetainAvailable = properties.Number(MqttPropertyId.RetainAvailable) != 0,
            MaximumPacketSize = properties.Number(MqttPropertyId.MaximumPacketSize),
            AssignedClientIdentifier = properties.Text(MqttPropertyId.AssignedClientIdentifier),
            TopicAliasMaximum = (ushort?)properties.Number(MqttPropertyId.TopicAliasMaximum),
            ReasonString = properties.Text(MqttPropertyId.ReasonString),
            WildcardSubscriptionAvailable = properties.Number(MqttPropertyId.WildcardSubscriptionAvailable) != 0,
            SubscriptionIdentifiersAvailable = properties.Number(MqttPropertyId.SubscriptionIdentifierAvailable) != 0,
            SharedSubscriptionAvailable = properties.Number(MqttPropertyId.SharedSubscriptionAvailable) != 0,
            ServerKeepAlive = (ushort?)properties.Number(MqttPropertyId.ServerKeepAlive),
            ResponseInformation = properties.Text(MqttPropertyId.ResponseInformation),
            ServerReference = properties.Text(MqttPropertyId.ServerReference),
            AuthenticationMethod = properties.Text(MqttPropertyId.AuthenticationMethod),
            AuthenticationData = properties.Bytes(MqttPropertyId.AuthenticationData),
            UserProperties = properties.UserProperties(),
        };
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        using var body = new MqttBodyWriter();
        body.Byte(SessionPresent ? (byte)1 : (byte)0);
        body.Byte(version == MqttProtocolVersion.V5 ? (byte)Reason : MqttReasonCodes.ToConnectReturnCode(Reason));
        if (version == MqttProtocolVersion.V5)
            WriteProperties(body);
        body.Finish((byte)MqttPacketType.ConnAck << 4, output);
    }

    private void WriteProperties(MqttBodyWriter body)
    {
        using var block = new MqttBodyWriter();
        block.Property(MqttPropertyId.SessionExpiryInterval, SessionExpiryInterval);
        block.Property(MqttPropertyId.ReceiveMaximum, ReceiveMaximum);
        block.Property(MqttPropertyId.MaximumQos, (uint?)MaximumQos);
        block.Property(MqttPropertyId.RetainAvailable, RetainAvailable ? null : 0u);
        block.Property(MqttPropertyId.MaximumPacketSize, MaximumPacketSize);
        block.Property(MqttPropertyId.AssignedClientIdentifier, AssignedClientIdentifier);
        block.Property(MqttPropertyId.TopicAliasMaximum, TopicAliasMaximum);
        block.Property(MqttPropertyId.ReasonString, ReasonString);
        block.UserProperties(UserProperties);
        block.Property(MqttPropertyId.WildcardSubscriptionAvailable, WildcardSubscriptionAvailable ? null : 0u);
        block.Property(MqttPropertyId.SubscriptionIdentifierAvailable, SubscriptionIdentifiersAvailable ? null : 0u);
        block.Property(MqttPropertyId.SharedSubscriptionAvailable, SharedSubscriptionAvailable ? null : 0u);
        block.Property(MqttPropertyId.ServerKeepAlive, ServerKeepAlive);
        block.Property(MqttPropertyId.ResponseInformation, ResponseInformation);
        block.Property(MqttPropertyId.ServerReference, ServerReference);
        block.Property(MqttPropertyId.AuthenticationMethod, AuthenticationMethod);
        block.Property(MqttPropertyId.AuthenticationData, AuthenticationData);
        body.Properties(block.Written);
    }
}
