using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>Adds nodes below a parent. Node ids are strings made of the path below the namespace's first node: <c>DC01.Shot.Velocity</c>.</summary>
public static class BuilderExtensions
{
    /// <summary>Adds an object below a parent.</summary>
    /// <param name="parent">The parent.</param>
    /// <param name="name">The browse name's text.</param>
    /// <param name="type">Its ObjectType; BaseObjectType when null.</param>
    /// <param name="nodeId">The node id; made from the path when null.</param>
    /// <param name="reference">The reference from the parent; HasComponent when null, Organizes below folders.</param>
    /// <param name="displayName">The text shown to people; the name when null.</param>
    /// <param name="description">The Description attribute.</param>
    /// <exception cref="ArgumentException">The node id is taken.</exception>
    public static ObjectNode AddObject(
        this Node parent, string name, NodeId? type = null, NodeId? nodeId = null, NodeId? reference = null, string? displayName = null, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(parent);
        var node = new ObjectNode(parent.Space, nodeId ?? parent.ChildId(name), parent.ChildName(name)) { Description = description };
        node.Attach(parent, type ?? ObjectTypeIds.BaseObjectType, reference, displayName);
        return node;
    }

    /// <inheritdoc cref="AddObject(Node, string, NodeId?, NodeId?, NodeId?, string?, string?)"/>
    public static ObjectNode AddObject(this AddressSpace space, Node parent, string name, NodeId? type = null, NodeId? nodeId = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return parent.AddObject(name, type, nodeId);
    }

    /// <summary>Adds a folder below a parent.</summary>
    public static ObjectNode AddFolder(this Node parent, string name, NodeId? nodeId = null) =>
        parent.AddObject(name, ObjectTypeIds.FolderType, nodeId, ReferenceTypeIds.Organizes);

    /// <summary>Adds a data variable below a parent. With a unit or a range it is an analog item with those as properties (OPC 10000-8, 5.3.2).</summary>
    /// <param name="parent">The parent.</param>
    /// <param name="name">The browse name's text.</param>
    /// <param name="type">The built-in type.</param>
    /// <param name="eu">UNECE common code of the unit of measure, for example <c>MTS</c>.</param>
    /// <param name="range">EURange: the values to expect in operation, in that unit. Percent deadbands need it.</param>
    /// <param name="value">The value at start; without one the variable says BadWaitingForInitialData.</param>
    /// <param name="writable">True when clients may write it.</param>
    /// <param name="onWrite">Decides on clients' writes; implies <paramref name="writable"/>.</param>
    /// <param name="dataType">The data type where it is not the built-in one.</param>
    /// <param name="valueRank">See <see cref="ValueRanks"/>.</param>
    /// <param name="nodeId">The node id; made from the path when null.</param>
    /// <param name="variableType">The VariableType; chosen from unit and range when null.</param>
    /// <param name="minimumSamplingInterval">Milliseconds.</param>
    /// <param name="description">The Description attribute.</param>
    /// <param name="reference">The reference from the parent; HasComponent when null, Organizes below folders.</param>
    /// <exception cref="ArgumentException">The node id is taken.</exception>
    public static VariableNode AddVariable(
        this Node parent,
        string name,
        BuiltInType type,
        string? eu = null,
        (double Low, double High)? range = null,
        Variant? value = null,
        bool writable = false,
        WriteHandler? onWrite = null,
        NodeId? dataType = null,
        int valueRank = ValueRanks.Scalar,
        NodeId? nodeId = null,
        NodeId? variableType = null,
        double minimumSamplingInterval = 0,
        string? description = null,
        NodeId? reference = null)
    {
        ArgumentNullException.ThrowIfNull(parent);
        var node = new VariableNode(parent.Space, nodeId ?? parent.ChildId(name), parent.ChildName(name))
        {
            DataType = dataType ?? new NodeId((uint)type),
            ValueRank = valueRank,
            ArrayDimensions = valueRank > 0 ? new uint[valueRank] : null,
            AccessLevel = writable || onWrite is not null ? AccessLevelType.CurrentRead | AccessLevelType.CurrentWrite : AccessLevelType.CurrentRead,
            OnWrite = onWrite,
            MinimumSamplingInterval = minimumSamplingInterval,
            Description = description,
        };
        if (value is { } initial)
            node.SetValue(initial);
        node.Attach(
            parent,
            variableType ?? ((eu, range) switch
            {
                (null, null) => VariableTypeIds.BaseDataVariableType,
                (null, _) => VariableTypeIds.AnalogItemType,
                (_, null) => VariableTypeIds.AnalogUnitType,
                _ => VariableTypeIds.AnalogUnitRangeType,
            }),
            reference);
        if (range is { } r)
            node.AddProperty(new QualifiedName("EURange"), DataTypeIds.Range, Variant.From(new Types.Range { Low = r.Low, High = r.High }));
        if (eu is not null)
            node.AddProperty(new QualifiedName("EngineeringUnits"), DataTypeIds.EUInformation, Variant.From(EngineeringUnits.FromCode(eu)));
        return node;
    }

