using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

/// <content>Arrays as fields of structures.</content>
public ref partial struct UaWriter
{
    public void WriteBooleanArray(bool[]? values) => WriteNumbers(values);

    public void WriteSByteArray(sbyte[]? values) => WriteNumbers(values);

    public void WriteByteArray(byte[]? values) => WriteNumbers(values);

    public void WriteInt16Array(short[]? values) => WriteNumbers(values);

    public void WriteUInt16Array(ushort[]? values) => WriteNumbers(values);

    public void WriteInt32Array(int[]? values) => WriteNumbers(values);

    public void WriteUInt32Array(uint[]? values) => WriteNumbers(values);

    public void WriteInt64Array(long[]? values) => WriteNumbers(values);

    public void WriteUInt64Array(ulong[]? values) => WriteNumbers(values);

    public void WriteFloatArray(float[]? values) => WriteNumbers(values);

    public void WriteDoubleArray(double[]? values) => WriteNumbers(values);

    public void WriteStringArray(string?[]? values) => WriteEach(values, static (ref UaWriter w, string? v) => w.WriteString(v));

    public void WriteDateTimeArray(DateTime[]? values) => WriteEach(values, static (ref UaWriter w, DateTime v) => w.WriteDateTime(v));

    public void WriteGuidArray(Guid[]? values) => WriteEach(values, static (ref UaWriter w, Guid v) => w.WriteGuid(v));

    public void WriteByteStringArray(byte[]?[]? values) => WriteEach(values, static (ref UaWriter w, byte[]? v) => w.WriteByteString(v));

    public void WriteNodeIdArray(NodeId[]? values) => WriteEach(values, static (ref UaWriter w, NodeId v) => w.WriteNodeId(v));

    public void WriteExpandedNodeIdArray(ExpandedNodeId[]? values) => WriteEach(values, static (ref UaWriter w, ExpandedNodeId v) => w.WriteExpandedNodeId(v));

    public void WriteStatusCodeArray(StatusCode[]? values) => WriteEach(values, static (ref UaWriter w, StatusCode v) => w.WriteStatusCode(v));

    public void WriteQualifiedNameArray(QualifiedName[]? values) => WriteEach(values, static (ref UaWriter w, QualifiedName v) => w.WriteQualifiedName(v));

    public void WriteLocalizedTextArray(LocalizedText[]? values) => WriteEach(values, static (ref UaWriter w, LocalizedText v) => w.WriteLocalizedText(v));

    public void WriteExtensionObjectArray(ExtensionObject?[]? values) => WriteEach(values, static (ref UaWriter w, ExtensionObject? v) => w.WriteExtensionObject(v));

    public void WriteDataValueArray(DataValue[]? values) => WriteEach(values, static (ref UaWriter w, DataValue v) => w.WriteDataValue(v));

    public void WriteVariantArray(Variant[]? values) => WriteEach(values, static (ref UaWriter w, Variant v) => w.WriteVariant(v));

    public void WriteDiagnosticInfoArray(DiagnosticInfo?[]? values) => WriteEach(values, static (ref UaWriter w, DiagnosticInfo? v) => w.WriteDiagnosticInfo(v));
}
