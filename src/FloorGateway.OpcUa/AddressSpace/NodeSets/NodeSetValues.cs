using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>
/// Turns values in the XML encoding (OPC 10000-6, 5.3) into Variants. Structures are read by the definitions of their types, so those that
/// the files define themselves need no code.
/// </summary>
internal sealed class NodeSetValues(NodeSetBuild build)
{
    private readonly Lazy<Dictionary<string, DataTypeNode>> standardTypes = new(() => build.Space.Nodes.OfType<DataTypeNode>()
        .Where(t => t.Id.NamespaceIndex == 0 && t.BrowseName.Name is not null)
        .ToDictionary(t => t.BrowseName.Name!, StringComparer.Ordinal));

    /// <exception cref="NodeSetException">The value is malformed, or of a type that no file defines.</exception>
    public Variant Read(PendingNode owner)
    {
        try
        {
            return ReadTyped(owner, owner.Value!);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or XmlException)
        {
            throw owner.Fail($"Its value can't be read: {e.Message} Correct the Value element.", e);
        }
    }

    private Variant ReadTyped(PendingNode owner, XElement element)
    {
        var name = element.Name.LocalName;
        if (name == "Matrix")
            return ReadMatrix(owner, element);
        if (name.StartsWith("ListOf", StringComparison.Ordinal) && TryType(name[6..], out var elementType))
            return ReadList(owner, elementType, element);
        return TryType(name, out var type) ? ReadScalar(owner, type, element) : throw new FormatException($"<{name}> is no built-in type.");
    }

    private Variant ReadMatrix(PendingNode owner, XElement element)
    {
        var dimensions = Lengths(Child(element, "Dimensions"));
        var elements = Child(element, "Elements")?.Elements().ToList() ?? [];
        if (elements.Count == 0)
            return Variant.Null;
        return TryType(elements[0].Name.LocalName, out var type)
            ? Variant.FromMatrix(type, Elements(owner, type, elements), dimensions)
            : throw new FormatException($"<{elements[0].Name.LocalName}> is no built-in type.");
    }

    private Variant ReadList(PendingNode owner, BuiltInType type, XElement element) =>
        new(type, 0, Elements(owner, type, [.. element.Elements()]), isArray: true);

    private Array Elements(PendingNode owner, BuiltInType type, List<XElement> elements)
    {
        var array = Array.CreateInstance(Variant.ElementType(type)!, elements.Count);
        for (var i = 0; i < array.Length; i++)
        {
            var value = ReadScalar(owner, type, elements[i]);
            array.SetValue(type == BuiltInType.Variant ? value : value.Boxed, i);
        }

        return array;
    }

    private Variant ReadScalar(PendingNode owner, BuiltInType type, XElement e)
    {
        var text = e.Value.Trim();
        if (text.Length == 0 && type is >= BuiltInType.Boolean and <= BuiltInType.Double)
            text = type == BuiltInType.Boolean ? "false" : "0"; // an empty element is the type's default
        return type switch
        {
            BuiltInType.Boolean => Variant.From(XmlConvert.ToBoolean(text)),
            BuiltInType.SByte => Variant.From(sbyte.Parse(text, CultureInfo.InvariantCulture)),
            BuiltInType.Byte => Variant.From(byte.Parse(text, CultureInfo.InvariantCulture)),
            BuiltInType.Int16 => Variant.From(short.Parse(text, CultureInfo.InvariantCulture)),
            BuiltInType.UInt16 => Variant.From(ushort.Parse(text, CultureInfo.InvariantCulture)),
            BuiltInType.Int32 => Variant.From(int.Parse(text, CultureInfo.InvariantCulture)),
            BuiltInType.UInt32 => Variant.From(uint.Parse(text, CultureInfo.InvariantCulture)),
            BuiltInType.Int64 => Variant.From(long.Parse(text, CultureInfo.InvariantCulture)),
            BuiltInType.UInt64 => Variant.From(ulong.Parse(text, CultureInfo.InvariantCulture)),
            BuiltInType.Float => Variant.From(XmlConvert.ToSingle(text)),
            BuiltInType.Double => Variant.From(XmlConvert.ToDouble(text)),
            BuiltInType.String => Variant.From(build.Pool.Get(e.Value)),
            BuiltInType.DateTime => Variant.From(text.Length == 0 ? default : Date(text)),
            BuiltInType.Guid => Variant.From(Child(e, "String") is { } guid ? Guid.Parse(guid.Value.Trim()) : Guid.Empty),
            BuiltInType.ByteString => Variant.From(Convert.FromBase64String(text)),
            BuiltInType.XmlElement => Variant.FromXml(e.Elements().FirstOrDefault()?.ToString(SaveOptions.DisableFormatting)),
            BuiltInType.NodeId => Variant.From(Id(owner, e)),
            BuiltInType.ExpandedNodeId => Variant.From(Expanded(owner, e)),
            BuiltInType.StatusCode => Variant.From(new StatusCode(uint.Parse(Child(e, "Code")?.Value ?? "0", CultureInfo.InvariantCulture))),
            BuiltInType.QualifiedName => Variant.From(Name(owner, e)),
            BuiltInType.LocalizedText => Variant.From(new LocalizedText(build.Pool.Get(Child(e, "Locale")?.Value), build.Pool.Get(Child(e, "Text")?.Value))),
            BuiltInType.ExtensionObject => Variant.From(ReadExtensionObject(owner, e)),
            BuiltInType.Variant => Child(e, "Value")?.Elements().FirstOrDefault() is { } inner ? ReadTyped(owner, inner) : Variant.Null,
            BuiltInType.DataValue => Variant.From(new DataValue(Child(e, "Value")?.Elements().FirstOrDefault() is { } inner ? ReadTyped(owner, inner) : Variant.Null)),
            _ => Variant.Null,
        };
    }

