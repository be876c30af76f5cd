using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Client;

/// <summary>
/// A topic name, checked and encoded once, for publishing to it again and again. It belongs to the client that made it, which keeps its
/// topic alias here.
/// </summary>
public sealed class MqttTopicHandle
{
    internal MqttTopicHandle(string topic, MqttLimits limits)
    {
        Topic = topic;
        Utf8 = MqttUtf8.GetBytes(topic, "topic name");
        if (!MqttTopic.IsValidName(Utf8, limits))
            throw new ArgumentException($"'{topic}' is not a topic name: it is empty, too long, too deep or holds '+' or '#'.", nameof(topic));
    }

    /// <summary>Topic name.</summary>
    public string Topic { get; }

    internal byte[] Utf8 { get; }

    // Both under the session's lock. The epoch says on which connection the alias was made known.
    internal long AliasEpoch { get; set; }

    internal ushort Alias { get; set; }
}
