using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

public ref partial struct UaReader
{
    private const byte ArrayFlag = 0x80;
    private const byte DimensionsFlag = 0x40;
    private const byte TypeMask = 0x3F;

    private delegate T ElementReader<T>(ref UaReader reader);

    public Variant ReadVariant()
    {
        var encoding = ReadByte();
        if (encoding == 0 || !Enter())
        {
            return default;
        }

        var value = ReadVariantBody(encoding);
        Leave();
        return _error == 0 ? value : default;
    }

    public DataValue ReadDataValue()
    {
        var mask = ReadByte();
        if (!Enter())
        {
            return default;
        }

        var value = (mask & 0x01) != 0 ? ReadVariant() : default;
        var status = (mask & 0x02) != 0 ? ReadStatusCode() : default;
        var sourceTicks = (mask & 0x04) != 0 ? ReadDateTimeTicks() : 0;
        var sourcePico = (mask & 0x10) != 0 ? ReadUInt16() : (ushort)0;
        var serverTicks = (mask & 0x08) != 0 ? ReadDateTimeTicks() : 0;
        var serverPico = (mask & 0x20) != 0 ? ReadUInt16() : (ushort)0;
        Leave();
        return _error != 0 ? default : new DataValue(value, status, sourceTicks, serverTicks)
        {
            SourcePicoseconds = sourcePico,
            ServerPicoseconds = serverPico,
        };
    }

    private Variant ReadVariantBody(byte encoding)
    {
        var type = (BuiltInType)(encoding & TypeMask);
        if (type > BuiltInType.DiagnosticInfo)
        {
            // OPC 10000-6, 5.2.2.16: ids 26 to 31 are reserved, and their bodies are to be taken as ByteString.
            if ((int)type > 31)
            {
                Fail(StatusCodes.BadDecodingError);
                return default;
            }

            type = BuiltInType.ByteString;
        }

        if ((encoding & ArrayFlag) == 0)
        {
            if ((encoding & DimensionsFlag) != 0)
            {
                Fail(StatusCodes.BadDecodingError);
                return default;
            }

            return ReadScalar(type);
        }

        var elements = ReadElements(type);
        if ((encoding & DimensionsFlag) == 0)
        {
            return new Variant(type, 0, elements, isArray: true);
        }

        var dimensions = ReadNumbers<int>();
        if (_error != 0 || dimensions is null or { Length: 0 })
        {
            return new Variant(type, 0, elements, isArray: true);
        }

        var product = 1L;
        foreach (var length in dimensions)
        {
            product = length < 0 ? -1 : product * length;
            if (product is < 0 or > int.MaxValue)
            {
                break;
            }
        }

        if (product != (elements?.Length ?? 0))
        {
            Fail(StatusCodes.BadDecodingError);
            return default;
        }

        return dimensions.Length == 1 || elements is null
            ? new Variant(type, 0, elements, isArray: true)
            : new Variant(type, 0, new Matrix(elements, dimensions), isArray: true);
    }

    internal Variant ReadScalar(BuiltInType type)
    {
        switch (type)
        {
            case BuiltInType.Boolean:
                return Variant.From(ReadBoolean());
            case BuiltInType.SByte:
                return Variant.From(ReadSByte());
            case BuiltInType.Byte:
                return Variant.From(ReadByte());
            case BuiltInType.Int16:
                return Variant.From(ReadInt16());
            case BuiltInType.UInt16:
                return Variant.From(ReadUInt16());
            case BuiltInType.Int32:
                return Variant.From(ReadInt32());
            case BuiltInType.UInt32:
                return Variant.From(ReadUInt32());
            case BuiltInType.Int64:
                return Variant.From(ReadInt64());
            case BuiltInType.UInt64:
                return Variant.From(ReadUInt64());
            case BuiltInType.Float:
                return Variant.From(ReadFloat());
            case BuiltInType.Double:
                return Variant.From(ReadDouble());
            case BuiltInType.String:
                return Variant.From(ReadString());
            case BuiltInType.DateTime:
                return Variant.FromDateTimeTicks(ReadDateTimeTicks());
            case BuiltInType.Guid:
                return Variant.From(ReadGuid());
            case BuiltInType.ByteString:
                return Variant.From(ReadByteString());
            case BuiltInType.XmlElement:
                return Variant.FromXml(ReadXmlElement());
            case BuiltInType.NodeId:
                return Variant.From(ReadNodeId());
            case BuiltInType.ExpandedNodeId:
                return Variant.From(ReadExpandedNodeId());
            case BuiltInType.StatusCode:
                return Variant.From(ReadStatusCode());
            case BuiltInType.QualifiedName:
                return Variant.From(ReadQualifiedName());
            case BuiltInType.LocalizedText:
                return Variant.From(ReadLocalizedText());
            case BuiltInType.ExtensionObject:
                return Variant.From(ReadExtensionObject());
            case BuiltInType.DataValue:
                return Variant.From(ReadDataValue());
            case BuiltInType.DiagnosticInfo:
                return Variant.From(ReadDiagnosticInfo());
            default:
                // A Variant holds a Variant only as an element of an array (5.2.2.16).
                Fail(StatusCodes.BadDecodingError);
                return default;
        }
    }

    internal Array? ReadElements(BuiltInType type) => type switch
    {
        BuiltInType.Boolean => ReadEach(1, static (ref UaReader r) => r.ReadBoolean()),
        BuiltInType.SByte => ReadNumbers<sbyte>(),
        BuiltInType.Byte => ReadNumbers<byte>(),
        BuiltInType.Int16 => ReadNumbers<short>(),
        BuiltInType.UInt16 => ReadNumbers<ushort>(),
        BuiltInType.Int32 => ReadNumbers<int>(),
        BuiltInType.UInt32 => ReadNumbers<uint>(),
        BuiltInType.Int64 => ReadNumbers<long>(),
        BuiltInType.UInt64 => ReadNumbers<ulong>(),
        BuiltInType.Float => ReadNumbers<float>(),
        BuiltInType.Double => ReadNumbers<double>(),
        BuiltInType.String or BuiltInType.XmlElement => ReadEach(4, static (ref UaReader r) => r.ReadString()),
        BuiltInType.DateTime => ReadEach(8, static (ref UaReader r) => r.ReadDateTime()),
        BuiltInType.Guid => ReadEach(16, static (ref UaReader r) => r.ReadGuid()),
        BuiltInType.ByteString => ReadEach(4, static (ref UaReader r) => r.ReadByteString()),
        BuiltInType.NodeId => ReadEach(2, static (ref UaReader r) => r.ReadNodeId()),
        BuiltInType.ExpandedNodeId => ReadEach(2, static (ref UaReader r) => r.ReadExpandedNodeId()),
        BuiltInType.StatusCode => ReadEach(4, static (ref UaReader r) => r.ReadStatusCode()),
        BuiltInType.QualifiedName => ReadEach(6, static (ref UaReader r) => r.ReadQualifiedName()),
        BuiltInType.LocalizedText => ReadEach(1, static (ref UaReader r) => r.ReadLocalizedText()),
        BuiltInType.ExtensionObject => ReadEach(3, static (ref UaReader r) => r.ReadExtensionObject()),
        BuiltInType.DataValue => ReadEach(1, static (ref UaReader r) => r.ReadDataValue()),
        BuiltInType.Variant => ReadEach(1, static (ref UaReader r) => r.ReadVariant()),
        BuiltInType.DiagnosticInfo => ReadEach(1, static (ref UaReader r) => r.ReadDiagnosticInfo()),
        _ => FailedElements(),
    };

    private T[]? ReadEach<T>(int minElementSize, ElementReader<T> read)
    {
        var length = ReadArrayLength(minElementSize);
        if (length <= 0)
        {
            return length < 0 ? null : [];
        }

        var array = new T[Math.Min(length, FirstElements)];
        for (var i = 0; i < length && _error == 0; i++)
        {
            if (i == array.Length)
            {
                Array.Resize(ref array, (int)Math.Min(length, 2L * i));
            }

            array[i] = read(ref this);
        }

        return array;
    }

    private Array? FailedElements()
    {
        Fail(StatusCodes.BadDecodingError);
        return null;
    }
}