    /// <summary>Adds a variable whose data type is an enumeration (Int32 on the wire).</summary>
    public static VariableNode AddEnumVariable(this Node parent, string name, DataTypeNode enumeration, int value, bool writable = false, WriteHandler? onWrite = null, NodeId? nodeId = null)
    {
        ArgumentNullException.ThrowIfNull(enumeration);
        return parent.AddVariable(name, BuiltInType.Int32, value: Variant.From(value), writable: writable, onWrite: onWrite, dataType: enumeration.Id, nodeId: nodeId);
    }

    /// <summary>Adds a Boolean with names for its two states (TwoStateDiscreteType, OPC 10000-8, 5.3.3.2).</summary>
    public static VariableNode AddTwoState(this Node parent, string name, bool value, string trueState, string falseState, bool writable = false, WriteHandler? onWrite = null)
    {
        var node = parent.AddVariable(name, BuiltInType.Boolean, value: Variant.From(value), writable: writable, onWrite: onWrite, variableType: VariableTypeIds.TwoStateDiscreteType);
        node.AddProperty(new QualifiedName("TrueState"), DataTypeIds.LocalizedText, Variant.From(new LocalizedText(trueState)));
        node.AddProperty(new QualifiedName("FalseState"), DataTypeIds.LocalizedText, Variant.From(new LocalizedText(falseState)));
        return node;
    }

    /// <summary>Adds a UInt32 that names its states 0, 1, 2… (MultiStateDiscreteType, OPC 10000-8, 5.3.3.3).</summary>
    public static VariableNode AddMultiState(this Node parent, string name, uint value, IReadOnlyList<string> states, bool writable = false, WriteHandler? onWrite = null)
    {
        var node = parent.AddVariable(name, BuiltInType.UInt32, value: Variant.From(value), writable: writable, onWrite: onWrite, variableType: VariableTypeIds.MultiStateDiscreteType);
        node.AddProperty(new QualifiedName("EnumStrings"), DataTypeIds.LocalizedText, Variant.From([.. states.Select(s => new LocalizedText(s))]), ValueRanks.OneDimension);
        return node;
    }

    /// <summary>Adds a property in the parent's namespace; its data type is the value's built-in type.</summary>
    public static VariableNode AddProperty(this Node parent, string name, Variant value)
    {
        ArgumentNullException.ThrowIfNull(parent);
        return parent.AddProperty(parent.ChildName(name), new NodeId((uint)value.Type), value, value.IsArray ? Math.Max(1, value.ArrayDimensions.Length) : ValueRanks.Scalar);
    }

    /// <summary>Adds a property; those of the standard have their name in namespace 0.</summary>
    public static VariableNode AddProperty(this Node parent, QualifiedName name, NodeId dataType, Variant value, int valueRank = ValueRanks.Scalar)
    {
        ArgumentNullException.ThrowIfNull(parent);
        var node = new VariableNode(parent.Space, parent.ChildId(name.Name!), name)
        {
            DataType = dataType,
            ValueRank = valueRank,
            ArrayDimensions = valueRank > 0 ? new uint[valueRank] : null,
        };
        node.SetValue(value);
        node.Attach(parent, VariableTypeIds.PropertyType, ReferenceTypeIds.HasProperty);
        return node;
    }

