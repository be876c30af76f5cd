using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

public sealed partial class UaServer
{
    /// <summary>
    /// How well this server can serve, from 0 (maintenance) over 1 (no data) and 2 to 199 (degraded) to 200 to 255 (healthy): what clients of a
    /// redundant set choose by (OPC 10000-4, 6.6.2.4.2).
    /// </summary>
    public byte ServiceLevel
    {
        get => (byte)Space.Get<VariableNode>(VariableIds.Server_ServiceLevel).GetValue().Value.AsUInt32();
        set => Space.Get<VariableNode>(VariableIds.Server_ServiceLevel).SetValue(Variant.From(value));
    }

    /// <summary>Diagnostics are counted always; true lets administrators read them. They may change it by the EnabledFlag too.</summary>
    public bool DiagnosticsEnabled
    {
        get => dispatcher.Diagnostics.Enabled;
        set => dispatcher.Diagnostics.Enabled = value;
    }

    /// <summary>Announces a state in ServerStatus, for example a shutdown before it happens (OPC 10000-5, 12.10). The server goes on serving.</summary>
    /// <param name="state">The state; Running is what it starts with.</param>
    /// <param name="untilShutdown">Time until it stops, when that is known.</param>
    /// <param name="reason">Why; null for no reason.</param>
    public void SetState(ServerState state, TimeSpan untilShutdown = default, string? reason = null)
    {
        Space.Get<VariableNode>(VariableIds.Server_ServerStatus_SecondsTillShutdown).SetValue((uint)Math.Clamp(untilShutdown.TotalSeconds, 0, uint.MaxValue));
        Space.Get<VariableNode>(VariableIds.Server_ServerStatus_ShutdownReason).SetValue(Variant.From(new LocalizedText("en", reason ?? "")));
        Space.Get<VariableNode>(VariableIds.Server_ServerStatus_State).SetValue((int)state);
    }

    /// <summary>
    /// Says that this server is one of a set whose clients switch over themselves (non-transparent redundancy, OPC 10000-4, 6.6.2.4), and
    /// which the others are. ServerArray, ServerUriArray and RedundantServerArray follow.
    /// </summary>
    /// <param name="support">Cold, Warm, Hot or HotAndMirrored; None takes it back.</param>
    /// <param name="servers">All servers of the set, this one included.</param>
    /// <exception cref="ArgumentException">Transparent redundancy, which this server does not have.</exception>
    public void SetRedundancy(RedundancySupport support, IReadOnlyList<RedundantServerDataType> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        if (support == RedundancySupport.Transparent)
            throw new ArgumentException("Transparent redundancy needs servers that share sessions; name Cold, Warm or Hot.", nameof(support));
        var node = Space.Get<ObjectNode>(ObjectIds.Server_ServerRedundancy);
        NodeId type = support == RedundancySupport.None ? ObjectTypeIds.ServerRedundancyType : ObjectTypeIds.NonTransparentRedundancyType;
        if (node.TypeDefinition is { } before && before.Id != type)
        {
            Space.RemoveReference(node, ReferenceTypeIds.HasTypeDefinition, before);
            Space.AddReference(node, ReferenceTypeIds.HasTypeDefinition, Space.Get<ObjectTypeNode>(type));
        }

        var uris = servers.Select(s => s.ServerId).ToArray();
        Space.Get<VariableNode>(VariableIds.Server_ServerRedundancy_RedundancySupport).SetValue((int)support);
        Property(VariableIds.Server_ServerRedundancy_ServerUriArray, "ServerUriArray", DataTypeIds.String).SetValue(Variant.From(uris));
        Property(VariableIds.Server_ServerRedundancy_RedundantServerArray, "RedundantServerArray", DataTypeIds.RedundantServerDataType).SetValue(Variant.FromStructures(servers));
        Space.Get<VariableNode>(VariableIds.Server_ServerArray).SetValue(Variant.From([options.ApplicationUri, .. uris.Where(u => u != options.ApplicationUri)]));

        VariableNode Property(uint id, string name, uint dataType)
        {
            if (Space.TryFind<VariableNode>(id, out var known))
                return known;
            var made = new VariableNode(Space, id, new QualifiedName(0, name)) { DataType = dataType, ValueRank = ValueRanks.OneDimension, ArrayDimensions = [0] };
            made.Attach(node, VariableTypeIds.PropertyType, ReferenceTypeIds.HasProperty);
            return made;
        }
    }
}
