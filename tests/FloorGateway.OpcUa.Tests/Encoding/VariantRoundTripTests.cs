using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Encoding;

public sealed class VariantRoundTripTests
{
    private static readonly DateTime Noon = new(2027, 3, 15, 12, 0, 0, DateTimeKind.Utc);
    private static readonly Guid SomeGuid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    public static TheoryData<string> Names => [.. Samples().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_comes_back_equal(string name)
    {
        var value = Samples()[name];
        var bytes = Wire.Bytes((ref UaWriter w) => w.WriteVariant(value));
        var decoded = Wire.Read(bytes, (ref UaReader r) => r.ReadVariant());

        Assert.Equal(value.Type, decoded.Type);
        Assert.Equal(value.IsArray, decoded.IsArray);
        Assert.Equal(value.ArrayDimensions, decoded.ArrayDimensions);
        Assert.Equal(bytes, Wire.Bytes((ref UaWriter w) => w.WriteVariant(decoded)));
        if (value.Type is not BuiltInType.ExtensionObject)
            Assert.Equal(value, decoded);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Truncation_anywhere_is_an_error_and_never_a_throw(string name)
    {
        var bytes = Wire.Bytes((ref UaWriter w) => w.WriteVariant(Samples()[name]));
        for (var length = 0; length < bytes.Length; length++)
        {
            var reader = new UaReader(bytes.AsSpan(0, length));
            var value = reader.ReadVariant();
            Assert.True(reader.Failed, $"{length} of {bytes.Length} bytes");
            Assert.True(value.IsNull);
            Assert.Equal(0, reader.Remaining);
            Assert.Null(reader.ReadString());
            Assert.Equal(0, reader.ReadArrayLength(1));
        }
    }

    [Fact]
    public void Numbers_convert_and_others_refuse()
    {
        Assert.Equal(-3.0, Variant.From((sbyte)-3).AsDouble());
        Assert.Equal(2.5, Variant.From(2.5f).AsDouble());
        Assert.Equal(-3, Variant.From((short)-3).AsInt64());
        Assert.False(Variant.From(ulong.MaxValue).TryGetInt64(out _));
        Assert.False(Variant.From(-1).TryGetUInt64(out _));
        Assert.False(Variant.From("1").TryGetDouble(out _));
        Assert.False(Variant.From(new[] { 1.0 }).TryGetDouble(out _));
        Assert.Throws<InvalidOperationException>(() => Variant.From("1").AsDouble());
        Assert.Equal(ulong.MaxValue, Variant.From(ulong.MaxValue).AsUInt64());
    }

    [Fact]
    public void Matrix_refuses_dimensions_that_do_not_match() =>
        Assert.Throws<ArgumentException>(() => Variant.FromMatrix(BuiltInType.Double, new double[5], [2, 3]));

    private static Dictionary<string, Variant> Samples() => new()
    {
        ["Boolean"] = Variant.From(true),
        ["SByte"] = Variant.From(sbyte.MinValue),
        ["Byte"] = Variant.From(byte.MaxValue),
        ["Int16"] = Variant.From(short.MinValue),
        ["UInt16"] = Variant.From(ushort.MaxValue),
        ["Int32"] = Variant.From(int.MinValue),
        ["UInt32"] = Variant.From(uint.MaxValue),
        ["Int64"] = Variant.From(long.MinValue),
        ["UInt64"] = Variant.From(ulong.MaxValue),
        ["Float"] = Variant.From(float.NaN),
        ["Double"] = Variant.From(-0.1),
        ["String"] = Variant.From("Zylinder über 水"),
        ["String null"] = Variant.From((string?)null),
        ["DateTime"] = Variant.From(Noon),
        ["Guid"] = Variant.From(SomeGuid),
        ["ByteString"] = Variant.From(new byte[] { 1, 2, 3 }),
        ["ByteString null"] = Variant.From((byte[]?)null),
        ["XmlElement"] = Variant.FromXml("<a/>"),
        ["NodeId"] = Variant.From(new NodeId(3, SomeGuid)),
        ["ExpandedNodeId"] = Variant.From(new ExpandedNodeId(new NodeId(0, "x"), "urn:y", 2)),
        ["StatusCode"] = Variant.From(new StatusCode(StatusCodes.BadTimeout)),
        ["QualifiedName"] = Variant.From(new QualifiedName(4, "Q")),
        ["LocalizedText"] = Variant.From(new LocalizedText("en", "text")),
        ["ExtensionObject"] = Variant.From(new OpcUa.Types.Range { Low = 1, High = 2 }),
        ["ExtensionObject null"] = Variant.From((ExtensionObject?)null),
        ["DataValue"] = Variant.From(new DataValue(Variant.From(5), StatusCodes.Bad, Noon.Ticks)),
        ["DiagnosticInfo"] = Variant.From(new DiagnosticInfo { AdditionalInfo = "why" }),
        ["Boolean[]"] = Variant.From(new[] { true, false }),
        ["SByte[]"] = Variant.From(new sbyte[] { -1, 1 }),
        ["Byte[]"] = Variant.FromByteArray([1, 2]),
        ["Int16[]"] = Variant.From(new short[] { -1, 2 }),
        ["UInt16[]"] = Variant.From(new ushort[] { 1, 2 }),
        ["Int32[]"] = Variant.From(new[] { -1, 2 }),
        ["UInt32[]"] = Variant.From(new[] { 1u, 2u }),
        ["Int64[]"] = Variant.From(new[] { -1L, 2L }),
        ["UInt64[]"] = Variant.From(new[] { 1UL, ulong.MaxValue }),
        ["Float[]"] = Variant.From(new[] { 1f, 2f }),
        ["Double[]"] = Variant.From(new[] { 1.0, 2.0 }),
        ["Double[] null"] = Variant.From((double[]?)null),
        ["Double[] empty"] = Variant.From(Array.Empty<double>()),
        ["String[]"] = Variant.From(new string?[] { "a", null, "" }),
        ["DateTime[]"] = Variant.From(new[] { Noon }),
        ["Guid[]"] = Variant.From(new[] { SomeGuid }),
        ["ByteString[]"] = Variant.From(new byte[]?[] { [1], null }),
        ["XmlElement[]"] = Variant.FromXml(new string?[] { "<a/>" }),
        ["NodeId[]"] = Variant.From(new[] { new NodeId(1), new NodeId(2, "x") }),
        ["ExpandedNodeId[]"] = Variant.From(new ExpandedNodeId[] { new NodeId(1) }),
        ["StatusCode[]"] = Variant.From(new StatusCode[] { StatusCodes.Bad }),
        ["QualifiedName[]"] = Variant.From(new[] { new QualifiedName("q") }),
        ["LocalizedText[]"] = Variant.From(new[] { new LocalizedText("t") }),
        ["ExtensionObject[]"] = Variant.FromStructures([new OpcUa.Types.Range { Low = 1 }]),
        ["DataValue[]"] = Variant.From(new[] { new DataValue(Variant.From(1)) }),
        ["Variant[]"] = Variant.From([Variant.From(1), Variant.From("x"), Variant.From([Variant.From(2.0)])]),
        ["DiagnosticInfo[]"] = Variant.From(new DiagnosticInfo?[] { new() { SymbolicId = 1 } }),
        ["Matrix"] = Variant.FromMatrix(BuiltInType.String, new[] { "a", "b", "c", "d" }, [2, 2]),
        ["Matrix 3d"] = Variant.FromMatrix(BuiltInType.Double, new double[8], [2, 2, 2]),
    };
}
