namespace FloorGateway.Mqtt.Codec;

/// <summary>Outcome of looking for a packet at the start of received bytes.</summary>
public enum MqttFrameStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A whole packet is there.</summary>
    Complete,

    /// <summary>The bytes can't become a packet; close the connection.</summary>
    Faulty,
}