    /// <summary>Adds a method with its InputArguments and OutputArguments (none when empty).</summary>
    /// <param name="parent">The object it is called on.</param>
    /// <param name="name">The browse name's text.</param>
    /// <param name="handler">Runs it.</param>
    /// <param name="inputs">Input arguments in order.</param>
    /// <param name="outputs">Output arguments in order.</param>
    /// <param name="nodeId">The node id; made from the path when null.</param>
    /// <exception cref="ArgumentException">The node id is taken.</exception>
    public static MethodNode AddMethod(
        this Node parent, string name, MethodHandler handler, IReadOnlyList<MethodArgument>? inputs = null, IReadOnlyList<MethodArgument>? outputs = null, NodeId? nodeId = null)
    {
        ArgumentNullException.ThrowIfNull(parent);
        var node = new MethodNode(parent.Space, nodeId ?? parent.ChildId(name), parent.ChildName(name))
        {
            Handler = handler,
            Inputs = inputs ?? [],
            Outputs = outputs ?? [],
        };
        node.Attach(parent, null, ReferenceTypeIds.HasComponent);
        if (node.Inputs.Count != 0)
            node.AddProperty(new QualifiedName("InputArguments"), DataTypeIds.Argument, ArgumentsValue(node.Inputs), ValueRanks.OneDimension);
        if (node.Outputs.Count != 0)
            node.AddProperty(new QualifiedName("OutputArguments"), DataTypeIds.Argument, ArgumentsValue(node.Outputs), ValueRanks.OneDimension);
        return node;
    }

    internal static Variant ArgumentsValue(IEnumerable<MethodArgument> arguments) => Variant.FromStructures<Argument>(
        [
            .. arguments.Select(a => new Argument
            {
                Name = a.Name,
                DataType = a.DataType,
                ValueRank = a.ValueRank,
                ArrayDimensions = a.ValueRank > 0 ? new uint[a.ValueRank] : [],
                Description = a.Description is null ? default : new LocalizedText(a.Description),
            }),
        ]);

    internal static Variant EnumStringsValue(IReadOnlyList<(string Name, long Value)> values)
    {
        // The position is the value, so gaps stay as empty texts.
        var texts = new LocalizedText[values.Max(v => v.Value) + 1];
        foreach (var (name, value) in values)
            texts[value] = new LocalizedText(name);
        return Variant.From(texts);
    }

    internal static Variant EnumValuesValue(IReadOnlyList<(string Name, long Value)> values) =>
        Variant.FromStructures<EnumValueType>([.. values.Select(v => new EnumValueType { Value = v.Value, DisplayName = new LocalizedText(v.Name) })]);

    internal static NodeId ChildId(this Node parent, string name)
    {
        var id = parent.Id;
        return id.NamespaceIndex != 0 && id.IdType == NodeIdType.String
            ? new NodeId(id.NamespaceIndex, $"{(string?)id.Identifier}.{name}")
            : new NodeId(id.NamespaceIndex == 0 ? parent.Space.DefaultNamespace : id.NamespaceIndex, id.NamespaceIndex == 0 ? name : $"{id.Numeric}.{name}");
    }

    internal static QualifiedName ChildName(this Node parent, string name) =>
        new(parent.Id.NamespaceIndex == 0 ? parent.Space.DefaultNamespace : parent.Id.NamespaceIndex, name);

    internal static void Attach(this Node node, Node parent, NodeId? typeDefinition, NodeId? reference = null, string? displayName = null)
    {
        var space = parent.Space;
        space.Add(node);
        if (displayName is not null)
            node.DisplayName = new LocalizedText(displayName);
        if (typeDefinition is { } type)
            space.AddReference(node, ReferenceTypeIds.HasTypeDefinition, space.Find(type) ?? throw new ArgumentException($"'{node.BrowseName}' can't be an instance of {type}: the address space has no such type. Add the type first."));
        space.AddReference(parent, reference ?? (IsFolder(parent) ? ReferenceTypeIds.Organizes : ReferenceTypeIds.HasComponent), node);
    }

    private static bool IsFolder(Node node) => node.TypeDefinition is { } type && type.Id == ObjectTypeIds.FolderType;
}
