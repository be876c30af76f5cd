using System.Collections.Concurrent;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.DataTypes;

/// <summary>
/// The data types of a server, read when first needed and kept as long as the session: what turns structures that no code knows into
/// fields by name, and back.
/// </summary>
public sealed class SessionTypes : IDisposable
{
    /// <summary>Structures within structures that are looked into; beyond, they stay as bytes.</summary>
    private const int MaxDepth = 32;

    /// <summary>Encodings asked for in one session; a server that makes up ids costs a call for each.</summary>
    private const int MaxEncodings = 10_000;

    private readonly UaClient client;
    private readonly TypeReader reader;
    private readonly SemaphoreSlim loading = new(1, 1);
    private readonly ConcurrentDictionary<NodeId, DataTypeDescription> types = new();
    private readonly ConcurrentDictionary<NodeId, NodeId> byEncoding = new();

    internal SessionTypes(UaClient client)
    {
        this.client = client;
        reader = new TypeReader(client);
    }

    /// <summary>Describes a data type.</summary>
    /// <exception cref="UaServiceException">The server's definition can't be used; the message says why.</exception>
    /// <exception cref="SecureChannel.ChannelException">The connection failed.</exception>
    public async ValueTask<DataTypeDescription> ReadTypeAsync(NodeId dataType, CancellationToken cancel = default)
    {
        if (types.TryGetValue(dataType, out var known))
        {
            return known;
        }

        await loading.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (types.TryGetValue(dataType, out known))
            {
                return known;
            }

            await reader.ReadAsync(dataType, cancel).ConfigureAwait(false);
            var description = new TypeBuilder(reader.Types).Build(dataType, out var problem)
                ?? throw new UaServiceException(StatusCodes.BadTypeDefinitionInvalid, $"The definition of data type {dataType} on {client.Options.EndpointUrl} can't be used: {problem}. Correct it on the server.");
            types[dataType] = description;
            if (description.Layout is { EncodingId.IsNull: false } layout)
            {
                byEncoding[layout.EncodingId] = dataType;
            }

            return description;
        }
        finally
        {
            loading.Release();
        }
    }

    /// <summary>A value of a structure to be filled in: every field at its default, optional ones left out.</summary>
    /// <exception cref="UaServiceException">The type is no structure, is abstract, or the server gives no definition.</exception>
    public async ValueTask<DynamicStructure> CreateAsync(NodeId dataType, CancellationToken cancel = default)
    {
        var type = await ReadTypeAsync(dataType, cancel).ConfigureAwait(false);
        return type is { Layout: { EncodingId.IsNull: false } layout, IsAbstract: false }
            ? new DynamicStructure(layout)
            : throw new UaServiceException(StatusCodes.BadDataTypeIdUnknown, $"{type.Name} on {client.Options.EndpointUrl} is no structure that values can be made of: it is another kind of type, abstract, or without a definition. Name a concrete structure.");
    }

    /// <summary>Decodes the structures in a value, at any depth. What the server does not define stays as it is.</summary>
    public ValueTask<Variant> DecodeAsync(Variant value, CancellationToken cancel = default) => DecodeAsync(value, 0, cancel);

    public void Dispose() => loading.Dispose();

    private async ValueTask<Variant> DecodeAsync(Variant value, int depth, CancellationToken cancel)
    {
        if (depth > MaxDepth || value.Type is not (BuiltInType.ExtensionObject or BuiltInType.Variant))
        {
            return value;
        }

        if (value.Boxed is ExtensionObject single)
        {
            return Variant.From(await DecodeAsync(single, depth, cancel).ConfigureAwait(false));
        }

        Array? decoded = null;
        if (value.Elements is ExtensionObject?[] objects)
        {
            var changed = new ExtensionObject?[objects.Length];
            for (var i = 0; i < changed.Length; i++)
            {
                changed[i] = objects[i] is { } one ? await DecodeAsync(one, depth, cancel).ConfigureAwait(false) : null;
            }

            decoded = changed;
        }
        else if (value.Elements is Variant[] variants)
        {
            var changed = new Variant[variants.Length];
            for (var i = 0; i < changed.Length; i++)
            {
                changed[i] = await DecodeAsync(variants[i], depth + 1, cancel).ConfigureAwait(false);
            }

            decoded = changed;
        }

        return decoded is null ? value
            : value.IsMatrix ? Variant.FromMatrix(value.Type, decoded, value.ArrayDimensions)
            : new Variant(value.Type, 0, decoded, isArray: true);
    }

    private async ValueTask<ExtensionObject> DecodeAsync(ExtensionObject value, int depth, CancellationToken cancel)
    {
        var structure = value.Decoded as DynamicStructure;
        var decoded = value;
        if (value is { Decoded: null, BodyEncoding: ExtensionObjectBody.ByteString })
        {
            if (await LayoutOfAsync(value.TypeId, cancel).ConfigureAwait(false) is not { } layout)
            {
                return value;
            }

            structure = DynamicStructure.Decode(layout, value.Body.Span, client.Options.EncodingLimits);
            if (structure is null)
            {
                return value; // its bytes are not what the definition says
            }

            decoded = new ExtensionObject(value.TypeId, structure);
        }

        for (var i = 0; structure is not null && i < structure.Layout.Members.Count; i++)
        {
            structure.Replace(i, await DecodeAsync(structure.Values[i], depth + 1, cancel).ConfigureAwait(false));
        }

        return decoded;
    }

    private async ValueTask<StructureLayout?> LayoutOfAsync(ExpandedNodeId encoding, CancellationToken cancel)
    {
        if (!encoding.TryResolve(client.NamespaceUris, out var id) || id.IsNull)
        {
            return null;
        }

        if (!byEncoding.TryGetValue(id, out var dataType))
        {
            if (byEncoding.Count >= MaxEncodings)
            {
                return null;
            }

            dataType = await reader.ReadTypeOfEncodingAsync(id, cancel).ConfigureAwait(false);
            byEncoding[id] = dataType;
        }

        return dataType.IsNull ? null : (await ReadTypeAsync(dataType, cancel).ConfigureAwait(false)).Layout;
    }
}
