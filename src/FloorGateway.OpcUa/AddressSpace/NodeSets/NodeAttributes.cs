using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>The attributes of a node element, and the node made of them.</summary>
internal sealed class NodeAttributes
{
    private readonly string element;
    private bool isAbstract;
    private bool symmetric;
    private bool executable;
    private bool containsNoLoops;
    private byte eventNotifier;
    private NodeId dataType;
    private int rank;
    private uint[]? dimensions;
    private AccessLevelType accessLevel;
    private double samplingInterval;

    private NodeAttributes(string element) => this.element = element;

    public Type Type => element switch
    {
        "UAObject" => typeof(ObjectNode),
        "UAVariable" => typeof(VariableNode),
        "UAMethod" => typeof(MethodNode),
        "UAView" => typeof(ViewNode),
        "UAObjectType" => typeof(ObjectTypeNode),
        "UAVariableType" => typeof(VariableTypeNode),
        "UADataType" => typeof(DataTypeNode),
        _ => typeof(ReferenceTypeNode),
    };

    public static NodeAttributes Read(NodeSetReader reader, string element)
    {
        var rank = (int)Math.Clamp(reader.Number("ValueRank", ValueRanks.Scalar), ValueRanks.ScalarOrOneDimension, 32);
        return new NodeAttributes(element)
        {
            isAbstract = reader.Flag("IsAbstract", false),
            symmetric = reader.Flag("Symmetric", false),
            executable = reader.Flag("Executable", true),
            containsNoLoops = reader.Flag("ContainsNoLoops", false),
            eventNotifier = (byte)reader.Number("EventNotifier", 0),
            dataType = reader.Attribute("DataType") is { } type ? reader.Id(type) : DataTypeIds.BaseDataType,
            rank = rank,
            dimensions = element is "UAVariable" or "UAVariableType" ? reader.Dimensions(rank) : null,
            accessLevel = (AccessLevelType)reader.Number("AccessLevel", (long)AccessLevelType.CurrentRead),
            samplingInterval = reader.Real("MinimumSamplingInterval", 0),
        };
    }

    public Node Create(Space space, NodeId id, QualifiedName name, DataTypeDefinitionReader? definition, string? inverseName) => element switch
    {
        "UAObject" => new ObjectNode(space, id, name) { EventNotifier = eventNotifier },
        "UAVariable" => new VariableNode(space, id, name)
        {
            DataType = dataType,
            ValueRank = rank,
            ArrayDimensions = dimensions,
            AccessLevel = accessLevel,
            MinimumSamplingInterval = samplingInterval,
        },
        "UAMethod" => new MethodNode(space, id, name) { Executable = executable },
        "UAView" => new ViewNode(space, id, name) { ContainsNoLoops = containsNoLoops },
        "UAObjectType" => new ObjectTypeNode(space, id, name) { IsAbstract = isAbstract },
        "UAVariableType" => new VariableTypeNode(space, id, name) { IsAbstract = isAbstract, DataType = dataType, ValueRank = rank, ArrayDimensions = dimensions },
        "UAReferenceType" => new ReferenceTypeNode(space, id, name) { IsAbstract = isAbstract, Symmetric = symmetric, InverseName = inverseName },
        _ => new DataTypeNode(space, id, name)
        {
            IsAbstract = isAbstract,
            IsUnion = definition?.IsUnion ?? false,
            Fields = definition?.Fields,
            EnumValues = definition?.EnumValues,
            EnumFields = definition?.EnumFields,
        },
    };
}
