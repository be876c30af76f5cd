using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Instances;

/// <summary>
/// How an instance is made of its type. Paths are browse names below the instance, separated by slashes: <c>Identification/SerialNumber</c>.
/// A name without a namespace index stands for that name in any namespace; <c>3:SerialNumber</c> for that one only.
/// </summary>
public sealed record InstantiateOptions
{
    /// <summary>Optional children to make as well; those above them come along.</summary>
    public IReadOnlyCollection<string> Optional { get; init; } = [];

    /// <summary>Makes every optional child.</summary>
    public bool AllOptional { get; init; }

    /// <summary>Interface types the instance implements beyond those of its type (OPC 10000-3, 7.20).</summary>
    public IReadOnlyCollection<NodeId> Interfaces { get; init; } = [];

    /// <summary>Concrete types for children whose declared type is too general, by path.</summary>
    public IReadOnlyDictionary<string, NodeId> Types { get; init; } = new Dictionary<string, NodeId>();

    /// <summary>Concrete data types for variables declared with an abstract one such as Number, by path.</summary>
    public IReadOnlyDictionary<string, NodeId> DataTypes { get; init; } = new Dictionary<string, NodeId>();

    /// <summary>The instance's browse name where a specification prescribes it in its own namespace; the name in the parent's namespace when null.</summary>
    public QualifiedName? BrowseName { get; init; }

    /// <summary>The instance's node id; made from the parent's and the name when null.</summary>
    public NodeId? NodeId { get; init; }

    /// <summary>The reference from the parent; HasComponent when null, Organizes below folders.</summary>
    public NodeId? Reference { get; init; }

    /// <summary>The text shown to people; the name when null.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Levels below the instance. Types that contain themselves by mandatory children have no end; the deepest published ones have about ten.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>Nodes of the instance; the largest published types have about a thousand with all that is optional.</summary>
    public int MaxNodes { get; init; } = 100_000;
}
