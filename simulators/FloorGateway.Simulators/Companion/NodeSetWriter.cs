using System.Globalization;
using System.Text;
using System.Xml;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Simulators.Companion;

/// <summary>Writes a table as NodeSet2, the form in which an address space takes types (OPC 10000-6, annex F).</summary>
internal sealed class NodeSetWriter
{
    private const string Schema = "http://opcfoundation.org/UA/2011/03/UANodeSet.xsd";
    private const string Types = "http://opcfoundation.org/UA/2008/02/Types.xsd";

    private static readonly Dictionary<char, (string Element, string Class)> Classes = new()
    {
        ['O'] = ("UAObject", "Object"), ['V'] = ("UAVariable", "Variable"), ['M'] = ("UAMethod", "Method"), ['T'] = ("UAObjectType", "ObjectType"),
        ['Y'] = ("UAVariableType", "VariableType"), ['D'] = ("UADataType", "DataType"), ['R'] = ("UAReferenceType", "ReferenceType"),
    };

    private static readonly Dictionary<char, uint> Links = new()
    {
        ['p'] = ReferenceTypeIds.HasProperty, ['c'] = ReferenceTypeIds.HasComponent, ['o'] = ReferenceTypeIds.Organizes, ['s'] = ReferenceTypeIds.HasSubtype,
        ['e'] = ReferenceTypeIds.HasEncoding, ['h'] = ReferenceTypeIds.HasOrderedComponent, ['a'] = ReferenceTypeIds.HasAddIn,
    };

    private static readonly Dictionary<string, uint> Rules = new()
    {
        ["m"] = ObjectIds.ModellingRule_Mandatory, ["o"] = ObjectIds.ModellingRule_Optional, ["O"] = ObjectIds.ModellingRule_OptionalPlaceholder,
        ["M"] = ObjectIds.ModellingRule_MandatoryPlaceholder, ["X"] = ObjectIds.ModellingRule_ExposesItsArray,
    };

    private readonly XmlWriter _xml;
    private readonly Dictionary<string, string[]> _nodes;
    private readonly ILookup<string, string[]> _further;

    private NodeSetWriter(XmlWriter xml, CompanionTable table)
    {
        _xml = xml;
        _nodes = table.Lines.Where(l => l[0] != "+").ToDictionary(l => l[0][1..], StringComparer.Ordinal);
        _further = table.Lines.Where(l => l[0] == "+").ToLookup(l => _nodes.ContainsKey(l[1]) ? l[1] : l[3], StringComparer.Ordinal);
    }

