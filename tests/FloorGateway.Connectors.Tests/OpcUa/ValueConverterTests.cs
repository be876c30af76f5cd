using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.Tests.OpcUa;

public sealed class ValueConverterTests
{
    public static TheoryData<string, Variant, TagValue> Scalars() => new()
    {
        { "null", Variant.Null, TagValue.Null },
        { "bool", Variant.From(true), TagValue.From(true) },
        { "sbyte", Variant.From((sbyte)-5), TagValue.From(-5L) },
        { "byte", Variant.From((byte)250), TagValue.From(250UL) },
        { "int16", Variant.From((short)-300), TagValue.From(-300L) },
        { "uint16", Variant.From((ushort)65000), TagValue.From(65000UL) },
        { "int32", Variant.From(int.MinValue), TagValue.From((long)int.MinValue) },
        { "uint32", Variant.From(uint.MaxValue), TagValue.From((ulong)uint.MaxValue) },
        { "int64", Variant.From(long.MinValue), TagValue.From(long.MinValue) },
        { "uint64", Variant.From(ulong.MaxValue), TagValue.From(ulong.MaxValue) },
        { "float", Variant.From(1.5f), TagValue.From(1.5f) },
        { "double", Variant.From(-0.1), TagValue.From(-0.1) },
        { "string", Variant.From("炉温"), TagValue.From("炉温") },
        { "time", Variant.From(new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc)), TagValue.From(new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc)) },
        { "text", Variant.From(new LocalizedText("zh", "运行")), TagValue.From("运行") },
        { "bytes", Variant.From(new byte[] { 1, 2 }), TagValue.From(new byte[] { 1, 2 }) },
        { "id", Variant.From(new NodeId(2, "A")), TagValue.From("ns=2;s=A") },
        { "floats", Variant.From(new[] { 1f, 2f }), TagValue.From(new[] { 1f, 2f }) },
        { "uint16s", Variant.From(new ushort[] { 65535, 1 }), TagValue.From(new ulong[] { 65535, 1 }) },
        { "uint32s", Variant.From(new uint[] { uint.MaxValue }), TagValue.From(new ulong[] { uint.MaxValue }) },
        { "int16s", Variant.From(new short[] { -1 }), TagValue.From(new long[] { -1 }) },
        { "matrix", Variant.FromMatrix(BuiltInType.Double, new double[] { 1, 2, 3, 4, 5, 6 }, [2, 3]), TagValue.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }) },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Converts_without_loss(string name, Variant from, TagValue to)
    {
        Assert.NotEmpty(name);
        Assert.Equal(to, ValueConverter.ToTagValue(from));
    }

    [Fact]
    public void Keeps_an_unknown_structure_as_bytes_with_its_type()
    {
        var structure = ValueConverter.ToTagValue(Variant.From(new ExtensionObject(new ExpandedNodeId(new NodeId(0, "x"), "http://jsev.example/UA/DieCasting/"), new byte[] { 1, 2, 3 }))).AsStructure();
        Assert.NotNull(structure);
        Assert.Contains("jsev.example", structure.TypeName, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], structure.Body);
    }
}
