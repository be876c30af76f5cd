using FloorGateway.Model.Units;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>Finds all readable variables below a node, with type, unit and range. What the standard itself puts on every server is left out.</summary>
public sealed class VariableBrowser(UaClient client)
{
    private const byte CurrentRead = 1;
    private const byte CurrentWrite = 2;
    private static readonly uint[] Attributes =
        [AttributeIds.DisplayName, AttributeIds.Description, AttributeIds.DataType, AttributeIds.ValueRank, AttributeIds.UserAccessLevel, AttributeIds.MinimumSamplingInterval];

    private readonly Dictionary<NodeId, string?> builtIns = [];

    /// <summary>Walks the tree breadth first, each node once.</summary>
    /// <param name="start">Where to begin, e.g. the Objects folder.</param>
    /// <param name="max">Variables after which the walk ends.</param>
    /// <param name="progress">Told the number of variables found so far.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="UaServiceException">The server ended the session.</exception>
    public async Task<IReadOnlyList<BrowsedVariable>> BrowseAsync(NodeId start, int max, IProgress<int>? progress, CancellationToken cancel)
    {
        var found = await WalkAsync(start, max, progress, cancel).ConfigureAwait(false);
        var attributes = await client.ReadAsync(
            [.. found.SelectMany(f => Attributes.Select(a => new ReadValueId { NodeId = f.Node, AttributeId = a }))], cancel: cancel).ConfigureAwait(false);
        var properties = await client.ReadValuesAsync([.. found.SelectMany(f => new[] { f.Range, f.Unit }).Select(p => p ?? NodeId.Null)], cancel).ConfigureAwait(false);
        var variables = new List<BrowsedVariable>(found.Count);
        for (var i = 0; i < found.Count; i++)
        {
            var of = attributes.AsMemory(i * Attributes.Length, Attributes.Length);
            var access = of.Span[4].Value.TryGetInt64(out var level) ? (byte)level : CurrentRead;
            if ((access & CurrentRead) == 0)
                continue;
            var dataType = of.Span[2].Value.TryGet<NodeId>(out var type) ? await BuiltInAsync(type, cancel).ConfigureAwait(false) : null;
            variables.Add(Describe(found[i], of.Span, access, dataType, properties[i * 2], properties[(i * 2) + 1]));
        }

        return variables;
    }

    private BrowsedVariable Describe(Found found, ReadOnlySpan<DataValue> attributes, byte access, string? dataType, in DataValue range, in DataValue unit)
    {
        var limits = range.Value.AsStructure<FloorGateway.OpcUa.Types.Range>();
        var engineering = unit.Value.AsStructure<EUInformation>();
        return new BrowsedVariable(ByUri(found.Node), found.Path)
        {
            DisplayName = attributes[0].Value.TryGet<LocalizedText>(out var name) ? name.Text ?? "" : "",
            Description = attributes[1].Value.TryGet<LocalizedText>(out var text) && !string.IsNullOrWhiteSpace(text.Text) ? text.Text : null,
            DataType = dataType,
            ValueRank = attributes[3].Value.TryGetInt64(out var rank) ? (int)rank : -1,
            Writable = (access & CurrentWrite) != 0,
            MinimumSamplingInterval = attributes[5].Status.IsGood && attributes[5].Value.TryGetDouble(out var sampling) ? sampling : -1,
            UnitCode = engineering is null ? null : EngineeringUnit.Find(engineering)?.Code ?? (UnitIdCode.TryUnfold(engineering.UnitId, out var code) ? code : null),
            Low = limits is { } && limits.High > limits.Low ? limits.Low : double.NaN,
            High = limits is { } && limits.High > limits.Low ? limits.High : double.NaN,
        };
    }

