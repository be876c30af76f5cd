using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>Adds types of one's own to an address space. Type nodes have the ids <c>s=Name</c> in the default namespace.</summary>
public static class TypeExtensions
{
    /// <summary>Adds an enumeration with EnumStrings (values 0, 1, 2…) or EnumValues (any others), and its definition.</summary>
    public static DataTypeNode AddEnumeration(this AddressSpace space, string name, params IReadOnlyList<(string Name, long Value)> values)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(values);
        var node = new DataTypeNode(space, TypeId(space, name), new QualifiedName(space.DefaultNamespace, name)) { EnumValues = values };
        node.Attach(space.Get<DataTypeNode>(DataTypeIds.Enumeration), null, ReferenceTypeIds.HasSubtype);
        if (values.Select((v, i) => v.Value == i).All(inOrder => inOrder))
            node.AddProperty(new QualifiedName("EnumStrings"), DataTypeIds.LocalizedText, BuilderExtensions.EnumStringsValue(values), ValueRanks.OneDimension);
        else
            node.AddProperty(new QualifiedName("EnumValues"), DataTypeIds.EnumValueType, BuilderExtensions.EnumValuesValue(values), ValueRanks.OneDimension);
        return node;
    }

    /// <summary>Adds an enumeration whose texts stand for 0, 1, 2…</summary>
    public static DataTypeNode AddEnumeration(this AddressSpace space, string name, params IReadOnlyList<string> texts) =>
        space.AddEnumeration(name, [.. texts.Select((text, i) => (text, (long)i))]);

    /// <summary>Adds a structured data type with its Default Binary encoding and definition.</summary>
    public static StructureDataType AddStructure(this AddressSpace space, string name, params IReadOnlyList<DataTypeField> fields) =>
        space.AddStructure(name, DataTypeIds.Structure, fields);

    /// <summary>Adds a union: a value holds one of the fields, or none (OPC 10000-3, 8.40).</summary>
    public static StructureDataType AddUnion(this AddressSpace space, string name, params IReadOnlyList<DataTypeField> fields) =>
        space.AddStructure(name, DataTypeIds.Union, fields);

    private static StructureDataType AddStructure(this AddressSpace space, string name, uint baseType, IReadOnlyList<DataTypeField> fields)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(fields);
        var node = new DataTypeNode(space, TypeId(space, name), new QualifiedName(space.DefaultNamespace, name)) { Fields = fields, IsUnion = baseType == DataTypeIds.Union };
        node.Attach(space.Get<DataTypeNode>(baseType), null, ReferenceTypeIds.HasSubtype);
        var encoding = new ObjectNode(space, node.ChildId("DefaultBinary"), new QualifiedName("Default Binary"));
        encoding.Attach(node, ObjectTypeIds.DataTypeEncodingType, ReferenceTypeIds.HasEncoding);
        return new StructureDataType(node);
    }

    /// <summary>Adds an object type. Instance declarations below it are added like instances, then given a rule with <see cref="WithModellingRule"/>.</summary>
    public static ObjectTypeNode AddObjectType(this AddressSpace space, string name, NodeId? baseType = null, bool isAbstract = false)
    {
        ArgumentNullException.ThrowIfNull(space);
        var node = new ObjectTypeNode(space, TypeId(space, name), new QualifiedName(space.DefaultNamespace, name)) { IsAbstract = isAbstract };
        node.Attach(space.Get<ObjectTypeNode>(baseType ?? ObjectTypeIds.BaseObjectType), null, ReferenceTypeIds.HasSubtype);
        return node;
    }

    /// <summary>Adds a variable type.</summary>
    public static VariableTypeNode AddVariableType(this AddressSpace space, string name, NodeId dataType, NodeId? baseType = null, int valueRank = ValueRanks.Any)
    {
        ArgumentNullException.ThrowIfNull(space);
        var node = new VariableTypeNode(space, TypeId(space, name), new QualifiedName(space.DefaultNamespace, name)) { DataType = dataType, ValueRank = valueRank };
        node.Attach(space.Get<VariableTypeNode>(baseType ?? VariableTypeIds.BaseDataVariableType), null, ReferenceTypeIds.HasSubtype);
        return node;
    }

    /// <summary>Adds a reference type.</summary>
    public static ReferenceTypeNode AddReferenceType(this AddressSpace space, string name, string inverseName, NodeId baseType)
    {
        ArgumentNullException.ThrowIfNull(space);
        var node = new ReferenceTypeNode(space, TypeId(space, name), new QualifiedName(space.DefaultNamespace, name)) { InverseName = inverseName };
        node.Attach(space.Get<ReferenceTypeNode>(baseType), null, ReferenceTypeIds.HasSubtype);
        return node;
    }

    /// <summary>Marks an instance declaration as mandatory or optional (OPC 10000-3, 6.4.4.4).</summary>
    public static T WithModellingRule<T>(this T node, bool mandatory = true)
        where T : Node
    {
        ArgumentNullException.ThrowIfNull(node);
        NodeId rule = mandatory ? ObjectIds.ModellingRule_Mandatory : ObjectIds.ModellingRule_Optional;
        node.Space.AddReference(node, ReferenceTypeIds.HasModellingRule, node.Space.Get<ObjectNode>(rule));
        return node;
    }

    private static NodeId TypeId(AddressSpace space, string name) => new(space.DefaultNamespace, name);
}
