using System.Collections.Concurrent;
using System.Reflection;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace Fuzz.Making;

/// <summary>Structures of the generated table with every property filled at random.</summary>
internal static class StructureMaker
{
    private const int MaxDepth = 5;
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = [];

    /// <summary>All structures with a binary encoding, by name, so that a seed means the same on every machine.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. typeof(IUaStructure).Assembly.GetTypes()
            .Where(t => t.IsClass && !t.IsAbstract && typeof(IUaStructure).IsAssignableFrom(t) && t.GetConstructor(Type.EmptyTypes) is not null && t.GetField("BinaryId") is not null)
            .Where(t => StructureTable.TryGet((uint)t.GetField("BinaryId")!.GetRawConstantValue()!, out _))
            .OrderBy(t => t.Name, StringComparer.Ordinal),
    ];

    /// <summary>The requests among them.</summary>
    public static IReadOnlyList<Type> Requests { get; } = [.. Types.Where(t => typeof(IUaRequest).IsAssignableFrom(t))];

    public static IUaStructure Make(FuzzRandom random, Type type, int depth = 0)
    {
        var made = (IUaStructure)Activator.CreateInstance(type)!;
        foreach (var property in Properties.GetOrAdd(type, t => [.. t.GetProperties().Where(p => p.CanWrite).OrderBy(p => p.Name, StringComparer.Ordinal)]))
            property.SetValue(made, Value(random, property.PropertyType, property.Name, depth));
        return made;
    }

    private static object? Value(FuzzRandom random, Type type, string name, int depth)
    {
        if (type.IsArray && type != typeof(byte[]))
        {
            var element = type.GetElementType()!;
            var array = Array.CreateInstance(element, depth >= MaxDepth ? 0 : random.Below(1 + random.Below(5)));
            for (var i = 0; i < array.Length; i++)
                array.SetValue(Value(random, element, name, depth + 1), i);
            return array;
        }

        if (type.IsEnum)
            return Enum.ToObject(type, random.OneIn(8) ? (int)ValueMaker.Integer(random) & 0x7F : random.Below(5));
        if (typeof(IUaStructure).IsAssignableFrom(type))
            return depth > MaxDepth + 3 ? Activator.CreateInstance(type) : Make(random, type, depth + 1);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => random.OneIn(2),
            TypeCode.SByte => (sbyte)ValueMaker.Integer(random),
            TypeCode.Byte => (byte)ValueMaker.Integer(random),
            TypeCode.Int16 => (short)ValueMaker.Integer(random),
            TypeCode.UInt16 => (ushort)ValueMaker.Integer(random),
            TypeCode.Int32 => (int)ValueMaker.Integer(random),
            // Most reads that a server refuses at once are refused for their attribute.
            TypeCode.UInt32 => name == "AttributeId" && !random.OneIn(4) ? AttributeIds.Value : (uint)ValueMaker.Integer(random),
            TypeCode.Int64 => (long)ValueMaker.Integer(random),
            TypeCode.UInt64 => ValueMaker.Integer(random),
            TypeCode.Single => (float)ValueMaker.Number(random),
            TypeCode.Double => ValueMaker.Number(random),
            TypeCode.String => ValueMaker.Text(random),
            TypeCode.DateTime => ValueMaker.Time(random),
            _ => BuiltIn(random, type, depth),
        };
    }

    private static object? BuiltIn(FuzzRandom random, Type type, int depth) => type switch
    {
        _ when type == typeof(Guid) => ValueMaker.Guid(random),
        _ when type == typeof(byte[]) => ValueMaker.ByteString(random),
        _ when type == typeof(NodeId) => ValueMaker.Node(random),
        _ when type == typeof(ExpandedNodeId) => ValueMaker.Expanded(random),
        _ when type == typeof(StatusCode) => ValueMaker.Status(random),
        _ when type == typeof(QualifiedName) => ValueMaker.Qualified(random),
        _ when type == typeof(LocalizedText) => ValueMaker.Localized(random),
        _ when type == typeof(ExtensionObject) => depth > MaxDepth ? null : ValueMaker.Extension(random, depth),
        _ when type == typeof(DataValue) => ValueMaker.Data(random, depth),
        _ when type == typeof(Variant) => ValueMaker.Variant(random, depth),
        _ when type == typeof(DiagnosticInfo) => ValueMaker.Diagnostic(random, depth),
        _ => throw new NotSupportedException($"No values are made for {type}: add them to {nameof(StructureMaker)}."),
    };
}
