using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

public ref partial struct UaWriter
{
    private const byte NamespaceUriFlag = 0x80;
    private const byte ServerIndexFlag = 0x40;

    public void WriteNodeId(NodeId value) => WriteNodeId(value, 0);

    public void WriteExpandedNodeId(ExpandedNodeId value)
    {
        var flags = (byte)((value.NamespaceUri is null ? 0 : NamespaceUriFlag) | (value.ServerIndex == 0 ? 0 : ServerIndexFlag));
        WriteNodeId(value.NodeId, flags);
        if (value.NamespaceUri is not null)
        {
            WriteString(value.NamespaceUri);
        }

        if (value.ServerIndex != 0)
        {
            WriteUInt32(value.ServerIndex);
        }
    }

    public void WriteQualifiedName(QualifiedName value)
    {
        WriteUInt16(value.NamespaceIndex);
        WriteString(value.Name);
    }

    public void WriteLocalizedText(LocalizedText value)
    {
        WriteByte((byte)((value.Locale is null ? 0 : 0x01) | (value.Text is null ? 0 : 0x02)));
        if (value.Locale is not null)
        {
            WriteString(value.Locale);
        }

        if (value.Text is not null)
        {
            WriteString(value.Text);
        }
    }

    public void WriteDiagnosticInfo(DiagnosticInfo? value)
    {
        if (value is null)
        {
            WriteByte(0);
            return;
        }

        var mask = (value.SymbolicId >= 0 ? 0x01 : 0)
            | (value.NamespaceUri >= 0 ? 0x02 : 0)
            | (value.LocalizedText >= 0 ? 0x04 : 0)
            | (value.Locale >= 0 ? 0x08 : 0)
            | (value.AdditionalInfo is not null ? 0x10 : 0)
            | (value.InnerStatusCode.Value != 0 ? 0x20 : 0)
            | (value.InnerDiagnosticInfo is not null ? 0x40 : 0);
        WriteByte((byte)mask);
        WriteIndex(value.SymbolicId);
        WriteIndex(value.NamespaceUri);

        // The fields come as Locale, LocalizedText, though their mask bits stand the other way round (5.2.2.12).
        WriteIndex(value.Locale);
        WriteIndex(value.LocalizedText);
        if (value.AdditionalInfo is not null)
        {
            WriteString(value.AdditionalInfo);
        }

        if (value.InnerStatusCode.Value != 0)
        {
            WriteStatusCode(value.InnerStatusCode);
        }

        if (value.InnerDiagnosticInfo is not null)
        {
            WriteDiagnosticInfo(value.InnerDiagnosticInfo);
        }
    }

    public void WriteExtensionObject(ExtensionObject? value)
    {
        if (value is null)
        {
            WriteNodeId(NodeId.Null);
            WriteByte((byte)ExtensionObjectBody.None);
            return;
        }

        WriteExpandedNodeId(value.TypeId);
        WriteByte((byte)value.BodyEncoding);
        if (value.Decoded is not null)
        {
            // The length stands before the body and is not known until the body is written.
            using var scratch = ScratchBuffer.Rent();
            var nested = new UaWriter(scratch);
            value.Decoded.Encode(ref nested);
            nested.Flush();
            WriteByteString(scratch.Written);
        }
        else if (value.BodyEncoding != ExtensionObjectBody.None)
        {
            WriteByteString(value.Body.Span);
        }
    }

    /// <summary>A structure as an extension object; null as the null one.</summary>
    public void WriteExtensionObject(IUaStructure? value) => WriteExtensionObject(value is null ? null : new ExtensionObject(value));

    private void WriteIndex(int index)
    {
        if (index >= 0)
        {
            WriteInt32(index);
        }
    }

    private void WriteNodeId(NodeId value, byte flags)
    {
        switch (value.IdType)
        {
            case NodeIdType.Numeric when value.NamespaceIndex == 0 && value.Numeric <= byte.MaxValue:
                WriteByte(flags);
                WriteByte((byte)value.Numeric);
                break;
            case NodeIdType.Numeric when value.NamespaceIndex <= byte.MaxValue && value.Numeric <= ushort.MaxValue:
                WriteByte((byte)(0x01 | flags));
                WriteByte((byte)value.NamespaceIndex);
                WriteUInt16((ushort)value.Numeric);
                break;
            case NodeIdType.Numeric:
                WriteByte((byte)(0x02 | flags));
                WriteUInt16(value.NamespaceIndex);
                WriteUInt32(value.Numeric);
                break;
            case NodeIdType.String:
                WriteByte((byte)(0x03 | flags));
                WriteUInt16(value.NamespaceIndex);
                WriteString((string?)value.Identifier);
                break;
            case NodeIdType.Guid:
                WriteByte((byte)(0x04 | flags));
                WriteUInt16(value.NamespaceIndex);
                WriteGuid((Guid)value.Identifier!);
                break;
            default:
                WriteByte((byte)(0x05 | flags));
                WriteUInt16(value.NamespaceIndex);
                WriteByteString((byte[]?)value.Identifier);
                break;
        }
    }
}
