using System.Buffers;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>AUTH (MQTT 5 §3.15): enhanced authentication.</summary>
public sealed record AuthPacket
{
    /// <summary>Success, ContinueAuthentication or ReAuthenticate.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>Name of the method.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Data of the method.</summary>
    public byte[]? AuthenticationData { get; init; }

    /// <summary>Text for people and logs.</summary>
    public string? ReasonString { get; init; }

    /// <summary>Reads a body; null with a fault when it is refused. AUTH does not exist on 3.1.1.</summary>
    public static AuthPacket? TryRead(ReadOnlySpan<byte> body, MqttProtocolVersion version, MqttLimits limits, out MqttFault fault)
    {
        var reader = new MqttReader(body, limits);
        if (version != MqttProtocolVersion.V5)
            reader.Fail(MqttFault.Protocol("There is no AUTH packet in MQTT 3.1.1."));
        var code = reader.More ? reader.Byte() : (byte)0;
        var properties = reader.More ? reader.Properties(MqttPacketType.Auth) : default;
        if (!MqttReasonCodes.IsAllowed(MqttPacketType.Auth, code))
            reader.Fail(MqttFault.Malformed("The reason code may not stand in AUTH."));
        reader.End();
        fault = reader.Fault;
        if (fault.IsFault)
            return null;
        return new AuthPacket
        {
            Reason = (MqttReasonCode)code,
            AuthenticationMethod = properties.Text(MqttPropertyId.AuthenticationMethod),
            AuthenticationData = properties.Bytes(MqttPropertyId.AuthenticationData),
            ReasonString = properties.Text(MqttPropertyId.ReasonString),
        };
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        using var body = new MqttBodyWriter();
        using var block = new MqttBodyWriter();
        block.Property(MqttPropertyId.AuthenticationMethod, AuthenticationMethod);
        block.Property(MqttPropertyId.AuthenticationData, AuthenticationData);
        block.Property(MqttPropertyId.ReasonString, ReasonString);
        if (Reason != MqttReasonCode.Success || !block.Written.IsEmpty)
        {
            body.Byte((byte)Reason);
            body.Properties(block.Written);
        }

        body.Finish(unchecked((byte)((byte)MqttPacketType.Auth << 4)), output);
    }
}
