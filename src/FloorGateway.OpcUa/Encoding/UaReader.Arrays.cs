using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

/// <content>Arrays as fields of structures: a null array becomes an empty one.</content>
public ref partial struct UaReader
{
    public bool[] ReadBooleanArray() => ReadEach(1, static (ref UaReader r) => r.ReadBoolean()) ?? [];

    public sbyte[] ReadSByteArray() => ReadNumbers<sbyte>() ?? [];

    public byte[] ReadByteArray() => ReadNumbers<byte>() ?? [];

    public short[] ReadInt16Array() => ReadNumbers<short>() ?? [];

    public ushort[] ReadUInt16Array() => ReadNumbers<ushort>() ?? [];

    public int[] ReadInt32Array() => ReadNumbers<int>() ?? [];

    public uint[] ReadUInt32Array() => ReadNumbers<uint>() ?? [];

    public long[] ReadInt64Array() => ReadNumbers<long>() ?? [];

    public ulong[] ReadUInt64Array() => ReadNumbers<ulong>() ?? [];

    public float[] ReadFloatArray() => ReadNumbers<float>() ?? [];

    public double[] ReadDoubleArray() => ReadNumbers<double>() ?? [];

    public string?[] ReadStringArray() => ReadEach(4, static (ref UaReader r) => r.ReadString()) ?? [];

    public DateTime[] ReadDateTimeArray() => ReadEach(8, static (ref UaReader r) => r.ReadDateTime()) ?? [];

    public Guid[] ReadGuidArray() => ReadEach(16, static (ref UaReader r) => r.ReadGuid()) ?? [];

    public byte[]?[] ReadByteStringArray() => ReadEach(4, static (ref UaReader r) => r.ReadByteString()) ?? [];

    public NodeId[] ReadNodeIdArray() => ReadEach(2, static (ref UaReader r) => r.ReadNodeId()) ?? [];

    public ExpandedNodeId[] ReadExpandedNodeIdArray() => ReadEach(2, static (ref UaReader r) => r.ReadExpandedNodeId()) ?? [];

    public StatusCode[] ReadStatusCodeArray() => ReadEach(4, static (ref UaReader r) => r.ReadStatusCode()) ?? [];

    public QualifiedName[] ReadQualifiedNameArray() => ReadEach(6, static (ref UaReader r) => r.ReadQualifiedName()) ?? [];

    public LocalizedText[] ReadLocalizedTextArray() => ReadEach(1, static (ref UaReader r) => r.ReadLocalizedText()) ?? [];

    public ExtensionObject?[] ReadExtensionObjectArray() => ReadEach(3, static (ref UaReader r) => r.ReadExtensionObject()) ?? [];

    public DataValue[] ReadDataValueArray() => ReadEach(1, static (ref UaReader r) => r.ReadDataValue()) ?? [];

    public Variant[] ReadVariantArray() => ReadEach(1, static (ref UaReader r) => r.ReadVariant()) ?? [];

    public DiagnosticInfo?[] ReadDiagnosticInfoArray() => ReadEach(1, static (ref UaReader r) => r.ReadDiagnosticInfo()) ?? [];
}
