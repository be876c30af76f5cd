using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>A structured data type of one's own, and the way to make values of it.</summary>
public sealed class StructureDataType
{
    internal StructureDataType(DataTypeNode node)
    {
        Node = node;
    }

    public DataTypeNode Node { get; }

    /// <summary>The id that stands before values on the wire.</summary>
    public NodeId EncodingId => Node.BinaryEncoding!.Id;

    public StructureLayout Layout => Node.Layout!;

    /// <summary>A value from its fields in order. A null Variant leaves an optional field out and stands for the default of others.</summary>
    /// <exception cref="ArgumentException">Their count or types do not match the definition, or a union is given more than one.</exception>
    public DynamicStructure Create(params ReadOnlySpan<Variant> values)
    {
        var layout = Layout;
        if (values.Length != layout.Members.Count)
            throw new ArgumentException($"{layout.Name} has {layout.Members.Count} fields ({string.Join(", ", layout.Members.Select(m => m.Name))}), not {values.Length}.", nameof(values));
        var structure = new DynamicStructure(layout);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].IsNull)
                continue;
            if (structure.UnionField is not null)
                throw new ArgumentException($"{layout.Name} is a union: give one field and leave the others null.", nameof(values));
            structure[layout.Members[i].Name] = values[i];
        }

        return structure;
    }

    /// <summary>A scalar value for <see cref="VariableNode.SetValue(in Variant, StatusCode, long)"/>.</summary>
    public Variant CreateValue(params ReadOnlySpan<Variant> values) => Create(values).ToVariant();
}
