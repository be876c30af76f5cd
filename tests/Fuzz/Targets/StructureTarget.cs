using System.Buffers;
using FloorGateway.OpcUa.Client.DataTypes;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>
/// Structures that are known by their definitions only, both from a server. An input is a count of types, then for each its kind, a count of
/// fields, and type, rank and optional flag of each field; what follows is a value of the first type.
/// </summary>
internal sealed class StructureTarget : IFuzzTarget
{
    private const int MaxTypes = 12;
    private const int MaxFields = 12;

    /// <summary>Few, so that a small input can get there.</summary>
    private static readonly EncodingLimits Limits = new() { MaxElements = 20_000 };

    private readonly ArrayBufferWriter<byte> first = new();
    private readonly ArrayBufferWriter<byte> second = new();

    public string Name => "structure";

    public int Weight => 6;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        // One of two doubles; a union; an array of itself; three levels; two of each other in every level; an optional field.
        [1, 0, 2, 11, 0, 0, 11, 0, 0, .. new byte[16]],
        [1, 2, 2, 6, 0, 0, 12, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0],
        [1, 0, 2, 12, 0, 0, 32, 1, 0, 1, 0, 0, 0, 65, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0],
        [3, 0, 1, 33, 0, 0, 0, 1, 34, 0, 0, 0, 1, 1, 0, 0, 1],
        [6, 0, 2, 33, 0, 0, 33, 0, 0, 0, 2, 34, 0, 0, 34, 0, 0, 0, 2, 35, 0, 0, 35, 0, 0, 0, 2, 36, 0, 0, 36, 0, 0, 0, 2, 37, 0, 0, 37, 0, 0, 0, 0],
        [1, 1, 2, 6, 0, 1, 6, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0],
        [1, 0, 1, 7, 2, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0],
    ];

    public byte[] Make(FuzzRandom random)
    {
        List<byte> input = [(byte)(1 + random.Below(5))];
        for (var type = 0; type < input[0]; type++)
        {
            var fields = 1 + random.Below(4);
            input.AddRange([(byte)random.Below(5), (byte)fields]);
            for (var field = 0; field < fields; field++)
                input.AddRange([random.OneIn(4) ? (byte)(32 + random.Below(input[0])) : (byte)(1 + random.Below(12)), (byte)(random.OneIn(4) ? random.Below(4) : 0), (byte)random.Below(2)]);
        }

        // Mostly what a program would write, which the mutator then changes; the rest is noise.
        var at = 0;
        byte[] bytes = [.. input];
        if (!random.OneIn(4) && new TypeBuilder(ReadTypes(bytes, ref at)).Build(new NodeId(1, 0u), out _)?.Layout is { } layout)
            return [.. bytes, .. Wire.Bytes((ref UaWriter w) => new DynamicStructure(layout).Encode(ref w))];
        var noise = new byte[random.Below(100)];
        random.Fill(noise);
        return [.. bytes, .. noise];
    }

    public long MaxAllocation(int length) => 30_000_000 + (1000L * length);

    public Verdict Run(byte[] input)
    {
        var at = 0;
        var types = ReadTypes(input, ref at);
        var description = new TypeBuilder(types).Build(new NodeId(1, 0u), out var problem);
        DefectException.ThrowIf(description is null == problem is null, "A type is either described or refused with a reason");
        if (description?.Layout is not { } layout)
            return new Verdict(false, problem?.Length ?? 0);

        // What a program would write that sets no field.
        first.ResetWrittenCount();
        Encode(new DynamicStructure(layout), first);
        DefectException.ThrowIf(DynamicStructure.Decode(layout, first.WrittenSpan, new EncodingLimits { MaxNestingDepth = 200 }) is null, "The value with all its defaults is refused");

        if (DynamicStructure.Decode(layout, input.AsSpan(at), Limits) is not { } value)
            return new Verdict(false, HashCode.Combine(1, layout.Kind, layout.Members.Count));
        first.ResetWrittenCount();
        Encode(value, first);
        var again = DynamicStructure.Decode(layout, first.WrittenSpan, Limits);
        DefectException.ThrowIf(again is null, "A value was accepted, but its own encoding is refused");
        second.ResetWrittenCount();
        Encode(again!, second);
        DefectException.ThrowIf(!first.WrittenSpan.SequenceEqual(second.WrittenSpan), "A value changes when it is encoded and decoded again");
        return new Verdict(true, HashCode.Combine(2, layout.Kind, layout.Members.Count, first.WrittenCount));
    }

    private static void Encode(DynamicStructure value, ArrayBufferWriter<byte> output)
    {
        var writer = new UaWriter(output);
        value.Encode(ref writer);
        writer.Flush();
    }

    private static Dictionary<NodeId, RawDataType> ReadTypes(byte[] input, ref int at)
    {
        var position = at;
        var types = new Dictionary<NodeId, RawDataType>();
        var count = Math.Max(Next() % (MaxTypes + 1), 1);
        for (var i = 0u; i < count; i++)
        {
            var definition = new StructureDefinition { DefaultEncodingId = new NodeId(1, 1000 + i), StructureType = (StructureType)(Next() % 5), Fields = new StructureField[Next() % (MaxFields + 1)] };
            for (var field = 0; field < definition.Fields.Length; field++)
            {
                var type = Next();
                definition.Fields[field] = new StructureField
                {
                    Name = $"f{field}",
                    DataType = type >= 32 ? new NodeId(1, (uint)((type - 32) % count)) : new NodeId((uint)type),
                    ValueRank = (Next() % 5) switch { 0 => -1, var rank => rank },
                    IsOptional = Next() % 2 != 0,
                };
            }

            types.Add(new NodeId(1, i), new RawDataType(new NodeId(1, i), $"T{i}", false, DataTypeIds.Structure, definition, null));
        }

        at = position;
        return types;

        int Next() => position < input.Length ? input[position++] : 0;
    }
}
