using FloorGateway.OpcUa.Client.DataTypes;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>Definitions of data types that a server may send to keep a client busy for ever or to bring it down.</summary>
public sealed class HostileTypeTests
{
    [Fact]
    public void A_chain_of_ten_thousand_structures_is_refused_and_not_followed_by_recursion() =>
        Assert.Contains("within each other", Problem(Enumerable.Range(0, 10_000).Select(i => Structure(i, Of(i + 1))).Append(Structure(10_000))));

    [Fact]
    public void Two_of_the_next_in_every_level_are_refused_before_they_are_a_million() =>
        Assert.Contains("without an end in sight", Problem(Enumerable.Range(0, 60).Select(i => Structure(i, Of(i + 1), Of(i + 1))).Append(Structure(60))));

    [Fact]
    public void A_structure_without_end_within_another_one_is_refused() =>
        Assert.Contains("without end", Problem([Structure(0, Of(1)), Structure(1, Of(2)), Structure(2, Of(1))]));

    [Fact]
    public void Fields_that_take_no_byte_on_the_wire_count_as_elements()
    {
        // Fourteen levels of two: 32,767 structures and nothing to read them from.
        var types = Enumerable.Range(0, 14).Select(i => Structure(i, Of(i + 1), Of(i + 1))).Append(Structure(14)).ToDictionary(t => t.Id);
        var layout = new TypeBuilder(types).Build(new NodeId(1, 0u), out _)!.Layout!;
        Assert.NotNull(DynamicStructure.Decode(layout, []));
        Assert.Null(DynamicStructure.Decode(layout, [], new EncodingLimits { MaxElements = 50_000 }));
    }

    [Fact]
    public void An_array_of_unions_with_many_fields_is_stopped_by_the_elements_it_takes()
    {
        var union = Structure(1, [.. Enumerable.Repeat(new Field(DataTypeIds.Double), 10_000)]);
        union.Structure!.StructureType = StructureType.Union;
        var layout = new TypeBuilder(new[] { Structure(0, Of(1) with { Rank = 1 }), union }.ToDictionary(t => t.Id)).Build(new NodeId(1, 0u), out _)!.Layout!;
        var empty = Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteInt32(100_000);
            w.WriteRaw(new byte[400_000]); // 100,000 unions that hold nothing
        });
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(DynamicStructure.Decode(layout, empty));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
    }

    private static string? Problem(IEnumerable<RawDataType> types)
    {
        new TypeBuilder(types.ToDictionary(t => t.Id)).Build(new NodeId(1, 0u), out var problem);
        return problem;
    }

    private static Field Of(int type) => new(new NodeId(1, (uint)type));

    private static RawDataType Structure(int id, params Field[] fields) => new(
        new NodeId(1, (uint)id),
        $"T{id}",
        false,
        DataTypeIds.Structure,
        new StructureDefinition { DefaultEncodingId = new NodeId(1, (uint)(100_000 + id)), Fields = [.. fields.Select(f => new StructureField { Name = "f", DataType = f.Type, ValueRank = f.Rank })] },
        null);

    private sealed record Field(NodeId Type)
    {
        public int Rank { get; init; } = -1;
    }
}
