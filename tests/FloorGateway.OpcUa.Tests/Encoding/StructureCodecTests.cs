using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Encoding;

public sealed class StructureCodecTests
{
    private static readonly StructureLayout Mixed = Layout(
        StructureType.StructureWithOptionalFields,
        Member("A", BuiltInType.Byte),
        Member("B", BuiltInType.UInt16, optional: true),
        Member("C", BuiltInType.String, optional: true),
        Member("D", BuiltInType.Int32, rank: 2));

    [Fact]
    public void Optional_fields_have_a_mask_in_front_and_matrices_their_dimensions()
    {
        var value = new DynamicStructure(Mixed) { ["A"] = Variant.From((byte)7), ["C"] = Variant.From("x"), ["D"] = Variant.FromMatrix(BuiltInType.Int32, new[] { 1, 2 }, [1, 2]) };
        var bytes = Wire.Bytes((ref UaWriter w) => value.Encode(ref w));
        Assert.Equal(
            [
                2, 0, 0, 0, // C is there, B is not
                7,
                1, 0, 0, 0, (byte)'x',
                2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, // two dimensions: 1 and 2
                1, 0, 0, 0, 2, 0, 0, 0,
            ],
            bytes);
        var decoded = DynamicStructure.Decode(Mixed, bytes)!;
        Assert.Equal((7, false, "x"), (decoded["A"].AsInt32(), decoded.Has("B"), decoded["C"].AsString()));
        Assert.Equal([1, 2], decoded["D"].ArrayDimensions);
    }

    [Fact]
    public void A_union_is_its_number_and_its_field()
    {
        var union = Layout(StructureType.Union, Member("Number", BuiltInType.Int16), Member("Flag", BuiltInType.Boolean));
        Assert.Equal([2, 0, 0, 0, 1], Wire.Bytes((ref UaWriter w) => new DynamicStructure(union) { ["Flag"] = Variant.From(true) }.Encode(ref w)));
        Assert.Equal([0, 0, 0, 0], Wire.Bytes((ref UaWriter w) => new DynamicStructure(union).Encode(ref w)));
        Assert.Null(DynamicStructure.Decode(union, [0, 0, 0, 0])!.UnionField);
        Assert.Null(DynamicStructure.Decode(union, [3, 0, 0, 0, 1]));
    }

    [Fact]
    public void Every_cut_and_every_addition_is_refused()
    {
        var value = new DynamicStructure(Mixed) { ["A"] = Variant.From((byte)7), ["B"] = Variant.From((ushort)9), ["D"] = Variant.FromMatrix(BuiltInType.Int32, new[] { 1, 2 }, [2, 1]) };
        var bytes = Wire.Bytes((ref UaWriter w) => value.Encode(ref w));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Null(DynamicStructure.Decode(Mixed, bytes.AsSpan(0, length)));
        Assert.Null(DynamicStructure.Decode(Mixed, [.. bytes, 0]));
        bytes[0] |= 4; // a bit for a field that is not there
        Assert.Null(DynamicStructure.Decode(Mixed, bytes));
    }

    [Fact]
    public void Matrices_of_nothing_cannot_multiply()
    {
        // A structure without fields takes no bytes, so only the count of elements bounds what is allocated.
        var empty = Layout(StructureType.Structure);
        var inner = Layout(StructureType.Structure, Member("M", BuiltInType.ExtensionObject, rank: 2, structure: empty));
        var outer = Layout(StructureType.Structure, Member("Many", BuiltInType.ExtensionObject, rank: 1, structure: inner));
        var bytes = Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteInt32(1000);
            for (var i = 0; i < 1000; i++)
                w.WriteInt32Array([1, 5000]);
        });
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(DynamicStructure.Decode(outer, bytes, new EncodingLimits { MaxElements = 10_000 }));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Fact]
    public void Values_nested_beyond_the_limit_are_refused()
    {
        var tree = new List<StructureMember>();
        var layout = new StructureLayout("Tree", new NodeId(2, "Tree"), new NodeId(2, "TreeBinary"), StructureType.Structure, tree);
        tree.Add(Member("Children", BuiltInType.ExtensionObject, rank: 1, structure: layout));
        var bytes = Wire.Bytes((ref UaWriter w) =>
        {
            for (var i = 0; i < 1000; i++)
                w.WriteInt32(1);
            w.WriteInt32(0);
        });
        Assert.Null(DynamicStructure.Decode(layout, bytes));
    }

    private static StructureLayout Layout(StructureType kind, params StructureMember[] members) => new("T", new NodeId(2, "T"), new NodeId(2, "TBinary"), kind, members);

    private static StructureMember Member(string name, BuiltInType type, int rank = -1, bool optional = false, StructureLayout? structure = null) =>
        new() { Name = name, DataType = new NodeId((uint)type), BuiltIn = type, ValueRank = rank, IsOptional = optional, Structure = structure };
}
