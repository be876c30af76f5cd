using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>A method (OPC 10000-3, 5.7).</summary>
public sealed class MethodNode : Node
{
    internal MethodNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    public override NodeClass NodeClass => NodeClass.Method;

    /// <summary>Null for the declarations in types, which cannot be executed.</summary>
    public MethodHandler? Handler { get; set; }

    /// <summary>False while the machine does not take the call; Call then gives BadNotExecutable.</summary>
    public bool Executable { get; set; } = true;

    /// <summary>True when anonymous users may call it even where they may not write.</summary>
    public bool AnonymousMayCall { get; internal set; }

    /// <summary>The input arguments in order.</summary>
    public IReadOnlyList<MethodArgument> Inputs { get; internal set; } = [];

    /// <summary>The output arguments in order.</summary>
    public IReadOnlyList<MethodArgument> Outputs { get; internal set; } = [];
}

/// <summary>An argument of a method (OPC 10000-3, 8.6).</summary>
public sealed record MethodArgument(string Name, NodeId DataType, int ValueRank = ValueRanks.Scalar, string? Description = null)
{
    public MethodArgument(string name, BuiltInType type, int valueRank = ValueRanks.Scalar, string? description = null)
        : this(name, new NodeId((uint)type), valueRank, description)
    {
    }
}
