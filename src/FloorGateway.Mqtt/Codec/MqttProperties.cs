using System.Buffers.Binary;

namespace FloorGateway.Mqtt.Codec;

/// <summary>
/// Properties of one packet, checked and still encoded. Looking one up scans the block: packets carry few, and most carry none.
/// The default value is an empty block.
/// </summary>
public readonly ref struct MqttProperties
{
    internal MqttProperties(ReadOnlySpan<byte> encoded) => Encoded = encoded;

    /// <summary>The block without its length.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>Walks the properties in their order.</summary>
    public Enumerator GetEnumerator() => new(Encoded);

    /// <summary>First property with this identifier: its value's bytes, without a length prefix for strings and binary data.</summary>
    public bool TryFind(MqttPropertyId id, out ReadOnlySpan<byte> value)
    {
        foreach (var property in this)
        {
            if (property.Id != id)
                continue;
            value = property.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>A numeric property (one, two or four bytes, or a variable byte integer); null when absent.</summary>
    public uint? Number(MqttPropertyId id) => TryFind(id, out var value) ? ToNumber(id, value) : null;

    /// <summary>A string property; null when absent.</summary>
    public string? Text(MqttPropertyId id) => TryFind(id, out var value) ? MqttUtf8.GetString(value) : null;

    /// <summary>A binary property, copied; null when absent.</summary>
    public byte[]? Bytes(MqttPropertyId id) => TryFind(id, out var value) ? value.ToArray() : null;

    /// <summary>All user properties in their order; an empty array when there are none.</summary>
    public MqttUserProperty[] UserProperties()
    {
        List<MqttUserProperty>? found = null;
        foreach (var property in this)
        {
            if (property.Id != MqttPropertyId.UserProperty)
                continue;
            var nameLength = BinaryPrimitives.ReadUInt16BigEndian(property.Value);
            var name = property.Value.Slice(2, nameLength);
            var value = property.Value[(4 + nameLength)..];
            (found ??= []).Add(new MqttUserProperty(MqttUtf8.GetString(name), MqttUtf8.GetString(value)));
        }

        return found?.ToArray() ?? [];
    }

    internal static uint ToNumber(MqttPropertyId id, ReadOnlySpan<byte> value)
    {
        switch (MqttPropertyTable.Find((byte)id).Type)
        {
            case MqttPropertyType.Byte:
                return value[0];
            case MqttPropertyType.TwoByte:
                return BinaryPrimitives.ReadUInt16BigEndian(value);
            case MqttPropertyType.FourByte:
                return BinaryPrimitives.ReadUInt32BigEndian(value);
            default:
                _ = MqttVarInt.TryRead(value, out var number, out _);
                return (uint)number;
        }
    }

    /// <summary>One property: identifier and the bytes of its value.</summary>
    public readonly ref struct Property
    {
        internal Property(MqttPropertyId id, ReadOnlySpan<byte> value, ReadOnlySpan<byte> encoded)
        {
            Id = id;
            Value = value;
            Encoded = encoded;
        }

        /// <summary>Identifier.</summary>
        public MqttPropertyId Id { get; }

        /// <summary>Value without a length prefix; a user property's two strings keep theirs.</summary>
        public ReadOnlySpan<byte> Value { get; }

        /// <summary>Identifier and value as on the wire.</summary>
        public ReadOnlySpan<byte> Encoded { get; }
    }

    /// <summary>Walks a checked block.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> encoded)
        {
            _rest = encoded;
            Current = default;
        }

        /// <summary>The property last moved to.</summary>
        public Property Current { get; private set; }

        /// <summary>Moves to the next one.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            var id = _rest[0];
            var after = _rest[1..];
            int prefix = 0, length;
            switch (MqttPropertyTable.Find(id).Type)
            {
                case MqttPropertyType.Byte:
                    length = 1;
                    break;
                case MqttPropertyType.TwoByte:
                    length = 2;
                    break;
                case MqttPropertyType.FourByte:
                    length = 4;
                    break;
                case MqttPropertyType.VarInt:
                    _ = MqttVarInt.TryRead(after, out _, out length);
                    break;
                case MqttPropertyType.Utf8Pair:
                    var name = 2 + BinaryPrimitives.ReadUInt16BigEndian(after);
                    length = name + 2 + BinaryPrimitives.ReadUInt16BigEndian(after[name..]);
                    break;
                default:
                    prefix = 2;
                    length = BinaryPrimitives.ReadUInt16BigEndian(after);
                    break;
            }

            var total = 1 + prefix + length;
            Current = new Property((MqttPropertyId)id, after.Slice(prefix, length), _rest[..total]);
            _rest = _rest[total..];
            return true;
        }
    }
}
