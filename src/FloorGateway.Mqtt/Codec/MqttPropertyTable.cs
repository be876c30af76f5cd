using static FloorGateway.Mqtt.Codec.MqttPropertyId;

namespace FloorGateway.Mqtt.Codec;

/// <summary>How a property's value is encoded.</summary>
public enum MqttPropertyType : byte
{
    /// <summary>No such property.</summary>
    None,
    Byte,
    TwoByte,
    FourByte,
    VarInt,
    Utf8,
    Binary,
    Utf8Pair,
}

/// <summary>What a property's value may be, beyond its type.</summary>
public enum MqttPropertyRule : byte
{
    Any,
    ZeroOrOne,
    NotZero,
}

/// <summary>The facts about properties (MQTT 5 §2.2.2.2), one row each, with a lookup by identifier.</summary>
public static class MqttPropertyTable
{
    /// <summary>Stands for the will's properties inside CONNECT: a place of its own, without a packet type.</summary>
    public const MqttPacketType Will = MqttPacketType.Reserved;

    private const int C = 1 << (int)MqttPacketType.Connect;
    private const int CA = 1 << (int)MqttPacketType.ConnAck;
    private const int P = 1 << (int)MqttPacketType.Publish;
    private const int W = 1 << (int)Will;
    private const int S = 1 << (int)MqttPacketType.Subscribe;
    private const int U = 1 << (int)MqttPacketType.Unsubscribe;
    private const int D = 1 << (int)MqttPacketType.Disconnect;
    private const int A = 1 << (int)MqttPacketType.Auth;
    private const int Acks = (1 << (int)MqttPacketType.PubAck) | (1 << (int)MqttPacketType.PubRec) | (1 << (int)MqttPacketType.PubRel) |
        (1 << (int)MqttPacketType.PubComp) | (1 << (int)MqttPacketType.SubAck) | (1 << (int)MqttPacketType.UnsubAck);

    /// <summary>One row: where the property may stand, where it may stand more than once, and what it holds.</summary>
    /// <param name="Id">Identifier.</param>
    /// <param name="Type">Encoding of the value.</param>
    /// <param name="Packets">Bit n: allowed in the packet type n; bit 0: in the will.</param>
    /// <param name="Repeatable">The same bits: may appear more than once there.</param>
    /// <param name="Rule">Values allowed.</param>
    /// <param name="RuleCode">Reason code when the rule is broken.</param>
    public readonly record struct Row(
        MqttPropertyId Id, MqttPropertyType Type, int Packets, int Repeatable = 0, MqttPropertyRule Rule = MqttPropertyRule.Any,
        MqttReasonCode RuleCode = MqttReasonCode.ProtocolError);

    private static readonly Row[] Rows =
    [
        new(PayloadFormatIndicator, MqttPropertyType.Byte, P | W, 0, MqttPropertyRule.ZeroOrOne),
        new(MessageExpiryInterval, MqttPropertyType.FourByte, P | W),
        new(ContentType, MqttPropertyType.Utf8, P | W),
        new(ResponseTopic, MqttPropertyType.Utf8, P | W),
        new(CorrelationData, MqttPropertyType.Binary, P | W),
        new(SubscriptionIdentifier, MqttPropertyType.VarInt, P | S, P, MqttPropertyRule.NotZero),
        new(SessionExpiryInterval, MqttPropertyType.FourByte, C | CA | D),
        new(AssignedClientIdentifier, MqttPropertyType.Utf8, CA),
        new(ServerKeepAlive, MqttPropertyType.TwoByte, CA),
        new(AuthenticationMethod, MqttPropertyType.Utf8, C | CA | A),
        new(AuthenticationData, MqttPropertyType.Binary, C | CA | A),
        new(RequestProblemInformation, MqttPropertyType.Byte, C, 0, MqttPropertyRule.ZeroOrOne),
        new(WillDelayInterval, MqttPropertyType.FourByte, W),
        new(RequestResponseInformation, MqttPropertyType.Byte, C, 0, MqttPropertyRule.ZeroOrOne),
        new(ResponseInformation, MqttPropertyType.Utf8, CA),
        new(ServerReference, MqttPropertyType.Utf8, CA | D),
        new(ReasonString, MqttPropertyType.Utf8, CA | Acks | D | A),
        new(ReceiveMaximum, MqttPropertyType.TwoByte, C | CA, 0, MqttPropertyRule.NotZero),
        new(TopicAliasMaximum, MqttPropertyType.TwoByte, C | CA),
        new(TopicAlias, MqttPropertyType.TwoByte, P, 0, MqttPropertyRule.NotZero, MqttReasonCode.TopicAliasInvalid),
        new(MaximumQos, MqttPropertyType.Byte, CA, 0, MqttPropertyRule.ZeroOrOne),
        new(RetainAvailable, MqttPropertyType.Byte, CA, 0, MqttPropertyRule.ZeroOrOne),
        new(UserProperty, MqttPropertyType.Utf8Pair, C | CA | P | W | S | U | D | A | Acks, C | CA | P | W | S | U | D | A | Acks),
        new(MaximumPacketSize, MqttPropertyType.FourByte, C | CA, 0, MqttPropertyRule.NotZero),
        new(WildcardSubscriptionAvailable, MqttPropertyType.Byte, CA, 0, MqttPropertyRule.ZeroOrOne),
        new(SubscriptionIdentifierAvailable, MqttPropertyType.Byte, CA, 0, MqttPropertyRule.ZeroOrOne),
        new(SharedSubscriptionAvailable, MqttPropertyType.Byte, CA, 0, MqttPropertyRule.ZeroOrOne),
    ];

    private static readonly Row[] ById = Index();

    /// <summary>All rows, for tests and tools.</summary>
    public static IReadOnlyList<Row> All => Rows;

    /// <summary>The row of an identifier byte; its type is None when there is no such property.</summary>
    public static ref readonly Row Find(byte id) => ref ById[id < ById.Length ? id : 0];

    private static Row[] Index()
    {
        // 64 entries: every identifier fits in one 64-bit "seen" set.
        var byId = new Row[64];
        foreach (var row in Rows)
            byId[(byte)row.Id] = row;
        return byId;
    }
}
