using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Events;

/// <summary>A field of events by its path below an event type, as in <c>Severity</c>, <c>AckedState/Id</c> or <c>nsu=http://example.com/UA/;Serial</c>.</summary>
public sealed record EventField
{
    // An index that no server has: it answers that it does not know the field, and the other fields keep their places.
    private const ushort NoNamespace = ushort.MaxValue;

    private readonly NodePath? _path;

    private EventField(string name, NodePath? path, ExpandedNodeId type, uint attributeId) => (Name, _path, Type, AttributeId) = (name, path, type, attributeId);

    /// <summary>The path as it was given; what <see cref="ReceivedEvent"/> is asked by.</summary>
    public string Name { get; }

    /// <summary>The event type that has the field. At BaseEventType the server looks whatever the type of the event is (OPC 10000-4, 7.7.4.5).</summary>
    public ExpandedNodeId Type { get; }

    public uint AttributeId { get; }

    /// <summary>The id of the condition that an event is of (OPC 10000-9, 5.5.2); its name is <c>ConditionId</c>.</summary>
    public static EventField ConditionId { get; } = new("ConditionId", null, new NodeId(ObjectTypeIds.ConditionType), AttributeIds.NodeId);

    /// <exception cref="FormatException">The path is none.</exception>
    public static EventField Parse(string path, ExpandedNodeId? type = null) =>
        new(path, NodePath.Parse(path), type ?? new NodeId(ObjectTypeIds.BaseEventType), AttributeIds.Value);

    public override string ToString() => $"{Type}/{Name}";

    internal SimpleAttributeOperand ToOperand(IReadOnlyList<string> namespaceUris)
    {
        var names = Array.Empty<QualifiedName>();
        if (_path is not null && !_path.TryResolve(namespaceUris, out names))
        {
            names = [new QualifiedName(NoNamespace, Name)];
        }

        return new SimpleAttributeOperand
        {
            TypeDefinitionId = Resolve(Type, namespaceUris) is { NamespaceIndex: not NoNamespace } type ? type : new NodeId(ObjectTypeIds.BaseEventType),
            BrowsePath = names,
            AttributeId = AttributeId,
        };
    }

    internal static NodeId Resolve(ExpandedNodeId id, IReadOnlyList<string> namespaceUris) =>
        id.TryResolve(namespaceUris, out var resolved) ? resolved : new NodeId(NoNamespace, id.ToString());
}
