namespace FloorGateway.Mqtt.Codec;

/// <summary>Protocol level byte of CONNECT (MQTT 3.1.1 §3.1.2.2, MQTT 5 §3.1.2.2).</summary>
public enum MqttProtocolVersion : byte
{
    /// <summary>Not known yet: no CONNECT has been read.</summary>
    None = 0,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
