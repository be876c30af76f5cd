using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// Walks the value changes of one notification message without allocating (OPC 10000-4, 7.25.2). After each
/// <see cref="MoveNext"/> that gives true the properties hold one change. Scalars of fixed size are in <see cref="ScalarBits"/>,
/// strings in <see cref="Bytes"/>; everything else is decoded by <see cref="GetVariant"/> and is what allocates.
/// Malformed input ends the walk with <see cref="Failed"/>.
/// </summary>
public ref struct DataChangeReader
{
    // Handle 4, mask 1, type 1, scalar 8, status 4, two times with picoseconds 20: with as many bytes left, one check serves for all.
    private const int FastLength = 38;

    /// <summary>Bytes of a scalar by built-in type; 0 for types without a fixed size and those that need a look of their own.</summary>
    private static ReadOnlySpan<byte> FixedSize => [0, 1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 0, 8, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0];

    /// <summary>1 for the signed integer types, whose bits are sign-extended.</summary>
    private static ReadOnlySpan<byte> Signed => [0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly ReadOnlySpan<byte> _body;
    private readonly EncodingLimits _limits;
    private int _position;
    private int _parts;
    private int _items;
    private int _partEnd;
    private int _valueStart;
    private int _valueLength;
    private StatusCode _error;

    /// <param name="body">Bytes from the first extension object of NotificationData on.</param>
    /// <param name="parts">How many extension objects there are.</param>
    /// <param name="limits">Limits for values that need decoding.</param>
    public DataChangeReader(ReadOnlySpan<byte> body, int parts, EncodingLimits limits)
    {
        _body = body;
        _parts = parts;
        _limits = limits;
    }

    /// <summary>The handle that the client gave the monitored item.</summary>
    public uint ClientHandle { get; private set; }

    /// <summary>The value's type, or that of its elements; Null when the value is absent.</summary>
    public BuiltInType Type { get; private set; }

    /// <summary>True for arrays and matrices.</summary>
    public bool IsArray { get; private set; }

    /// <summary>As <see cref="Variant.ScalarBits"/>: integers sign-extended, IEEE bits, UTC .NET ticks; 0 for other types.</summary>
    public ulong ScalarBits { get; private set; }

    /// <summary>The bytes of a String (checked UTF-8 is what <see cref="GetVariant"/> gives), XmlElement or ByteString; empty when null or of another type.</summary>
    public readonly ReadOnlySpan<byte> Bytes =>
        !IsArray && _valueLength >= 5 && Type is BuiltInType.String or BuiltInType.ByteString or BuiltInType.XmlElement
            ? _body.Slice(_valueStart + 5, _valueLength - 5)
            : default;

    /// <summary>How to read <see cref="Bytes"/> that are no UTF-8; null = not at all.</summary>
    public readonly System.Text.Encoding? TextFallback => _limits.TextFallback;

    public StatusCode Status { get; private set; }

    /// <summary>UTC .NET ticks; 0 = absent.</summary>
    public long SourceTicks { get; private set; }

    /// <summary>UTC .NET ticks; 0 = absent.</summary>
    public long ServerTicks { get; private set; }

    /// <summary>True when the item's queue on the server lost values next to this one.</summary>
    public readonly bool IsOverflow => Status.IsOverflow;

    public readonly bool Failed => _error.IsBad;

    public readonly StatusCode Error => _error;

    /// <summary>The scalar as a double. Meaningful for number types only.</summary>
    public readonly double Double => Type switch
    {
        BuiltInType.Double => BitConverter.UInt64BitsToDouble(ScalarBits),
        BuiltInType.Float => BitConverter.UInt32BitsToSingle((uint)ScalarBits),
        BuiltInType.UInt64 => ScalarBits,
        _ => (long)ScalarBits,
    };

    /// <summary>The value in full; allocates for types that are not kept in place. Null and <see cref="Failed"/> on bad input.</summary>
    public Variant GetVariant()
    {
        if (_valueLength == 0)
        {
            return default;
        }

        if (!IsArray && Type != BuiltInType.Null && FixedSize[(int)Type] != 0)
        {
            return new Variant(Type, ScalarBits, null, isArray: false);
        }

        var reader = new UaReader(_body.Slice(_valueStart, _valueLength), _limits);
        var value = reader.ReadVariant();
        if (reader.Failed)
        {
            _error = reader.Error;
        }

        return value;
    }

    /// <summary>Goes to the next change; false at the end and on bad input.</summary>
    public bool MoveNext()
    {
        while (_items == 0)
        {
            if (!NextPart())
            {
                return false;
            }
        }

        _items--;
        if (_partEnd - _position < FastLength)
        {
            return ReadSlow();
        }

        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetReference(_body), _position);
        var mask = Unsafe.Add(ref start, 4);
        if ((mask & 0x01) == 0)
        {
            return ReadSlow();
        }

        int type = Unsafe.Add(ref start, 5);
        if (type >= FixedSize.Length)
        {
            return ReadSlow();
        }

        int size = FixedSize[type];
        if (size == 0)
        {
            return ReadSlow();
        }

        ClientHandle = ReadUInt32(ref start, 0);
        var shift = 64 - (size * 8);
        var raw = ReadUInt64(ref start, 6) << shift;
        ScalarBits = Signed[type] != 0 ? (ulong)((long)raw >> shift) : raw >> shift;
        Type = (BuiltInType)type;
        IsArray = false;
        if (type == (int)BuiltInType.DateTime)
        {
            ScalarBits = (ulong)UaDateTime.ToTicks((long)raw);
        }
        else if (type == (int)BuiltInType.Boolean && ScalarBits > 1)
        {
            ScalarBits = 1;
        }

        var offset = 6 + size;
        _valueStart = _position + 5;
        _valueLength = 1 + size;
        uint status = 0;
        if ((mask & 0x02) != 0)
        {
            status = ReadUInt32(ref start, offset);
            offset += 4;
        }

        Status = new StatusCode(status);
        long source = 0;
        if ((mask & 0x04) != 0)
        {
            source = UaDateTime.ToTicks((long)ReadUInt64(ref start, offset));
            offset += 8;
        }

        // Picoseconds are stepped over: the product's time of record has 100 ns.
        offset += (mask & 0x10) >> 3;
        long server = 0;
        if ((mask & 0x08) != 0)
        {
            server = UaDateTime.ToTicks((long)ReadUInt64(ref start, offset));
            offset += 8;
        }

        offset += (mask & 0x20) >> 4;
        SourceTicks = source;
        ServerTicks = server;
        _position += offset;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadUInt32(ref byte start, int offset)
    {
        var value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadUInt64(ref byte start, int offset)
    {
        var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadSlow()
    {
        var reader = new UaReader(_body[_position.._partEnd], _limits);
        ClientHandle = reader.ReadUInt32();
        var mask = reader.ReadByte();
        Type = BuiltInType.Null;
        IsArray = false;
        ScalarBits = 0;
        _valueStart = _position + reader.Position;
        _valueLength = 0;
        if ((mask & 0x01) != 0)
        {
            ReadValue(ref reader);
            _valueLength = _position + reader.Position - _valueStart;
        }

        Status = (mask & 0x02) != 0 ? reader.ReadStatusCode() : default;
        SourceTicks = (mask & 0x04) != 0 ? reader.ReadDateTimeTicks() : 0;
        reader.Skip((mask & 0x10) >> 3);
        ServerTicks = (mask & 0x08) != 0 ? reader.ReadDateTimeTicks() : 0;
        reader.Skip((mask & 0x20) >> 4);
        if (reader.Failed)
        {
            return Fail(reader.Error);
        }

        _position += reader.Position;
        return true;
    }

    /// <summary>Takes a scalar of fixed size; steps over strings and arrays of numbers; decodes the rest to find its end.</summary>
    private void ReadValue(ref UaReader reader)
    {
        var probe = reader;
        int encoding = probe.ReadByte();
        var type = encoding & 0x3F;
        if (type > (int)BuiltInType.DiagnosticInfo)
        {
            reader.ReadVariant();
            Type = BuiltInType.ByteString;
            IsArray = (encoding & 0x80) != 0;
            return;
        }

        Type = (BuiltInType)type;
        IsArray = (encoding & 0x80) != 0;
        var size = FixedSize[type];
        switch (encoding)
        {
            case < 0x40 when size != 0:
                ScalarBits = reader.ReadVariant().ScalarBits;
                break;
            case (int)BuiltInType.String or (int)BuiltInType.ByteString or (int)BuiltInType.XmlElement:
                probe.ReadByteString(out _);
                reader = probe;
                break;
            case >= 0x80 and < 0xC0 when size != 0:
                probe.Skip(Math.Max(probe.ReadArrayLength(size), 0) * size);
                reader = probe;
                break;
            default:
                reader.ReadVariant();
                break;
        }
    }

    private bool NextPart()
    {
        if (_error.IsBad)
        {
            return false;
        }

        if (_position < _partEnd && _partEnd != 0)
        {
            // DiagnosticInfos of the part just finished.
            _position = _partEnd;
        }

        if (_parts == 0)
        {
            return false;
        }

        _parts--;
        var reader = new UaReader(_body[_position..], _limits);
        var typeId = reader.ReadNodeId();
        var encoding = reader.ReadByte();
        if (reader.Failed || encoding is not ((byte)ExtensionObjectBody.ByteString or (byte)ExtensionObjectBody.Xml))
        {
            return encoding == (byte)ExtensionObjectBody.None && !reader.Failed ? StepOver(reader.Position) : Fail(StatusCodes.BadDecodingError);
        }

        var length = reader.ReadInt32();
        if (reader.Failed || length < 0 || length > reader.Remaining)
        {
            return Fail(StatusCodes.BadDecodingError);
        }

        _position += reader.Position;
        _partEnd = _position + length;
        if (typeId is not { NamespaceIndex: 0, Numeric: DataChangeNotification.BinaryId } || encoding == (byte)ExtensionObjectBody.Xml)
        {
            _position = _partEnd;
            return true;
        }

        var part = new UaReader(_body[_position.._partEnd], _limits);
        var count = part.ReadArrayLength(5);
        if (part.Failed)
        {
            return Fail(part.Error);
        }

        _items = Math.Max(count, 0);
        _position += part.Position;
        return true;
    }

    private bool StepOver(int length)
    {
        _position += length;
        _partEnd = _position;
        return true;
    }

    private bool Fail(StatusCode error)
    {
        _error = error;
        _items = 0;
        _parts = 0;
        return false;
    }
}
