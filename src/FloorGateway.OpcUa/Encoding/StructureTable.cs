using System.Diagnostics.CodeAnalysis;

namespace FloorGateway.OpcUa.Encoding;

/// <summary>The decoders of namespace 0 by the id of their binary encoding.</summary>
public static partial class StructureTable
{
    public static bool TryGet(uint binaryEncodingId, [NotNullWhen(true)] out StructureDecoder? decoder) =>
        Decoders.TryGetValue(binaryEncodingId, out decoder);
}
