using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>How one message is published.</summary>
public sealed record MqttPublishOptions
{
    /// <summary>QoS 1, not retained.</summary>
    public static MqttPublishOptions Default { get; } = new();

    /// <summary>Delivery promise.</summary>
    public MqttQos Qos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>True: the server keeps it for later subscribers; an empty payload clears what it keeps.</summary>
    public bool Retain { get; init; }

    /// <summary>Properties (MQTT 5).</summary>
    public MqttPublishProperties Properties { get; init; } = MqttPublishProperties.None;
}
