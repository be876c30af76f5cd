namespace FloorGateway.Mqtt.Codec;

/// <summary>Which reason codes a packet type may carry, and how they map to MQTT 3.1.1.</summary>
public static class MqttReasonCodes
{
    // MQTT 5 §2.4, table 2-6: one row a code, one column a packet.
    private static readonly Dictionary<MqttPacketType, byte[]> Allowed = new()
    {
        [MqttPacketType.ConnAck] =
        [
            0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B,
            0x9C, 0x9D, 0x9F,
        ],
        [MqttPacketType.PubAck] = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
        [MqttPacketType.PubRec] = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
        [MqttPacketType.PubRel] = [0x00, 0x92],
        [MqttPacketType.PubComp] = [0x00, 0x92],
        [MqttPacketType.SubAck] = [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2],
        [MqttPacketType.UnsubAck] = [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91],
        [MqttPacketType.Disconnect] =
        [
            0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
            0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
        ],
        [MqttPacketType.Auth] = [0x00, 0x18, 0x19],
    };

    // [packet type, code / 64] bit sets, so that the check on the hot path (PUBACK) is two array reads.
    private static readonly ulong[] Bits = BuildBits();

    /// <summary>True for codes from 0x80 up.</summary>
    public static bool IsFailure(this MqttReasonCode code) => (byte)code >= 0x80;

    /// <summary>True when <paramref name="code"/> may stand in a packet of <paramref name="type"/> (MQTT 5 §2.4).</summary>
    public static bool IsAllowed(MqttPacketType type, byte code) => (Bits[((int)type * 4) + (code >> 6)] >> (code & 63) & 1) != 0;

    /// <summary>The 3.1.1 CONNACK return code (§3.2.2.3, 0 to 5) that says the same as <paramref name="code"/>.</summary>
    public static byte ToConnectReturnCode(MqttReasonCode code) => code switch
    {
        MqttReasonCode.Success => 0,
        MqttReasonCode.UnsupportedProtocolVersion => 1,
        MqttReasonCode.ClientIdentifierNotValid => 2,
        MqttReasonCode.BadUserNameOrPassword => 4,
        MqttReasonCode.NotAuthorized or MqttReasonCode.Banned => 5,
        _ => 3,
    };

    /// <summary>The MQTT 5 reason code for a 3.1.1 CONNACK return code; null when the code is reserved.</summary>
    public static MqttReasonCode? FromConnectReturnCode(byte code) => code switch
    {
        0 => MqttReasonCode.Success,
        1 => MqttReasonCode.UnsupportedProtocolVersion,
        2 => MqttReasonCode.ClientIdentifierNotValid,
        3 => MqttReasonCode.ServerUnavailable,
        4 => MqttReasonCode.BadUserNameOrPassword,
        5 => MqttReasonCode.NotAuthorized,
        _ => null,
    };

    private static ulong[] BuildBits()
    {
        var bits = new ulong[16 * 4];
        foreach (var (type, codes) in Allowed)
        {
            foreach (var code in codes)
                bits[((int)type * 4) + (code >> 6)] |= 1UL << (code & 63);
        }

        return bits;
    }
}
