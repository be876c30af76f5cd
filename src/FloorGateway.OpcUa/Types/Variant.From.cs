namespace FloorGateway.OpcUa.Types;

public readonly partial struct Variant
{
    public static Variant From(bool value) => new(BuiltInType.Boolean, value ? 1UL : 0, null, false);

    public static Variant From(sbyte value) => new(BuiltInType.SByte, (ulong)value, null, false);

    public static Variant From(byte value) => new(BuiltInType.Byte, value, null, false);

    public static Variant From(short value) => new(BuiltInType.Int16, (ulong)value, null, false);

    public static Variant From(ushort value) => new(BuiltInType.UInt16, value, null, false);

    public static Variant From(int value) => new(BuiltInType.Int32, (ulong)value, null, false);

    public static Variant From(uint value) => new(BuiltInType.UInt32, value, null, false);

    public static Variant From(long value) => new(BuiltInType.Int64, (ulong)value, null, false);

    public static Variant From(ulong value) => new(BuiltInType.UInt64, value, null, false);

    public static Variant From(float value) => new(BuiltInType.Float, BitConverter.SingleToUInt32Bits(value), null, false);

    public static Variant From(double value) => new(BuiltInType.Double, BitConverter.DoubleToUInt64Bits(value), null, false);

    public static Variant From(string? value) => new(BuiltInType.String, 0, value, false);

    public static Variant From(DateTime value) => FromDateTimeTicks(UaDateTime.TicksOf(value));

    /// <summary>A DateTime from UTC .NET ticks.</summary>
    public static Variant FromDateTimeTicks(long ticks) => new(BuiltInType.DateTime, (ulong)ticks, null, false);

    public static Variant From(Guid value) => new(BuiltInType.Guid, 0, value, false);

    /// <summary>A ByteString; <see cref="FromByteArray"/> makes an array of Byte.</summary>
    public static Variant From(byte[]? value) => new(BuiltInType.ByteString, 0, value, false);

    public static Variant FromXml(string? value) => new(BuiltInType.XmlElement, 0, value, false);

    public static Variant From(NodeId value) => new(BuiltInType.NodeId, 0, value, false);

    public static Variant From(ExpandedNodeId value) => new(BuiltInType.ExpandedNodeId, 0, value, false);

    public static Variant From(StatusCode value) => new(BuiltInType.StatusCode, value.Value, null, false);

    public static Variant From(QualifiedName value) => new(BuiltInType.QualifiedName, 0, value, false);

    public static Variant From(LocalizedText value) => new(BuiltInType.LocalizedText, 0, value, false);

    public static Variant From(ExtensionObject? value) => new(BuiltInType.ExtensionObject, 0, value, false);

    /// <summary>A structure, wrapped as an extension object.</summary>
    public static Variant From(Encoding.IUaStructure value) => From(new ExtensionObject(value));

    public static Variant From(DataValue value) => new(BuiltInType.DataValue, 0, value, false);

    public static Variant From(DiagnosticInfo? value) => new(BuiltInType.DiagnosticInfo, 0, value, false);

    public static Variant From(bool[]? value) => new(BuiltInType.Boolean, 0, value, true);

    public static Variant From(sbyte[]? value) => new(BuiltInType.SByte, 0, value, true);

    public static Variant FromByteArray(byte[]? value) => new(BuiltInType.Byte, 0, value, true);

    public static Variant From(short[]? value) => new(BuiltInType.Int16, 0, value, true);

    public static Variant From(ushort[]? value) => new(BuiltInType.UInt16, 0, value, true);

    public static Variant From(int[]? value) => new(BuiltInType.Int32, 0, value, true);

    public static Variant From(uint[]? value) => new(BuiltInType.UInt32, 0, value, true);

    public static Variant From(long[]? value) => new(BuiltInType.Int64, 0, value, true);

    public static Variant From(ulong[]? value) => new(BuiltInType.UInt64, 0, value, true);

    public static Variant From(float[]? value) => new(BuiltInType.Float, 0, value, true);

    public static Variant From(double[]? value) => new(BuiltInType.Double, 0, value, true);

    public static Variant From(string?[]? value) => new(BuiltInType.String, 0, value, true);

    public static Variant From(DateTime[]? value) => new(BuiltInType.DateTime, 0, value, true);

    public static Variant From(Guid[]? value) => new(BuiltInType.Guid, 0, value, true);

    public static Variant From(byte[]?[]? value) => new(BuiltInType.ByteString, 0, value, true);

    public static Variant FromXml(string?[]? value) => new(BuiltInType.XmlElement, 0, value, true);

    public static Variant From(NodeId[]? value) => new(BuiltInType.NodeId, 0, value, true);

    public static Variant From(ExpandedNodeId[]? value) => new(BuiltInType.ExpandedNodeId, 0, value, true);

    public static Variant From(StatusCode[]? value) => new(BuiltInType.StatusCode, 0, value, true);

    public static Variant From(QualifiedName[]? value) => new(BuiltInType.QualifiedName, 0, value, true);

    public static Variant From(LocalizedText[]? value) => new(BuiltInType.LocalizedText, 0, value, true);

    public static Variant From(ExtensionObject?[]? value) => new(BuiltInType.ExtensionObject, 0, value, true);

    public static Variant From(DataValue[]? value) => new(BuiltInType.DataValue, 0, value, true);

    public static Variant From(Variant[]? value) => new(BuiltInType.Variant, 0, value, true);

    public static Variant From(DiagnosticInfo?[]? value) => new(BuiltInType.DiagnosticInfo, 0, value, true);

    /// <summary>An array of structures, each wrapped as an extension object.</summary>
    public static Variant FromStructures<T>(IReadOnlyList<T> values)
        where T : Encoding.IUaStructure
    {
        var wrapped = new ExtensionObject?[values.Count];
        for (var i = 0; i < wrapped.Length; i++)
        {
            wrapped[i] = new ExtensionObject(values[i]);
        }

        return From(wrapped);
    }

    /// <summary>A matrix from its elements in row-major order.</summary>
    /// <param name="type">The elements' type; the array must be of its .NET type.</param>
    /// <param name="flat">The elements.</param>
    /// <param name="dimensions">Lengths, slowest-varying first; their product is the number of elements.</param>
    /// <exception cref="ArgumentException">The dimensions do not match the elements, or the elements their type.</exception>
    public static Variant FromMatrix(BuiltInType type, Array flat, int[] dimensions)
    {
        ArgumentNullException.ThrowIfNull(flat);
        ArgumentNullException.ThrowIfNull(dimensions);
        var product = 1L;
        foreach (var length in dimensions)
        {
            product = length < 0 ? -1 : product * length;
            if (product is < 0 or > int.MaxValue)
            {
                break;
            }
        }

        if (dimensions.Length < 2 || product != flat.Length)
        {
            throw new ArgumentException($"{flat.Length} elements can't fill a matrix of [{string.Join(',', dimensions)}]; give two or more dimensions whose product is the number of elements.", nameof(dimensions));
        }

        var expected = ElementType(type);
        if (expected is null || flat.GetType().GetElementType() != expected)
        {
            throw new ArgumentException($"A matrix of {type} needs elements of {expected?.Name ?? "no known type"}, not {flat.GetType().GetElementType()?.Name}.", nameof(flat));
        }

        return new Variant(type, 0, new Matrix(flat, dimensions), true);
    }

    /// <summary>The .NET type of one element of a built-in type; null for Null.</summary>
    public static Type? ElementType(BuiltInType type) => type switch
    {
        BuiltInType.Boolean => typeof(bool),
        BuiltInType.SByte => typeof(sbyte),
        BuiltInType.Byte => typeof(byte),
        BuiltInType.Int16 => typeof(short),
        BuiltInType.UInt16 => typeof(ushort),
        BuiltInType.Int32 => typeof(int),
        BuiltInType.UInt32 => typeof(uint),
        BuiltInType.Int64 => typeof(long),
        BuiltInType.UInt64 => typeof(ulong),
        BuiltInType.Float => typeof(float),
        BuiltInType.Double => typeof(double),
        BuiltInType.String or BuiltInType.XmlElement => typeof(string),
        BuiltInType.DateTime => typeof(DateTime),
        BuiltInType.Guid => typeof(Guid),
        BuiltInType.ByteString => typeof(byte[]),
        BuiltInType.NodeId => typeof(NodeId),
        BuiltInType.ExpandedNodeId => typeof(ExpandedNodeId),
        BuiltInType.StatusCode => typeof(StatusCode),
        BuiltInType.QualifiedName => typeof(QualifiedName),
        BuiltInType.LocalizedText => typeof(LocalizedText),
        BuiltInType.ExtensionObject => typeof(ExtensionObject),
        BuiltInType.DataValue => typeof(DataValue),
        BuiltInType.Variant => typeof(Variant),
        BuiltInType.DiagnosticInfo => typeof(DiagnosticInfo),
        _ => null,
    };
}
