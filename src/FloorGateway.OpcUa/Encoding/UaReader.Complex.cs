using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

public ref partial struct UaReader
{
    private const byte NamespaceUriFlag = 0x80;
    private const byte ServerIndexFlag = 0x40;

    public NodeId ReadNodeId()
    {
        var encoding = ReadByte();
        return (encoding & (NamespaceUriFlag | ServerIndexFlag)) == 0 ? ReadNodeIdBody(encoding) : FailedNodeId();
    }

    public ExpandedNodeId ReadExpandedNodeId()
    {
        var encoding = ReadByte();
        var id = ReadNodeIdBody((byte)(encoding & 0x3F));
        var uri = (encoding & NamespaceUriFlag) != 0 ? ReadString() : null;
        var server = (encoding & ServerIndexFlag) != 0 ? ReadUInt32() : 0;
        return _error == 0 ? new ExpandedNodeId(id, uri, server) : default;
    }

    public QualifiedName ReadQualifiedName()
    {
        var ns = ReadUInt16();
        return new QualifiedName(ns, ReadString());
    }

    public LocalizedText ReadLocalizedText()
    {
        var mask = ReadByte();
        var locale = (mask & 0x01) != 0 ? ReadString() : null;
        var text = (mask & 0x02) != 0 ? ReadString() : null;
        return new LocalizedText(locale, text);
    }

    /// <summary>Null when it says nothing: no bit of its mask is set, or only those of fields that are absent anyway.</summary>
    public DiagnosticInfo? ReadDiagnosticInfo()
    {
        var mask = ReadByte();
        if (mask == 0 || !Enter())
        {
            return null;
        }

        var info = new DiagnosticInfo
        {
            SymbolicId = (mask & 0x01) != 0 ? ReadInt32() : -1,
            NamespaceUri = (mask & 0x02) != 0 ? ReadInt32() : -1,
            Locale = (mask & 0x08) != 0 ? ReadInt32() : -1,
            LocalizedText = (mask & 0x04) != 0 ? ReadInt32() : -1,
            AdditionalInfo = (mask & 0x10) != 0 ? ReadString() : null,
            InnerStatusCode = (mask & 0x20) != 0 ? ReadStatusCode() : default,
            InnerDiagnosticInfo = (mask & 0x40) != 0 ? ReadDiagnosticInfo() : null,
        };
        Leave();
        return _error != 0 || info.IsEmpty ? null : info;
    }

    /// <summary>
    /// An extension object; null for the null one. A body of a known structure is decoded in place; an unknown body, or one
    /// whose length does not match its structure, is kept as bytes.
    /// </summary>
    public ExtensionObject? ReadExtensionObject()
    {
        if (!Enter())
        {
            return null;
        }

        var result = ReadExtensionObjectBody();
        Leave();
        return _error == 0 ? result : null;
    }

    private ExtensionObject? ReadExtensionObjectBody()
    {
        var typeId = ReadExpandedNodeId();
        var encoding = ReadByte();
        if (encoding == (byte)ExtensionObjectBody.None)
        {
            return typeId.IsNull ? null : new ExtensionObject(typeId, default, ExtensionObjectBody.None);
        }

        if (encoding > (byte)ExtensionObjectBody.Xml)
        {
            Fail(StatusCodes.BadDecodingError);
            return null;
        }

        // OPC 10000-6, 5.2.2.15 allows a length of -1 for "not known"; the end can't be found then.
        if (!ReadByteString(out var body))
        {
            Fail(StatusCodes.BadDecodingError);
            return null;
        }

        if (encoding == (byte)ExtensionObjectBody.ByteString && typeId.ServerIndex == 0
            && typeId.NodeId is { IdType: NodeIdType.Numeric, NamespaceIndex: 0 } id
            && typeId.NamespaceUri is null or Namespaces.OpcUa
            && StructureTable.TryGet(id.Numeric, out var decode))
        {
            var nested = new UaReader(body, _limits) { _depth = _depth, _elements = _elements };
            var decoded = decode(ref nested);
            _elements = nested._elements;
            if (nested._error == StatusCodes.BadEncodingLimitsExceeded)
            {
                Fail(nested._error);
                return null;
            }

            if (!nested.Failed && nested.Remaining == 0)
            {
                return new ExtensionObject(decoded);
            }
        }

        return new ExtensionObject(typeId, body.ToArray(), (ExtensionObjectBody)encoding);
    }

    private NodeId ReadNodeIdBody(byte encoding)
    {
        switch (encoding)
        {
            case 0x00:
                return new NodeId(ReadByte());
            case 0x01:
                ushort shortNs = ReadByte();
                return new NodeId(shortNs, ReadUInt16());
            case 0x02:
                var numericNs = ReadUInt16();
                return new NodeId(numericNs, ReadUInt32());
            case 0x03:
                var stringNs = ReadUInt16();
                return new NodeId(stringNs, ReadString());
            case 0x04:
                var guidNs = ReadUInt16();
                return new NodeId(guidNs, ReadGuid());
            case 0x05:
                var opaqueNs = ReadUInt16();
                return new NodeId(opaqueNs, ReadByteString());
            default:
                return FailedNodeId();
        }
    }

    private NodeId FailedNodeId()
    {
        Fail(StatusCodes.BadDecodingError);
        return default;
    }
}