    private ExtensionObject? ReadExtensionObject(PendingNode owner, XElement e)
    {
        var body = Child(e, "Body")?.Elements().FirstOrDefault();
        var typeId = Child(e, "TypeId") is { } t ? Id(owner, t) : NodeId.Null;
        if (body is null)
            return null;
        if (body.Name.LocalName == "ByteString")
            return new ExtensionObject(typeId, Convert.FromBase64String(body.Value));
        return ReadStructure(owner, body, TypeOf(typeId, body)?.LayoutFor(build.FindDataType)
            ?? throw owner.Fail($"Its value is a structure <{body.Name.LocalName}> of type {typeId}, which is not defined in these files. Load the NodeSet2 file that defines it."));
    }

    // The id is that of an encoding (XML usually, which namespace 0 here does not have) or of the type itself.
    private DataTypeNode? TypeOf(NodeId typeId, XElement body)
    {
        var node = build.Find(typeId);
        if (node is DataTypeNode type)
            return type;
        foreach (var reference in node?.References ?? default)
        {
            if (reference.IsInverse && reference.Target is DataTypeNode encoded)
                return encoded;
        }

        return typeId.NamespaceIndex == 0 ? standardTypes.Value.GetValueOrDefault(body.Name.LocalName) : null;
    }

    private ExtensionObject ReadStructure(PendingNode owner, XElement body, StructureLayout layout)
    {
        var structure = new DynamicStructure(layout);
        foreach (var child in body.Elements())
        {
            // SwitchField and EncodingMask say what the elements that follow say too.
            var index = layout.IndexOf(child.Name.LocalName);
            if (index >= 0)
                structure[child.Name.LocalName] = ReadMember(owner, child, layout.Members[index]);
        }

        if (layout.Known is not { } known)
            return structure.ToExtensionObject();
        using var scratch = ScratchBuffer.Rent();
        var writer = new UaWriter(scratch);
        structure.Encode(ref writer);
        writer.Flush();
        var reader = new UaReader(scratch.Written);
        return new ExtensionObject(known(ref reader));
    }

    private Variant ReadMember(PendingNode owner, XElement e, StructureMember member)
    {
        var type = member.WireType;
        if (member.ValueRank is -1)
            return ReadElement(owner, e, member, type);
        var elements = member.ValueRank > 1 ? Child(e, "Elements")?.Elements().ToList() ?? [] : e.Elements().ToList();
        var array = Array.CreateInstance(Variant.ElementType(type)!, elements.Count);
        for (var i = 0; i < array.Length; i++)
        {
            var value = ReadElement(owner, elements[i], member, type);
            array.SetValue(type == BuiltInType.Variant ? value : value.Boxed, i);
        }

        return member.ValueRank > 1 && array.Length != 0
            ? Variant.FromMatrix(type, array, Lengths(Child(e, "Dimensions")))
            : new Variant(type, 0, array, isArray: true);
    }

    private Variant ReadElement(PendingNode owner, XElement e, StructureMember member, BuiltInType type)
    {
        if (member.IsInline && member.Structure is { } layout)
            return Variant.From(ReadStructure(owner, e, layout));
        if (type == BuiltInType.Int32 && member.EnumNames is not null)
        {
            // Enumerations stand as Name_Number (5.3.1.14).
            var text = e.Value.Trim();
            return Variant.From(int.Parse(text[(text.LastIndexOf('_') + 1)..] is { Length: > 0 } number ? number : "0", CultureInfo.InvariantCulture));
        }

        return ReadScalar(owner, type, e);
    }

    private static NodeId Id(PendingNode owner, XElement e)
    {
        var text = Child(e, "Identifier")?.Value.Trim();
        if (string.IsNullOrEmpty(text))
            return NodeId.Null;
        return owner.Ids.TryParse(text, out var id) is { } problem ? throw owner.Fail($"In its value: {problem}") : id;
    }

    private static ExpandedNodeId Expanded(PendingNode owner, XElement e)
    {
        var text = Child(e, "Identifier")?.Value.Trim();
        return text?.Contains("nsu=", StringComparison.Ordinal) == true || text?.StartsWith("svr=", StringComparison.Ordinal) == true
            ? ExpandedNodeId.Parse(text)
            : Id(owner, e);
    }

    private QualifiedName Name(PendingNode owner, XElement e)
    {
        var index = int.Parse(Child(e, "NamespaceIndex")?.Value.Trim() is { Length: > 0 } text ? text : "0", CultureInfo.InvariantCulture);
        if (!owner.Ids.TryMap(index, out var mapped))
            throw owner.Fail($"Its value is a name in namespace {index}, which NamespaceUris does not list. Add the missing URI to NamespaceUris.");
        return new QualifiedName(mapped, build.Pool.Get(Child(e, "Name")?.Value));
    }

    private static DateTime Date(string text)
    {
        // Without a zone it is UTC; the file was not written for this computer's.
        var value = XmlConvert.ToDateTime(text, XmlDateTimeSerializationMode.RoundtripKind);
        return value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : DateTime.SpecifyKind(value, DateTimeKind.Utc);
    }

    private static int[] Lengths(XElement? e) => [.. e?.Elements().Select(d => int.Parse(d.Value, CultureInfo.InvariantCulture)) ?? []];

    private static XElement? Child(XElement e, string name)
    {
        foreach (var child in e.Elements())
        {
            if (child.Name.LocalName == name)
                return child;
        }

        return null;
    }

    private static bool TryType(string name, out BuiltInType type) => Enum.TryParse(name, out type) && type != BuiltInType.Null && Enum.IsDefined(type);
}