    private async Task<List<Found>> WalkAsync(NodeId start, int max, IProgress<int>? progress, CancellationToken cancel)
    {
        var found = new List<Found>();
        var seen = new HashSet<NodeId> { start };
        var level = new List<(NodeId Node, string[] Path, Found? Variable)> { (start, [], null) };
        while (level.Count > 0 && found.Count < max)
        {
            var next = new List<(NodeId Node, string[] Path, Found? Variable)>();
            var browsed = await client.BrowseAsync([.. level.Select(l => Request(l.Node))], cancel).ConfigureAwait(false);
            for (var i = 0; i < level.Count; i++)
            {
                foreach (var reference in browsed[i].References)
                {
                    if (!reference.NodeId.TryResolve(client.NamespaceUris, out var target))
                        continue;
                    if (reference.ReferenceTypeId == ReferenceTypeIds.HasProperty)
                        level[i].Variable?.TakeProperty(reference.BrowseName.Name, target);
                    else if (!IsStandard(target) && found.Count < max && seen.Add(target))
                        next.Add(Step(reference, target, level[i].Path, found));
                }
            }

            level = next;
            progress?.Report(found.Count);
        }

        return found;
    }

    private static (NodeId Node, string[] Path, Found? Variable) Step(ReferenceDescription reference, NodeId target, string[] parent, List<Found> found)
    {
        string[] path = [.. parent, reference.BrowseName.Name ?? target.ToString()];
        if (reference.NodeClass != NodeClass.Variable)
            return (target, path, null);
        var variable = new Found(target, path);
        found.Add(variable);
        return (target, path, variable);
    }

    private static BrowseDescription Request(NodeId node) => new()
    {
        NodeId = node,
        BrowseDirection = BrowseDirection.Forward,
        ReferenceTypeId = ReferenceTypeIds.HierarchicalReferences,
        IncludeSubtypes = true,
        NodeClassMask = (uint)(NodeClass.Object | NodeClass.Variable),
        ResultMask = (uint)BrowseResultMask.All,
    };

    /// <summary>Namespace 0 below Objects: the Server object, aliases, locations and the like.</summary>
    private static bool IsStandard(NodeId node) => node.NamespaceIndex == 0;

    /// <summary>Climbs from a data type to the built-in type that its values are encoded as.</summary>
    private async Task<string?> BuiltInAsync(NodeId dataType, CancellationToken cancel)
    {
        if (dataType.NamespaceIndex == 0 && dataType.IdType == NodeIdType.Numeric)
        {
            if (dataType.Numeric is > 0 and <= (uint)BuiltInType.DiagnosticInfo)
                return dataType.Numeric == (uint)BuiltInType.Variant ? null : ((BuiltInType)dataType.Numeric).ToString();
            if (dataType.Numeric == DataTypeIds.Enumeration)
                return nameof(BuiltInType.Int32);
        }

        if (builtIns.TryGetValue(dataType, out var known))
            return known;
        builtIns[dataType] = null;
        var up = await client.BrowseAsync(dataType, ReferenceTypeIds.HasSubtype, BrowseDirection.Inverse, cancel).ConfigureAwait(false);
        return builtIns[dataType] = up.References.Count > 0 && up.References[0].NodeId.TryResolve(client.NamespaceUris, out var parent)
            ? await BuiltInAsync(parent, cancel).ConfigureAwait(false)
            : null;
    }

    private string ByUri(NodeId node) =>
        node.NamespaceIndex == 0 || node.NamespaceIndex >= client.NamespaceUris.Count
            ? node.ToString()
            : $"nsu={client.NamespaceUris[node.NamespaceIndex]};{node.ToString()[(node.ToString().IndexOf(';', StringComparison.Ordinal) + 1)..]}";

    private sealed class Found(NodeId node, string[] path)
    {
        public NodeId Node { get; } = node;

        public string[] Path { get; } = path;

        public NodeId? Range { get; private set; }

        public NodeId? Unit { get; private set; }

        public void TakeProperty(string? name, NodeId property)
        {
            if (name == "EURange")
                Range = property;
            else if (name == "EngineeringUnits")
                Unit = property;
        }
    }
}
