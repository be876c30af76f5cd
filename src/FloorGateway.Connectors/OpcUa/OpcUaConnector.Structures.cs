using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>Structures of companion specifications: their bytes become fields by what the server says of their types.</summary>
public sealed partial class OpcUaConnector
{
    // What the server does not define is asked for once in a session.
    private readonly HashSet<string> unknownTypes = [];
    private UaClient? typesOf;
    private bool hasStructures;

    /// <summary>Takes the batch's structures apart. Asks the server for each type's definition once; meanwhile the message waits.</summary>
    private async ValueTask DecodeStructuresAsync()
    {
        if (!hasStructures)
            return;
        hasStructures = false;
        if (!options.DecodeStructures || subscription?.Client is not { } client)
            return;
        if (!ReferenceEquals(client, typesOf))
        {
            unknownTypes.Clear();
            typesOf = client;
        }

        object? last = null;
        var decoded = TagValue.Null;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i].Value.Reference is not { } reference || !IsUndecoded(reference))
                continue;
            // Tags of one node follow each other and share the value.
            if (!ReferenceEquals(reference, last))
            {
                last = reference;
                decoded = reference is StructureValue one
                    ? TagValue.From(await DecodeAsync(client, one).ConfigureAwait(false))
                    : TagValue.From(await DecodeAllAsync(client, (StructureValue?[])reference).ConfigureAwait(false));
            }

            batch[i].Value = decoded;
        }
    }

    private static bool IsUndecoded(object value) =>
        value is StructureValue { Body: not null } || (value is StructureValue?[] many && many.Any(s => s?.Body is not null));

    private async ValueTask<StructureValue?[]> DecodeAllAsync(UaClient client, StructureValue?[] structures)
    {
        var decoded = new StructureValue?[structures.Length];
        for (var i = 0; i < decoded.Length; i++)
            decoded[i] = structures[i] is { Body: not null } one ? await DecodeAsync(client, one).ConfigureAwait(false) : structures[i];
        return decoded;
    }

    private async ValueTask<StructureValue> DecodeAsync(UaClient client, StructureValue raw)
    {
        if (!ExpandedNodeId.TryParse(raw.TypeName, out var type))
            return raw;
        if (!unknownTypes.Contains(raw.TypeName))
        {
            try
            {
                var value = await client.DataTypes.DecodeAsync(Variant.From(new ExtensionObject(type, raw.Body!)), stopping.Token).ConfigureAwait(false);
                if (value.Boxed is ExtensionObject { Decoded: { } decoded })
                    return StructureConverter.Convert(decoded);
                TellUnknown(raw.TypeName, "the server gives no definition for it, or its bytes are not what the definition says");
            }
            catch (Exception e) when (e is UaServiceException or ChannelException)
            {
                TellUnknown(raw.TypeName, e.Message);
            }
        }

        // By URI: the number of a namespace may be another one after the server's next start.
        return new StructureValue { TypeName = ByUri(client, type), Body = raw.Body };
    }

    private static string ByUri(UaClient client, ExpandedNodeId type) =>
        type.NamespaceUri is null && type.NodeId.NamespaceIndex is > 0 and var index && index < client.NamespaceUris.Count
            ? new ExpandedNodeId(type.NodeId, client.NamespaceUris[index]).ToString()
            : type.ToString();

    private void TellUnknown(string type, string reason)
    {
        if (unknownTypes.Count < MaxUnknownTypes && unknownTypes.Add(type))
            LogUnknownType(options.Server, type, reason);
    }
}
