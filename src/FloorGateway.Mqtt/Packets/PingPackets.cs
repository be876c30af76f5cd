namespace FloorGateway.Mqtt.Packets;

/// <summary>PINGREQ and PINGRESP (MQTT 5 §3.12, §3.13): constants, as they have no fields.</summary>
public static class PingPackets
{
    /// <summary>Asks the server for a sign of life.</summary>
    public static ReadOnlySpan<byte> Request => [0xC0, 0x00];

    /// <summary>The server's answer.</summary>
    public static ReadOnlySpan<byte> Response => [0xD0, 0x00];
}
