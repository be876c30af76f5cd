using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Client;

/// <summary>Where a client stands.</summary>
public enum MqttClientState
{
    /// <summary>Not started, or stopped for good.</summary>
    Stopped,

    /// <summary>Opening the link or waiting for CONNACK.</summary>
    Connecting,

    /// <summary>CONNACK said Success.</summary>
    Connected,

    /// <summary>Waiting to try again.</summary>
    Waiting,
}

/// <summary>A change of state, with its cause.</summary>
/// <param name="State">The new state.</param>
/// <param name="Reason">The server's or the client's reason code; Success where there is none.</param>
/// <param name="Detail">What happened, for people and logs.</param>
public sealed record MqttClientStateChange(MqttClientState State, MqttReasonCode Reason, string Detail);
