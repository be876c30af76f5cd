using FloorGateway.OpcUa.Client.DataTypes;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

public sealed partial class UaClient
{
    private SessionTypes? _dataTypes;

    /// <summary>The server's data types: decodes structures of other namespaces and makes new ones. Read when first needed and kept.</summary>
    public SessionTypes DataTypes => LazyInitializer.EnsureInitialized(ref _dataTypes, () => new SessionTypes(this));

    /// <summary>
    /// Reads the Value attribute of one node and decodes the structures in it: an extension object's Decoded is then a
    /// <see cref="DynamicStructure"/>, or a generated class for those of namespace 0.
    /// </summary>
    public async ValueTask<DataValue> ReadDecodedAsync(NodeId node, CancellationToken cancel = default)
    {
        var value = await ReadValueAsync(node, cancel).ConfigureAwait(false);
        return value with { Value = await DataTypes.DecodeAsync(value.Value, cancel).ConfigureAwait(false) };
    }

    /// <summary>Makes a value of the structure that a variable holds, to be filled in and written back.</summary>
    /// <exception cref="UaServiceException">The variable's data type is no concrete structure with a definition.</exception>
    public async ValueTask<DynamicStructure> CreateStructureForAsync(NodeId variable, CancellationToken cancel = default)
    {
        var read = await ReadAsync([new ReadValueId { NodeId = variable, AttributeId = AttributeIds.DataType }], TimestampsToReturn.Neither, cancel: cancel).ConfigureAwait(false);
        return read[0].Value.TryGet<NodeId>(out var dataType)
            ? await DataTypes.CreateAsync(dataType, cancel).ConfigureAwait(false)
            : throw SessionServices.Failed($"Reading the data type of {variable}", Options, read[0].Status);
    }

    /// <summary>Reads what a method takes and gives (OPC 10000-3, 8.6). A method without arguments has empty lists.</summary>
    public async ValueTask<MethodDescription> ReadMethodArgumentsAsync(NodeId method, CancellationToken cancel = default)
    {
        var inputs = await ReadArgumentsAsync(method, "InputArguments", cancel).ConfigureAwait(false);
        return new MethodDescription(inputs, await ReadArgumentsAsync(method, "OutputArguments", cancel).ConfigureAwait(false));
    }

    private async ValueTask<ArgumentDescription[]> ReadArgumentsAsync(NodeId method, string property, CancellationToken cancel)
    {
        if (await TranslateBrowsePathAsync(method, [new QualifiedName(property)], cancel).ConfigureAwait(false) is not { } node)
        {
            return [];
        }

        var value = await ReadValueAsync(node, cancel).ConfigureAwait(false);
        if (value.Status.IsBad)
        {
            throw SessionServices.Failed($"Reading {property} of {method}", Options, value.Status);
        }

        var arguments = (value.Value.AsArray<ExtensionObject?>() ?? []).Select(v => v?.As<Argument>()).OfType<Argument>().ToArray();
        var described = new ArgumentDescription[arguments.Length];
        for (var i = 0; i < described.Length; i++)
        {
            var type = await DataTypes.ReadTypeAsync(arguments[i].DataType, cancel).ConfigureAwait(false);
            described[i] = new ArgumentDescription(arguments[i].Name ?? "", type, arguments[i].ValueRank, arguments[i].Description.Text);
        }

        return described;
    }
}
