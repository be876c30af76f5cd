using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

public ref partial struct UaWriter
{
    private const byte ArrayFlag = 0x80;
    private const byte DimensionsFlag = 0x40;

    private delegate void ElementWriter<T>(ref UaWriter writer, T value);

    public void WriteVariant(Variant value)
    {
        if (value.IsNull)
        {
            WriteByte(0);
            return;
        }

        if (!value.IsArray)
        {
            WriteByte((byte)value.Type);
            WriteScalar(value);
            return;
        }

        var matrix = value.Reference as Matrix;
        WriteByte((byte)((byte)value.Type | ArrayFlag | (matrix is null ? 0 : DimensionsFlag)));
        WriteElements(value.Type, value.Elements);
        if (matrix is not null)
        {
            WriteNumbers(matrix.Dimensions);
        }
    }

    public void WriteDataValue(DataValue value)
    {
        // A picosecond field without its timestamp is meaningless and is left out (5.2.2.17).
        var sourcePico = value.SourceTicks != 0 && value.SourcePicoseconds != 0;
        var serverPico = value.ServerTicks != 0 && value.ServerPicoseconds != 0;
        var mask = (value.Value.IsNull ? 0 : 0x01)
            | (value.Status.Value == 0 ? 0 : 0x02)
            | (value.SourceTicks == 0 ? 0 : 0x04)
            | (value.ServerTicks == 0 ? 0 : 0x08)
            | (sourcePico ? 0x10 : 0)
            | (serverPico ? 0x20 : 0);
        WriteByte((byte)mask);
        if (!value.Value.IsNull)
        {
            WriteVariant(value.Value);
        }

        if (value.Status.Value != 0)
        {
            WriteStatusCode(value.Status);
        }

        if (value.SourceTicks != 0)
        {
            WriteDateTimeTicks(value.SourceTicks);
        }

        if (sourcePico)
        {
            WriteUInt16(value.SourcePicoseconds);
        }

        if (value.ServerTicks != 0)
        {
            WriteDateTimeTicks(value.ServerTicks);
        }

        if (serverPico)
        {
            WriteUInt16(value.ServerPicoseconds);
        }
    }

    internal void WriteScalar(Variant value)
    {
        switch (value.Type)
        {
            case BuiltInType.Boolean or BuiltInType.SByte or BuiltInType.Byte:
                WriteByte((byte)value.ScalarBits);
                break;
            case BuiltInType.Int16 or BuiltInType.UInt16:
                WriteUInt16((ushort)value.ScalarBits);
                break;
            case BuiltInType.Int32 or BuiltInType.UInt32 or BuiltInType.Float or BuiltInType.StatusCode:
                WriteUInt32((uint)value.ScalarBits);
                break;
            case BuiltInType.Int64 or BuiltInType.UInt64 or BuiltInType.Double:
                WriteUInt64(value.ScalarBits);
                break;
            case BuiltInType.DateTime:
                WriteDateTimeTicks((long)value.ScalarBits);
                break;
            case BuiltInType.String or BuiltInType.XmlElement:
                WriteString((string?)value.Reference);
                break;
            case BuiltInType.Guid:
                WriteGuid((Guid)value.Reference!);
                break;
            case BuiltInType.ByteString:
                WriteByteString((byte[]?)value.Reference);
                break;
            case BuiltInType.NodeId:
                WriteNodeId((NodeId)value.Reference!);
                break;
            case BuiltInType.ExpandedNodeId:
                WriteExpandedNodeId((ExpandedNodeId)value.Reference!);
                break;
            case BuiltInType.QualifiedName:
                WriteQualifiedName((QualifiedName)value.Reference!);
                break;
            case BuiltInType.LocalizedText:
                WriteLocalizedText((LocalizedText)value.Reference!);
                break;
            case BuiltInType.ExtensionObject:
                WriteExtensionObject((ExtensionObject?)value.Reference);
                break;
            case BuiltInType.DataValue:
                WriteDataValue((DataValue)value.Reference!);
                break;
            case BuiltInType.DiagnosticInfo:
                WriteDiagnosticInfo((DiagnosticInfo?)value.Reference);
                break;
        }
    }

    internal void WriteElements(BuiltInType type, Array? elements)
    {
        switch (elements)
        {
            case null:
                WriteInt32(-1);
                break;
            case bool[] values:
                WriteNumbers(values);
                break;

            // Array type tests accept the other signedness too, so signed and unsigned share a case.
            case byte[] values:
                WriteNumbers(values);
                break;
            case short[] values:
                WriteNumbers(values);
                break;
            case int[] values:
                WriteNumbers(values);
                break;
            case long[] values:
                WriteNumbers(values);
                break;
            case float[] values:
                WriteNumbers(values);
                break;
            case double[] values:
                WriteNumbers(values);
                break;
            case string?[] values:
                WriteEach(values, static (ref UaWriter w, string? v) => w.WriteString(v));
                break;
            case DateTime[] values:
                WriteEach(values, static (ref UaWriter w, DateTime v) => w.WriteDateTime(v));
                break;
            case Guid[] values:
                WriteEach(values, static (ref UaWriter w, Guid v) => w.WriteGuid(v));
                break;
            case byte[]?[] values:
                WriteEach(values, static (ref UaWriter w, byte[]? v) => w.WriteByteString(v));
                break;
            case NodeId[] values:
                WriteEach(values, static (ref UaWriter w, NodeId v) => w.WriteNodeId(v));
                break;
            case ExpandedNodeId[] values:
                WriteEach(values, static (ref UaWriter w, ExpandedNodeId v) => w.WriteExpandedNodeId(v));
                break;
            case StatusCode[] values:
                WriteEach(values, static (ref UaWriter w, StatusCode v) => w.WriteStatusCode(v));
                break;
            case QualifiedName[] values:
                WriteEach(values, static (ref UaWriter w, QualifiedName v) => w.WriteQualifiedName(v));
                break;
            case LocalizedText[] values:
                WriteEach(values, static (ref UaWriter w, LocalizedText v) => w.WriteLocalizedText(v));
                break;
            case ExtensionObject?[] values:
                WriteEach(values, static (ref UaWriter w, ExtensionObject? v) => w.WriteExtensionObject(v));
                break;
            case DataValue[] values:
                WriteEach(values, static (ref UaWriter w, DataValue v) => w.WriteDataValue(v));
                break;
            case Variant[] values:
                WriteEach(values, static (ref UaWriter w, Variant v) => w.WriteVariant(v));
                break;
            case DiagnosticInfo?[] values:
                WriteEach(values, static (ref UaWriter w, DiagnosticInfo? v) => w.WriteDiagnosticInfo(v));
                break;
            default:
                throw new InvalidOperationException($"An array of {type} can't hold elements of {elements.GetType().GetElementType()?.Name}.");
        }
    }

    private void WriteEach<T>(T[]? values, ElementWriter<T> write)
    {
        if (values is null)
        {
            WriteInt32(-1);
            return;
        }

        WriteInt32(values.Length);
        foreach (var value in values)
        {
            write(ref this, value);
        }
    }
}