    public static byte[] Write(CompanionTable table)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new() { Encoding = new UTF8Encoding(false) })) new NodeSetWriter(xml, table).WriteModel(table);
        return stream.ToArray();
    }

    private void WriteModel(CompanionTable table)
    {
        _xml.WriteStartElement("UANodeSet", Schema);
        CompanionTable[] used = [.. table.Uses.Select(CompanionTable.Get)];
        _xml.WriteStartElement("NamespaceUris");
        foreach (var uri in used.Select(u => u.Uri).Prepend(table.Uri)) _xml.WriteElementString("Uri", uri);
        _xml.WriteEndElement();
        _xml.WriteStartElement("Models");
        WriteModelElement("Model", table);
        foreach (var required in used)
        {
            WriteModelElement("RequiredModel", required);
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
        _xml.WriteEndElement();
        foreach (var cells in table.Lines.Where(l => l[0] != "+")) WriteNode(cells);
        _xml.WriteEndElement();
    }

    private void WriteModelElement(string name, CompanionTable table)
    {
        _xml.WriteStartElement(name);
        _xml.WriteAttributeString("ModelUri", table.Uri);
        _xml.WriteAttributeString("Version", table.Version);
        _xml.WriteAttributeString("PublicationDate", table.Published.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private void WriteNode(string[] cells)
    {
        var kind = cells[0][0];
        var id = cells[0][1..];
        _xml.WriteStartElement(Classes[kind].Element);
        _xml.WriteAttributeString("NodeId", Id(id));
        _xml.WriteAttributeString("BrowseName", Name(cells[2]));
        if (CompanionTable.Has(cells, "A")) _xml.WriteAttributeString("IsAbstract", "true");
        if (CompanionTable.Has(cells, "S")) _xml.WriteAttributeString("Symmetric", "true");
        if (CompanionTable.Has(cells, "N")) _xml.WriteAttributeString("EventNotifier", "1");
        if (kind is 'V' or 'Y') WriteVariableAttributes(cells);
        if (CompanionTable.Cell(cells, 'I') is { } inverse) _xml.WriteElementString("InverseName", inverse);
        WriteReferences(cells, kind, id);
        if (kind == 'D') WriteDefinition(cells);
        if (kind is 'V' or 'Y') WriteValue(cells);
        _xml.WriteEndElement();
    }

    private void WriteVariableAttributes(string[] cells)
    {
        if (CompanionTable.Cell(cells, 'd') is { } type)
        {
            var (dataType, rank) = Ranked(type);
            _xml.WriteAttributeString("DataType", Id(dataType));
            if (rank is not null) _xml.WriteAttributeString("ValueRank", rank);
        }

        if (CompanionTable.Cell(cells, 'n') is { } dimensions) _xml.WriteAttributeString("ArrayDimensions", dimensions);
        if (CompanionTable.Cell(cells, 'a') is { } access) _xml.WriteAttributeString("AccessLevel", access);
    }

    private void WriteReferences(string[] cells, char kind, string id)
    {
        var link = cells[1].Length == 0 ? ' ' : cells[1][0];
        _xml.WriteStartElement("References");
        if (link != ' ') Reference($"i={Links[link]}", cells[1][1..], forward: false);
        if (kind is 'O' or 'V')
        {
            var fallback = (kind, link) switch
            {
                ('V', 'p') => VariableTypeIds.PropertyType,
                ('V', _) => VariableTypeIds.BaseDataVariableType,
                (_, 'e') => ObjectTypeIds.DataTypeEncodingType,
                _ => ObjectTypeIds.BaseObjectType,
            };
            Reference($"i={ReferenceTypeIds.HasTypeDefinition}", CompanionTable.Cell(cells, 't') ?? $"0:{fallback}");
        }

        if (cells.Length > 3 && Rules.TryGetValue(cells[3], out var rule)) Reference($"i={ReferenceTypeIds.HasModellingRule}", $"0:{rule}");
        foreach (var further in _further[id])
        {
            if (further[1] == id) Reference(Id(further[2]), further[3]);
            else Reference(Id(further[2]), further[1], forward: false);
        }

        _xml.WriteEndElement();
    }

    private void Reference(string type, string target, bool forward = true)
    {
        _xml.WriteStartElement("Reference");
        _xml.WriteAttributeString("ReferenceType", type);
        if (!forward) _xml.WriteAttributeString("IsForward", "false");
        _xml.WriteString(Id(target));
        _xml.WriteEndElement();
    }

    private void WriteDefinition(string[] cells)
    {
        var (union, bits) = (CompanionTable.Cell(cells, 'U'), CompanionTable.Cell(cells, 'B'));
        if ((union ?? CompanionTable.Cell(cells, 'F')) is { } fields)
        {
            _xml.WriteStartElement("Definition");
            _xml.WriteAttributeString("Name", cells[2]);
            if (union is not null) _xml.WriteAttributeString("IsUnion", "true");
            foreach (var field in fields.Split(',')) WriteField(field);
            _xml.WriteEndElement();
        }
        else if ((bits ?? CompanionTable.Cell(cells, 'E')) is { } values)
        {
            _xml.WriteStartElement("Definition");
            _xml.WriteAttributeString("Name", cells[2]);
            if (bits is not null) _xml.WriteAttributeString("IsOptionSet", "true");
            foreach (var (name, value) in Values(values))
            {
                _xml.WriteStartElement("Field");
                _xml.WriteAttributeString("Name", name);
                _xml.WriteAttributeString("Value", value);
                _xml.WriteEndElement();
            }

            _xml.WriteEndElement();
        }
    }

    private void WriteField(string field)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var (type, rank) = Ranked(field[(colon + 1)..].TrimEnd('*', '?'));
        _xml.WriteStartElement("Field");
        _xml.WriteAttributeString("Name", field[..colon]);
        _xml.WriteAttributeString("DataType", Id(type));
        if (rank is not null) _xml.WriteAttributeString("ValueRank", rank);
        if (field.Contains('?', StringComparison.Ordinal)) _xml.WriteAttributeString("IsOptional", "true");
        if (field.Contains('*', StringComparison.Ordinal)) _xml.WriteAttributeString("AllowSubTypes", "true");
        _xml.WriteEndElement();
    }

    private void WriteValue(string[] cells)
    {
        var text = CompanionTable.Cell(cells, '=');
        var parent = cells[1].Length > 1 ? _nodes.GetValueOrDefault(cells[1][1..]) : null;
        var values = parent is null ? null : CompanionTable.Cell(parent, 'E') ?? CompanionTable.Cell(parent, 'B');
        switch (cells[2].Split(':')[^1])
        {
            case "EnumStrings" or "OptionSetValues" when values is not null: WriteTexts(values); break;
            case "EnumValues" when values is not null: WriteEnumValues(values); break;
            case "InputArguments" or "OutputArguments" when text is not null: WriteArguments(text); break;
            case "DefaultInstanceBrowseName" when text is not null: WriteQualifiedName(text); break;
            case var _ when text is not null && ScalarOf(cells) is { } scalar:
                _xml.WriteStartElement("Value");
                _xml.WriteElementString(scalar, Types, text);
                _xml.WriteEndElement();
                break;
        }
    }

    // Positions are values, so gaps stay as empty texts.
    private void WriteTexts(string values)
    {
        var byNumber = Values(values).ToDictionary(v => int.Parse(v.Value, CultureInfo.InvariantCulture), v => v.Name);
        _xml.WriteStartElement("Value");
        _xml.WriteStartElement("ListOfLocalizedText", Types);
        for (var i = 0; i <= byNumber.Keys.Max(); i++) Text("LocalizedText", byNumber.GetValueOrDefault(i, ""));
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private void WriteEnumValues(string values) => WriteStructures("EnumValueType", 7616, Values(values), v =>
    {
        _xml.WriteElementString("Value", Types, v.Value);
        Text("DisplayName", v.Name);
    });

    private void WriteArguments(string text) => WriteStructures("Argument", 297, text.Split(',', StringSplitOptions.RemoveEmptyEntries), argument =>
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        var (type, rank) = Ranked(argument[(colon + 1)..]);
        _xml.WriteElementString("Name", Types, argument[..colon]);
        _xml.WriteStartElement("DataType", Types);
        _xml.WriteElementString("Identifier", Types, Id(type));
        _xml.WriteEndElement();
        _xml.WriteElementString("ValueRank", Types, rank ?? "-1");
    });

    private void WriteStructures<T>(string type, int xmlEncoding, IEnumerable<T> items, Action<T> body)
    {
        _xml.WriteStartElement("Value");
        _xml.WriteStartElement("ListOfExtensionObject", Types);
        foreach (var item in items)
        {
            _xml.WriteStartElement("ExtensionObject", Types);
            _xml.WriteStartElement("TypeId", Types);
            _xml.WriteElementString("Identifier", Types, $"i={xmlEncoding}");
            _xml.WriteEndElement();
            _xml.WriteStartElement("Body", Types);
            _xml.WriteStartElement(type, Types);
            body(item);
            _xml.WriteEndElement();
            _xml.WriteEndElement();
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private void WriteQualifiedName(string text)
    {
        var name = Name(text);
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        _xml.WriteStartElement("Value");
        _xml.WriteStartElement("QualifiedName", Types);
        _xml.WriteElementString("NamespaceIndex", Types, colon < 0 ? "0" : name[..colon]);
        _xml.WriteElementString("Name", Types, name[(colon + 1)..]);
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private void Text(string element, string text)
    {
        _xml.WriteStartElement(element, Types);
        _xml.WriteElementString("Text", Types, text);
        _xml.WriteEndElement();
    }

    private static string? ScalarOf(string[] cells) => CompanionTable.Cell(cells, 'd') switch
    {
        "0:1" => "Boolean",
        "0:5" => "UInt16",
        "0:6" => "Int32",
        "0:7" => "UInt32",
        "0:11" => "Double",
        "0:12" => "String",
        _ => null, // others are set on instances
    };

    private static IEnumerable<(string Name, string Value)> Values(string text) => text.Split(',').Select(v => (v[..v.LastIndexOf('=')], v[(v.LastIndexOf('=') + 1)..]));

    private static (string Type, string? Rank) Ranked(string text)
    {
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? (text, null) : (text[..bracket], text[(bracket + 1)..^1]);
    }

    private static string Id(string text)
    {
        if (text.StartsWith("i=", StringComparison.Ordinal)) return text;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? $"ns=1;i={text}" : text[..colon] == "0" ? $"i={text[(colon + 1)..]}" : $"ns={text[..colon]};i={text[(colon + 1)..]}";
    }

    // Names may hold colons of their own, but not after a number.
    private static string Name(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return "1:" + text;
        return index == 0 ? text[(colon + 1)..] : text;
    }
}
