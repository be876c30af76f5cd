namespace FloorGateway.Mqtt.Codec;

/// <summary>One user property (MQTT 5 §1.5.7): names may repeat and keep their order.</summary>
public readonly record struct MqttUserProperty(string Name, string Value);
