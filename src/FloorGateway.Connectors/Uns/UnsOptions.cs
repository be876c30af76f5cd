using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Connectors.Uns;

/// <summary>How samples become MQTT messages.</summary>
public sealed record UnsOptions
{
    /// <summary>The feed's name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>This gateway's id: the last but one level of its state topic.</summary>
    public required string GatewayId { get; init; }

    /// <summary>Path under which the gateway publishes its own state, e.g. <c>LXE/JSH</c>; empty = directly under <c>$gateway</c>.</summary>
    public string Site { get; init; } = "";

    /// <summary>Put before every topic; empty = none.</summary>
    public string TopicPrefix { get; init; } = "";

    public MqttQos Qos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>The broker keeps the latest message of each tag for those who subscribe later.</summary>
    public bool Retain { get; init; } = true;

    /// <summary>Where the times of the retained messages are kept over a restart, so that an older value sent late never takes the place of a newer one; null = nowhere.</summary>
    public string? MemoryFile { get; init; }

    /// <summary>Samples in one delivery; also how many may have to be sent again after a crash.</summary>
    public int MaxBatch { get; init; } = 4096;

    /// <summary>Link, session and login. The will is set by the destination.</summary>
    public required MqttClientOptions Client { get; init; }

    /// <summary>Topic of the gateway's own messages, e.g. <c>LXE/JSH/$gateway/edge-01/state</c>.</summary>
    /// <param name="leaf">E.g. <c>state</c>.</param>
    public string GatewayTopic(string leaf) => Join(TopicPrefix, Site, "$gateway", GatewayId, leaf);

    /// <summary>Topic of a tag.</summary>
    public string TagTopic(string path) => Join(TopicPrefix, path);

    private static string Join(params string[] parts) => string.Join('/', parts.Select(p => p.Trim('/')).Where(p => p.Length > 0));
}
