using System.Collections.Frozen;
namespace FloorGateway.OpcUa.Encoding;
public static partial class StructureTable
{
    private static readonly FrozenDictionary<uint, StructureDecoder> Decoders = new Dictionary<uint, StructureDecoder>().ToFrozenDictionary();
}
