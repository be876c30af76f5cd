using System.Globalization;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>
/// Builds namespace 0 from Namespace0.tsv: the whole type system and the Server object. A line is a node, parents before
/// children: class letter and id, reference letter and parent's id, browse name, modelling rule, then what differs from the default.
/// A line that begins with '+' is a further reference: source, type, target. See the README for the letters.
/// </summary>
internal static class Namespace0
{
    // Cut into cells once: a plant in one process has many servers, and all share these strings.
    private static readonly Lazy<string[][]> Table = new(ReadTable);

    public static void Load(AddressSpace space)
    {
        var lines = Table.Value;
        foreach (var cells in lines)
        {
            if (cells[0] != "+")
                space.Add(CreateNode(space, cells));
        }

        var types = new Dictionary<uint, ReferenceTypeNode>();
        foreach (var node in space.Nodes)
        {
            if (node is ReferenceTypeNode type)
                types.Add(type.Id.Numeric, type);
        }

        foreach (var cells in lines)
        {
            if (cells[0] == "+")
                space.AddReference(space.Find(Number(cells[1]))!, types[Number(cells[2])], space.Find(Number(cells[3]))!);
            else
                AddReferences(space, types, cells);
        }

        foreach (var cells in lines)
        {
            if (cells[0][0] == 'V')
                SetValue(space.Get<VariableNode>(Number(cells[0].AsSpan(1))), cells);
        }
    }

