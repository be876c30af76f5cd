using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Simulators.Companion;

/// <summary>
/// Variables of a companion specification that show what a signal says in the specification's words. They are computed when somebody reads them and cost nothing
/// else; whoever subscribes to one has it sampled, the signal's own node is the one that reports each change.
/// </summary>
internal static class Mirrors
{
    /// <summary>Shows a signal's node, with its status and times.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="path">The variable in it.</param>
    /// <param name="source">The signal's node; null leaves the variable at its default.</param>
    /// <param name="convert">From the signal's value to the variable's; null takes it as it is.</param>
    public static Instance Mirror(this Instance instance, string path, VariableNode? source, Func<Variant, Variant>? convert = null)
    {
        if (source is not null) instance.Variable(path).Follow(source, convert);
        return instance;
    }

    /// <summary>Shows a signal's node with its unit and range, where the variable has properties for them.</summary>
    public static Instance MirrorAnalog(this Instance instance, string path, VariableNode? source)
    {
        if (source is null) return instance;
        var node = instance.Variable(path);
        node.Follow(source);
        foreach (var name in new[] { "EngineeringUnits", "EURange" })
        {
            if (node.FindChild(new QualifiedName(name)) is VariableNode property && source.FindChild(new QualifiedName(name)) is VariableNode known) property.SetValue(known.GetValue().Value);
        }

        return instance;
    }

    /// <summary>Gives a value that is made when somebody reads it.</summary>
    public static void Compute(this VariableNode node, Func<Variant> value) => node.OnRead = () =>
    {
        var now = node.Space.Clock.GetUtcNow().UtcTicks;
        return new(value(), StatusCodes.Good, now, now);
    };

    /// <summary>Says who made a part of the machine.</summary>
    public static Instance Nameplate(this Instance instance, string model, string serial, string path = "")
    {
        foreach (var (name, text) in new[] { ("Manufacturer", MachineryNodes.Maker), ("Model", model), ("SerialNumber", serial), ("ProductCode", model), ("DeviceClass", model), ("ComponentName", serial) })
        {
            if (instance.Find(path + name) is VariableNode) instance.Text(path + name, text);
        }

        return instance;
    }

    /// <summary>Shows a signal's node in another variable.</summary>
    public static void Follow(this VariableNode mirror, VariableNode source, Func<Variant, Variant>? convert = null)
    {
        mirror.OnRead = convert is null
            ? source.GetValue
            : () =>
            {
                var value = source.GetValue();
                return new(convert(value.Value), value.Status, value.SourceTicks, value.ServerTicks);
            };
    }

    /// <summary>Gives a text that stays as it is.</summary>
    public static Instance Text(this Instance instance, string path, string text)
    {
        var node = instance.Variable(path);
        node.SetValue(node.DataType == DataTypeIds.LocalizedText ? Variant.From(new LocalizedText("en", text)) : Variant.From(text));
        return instance;
    }

    /// <summary>Gives every variable that nobody has given a value the default of its type, so that a reader finds no holes.</summary>
    public static void FillDefaults(this Instance instance)
    {
        Fill(instance.Node);

        static void Fill(Node node)
        {
            foreach (var reference in node.References)
            {
                if (reference.IsInverse || !reference.Type.IsHierarchical) continue;
                if (reference.Target is VariableNode { OnRead: null } variable && variable.GetValue().Status == StatusCodes.BadWaitingForInitialData) variable.SetValue(Default(variable));
                if (reference.Target is ObjectNode or VariableNode) Fill(reference.Target);
            }
        }
    }

    private static Variant Default(VariableNode node)
    {
        var type = node.Space.BuiltInOf(node.DataType);
        if (node.ValueRank > 1) return Variant.Null;
        if (node.ValueRank == 1) return NoElements(type);
        return type switch
        {
            BuiltInType.Boolean => Variant.From(false),
            BuiltInType.SByte => Variant.From((sbyte)0),
            BuiltInType.Byte => Variant.From((byte)0),
            BuiltInType.Int16 => Variant.From((short)0),
            BuiltInType.UInt16 => Variant.From((ushort)0),
            BuiltInType.Int32 => Variant.From(0),
            BuiltInType.UInt32 => Variant.From(0u),
            BuiltInType.Int64 => Variant.From(0L),
            BuiltInType.UInt64 => Variant.From(0UL),
            BuiltInType.Float => Variant.From(0f),
            BuiltInType.Double => Variant.From(0.0),
            BuiltInType.String => Variant.From(""),
            BuiltInType.DateTime => Variant.FromDateTimeTicks(DateTime.UnixEpoch.Ticks),
            BuiltInType.LocalizedText => Variant.From(new LocalizedText("")),
            BuiltInType.NodeId => Variant.From(NodeId.Null),
            BuiltInType.ExtensionObject when node.Space.Find(node.DataType) is DataTypeNode { IsAbstract: false } data => Structure(data),
            _ => Variant.Null,
        };
    }

    private static Variant NoElements(BuiltInType type) => type switch
    {
        BuiltInType.Boolean => Variant.From(Array.Empty<bool>()),
        BuiltInType.Byte => Variant.FromByteArray([]),
        BuiltInType.Int16 => Variant.From(Array.Empty<short>()),
        BuiltInType.UInt16 => Variant.From(Array.Empty<ushort>()),
        BuiltInType.Int32 => Variant.From(Array.Empty<int>()),
        BuiltInType.UInt32 => Variant.From(Array.Empty<uint>()),
        BuiltInType.Float => Variant.From(Array.Empty<float>()),
        BuiltInType.Double => Variant.From(Array.Empty<double>()),
        BuiltInType.String => Variant.From(Array.Empty<string?>()),
        BuiltInType.LocalizedText => Variant.From(Array.Empty<LocalizedText>()),
        BuiltInType.NodeId => Variant.From(Array.Empty<NodeId>()),
        BuiltInType.ExtensionObject => Variant.From(Array.Empty<ExtensionObject?>()),
        _ => Variant.Null,
    };

    private static Variant Structure(DataTypeNode data)
    {
        if (data.Id == DataTypeIds.EUInformation) return Variant.From(new EUInformation());
        if (data.Id == DataTypeIds.Range) return Variant.From(new FloorGateway.OpcUa.Types.Range());
        return data.Layout is { } layout && data.Id.NamespaceIndex != 0 ? new DynamicStructure(layout).ToVariant() : Variant.Null;
    }
}
