namespace FloorGateway.Mqtt.Codec;

/// <summary>What the codec accepts at most. Checked against declared lengths before anything is allocated.</summary>
public sealed record MqttLimits
{
    /// <summary>Largest remaining length the varint can carry (MQTT 5 §2.1.4).</summary>
    public const int LargestRemainingLength = 268_435_455;

    /// <summary>Defaults for a plant-floor peer.</summary>
    public static MqttLimits Default { get; } = new();

    /// <summary>Whole packet with its fixed header, in bytes. 1 MiB holds a backfilled hour of one unit; telemetry is under 1 KiB.</summary>
    public int MaximumPacketSize { get; init; } = 1 << 20;

    /// <summary>Whole CONNECT packet, in bytes, where less than <see cref="MaximumPacketSize"/>: it comes from anybody. Holds a will of 64 KiB.</summary>
    public int MaximumConnectSize { get; init; } = 128 << 10;

    /// <summary>UTF-8 bytes of a topic name or filter. ISA-95 paths stay under 200.</summary>
    public int MaximumTopicLength { get; init; } = 1024;

    /// <summary>Levels of a topic name or filter; bounds the depth of tree walks.</summary>
    public int MaximumTopicLevels { get; init; } = 32;

    /// <summary>User properties in one packet.</summary>
    public int MaximumUserProperties { get; init; } = 64;

    /// <summary>Topic filters in one SUBSCRIBE or UNSUBSCRIBE.</summary>
    public int MaximumFilters { get; init; } = 1024;
}
