using System.Buffers.Binary;

namespace FloorGateway.Mqtt.Codec;

/// <summary>
/// Reads the fields of one packet's body. The first fault sticks: later reads answer zero or empty, so a packet's reader checks
/// <see cref="Fault"/> once at its end. Nothing is allocated.
/// </summary>
public ref struct MqttReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads <paramref name="body"/> under <paramref name="limits"/>.</summary>
    public MqttReader(ReadOnlySpan<byte> body, MqttLimits limits)
    {
        _rest = body;
        Limits = limits;
        Fault = default;
    }

    /// <summary>The first fault, or the default value.</summary>
    public MqttFault Fault { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Limits given at construction.</summary>
    public MqttLimits Limits { get; }

    /// <summary>True while there are bytes left and no fault was found.</summary>
    public readonly bool More => !Fault.IsFault && _rest.Length > 0;

    /// <summary>Records a fault (the first one wins) and stops reading.</summary>
    public void Fail(MqttFault fault)
    {
        if (!Fault.IsFault)
            Fault = fault;
        _rest = default;
    }

    /// <summary>One byte.</summary>
    public byte Byte()
    {
        var bytes = Take(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    /// <summary>Two bytes, big-endian.</summary>
    public ushort UInt16()
    {
        var bytes = Take(2);
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    /// <summary>Four bytes, big-endian.</summary>
    public uint UInt32()
    {
        var bytes = Take(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>A packet identifier; zero is refused ([MQTT-2.2.1-3]).</summary>
    public ushort PacketId()
    {
        var id = UInt16();
        if (id == 0)
            Fail(MqttFault.Malformed("The packet identifier is zero."));
        return id;
    }

    /// <summary>A variable byte integer in its shortest form.</summary>
    public int VarInt()
    {
        var status = MqttVarInt.TryRead(_rest, out var value, out var size);
        if (status != MqttFrameStatus.Complete)
        {
            Fail(MqttFault.Malformed("A variable byte integer is cut off, too long or not in its shortest form."));
            return 0;
        }

        _rest = _rest[size..];
        return value;
    }

    /// <summary>Binary data with its two-byte length.</summary>
    public ReadOnlySpan<byte> Binary() => Take(UInt16());

    /// <summary>A UTF-8 string with its two-byte length, checked ([MQTT-1.5.4-1], [MQTT-1.5.4-2]).</summary>
    public ReadOnlySpan<byte> Utf8()
    {
        var bytes = Take(UInt16());
        if (!MqttUtf8.IsValid(bytes))
        {
            Fail(MqttFault.Malformed("A string is not well-formed UTF-8 or holds U+0000."));
            return default;
        }

        return bytes;
    }

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Fail(MqttFault.Malformed("A field reaches past the end of its packet."));
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>Everything that is left.</summary>
    public ReadOnlySpan<byte> TakeRest() => Take(_rest.Length);

    /// <summary>Refuses bytes after the packet's last field.</summary>
    public void End()
    {
        if (_rest.Length > 0)
            Fail(MqttFault.Malformed("There are bytes after the packet's last field."));
    }

    /// <summary>
    /// Property length and properties, checked against the table: known, allowed in this packet, not repeated unless they may be, with
    /// values in range.
    /// </summary>
    /// <param name="packet">Where they stand; <see cref="MqttPropertyTable.Will"/> for the will's.</param>
    public MqttProperties Properties(MqttPacketType packet)
    {
        var block = Take(VarInt());
        if (block.IsEmpty)
            return default;
        var reader = new MqttReader(block, Limits);
        ulong seen = 0;
        var users = 0;
        while (reader.More)
            reader.Property(packet, ref seen, ref users);
        if (reader.Fault.IsFault)
        {
            Fail(reader.Fault);
            return default;
        }

        return new MqttProperties(block);
    }

    private void Property(MqttPacketType packet, ref ulong seen, ref int users)
    {
        // All identifiers are below 0x80, so a second byte would be either unknown or not the shortest form.
        var id = Byte();
        ref readonly var row = ref MqttPropertyTable.Find(id);
        if (row.Type == MqttPropertyType.None)
        {
            Fail(MqttFault.Malformed("A property identifier is not known."));
            return;
        }

        var place = 1 << (int)packet;
        if ((row.Packets & place) == 0)
            Fail(MqttFault.Malformed("A property may not stand in this packet."));
        var bit = 1UL << id;
        if ((seen & bit) != 0 && (row.Repeatable & place) == 0)
            Fail(MqttFault.Protocol("A property stands twice that may stand once only."));
        seen |= bit;

        long number = -1;
        switch (row.Type)
        {
            case MqttPropertyType.Byte:
                number = Byte();
                break;
            case MqttPropertyType.TwoByte:
                number = UInt16();
                break;
            case MqttPropertyType.FourByte:
                number = UInt32();
                break;
            case MqttPropertyType.VarInt:
                number = VarInt();
                break;
            case MqttPropertyType.Utf8:
                Utf8();
                break;
            case MqttPropertyType.Binary:
                Binary();
                break;
            default:
                Utf8();
                Utf8();
                if (++users > Limits.MaximumUserProperties)
                    Fail(new MqttFault(MqttReasonCode.QuotaExceeded, "The packet has more user properties than allowed."));
                break;
        }

        var broken = row.Rule switch
        {
            MqttPropertyRule.ZeroOrOne => number > 1,
            MqttPropertyRule.NotZero => number == 0,
            _ => false,
        };
        if (broken)
            Fail(new MqttFault(row.RuleCode, "A property's value is out of its range."));
    }
}
