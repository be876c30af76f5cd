using System.Collections.Concurrent;
using System.Reflection;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>Structures as records: fields by name where the type is known, the bytes with the type's id where it is not.</summary>
internal static class StructureConverter
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    public static StructureValue? Convert(ExtensionObject? structure) => structure switch
    {
        null => null,
        { Decoded: { } decoded } => Convert(decoded),
        _ => new StructureValue { TypeName = structure.TypeId.ToString(), Body = structure.Body.ToArray() },
    };

    public static StructureValue Convert(IUaStructure decoded)
    {
        if (decoded is DynamicStructure dynamic)
        {
            // Of a union the one field that it holds.
            var fields = dynamic.Fields.Where(f => dynamic.UnionField is not { } only || f.Member.Name == only);
            return new StructureValue { TypeName = dynamic.Layout.Name, Fields = [.. fields.Select(f => System.Collections.Generic.KeyValuePair.Create(f.Member.Name, ValueConverter.ToTagValue(f.Value)))] };
        }

        // Those of namespace 0 are classes; they come seldom, so that reflection is fast enough.
        var properties = Properties.GetOrAdd(decoded.GetType(), static type =>
            [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0)]);
        return new StructureValue
        {
            TypeName = decoded.GetType().Name,
            Fields = [.. properties.Select(p => System.Collections.Generic.KeyValuePair.Create(p.Name, ValueConverter.FromObject(p.GetValue(decoded))))],
        };
    }
}
