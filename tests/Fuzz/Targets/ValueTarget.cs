using System.Buffers;
using System.Numerics;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>The built-in types that hold others. The first byte says which one is read from the rest.</summary>
internal sealed class ValueTarget : IFuzzTarget
{
    private const int Kinds = 8;
    private readonly ArrayBufferWriter<byte> first = new();
    private readonly ArrayBufferWriter<byte> second = new();

    public string Name => "value";

    public int Weight => 30;

    public IReadOnlyList<byte[]> Seeds { get; } = [.. MakeSeeds()];

    public byte[] Make(FuzzRandom random) => MakeOne(random);

    private static byte[] MakeOne(FuzzRandom random)
    {
        var kind = (byte)random.Below(Kinds);
        return Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteByte(kind);
            switch (kind)
            {
                case 0: w.WriteVariant(ValueMaker.Variant(random)); break;
                case 1: w.WriteDataValue(ValueMaker.Data(random)); break;
                case 2: w.WriteExtensionObject(ValueMaker.Extension(random)); break;
                case 3: w.WriteDiagnosticInfo(ValueMaker.Diagnostic(random)); break;
                case 4: w.WriteNodeId(ValueMaker.Node(random)); break;
                case 5: w.WriteExpandedNodeId(ValueMaker.Expanded(random)); break;
                case 6: w.WriteQualifiedName(ValueMaker.Qualified(random)); break;
                default: w.WriteLocalizedText(ValueMaker.Localized(random)); break;
            }
        });
    }

    public long MaxAllocation(int length) => 300_000 + (1000L * length);

    public Verdict Run(byte[] input)
    {
        if (input.Length == 0)
            return default;
        var kind = input[0] % Kinds;
        var status = Copy(kind, input.AsSpan(1), first, out var read);
        if (status.IsBad)
            return new Verdict(false, MessageTarget.HashCode((uint)((kind * 256) + BitOperations.Log2((uint)read + 1)), status));
        var again = Copy(kind, first.WrittenSpan, second, out var reread);
        DefectException.ThrowIf(again.IsBad, $"Kind {kind} was accepted, but its own encoding is refused with {again}");
        DefectException.ThrowIf(reread != first.WrittenCount, $"Kind {kind}: {first.WrittenCount} bytes were written and {reread} of them read");
        DefectException.ThrowIf(!first.WrittenSpan.SequenceEqual(second.WrittenSpan), $"Kind {kind} changes when it is encoded and decoded again");
        return new Verdict(true, ((kind * 64) + (input.Length > 1 ? input[1] : 0)) * 31);
    }

    private static IEnumerable<byte[]> MakeSeeds()
    {
        var random = new FuzzRandom(1);
        for (var type = BuiltInType.Null; type <= BuiltInType.DiagnosticInfo; type++)
        {
            foreach (var length in (int[])[-1, 0, 1, 3])
            {
                var variant = length < 0 ? ValueMaker.Scalar(random, type) : ValueMaker.Array(random, type, length);
                yield return Wire.Bytes((ref UaWriter w) =>
                {
                    w.WriteByte(0);
                    w.WriteVariant(variant);
                });
            }
        }

        foreach (var dimensions in (int[][])[[2, 2], [1, 4], [2, 1, 2], [0, 3], [4]])
        {
            yield return Wire.Bytes((ref UaWriter w) =>
            {
                w.WriteByte(0);
                w.WriteByte((byte)BuiltInType.Double | 0xC0);
                w.WriteInt32(dimensions.Aggregate(1, (a, b) => a * b));
                for (var i = dimensions.Aggregate(1, (a, b) => a * b); i > 0; i--)
                    w.WriteDouble(i);
                w.WriteInt32(dimensions.Length);
                foreach (var dimension in dimensions)
                    w.WriteInt32(dimension);
            });
        }

        for (var i = 0; i < 200; i++)
            yield return MakeOne(random);
    }

    private static StatusCode Copy(int kind, ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> to, out int read)
    {
        to.ResetWrittenCount();
        var reader = new UaReader(bytes);
        var writer = new UaWriter(to);
        switch (kind)
        {
            case 0: writer.WriteVariant(reader.ReadVariant()); break;
            case 1: writer.WriteDataValue(reader.ReadDataValue()); break;
            case 2: writer.WriteExtensionObject(reader.ReadExtensionObject()); break;
            case 3: writer.WriteDiagnosticInfo(reader.ReadDiagnosticInfo()); break;
            case 4: writer.WriteNodeId(reader.ReadNodeId()); break;
            case 5: writer.WriteExpandedNodeId(reader.ReadExpandedNodeId()); break;
            case 6: writer.WriteQualifiedName(reader.ReadQualifiedName()); break;
            default: writer.WriteLocalizedText(reader.ReadLocalizedText()); break;
        }

        writer.Flush();
        read = reader.Position;
        return reader.Error;
    }
}
