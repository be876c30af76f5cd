namespace FloorGateway.Mqtt.Codec;

/// <summary>Variable byte integer (MQTT 5 §1.5.5): one to four bytes, seven bits each, least significant first.</summary>
public static class MqttVarInt
{
    /// <summary>Largest value that can be encoded.</summary>
    public const int MaxValue = MqttLimits.LargestRemainingLength;

    /// <summary>Bytes needed for <paramref name="value"/>.</summary>
    public static int Size(int value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    /// <summary>Writes <paramref name="value"/> and returns the number of bytes written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="MaxValue"/>.</exception>
    public static int Write(Span<byte> destination, int value)
    {
        if ((uint)value > MaxValue)
            throw new ArgumentOutOfRangeException(nameof(value), value, "A variable byte integer holds 0 to 268435455.");
        var written = 0;
        while (value >= 0x80)
        {
            destination[written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[written++] = (byte)value;
        return written;
    }

    /// <summary>
    /// Reads one integer from the start of <paramref name="source"/>. <see cref="MqttFrameStatus.Faulty"/> for a fifth byte and for
    /// an encoding longer than needed ([MQTT-1.5.5-1]).
    /// </summary>
    public static MqttFrameStatus TryRead(ReadOnlySpan<byte> source, out int value, out int size)
    {
        value = 0;
        size = 0;
        for (var i = 0; i < 4; i++)
        {
            if (i >= source.Length)
                return MqttFrameStatus.Incomplete;
            var b = source[i];
            value |= (b & 0x7F) << (7 * i);
            if (b >= 0x80)
                continue;
            size = i + 1;
            return i > 0 && b == 0 ? MqttFrameStatus.Faulty : MqttFrameStatus.Complete;
        }

        return MqttFrameStatus.Faulty;
    }
}
