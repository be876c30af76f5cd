using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

/// <summary>Variants from arrays whose element type is known only at run time.</summary>
internal static class Variants
{
    public static Variant FromArray(BuiltInType type, Array elements) => new(type, 0, elements, true);
}
