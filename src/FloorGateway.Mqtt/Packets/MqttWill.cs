using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>The message a server publishes when its client goes away without saying goodbye (MQTT 5 §3.1.2.5).</summary>
public sealed record MqttWill
{
    /// <summary>Topic name.</summary>
    public required string Topic { get; init; }

    /// <summary>Payload, at most 65535 bytes.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>QoS of the will message.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>True: the will is retained.</summary>
    public bool Retain { get; init; }

    /// <summary>Seconds the server waits for the client to come back before it publishes the will (MQTT 5 only).</summary>
    public uint DelayInterval { get; init; }

    /// <summary>Properties of the will message (MQTT 5 only).</summary>
    public MqttPublishProperties Properties { get; init; } = MqttPublishProperties.None;
}