    private static string[][] ReadTable()
    {
        using var stream = typeof(Namespace0).Assembly.GetManifestResourceStream("FloorGateway.OpcUa.AddressSpace.Namespace0.tsv")
            ?? throw new InvalidOperationException("The resource Namespace0.tsv is missing from FloorGateway.OpcUa. Check its EmbeddedResource item in the project file.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }

    private static Node CreateNode(AddressSpace space, string[] cells)
    {
        NodeId id = Number(cells[0].AsSpan(1));
        var name = new QualifiedName(0, cells[2]);
        var (dataType, rank) = TypeAndRank(Cell(cells, 'd'));
        var isAbstract = Has(cells, "A");
        return cells[0][0] switch
        {
            'O' => new ObjectNode(space, id, name) { EventNotifier = Has(cells, "N") ? (byte)1 : (byte)0 },
            'W' => new ViewNode(space, id, name),
            'M' => new MethodNode(space, id, name),
            'T' => new ObjectTypeNode(space, id, name) { IsAbstract = isAbstract },
            'Y' => new VariableTypeNode(space, id, name) { IsAbstract = isAbstract, DataType = dataType, ValueRank = rank, ArrayDimensions = Dimensions(cells, rank) },
            'R' => new ReferenceTypeNode(space, id, name) { IsAbstract = isAbstract, Symmetric = Has(cells, "S"), InverseName = Cell(cells, 'I') },
            'D' => new DataTypeNode(space, id, name)
            {
                IsAbstract = isAbstract,
                IsUnion = Cell(cells, 'F') is ['U', ..],
                Fields = Fields(Cell(cells, 'F')),
                EnumValues = EnumValues(Cell(cells, 'E')),
            },
            _ => new VariableNode(space, id, name)
            {
                DataType = dataType,
                ValueRank = rank,
                ArrayDimensions = Dimensions(cells, rank),
                AccessLevel = Cell(cells, 'a') is { } access ? (AccessLevelType)Number(access) : AccessLevelType.CurrentRead,
                MinimumSamplingInterval = Cell(cells, 'i') is { } interval ? Number(interval) : 0,
            },
        };
    }

    private static void AddReferences(AddressSpace space, Dictionary<uint, ReferenceTypeNode> types, string[] cells)
    {
        var node = space.Find(Number(cells[0].AsSpan(1)))!;
        var link = cells[1].Length == 0 ? ' ' : cells[1][0];
        if (link != ' ')
        {
            var type = link switch
            {
                'p' => ReferenceTypeIds.HasProperty,
                'c' => ReferenceTypeIds.HasComponent,
                'o' => ReferenceTypeIds.Organizes,
                's' => ReferenceTypeIds.HasSubtype,
                'e' => ReferenceTypeIds.HasEncoding,
                _ => ReferenceTypeIds.HasOrderedComponent,
            };
            space.AddReference(space.Find(Number(cells[1].AsSpan(1)))!, types[type], node);
        }

        if (node is ObjectNode or VariableNode)
        {
            var fallback = (node, link) switch
            {
                (VariableNode, 'p') => VariableTypeIds.PropertyType,
                (VariableNode, _) => VariableTypeIds.BaseDataVariableType,
                (_, 'e') => ObjectTypeIds.DataTypeEncodingType,
                _ => ObjectTypeIds.BaseObjectType,
            };
            var definition = Cell(cells, 't') is { } text ? Number(text) : fallback;
            space.AddReference(node, types[ReferenceTypeIds.HasTypeDefinition], space.Find(definition)!);
        }

        var rule = cells.Length > 3 && cells[3].Length == 1 ? cells[3][0] : ' ';
        if (rule != ' ')
        {
            var target = rule switch
            {
                'm' => ObjectIds.ModellingRule_Mandatory,
                'o' => ObjectIds.ModellingRule_Optional,
                'O' => ObjectIds.ModellingRule_OptionalPlaceholder,
                'M' => ObjectIds.ModellingRule_MandatoryPlaceholder,
                _ => ObjectIds.ModellingRule_ExposesItsArray,
            };
            space.AddReference(node, types[ReferenceTypeIds.HasModellingRule], space.Find(target)!);
        }
    }

    private static void SetValue(VariableNode node, string[] cells)
    {
        var text = Cell(cells, '=');
        var parent = cells[1].Length > 1 ? node.Space.Find(Number(cells[1].AsSpan(1))) : null;
        var enumValues = (parent as DataTypeNode)?.EnumValues;
        var value = (node.BrowseName.Name, text) switch
        {
            ("InputArguments" or "OutputArguments", not null) => BuilderExtensions.ArgumentsValue(Arguments(text)),
            ("EnumStrings" or "OptionSetValues", _) when enumValues is not null => BuilderExtensions.EnumStringsValue(enumValues),
            ("EnumValues", _) when enumValues is not null => BuilderExtensions.EnumValuesValue(enumValues),
            ("TrueState" or "FalseState", not null) => Variant.From(new LocalizedText("en", text)),
            ("StateNumber" or "TransitionNumber", not null) => Variant.From(Number(text)),
            (_, not null) => Variant.From((int)Number(text)),
            _ => Variant.Null,
        };
        node.SetValue(value);
        if (parent is MethodNode method && text is not null)
        {
            if (node.BrowseName.Name == "InputArguments")
                method.Inputs = [.. Arguments(text)];
            else
                method.Outputs = [.. Arguments(text)];
        }
    }

    private static IEnumerable<MethodArgument> Arguments(string text)
    {
        foreach (var argument in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = argument.LastIndexOf(':');
            var (type, rank) = TypeAndRank(argument[(colon + 1)..]);
            yield return new MethodArgument(argument[..colon], type, rank);
        }
    }

    private static DataTypeField[]? Fields(string? text)
    {
        if (text is null)
            return null;
        return [.. text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(field =>
        {
            var colon = field.LastIndexOf(':');
            var type = field[(colon + 1)..];
            var (dataType, rank) = TypeAndRank(type.TrimEnd('*', '?'));
            return new DataTypeField(field[..colon], dataType, rank)
            {
                IsOptional = type.Contains('?', StringComparison.Ordinal),
                AllowSubtypes = type.Contains('*', StringComparison.Ordinal),
            };
        })];
    }

    private static (string, long)[]? EnumValues(string? text)
    {
        if (text is null)
            return null;
        return [.. text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(value =>
        {
            var equals = value.LastIndexOf('=');
            return (value[..equals], long.Parse(value.AsSpan(equals + 1), CultureInfo.InvariantCulture));
        })];
    }

    private static (NodeId Type, int Rank) TypeAndRank(string? text)
    {
        if (text is null)
            return (DataTypeIds.BaseDataType, ValueRanks.Scalar);
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0
            ? (Number(text), ValueRanks.Scalar)
            : (Number(text.AsSpan(0, bracket)), int.Parse(text.AsSpan(bracket + 1, text.Length - bracket - 2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static uint[]? Dimensions(string[] cells, int rank) =>
        rank <= 0 ? null : Cell(cells, 'n') is { } text ? [.. text.Split(',').Select(n => Number(n))] : new uint[rank];

    // The optional cells stand behind the fourth; their first letter says what they are.
    private static string? Cell(string[] cells, char letter)
    {
        for (var i = 4; i < cells.Length; i++)
        {
            if (cells[i].Length > 1 && cells[i][0] == letter)
                return cells[i][1..];
        }

        return null;
    }

    private static bool Has(string[] cells, string flag) => Array.IndexOf(cells, flag, Math.Min(4, cells.Length)) >= 0;

    private static uint Number(ReadOnlySpan<char> text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
