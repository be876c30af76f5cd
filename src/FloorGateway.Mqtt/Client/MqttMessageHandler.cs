using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Client;

/// <summary>Takes in one message. The message is acknowledged when the returned task ends; messages come one at a time, in order.</summary>
public delegate ValueTask MqttMessageHandler(MqttMessage message, CancellationToken cancel);
