using System.Globalization;
using System.Text;

namespace FloorGateway.OpcUa.Generator;

/// <summary>Writes one class per structure, with straight-line encoder and decoder.</summary>
internal sealed class StructureWriter(Tables tables)
{
    /// <summary>Wire type to C# type, the fewest bytes of one value, and whether the C# type is nullable.</summary>
    private static readonly Dictionary<string, (string CSharp, int MinSize)> BuiltIns = new()
    {
        ["Boolean"] = ("bool", 1),
        ["SByte"] = ("sbyte", 1),
        ["Byte"] = ("byte", 1),
        ["Int16"] = ("short", 2),
        ["UInt16"] = ("ushort", 2),
        ["Int32"] = ("int", 4),
        ["UInt32"] = ("uint", 4),
        ["Int64"] = ("long", 8),
        ["UInt64"] = ("ulong", 8),
        ["Float"] = ("float", 4),
        ["Double"] = ("double", 8),
        ["String"] = ("string?", 4),
        ["DateTime"] = ("System.DateTime", 8),
        ["Guid"] = ("System.Guid", 16),
        ["ByteString"] = ("byte[]?", 4),
        ["XmlElement"] = ("string?", 4),
        ["NodeId"] = ("NodeId", 2),
        ["ExpandedNodeId"] = ("ExpandedNodeId", 2),
        ["StatusCode"] = ("StatusCode", 4),
        ["QualifiedName"] = ("QualifiedName", 6),
        ["LocalizedText"] = ("LocalizedText", 1),
        ["ExtensionObject"] = ("ExtensionObject?", 3),
        ["DataValue"] = ("DataValue", 1),
        ["Variant"] = ("Variant", 1),
        ["DiagnosticInfo"] = ("DiagnosticInfo?", 1),
    };

    private static readonly Dictionary<string, (string WireType, int MinSize)> EnumWire = new()
    {
        ["byte"] = ("Byte", 1),
        ["ushort"] = ("UInt16", 2),
        ["int"] = ("Int32", 4),
        ["uint"] = ("UInt32", 4),
    };

    public string Write(Func<StructureRow, bool> which)
    {
        var text = GeneratedFiles.Header("FloorGateway.OpcUa.Types");
        text.Insert(text.ToString().IndexOf("namespace", StringComparison.Ordinal), "using FloorGateway.OpcUa.Encoding;\n\n");
        var first = true;
        foreach (var row in tables.Structures.Values.Where(which))
        {
            text.Append(first ? "" : "\n");
            first = false;
            Write(text, row);
        }

        return text.ToString();
    }

    private void Write(StringBuilder text, StructureRow row)
    {
        var kind = row.Fields.Count > 0 && row.Fields[0].Type == "RequestHeader" ? "IUaRequest, "
            : row.Fields.Count > 0 && row.Fields[0].Type == "ResponseHeader" ? "IUaResponse, "
            : "";
        text.Append(CultureInfo.InvariantCulture, $"public sealed class {row.Name} : {kind}IUaStructure<{row.Name}>\n{{\n");
        text.Append(CultureInfo.InvariantCulture, $"    public const uint BinaryId = {row.EncodingId};\n\n");

        text.Append(CultureInfo.InvariantCulture, $"    public {row.Name}()\n    {{\n");
        foreach (var field in row.Fields)
        {
            if (field.IsArray)
            {
                text.Append(CultureInfo.InvariantCulture, $"        {field.Name} = [];\n");
            }
            else if (tables.Structures.ContainsKey(field.Type))
            {
                text.Append(CultureInfo.InvariantCulture, $"        {field.Name} = new {field.Type}();\n");
            }
        }

        text.Append("    }\n\n");
        text.Append(CultureInfo.InvariantCulture, $"    private {row.Name}(ref UaReader r)\n    {{\n");
        foreach (var field in row.Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"        {field.Name} = {Read(field)};\n");
        }

        text.Append("    }\n\n");
        foreach (var field in row.Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"    public {CSharpType(field)} {field.Name} {{ get; set; }}\n\n");
        }

        text.Append("    public uint BinaryEncodingId => BinaryId;\n\n");
        text.Append(CultureInfo.InvariantCulture, $"    public static {row.Name} Decode(ref UaReader r) => new(ref r);\n\n");
        text.Append("    public void Encode(ref UaWriter w)\n    {\n");
        foreach (var field in row.Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"        {Write(field)};\n");
        }

        text.Append("    }\n}\n");
    }

    private static string CSharpType(FieldRow field)
    {
        var type = BuiltIns.TryGetValue(field.Type, out var builtIn) ? builtIn.CSharp : field.Type;
        return field.IsArray ? type + "[]" : type;
    }

    private string Read(FieldRow field)
    {
        if (BuiltIns.ContainsKey(field.Type))
        {
            return field.IsArray ? $"r.Read{field.Type}Array()" : $"r.Read{field.Type}()";
        }

        if (tables.Enums.TryGetValue(field.Type, out var row))
        {
            return field.IsArray
                ? throw new InvalidOperationException($"An array of enumeration {field.Type} has no reader yet.")
                : $"({field.Type})r.Read{EnumWire[row.Base].WireType}()";
        }

        return field.IsArray ? $"r.ReadStructures<{field.Type}>({MinSize(field.Type, [])})" : $"{field.Type}.Decode(ref r)";
    }

    private string Write(FieldRow field)
    {
        if (BuiltIns.ContainsKey(field.Type))
        {
            return field.IsArray ? $"w.Write{field.Type}Array({field.Name})" : $"w.Write{field.Type}({field.Name})";
        }

        if (tables.Enums.TryGetValue(field.Type, out var row))
        {
            return $"w.Write{EnumWire[row.Base].WireType}(({row.Base}){field.Name})";
        }

        return field.IsArray ? $"w.WriteStructures({field.Name})" : $"{field.Name}.Encode(ref w)";
    }

    private int MinSize(string type, IEnumerable<string> path)
    {
        if (BuiltIns.TryGetValue(type, out var builtIn))
        {
            return builtIn.MinSize;
        }

        if (tables.Enums.TryGetValue(type, out var row))
        {
            return EnumWire[row.Base].MinSize;
        }

        if (path.Contains(type))
        {
            throw new InvalidOperationException($"The structure {type} contains itself.");
        }

        var inner = path.Append(type).ToArray();
        var size = tables.Structures[type].Fields.Sum(f => f.IsArray ? 4 : MinSize(f.Type, inner));
        return Math.Max(size, 1);
    }
}
