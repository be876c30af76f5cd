using System.Buffers;
using System.Buffers.Binary;

namespace FloorGateway.Mqtt.Codec;

/// <summary>
/// Collects one packet's body (or one block of properties) in a pooled buffer, so that its length is known before the fixed header is
/// written. For control packets; PUBLISH and its acknowledgements are sized first and written in place.
/// </summary>
public sealed class MqttBodyWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256);
    private int _length;

    /// <summary>Bytes written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Appends one byte.</summary>
    public void Byte(byte value) => Grow(1)[0] = value;

    /// <summary>Appends two bytes, big-endian.</summary>
    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Grow(2), value);

    /// <summary>Appends four bytes, big-endian.</summary>
    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Grow(4), value);

    /// <summary>Appends a variable byte integer.</summary>
    public void VarInt(int value) => MqttVarInt.Write(Grow(MqttVarInt.Size(value)), value);

    /// <summary>Appends a string with its length.</summary>
    public void Utf8(string text) => Binary(MqttUtf8.GetBytes(text, "string"));

    /// <summary>Appends binary data with its length.</summary>
    /// <exception cref="ArgumentException">More than 65535 bytes.</exception>
    public void Binary(ReadOnlySpan<byte> data)
    {
        if (data.Length > ushort.MaxValue)
            throw new ArgumentException($"The data takes {data.Length} bytes; an MQTT field holds 65535 at most.", nameof(data));
        UInt16((ushort)data.Length);
        Raw(data);
    }

    /// <summary>Appends bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> data) => data.CopyTo(Grow(data.Length));

    /// <summary>Appends a numeric property unless it is null.</summary>
    public void Property(MqttPropertyId id, uint? value)
    {
        if (value is not { } number)
            return;
        Byte((byte)id);
        switch (MqttPropertyTable.Find((byte)id).Type)
        {
            case MqttPropertyType.Byte:
                Byte(checked((byte)number));
                break;
            case MqttPropertyType.TwoByte:
                UInt16(checked((ushort)number));
                break;
            case MqttPropertyType.FourByte:
                UInt32(number);
                break;
            case MqttPropertyType.VarInt:
                VarInt(checked((int)number));
                break;
            default:
                throw new ArgumentException($"{id} is not a number.", nameof(id));
        }
    }

    /// <summary>Appends a string property unless it is null.</summary>
    public void Property(MqttPropertyId id, string? value)
    {
        if (value is null)
            return;
        Byte((byte)id);
        Utf8(value);
    }

    /// <summary>Appends a binary property unless it is null.</summary>
    public void Property(MqttPropertyId id, byte[]? value)
    {
        if (value is null)
            return;
        Byte((byte)id);
        Binary(value);
    }

    /// <summary>Appends user properties in their order.</summary>
    public void UserProperties(IReadOnlyList<MqttUserProperty> properties)
    {
        foreach (var property in properties)
        {
            Byte((byte)MqttPropertyId.UserProperty);
            Utf8(property.Name);
            Utf8(property.Value);
        }
    }

    /// <summary>Appends a block of properties with its length.</summary>
    public void Properties(ReadOnlySpan<byte> encoded)
    {
        VarInt(encoded.Length);
        Raw(encoded);
    }

    /// <summary>Writes the fixed header and the body to <paramref name="output"/>.</summary>
    public void Finish(byte header, IBufferWriter<byte> output)
    {
        var total = 1 + MqttVarInt.Size(_length) + _length;
        var span = output.GetSpan(total);
        span[0] = header;
        var size = MqttVarInt.Write(span[1..], _length);
        Written.CopyTo(span[(1 + size)..]);
        output.Advance(total);
    }

    /// <summary>Returns the buffer to its pool.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _length = 0;
    }

    private Span<byte> Grow(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
            _buffer = larger;
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
