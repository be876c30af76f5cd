using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>The Definition element of a data type (OPC 10000-6, F.12): fields of a structure or union, or values of an enumeration or option set.</summary>
internal sealed class DataTypeDefinitionReader
{
    public DataTypeDefinitionReader(NodeSetReader reader)
    {
        IsUnion = reader.Flag("IsUnion", false);
        var isOptionSet = reader.Flag("IsOptionSet", false);
        var fields = new List<DataTypeField>();
        var values = new List<EnumField>();
        foreach (var _ in reader.Children())
        {
            var name = reader.Pooled(reader.Required("Name"));
            var rank = (int)Math.Clamp(reader.Number("ValueRank", ValueRanks.Scalar), ValueRanks.ScalarOrOneDimension, 32);
            var field = new DataTypeField(name, reader.Attribute("DataType") is { } type ? reader.Id(type) : DataTypeIds.BaseDataType, rank)
            {
                ArrayDimensions = rank > 0 ? reader.Dimensions(rank) : null,
                MaxStringLength = (uint)reader.Number("MaxStringLength", 0),
                IsOptional = reader.Flag("IsOptional", false),
                AllowSubtypes = reader.Flag("AllowSubTypes", false),
            };
            var isValue = isOptionSet || reader.Attribute("Value") is not null;
            var number = reader.Number("Value", 0);
            string? displayName = null;
            string? description = null;
            foreach (var child in reader.Children())
            {
                // Each is read, also those in further languages: of which the first one stays.
                if (child == "DisplayName")
                    displayName = reader.First(displayName);
                else if (child == "Description")
                    description = reader.First(description);
                else
                    reader.Skip();
            }

            if (isValue)
                values.Add(new EnumField { Name = name, Value = number, DisplayName = new LocalizedText(displayName ?? name), Description = description is null ? default : new LocalizedText(description) });
            else
                fields.Add(description is null ? field : field with { Description = reader.Pooled(description) });
        }

        if (values.Count != 0 || isOptionSet)
        {
            EnumFields = [.. values];
            EnumValues = [.. values.Select(v => (v.Name!, v.Value))];
        }
        else
        {
            Fields = fields;
        }
    }

    public bool IsUnion { get; }

    public IReadOnlyList<DataTypeField>? Fields { get; }

    public IReadOnlyList<(string Name, long Value)>? EnumValues { get; }

    public EnumField[]? EnumFields { get; }
}
