using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.DataTypes;

/// <summary>A data type as read, before its fields' types are known.</summary>
internal sealed record RawDataType(NodeId Id, string Name, bool IsAbstract, NodeId Super, StructureDefinition? Structure, IReadOnlyDictionary<long, string>? EnumNames);

/// <summary>Reads data types with everything that they are made of: supertypes and the types of fields, level by level, in as few calls as the server's limits allow.</summary>
internal sealed class TypeReader(UaClient client)
{
    /// <summary>Types of one session. The largest companion specifications have a few hundred; a server that makes up types without end is stopped here.</summary>
    private const int MaxTypes = 10_000;

    private readonly Dictionary<NodeId, RawDataType> types = [];

    public IReadOnlyDictionary<NodeId, RawDataType> Types => types;

    /// <exception cref="UaServiceException">The server has too many types.</exception>
    public async ValueTask ReadAsync(NodeId dataType, CancellationToken cancel)
    {
        List<NodeId> wanted = [dataType];
        while (wanted.Count > 0)
        {
            if (types.Count + wanted.Count > MaxTypes)
            {
                throw SessionServices.Failed($"Reading the data type {dataType}, which leads to more than {MaxTypes} others,", client.Options, StatusCodes.BadOutOfMemory);
            }

            var read = await ReadLevelAsync(wanted, cancel).ConfigureAwait(false);
            foreach (var type in read)
            {
                types[type.Id] = type;
            }

            wanted = [.. read.SelectMany(Needed).Distinct().Where(id => !types.ContainsKey(id))];
        }
    }

    /// <summary>The data type whose encoding this is; Null when the server does not say.</summary>
    public async ValueTask<NodeId> ReadTypeOfEncodingAsync(NodeId encoding, CancellationToken cancel)
    {
        var browsed = await client.BrowseAsync(encoding, ReferenceTypeIds.HasEncoding, BrowseDirection.Inverse, cancel).ConfigureAwait(false);
        foreach (var reference in browsed.References)
        {
            if (reference.NodeId.TryResolve(client.NamespaceUris, out var id))
            {
                return id;
            }
        }

        return NodeId.Null;
    }

    private static IEnumerable<NodeId> Needed(RawDataType type)
    {
        if (!type.Super.IsNull)
        {
            yield return type.Super;
        }

        foreach (var field in type.Structure?.Fields ?? [])
        {
            yield return field.DataType;
        }
    }

    private async ValueTask<RawDataType[]> ReadLevelAsync(List<NodeId> ids, CancellationToken cancel)
    {
        uint[] attributes = [AttributeIds.BrowseName, AttributeIds.IsAbstract, AttributeIds.DataTypeDefinition];
        var reads = ids.SelectMany(id => attributes.Select(attribute => new ReadValueId { NodeId = id, AttributeId = attribute })).ToArray();
        var values = await client.ReadAsync(reads, TimestampsToReturn.Neither, cancel: cancel).ConfigureAwait(false);
        var supers = await client.BrowseAsync(
            [
                .. ids.Select(id => new BrowseDescription
                {
                    NodeId = id,
                    ReferenceTypeId = ReferenceTypeIds.HasSubtype,
                    IncludeSubtypes = true,
                    BrowseDirection = BrowseDirection.Inverse,
                    ResultMask = (uint)BrowseResultMask.BrowseName,
                }),
            ],
            cancel).ConfigureAwait(false);
        var found = new RawDataType[ids.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var name = values[3 * i].Value.Boxed is QualifiedName { Name: { } text } ? text : ids[i].ToString();
            var isAbstract = values[(3 * i) + 1].Value.TryGetBoolean(out var flag) && flag;
            var definition = (values[(3 * i) + 2].Value.Boxed as ExtensionObject)?.Decoded;
            var super = supers[i].References.Count > 0 && supers[i].References[0].NodeId.TryResolve(client.NamespaceUris, out var id) ? id : NodeId.Null;
            var names = definition is EnumDefinition enumeration ? Names(enumeration.Fields.Select(f => (f.Value, f.Name))) : null;
            found[i] = new RawDataType(ids[i], name, isAbstract, super, definition as StructureDefinition, names);
            if (definition is null && super == DataTypeIds.Enumeration)
            {
                found[i] = found[i] with { EnumNames = await ReadEnumPropertyAsync(ids[i], cancel).ConfigureAwait(false) };
            }
        }

        return found;
    }

    // Older servers name an enumeration's values in a property: EnumStrings where the position is the value, else EnumValues.
    private async ValueTask<IReadOnlyDictionary<long, string>?> ReadEnumPropertyAsync(NodeId type, CancellationToken cancel)
    {
        foreach (var property in new[] { "EnumStrings", "EnumValues" })
        {
            if (await client.TranslateBrowsePathAsync(type, [new QualifiedName(property)], cancel).ConfigureAwait(false) is not { } node)
            {
                continue;
            }

            var value = (await client.ReadValueAsync(node, cancel).ConfigureAwait(false)).Value;
            if (value.AsArray<LocalizedText>() is { } texts)
            {
                return Names(texts.Select((text, i) => ((long)i, text.Text)));
            }

            if (value.AsArray<ExtensionObject?>() is { } values)
            {
                return Names(values.Select(v => v?.As<EnumValueType>()).OfType<EnumValueType>().Select(v => (v.Value, v.DisplayName.Text)));
            }
        }

        return null;
    }

    private static Dictionary<long, string> Names(IEnumerable<(long Value, string? Name)> values)
    {
        var names = new Dictionary<long, string>();
        foreach (var (value, name) in values)
        {
            if (!string.IsNullOrEmpty(name))
            {
                names.TryAdd(value, name);
            }
        }

        return names;
    }
}
