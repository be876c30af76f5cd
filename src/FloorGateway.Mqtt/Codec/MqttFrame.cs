using System.Buffers;

namespace FloorGateway.Mqtt.Codec;

/// <summary>One packet's fixed header and body, as slices of the received bytes.</summary>
public readonly struct MqttFrame
{
    // MQTT 5 §2.1.3: required lower bits by packet type; 0xFF: PUBLISH, whose flags are its own.
    private static ReadOnlySpan<byte> RequiredFlags => [0, 0, 0, 0xFF, 0, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0];

    private MqttFrame(byte header, ReadOnlySequence<byte> body)
    {
        Header = header;
        Body = body;
    }

    /// <summary>First byte of the packet.</summary>
    public byte Header { get; }

    /// <summary>Everything after the remaining length.</summary>
    public ReadOnlySequence<byte> Body { get; }

    /// <summary>Upper half of the header.</summary>
    public MqttPacketType Type => (MqttPacketType)(Header >> 4);

    /// <summary>Lower half of the header.</summary>
    public byte Flags => (byte)(Header & 0x0F);

    /// <summary>
    /// Cuts the next packet off <paramref name="buffer"/>. The header's type and flags and the declared length are checked as soon as
    /// they are there, so a hostile length is refused before its bytes arrive.
    /// </summary>
    /// <param name="buffer">Received bytes; advanced past the packet when the answer is Complete, else untouched.</param>
    /// <param name="maximumPacketSize">Whole packet, in bytes, with the fixed header.</param>
    /// <param name="frame">The packet.</param>
    /// <param name="fault">Set when the answer is Faulty.</param>
    public static MqttFrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, int maximumPacketSize, out MqttFrame frame, out MqttFault fault)
    {
        frame = default;
        fault = default;
        if (buffer.IsEmpty)
            return MqttFrameStatus.Incomplete;

        Span<byte> copy = stackalloc byte[5];
        scoped ReadOnlySpan<byte> head = buffer.FirstSpan;
        if (head.Length < 5 && buffer.Length > head.Length)
        {
            var taken = (int)Math.Min(5, buffer.Length);
            buffer.Slice(0, taken).CopyTo(copy);
            head = copy[..taken];
        }

        var header = head[0];
        var type = header >> 4;
        if (type == 0)
        {
            fault = MqttFault.Malformed("Packet type 0 is forbidden.");
            return MqttFrameStatus.Faulty;
        }

        var required = RequiredFlags[type];
        if (required != 0xFF && (header & 0x0F) != required)
        {
            fault = MqttFault.Malformed("The fixed header's flags are not those of its packet type.");
            return MqttFrameStatus.Faulty;
        }

        var status = MqttVarInt.TryRead(head[1..], out var length, out var size);
        if (status == MqttFrameStatus.Faulty)
            fault = MqttFault.Malformed("The remaining length is longer than four bytes or not in its shortest form.");
        if (status != MqttFrameStatus.Complete)
            return status;

        var total = 1L + size + length;
        if (total > maximumPacketSize)
        {
            fault = new MqttFault(MqttReasonCode.PacketTooLarge, "The packet is larger than the maximum packet size.");
            return MqttFrameStatus.Faulty;
        }

        if (buffer.Length < total)
            return MqttFrameStatus.Incomplete;
        frame = new MqttFrame(header, buffer.Slice(1 + size, length));
        buffer = buffer.Slice(total);
        return MqttFrameStatus.Complete;
    }
}
