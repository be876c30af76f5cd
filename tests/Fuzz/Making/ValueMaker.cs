using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace Fuzz.Making;

/// <summary>Values of the built-in types: mostly sensible, often at an edge. Ids are those of nodes that servers have.</summary>
internal static class ValueMaker
{
    private const int MaxDepth = 4;

    private static readonly string?[] Texts = [null, "", "a", "v", "Speed", "0:1", "1", "0:1,0:1", "2147483647", "0:2147483647", "压铸 €𝄞", "\0", new('x', 300), "http://example.com/fuzz/", "urn:example.com:fuzz"];
    private static readonly double[] Doubles = [0, 1, -1, 100, 1e300, -1e300, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
    private static readonly ulong[] Integers = [0, 0, 1, 2, 3, 10, 100, 1000, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, ulong.MaxValue];
    private static readonly uint[] StandardNodes = [84, 85, 86, 87, 61, 58, 2253, 2254, 2255, 2256, 2258, 2259, 2267, 2268, 2041, 2782, 35, 33, 31, 47, 40, 11492, 12873, 12885];

    public static string? Text(FuzzRandom random) => random.Pick(Texts);

    public static ulong Integer(FuzzRandom random) => random.OneIn(4) ? random.Next() : random.Pick(Integers);

    public static double Number(FuzzRandom random) => random.OneIn(3) ? random.Next() / 1e9 : random.Pick(Doubles);

    public static byte[]? ByteString(FuzzRandom random)
    {
        if (random.OneIn(4))
            return null;
        var bytes = new byte[random.Below(1 << random.Below(8))];
        random.Fill(bytes);
        return bytes;
    }

    public static DateTime Time(FuzzRandom random) => UaDateTime.FromTicks(random.Below(5) switch
    {
        0 => 0,
        1 => UaDateTime.MaxTicks,
        2 => UaDateTime.EpochTicks + 1,
        _ => new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).Ticks + (long)(random.Next() % (ulong)TimeSpan.TicksPerDay),
    });

    public static Guid Guid(FuzzRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        return random.OneIn(4) ? System.Guid.Empty : new Guid(bytes);
    }

    public static NodeId Node(FuzzRandom random) => random.Below(10) switch
    {
        0 => default,
        1 => new NodeId((ushort)Integer(random), (uint)Integer(random)),
        2 => new NodeId((ushort)random.Below(4), Text(random)),
        3 => new NodeId((ushort)random.Below(4), Guid(random)),
        4 => new NodeId((ushort)random.Below(4), ByteString(random)),
        5 or 6 => random.Pick(StandardNodes),
        _ => new NodeId(2, random.Pick(FuzzNodes.Names)),
    };

    public static ExpandedNodeId Expanded(FuzzRandom random) => new(Node(random), random.OneIn(3) ? Text(random) : null, random.OneIn(4) ? (uint)Integer(random) : 0);

    public static StatusCode Status(FuzzRandom random) => random.OneIn(2) ? default : (uint)Integer(random);

    public static LocalizedText Localized(FuzzRandom random) => new(Text(random), Text(random));

    public static QualifiedName Qualified(FuzzRandom random) => new((ushort)random.Below(4), random.OneIn(2) ? random.Pick(FuzzNodes.Names) : Text(random));

    public static DataValue Data(FuzzRandom random, int depth = 0) => new(Variant(random, depth + 1), Status(random), Time(random).Ticks, Time(random).Ticks)
    {
        SourcePicoseconds = random.OneIn(3) ? (ushort)Integer(random) : (ushort)0,
        ServerPicoseconds = random.OneIn(3) ? (ushort)Integer(random) : (ushort)0,
    };

    public static DiagnosticInfo? Diagnostic(FuzzRandom random, int depth = 0) => random.OneIn(2) ? null : new DiagnosticInfo
    {
        SymbolicId = random.Below(4) - 1,
        NamespaceUri = random.Below(4) - 1,
        Locale = random.Below(4) - 1,
        LocalizedText = random.Below(4) - 1,
        AdditionalInfo = Text(random),
        InnerStatusCode = Status(random),
        InnerDiagnosticInfo = depth < MaxDepth ? Diagnostic(random, depth + 1) : null,
    };

    public static ExtensionObject? Extension(FuzzRandom random, int depth = 0) => random.Below(5) switch
    {
        0 => null,
        1 => new ExtensionObject(Expanded(random), ByteString(random) ?? []),
        2 => new ExtensionObject(Expanded(random), "<a/>"u8.ToArray(), ExtensionObjectBody.Xml),
        3 => new ExtensionObject(new NodeId(random.Pick(StandardNodes)), default, ExtensionObjectBody.None),
        _ => depth < MaxDepth ? new ExtensionObject(StructureMaker.Make(random, random.Pick(StructureMaker.Types), depth + 1)) : null,
    };

