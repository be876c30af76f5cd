using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>What an application may say about a message beside topic and payload (MQTT 5 §3.3.2.3). Lost on 3.1.1.</summary>
public sealed record MqttPublishProperties
{
    /// <summary>No properties.</summary>
    public static MqttPublishProperties None { get; } = new();

    /// <summary>True: the payload is UTF-8 text.</summary>
    public bool PayloadIsUtf8 { get; init; }

    /// <summary>Seconds after which a server drops the message instead of delivering it; null: never.</summary>
    public uint? MessageExpiryInterval { get; init; }

    /// <summary>MIME type or a name the application knows.</summary>
    public string? ContentType { get; init; }

    /// <summary>Topic name on which an answer is expected.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Ties an answer to its request.</summary>
    public byte[]? CorrelationData { get; init; }

    /// <summary>User properties in their order.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    /// <summary>Reads the properties of a PUBLISH or of a will.</summary>
    public static MqttPublishProperties Read(MqttProperties properties)
    {
        if (properties.Encoded.IsEmpty)
            return None;
        return new MqttPublishProperties
        {
            PayloadIsUtf8 = properties.Number(MqttPropertyId.PayloadFormatIndicator) == 1,
            MessageExpiryInterval = properties.Number(MqttPropertyId.MessageExpiryInterval),
            ContentType = properties.Text(MqttPropertyId.ContentType),
            ResponseTopic = properties.Text(MqttPropertyId.ResponseTopic),
            CorrelationData = properties.Bytes(MqttPropertyId.CorrelationData),
            UserProperties = properties.UserProperties(),
        };
    }

    /// <summary>Appends the properties to a block.</summary>
    public void Write(MqttBodyWriter block)
    {
        block.Property(MqttPropertyId.PayloadFormatIndicator, PayloadIsUtf8 ? 1u : null);
        block.Property(MqttPropertyId.MessageExpiryInterval, MessageExpiryInterval);
        block.Property(MqttPropertyId.ContentType, ContentType);
        block.Property(MqttPropertyId.ResponseTopic, ResponseTopic);
        block.Property(MqttPropertyId.CorrelationData, CorrelationData);
        block.UserProperties(UserProperties);
    }

    /// <summary>The encoded block without its length; the same bytes serve every message that carries these properties.</summary>
    public byte[] Encode()
    {
        if (ReferenceEquals(this, None))
            return [];
        using var block = new MqttBodyWriter();
        Write(block);
        return block.Written.ToArray();
    }
}
