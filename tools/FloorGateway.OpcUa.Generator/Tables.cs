using System.Globalization;

namespace FloorGateway.OpcUa.Generator;

/// <summary>The standard's facts as our own tables: names, numbers and field lists (tables/*.tsv).</summary>
public sealed class Tables
{
    public required IReadOnlyList<(string Name, uint Value)> StatusCodes { get; init; }

    public required IReadOnlyList<(string Name, uint Value)> Attributes { get; init; }

    /// <summary>Node class, browse path with underscores, numeric id.</summary>
    public required IReadOnlyList<(string Class, string Name, uint Id)> NodeIds { get; init; }

    public required IReadOnlyDictionary<string, EnumRow> Enums { get; init; }

    public required IReadOnlyDictionary<string, StructureRow> Structures { get; init; }

    public static Tables Load() => new()
    {
        StatusCodes = [.. Rows("status-codes.tsv").Select(r => (r[0], uint.Parse(r[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)))],
        Attributes = [.. Rows("attributes.tsv").Select(r => (r[0], Number(r[1])))],
        NodeIds = [.. Rows("node-ids.tsv").Select(r => (r[0], r[1], Number(r[2])))],
        Enums = Rows("enums.tsv").ToDictionary(r => r[0], r => new EnumRow(r[0], r[1], r[2] == "flags", [.. Pairs(r[3], '=')])),
        Structures = Rows("structures.tsv").ToDictionary(
            r => r[0],
            r => new StructureRow(r[0], Number(r[1]), [.. Pairs(r[2], ':').Select(p => new FieldRow(p.Name, p.Value.Replace("[]", "", StringComparison.Ordinal), p.Value.EndsWith("[]", StringComparison.Ordinal)))])),
    };

    private static IEnumerable<string[]> Rows(string name)
    {
        using var stream = typeof(Tables).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The table {name} is not embedded in the generator.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line.TrimEnd('\r').Split('\t');
            }
        }
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string text, char separator) => text
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split(separator))
        .Select(p => (p[0], p[1]));

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>An enumeration; <paramref name="Base"/> is the C# type of its wire form.</summary>
public sealed record EnumRow(string Name, string Base, bool IsFlags, IReadOnlyList<(string Name, string Value)> Values);

/// <summary>A structure and the id of its binary encoding.</summary>
public sealed record StructureRow(string Name, uint EncodingId, IReadOnlyList<FieldRow> Fields);

/// <summary>A field of a structure.</summary>
public sealed record FieldRow(string Name, string Type, bool IsArray);