    /// <summary>Of any type; scalar, array or matrix.</summary>
    public static Variant Variant(FuzzRandom random, int depth = 0)
    {
        var type = (BuiltInType)random.Below(26);
        if (depth >= MaxDepth && type is BuiltInType.Variant or BuiltInType.DataValue or BuiltInType.ExtensionObject)
            type = BuiltInType.Double;
        return random.Below(4) switch
        {
            0 => Array(random, type, random.Below(5), depth),
            1 => Matrix(random, type, depth),
            _ => Scalar(random, type, depth),
        };
    }

    public static Variant Scalar(FuzzRandom random, BuiltInType type, int depth = 0) => type switch
    {
        BuiltInType.Boolean => FloorGateway.OpcUa.Types.Variant.From(random.OneIn(2)),
        BuiltInType.SByte => FloorGateway.OpcUa.Types.Variant.From((sbyte)Integer(random)),
        BuiltInType.Byte => FloorGateway.OpcUa.Types.Variant.From((byte)Integer(random)),
        BuiltInType.Int16 => FloorGateway.OpcUa.Types.Variant.From((short)Integer(random)),
        BuiltInType.UInt16 => FloorGateway.OpcUa.Types.Variant.From((ushort)Integer(random)),
        BuiltInType.Int32 => FloorGateway.OpcUa.Types.Variant.From((int)Integer(random)),
        BuiltInType.UInt32 => FloorGateway.OpcUa.Types.Variant.From((uint)Integer(random)),
        BuiltInType.Int64 => FloorGateway.OpcUa.Types.Variant.From((long)Integer(random)),
        BuiltInType.UInt64 => FloorGateway.OpcUa.Types.Variant.From(Integer(random)),
        BuiltInType.Float => FloorGateway.OpcUa.Types.Variant.From((float)Number(random)),
        BuiltInType.Double => FloorGateway.OpcUa.Types.Variant.From(Number(random)),
        BuiltInType.String => FloorGateway.OpcUa.Types.Variant.From(Text(random)),
        BuiltInType.DateTime => FloorGateway.OpcUa.Types.Variant.From(Time(random)),
        BuiltInType.Guid => FloorGateway.OpcUa.Types.Variant.From(Guid(random)),
        BuiltInType.ByteString => FloorGateway.OpcUa.Types.Variant.From(ByteString(random)),
        BuiltInType.XmlElement => FloorGateway.OpcUa.Types.Variant.FromXml(Text(random)),
        BuiltInType.NodeId => FloorGateway.OpcUa.Types.Variant.From(Node(random)),
        BuiltInType.ExpandedNodeId => FloorGateway.OpcUa.Types.Variant.From(Expanded(random)),
        BuiltInType.StatusCode => FloorGateway.OpcUa.Types.Variant.From(Status(random)),
        BuiltInType.QualifiedName => FloorGateway.OpcUa.Types.Variant.From(Qualified(random)),
        BuiltInType.LocalizedText => FloorGateway.OpcUa.Types.Variant.From(Localized(random)),
        BuiltInType.ExtensionObject => FloorGateway.OpcUa.Types.Variant.From(Extension(random, depth + 1)),
        BuiltInType.DataValue => FloorGateway.OpcUa.Types.Variant.From(Data(random, depth + 1)),
        BuiltInType.DiagnosticInfo => FloorGateway.OpcUa.Types.Variant.From(Diagnostic(random, depth + 1)),
        _ => default,
    };

    public static Variant Array(FuzzRandom random, BuiltInType type, int length, int depth = 0) =>
        Elements(random, type, length, depth) is { } elements ? Decoded(type, elements, null) : default;

    private static Variant Matrix(FuzzRandom random, BuiltInType type, int depth)
    {
        var dimensions = Enumerable.Range(0, 2 + random.Below(3)).Select(_ => random.Below(4)).ToArray();
        return Elements(random, type, dimensions.Aggregate(1, (a, b) => a * b), depth) is { } elements ? Decoded(type, elements, dimensions) : default;
    }

    /// <summary>Elements one behind the other, as they are on the wire; null for a type that has none.</summary>
    private static byte[]? Elements(FuzzRandom random, BuiltInType type, int length, int depth)
    {
        if (type == BuiltInType.Null)
            return null;
        return Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteInt32(length);
            for (var i = 0; i < length; i++)
            {
                var element = type == BuiltInType.Variant ? Variant(random, depth + 1) : Scalar(random, type, depth);
                if (type == BuiltInType.Variant)
                {
                    w.WriteVariant(element);
                    continue;
                }

                // A scalar Variant is its type and then its value.
                var bytes = Wire.Bytes((ref UaWriter inner) => inner.WriteVariant(element));
                w.WriteRaw(bytes.AsSpan(1));
            }
        });
    }

    private static Variant Decoded(BuiltInType type, byte[] elements, int[]? dimensions)
    {
        var reader = new UaReader(Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteByte((byte)((int)type | 0x80 | (dimensions is null ? 0 : 0x40)));
            w.WriteRaw(elements);
            if (dimensions is null)
                return;
            w.WriteInt32(dimensions.Length);
            foreach (var dimension in dimensions)
                w.WriteInt32(dimension);
        }));
        return reader.ReadVariant();
    }
}
