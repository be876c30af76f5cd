using System.Buffers;
using System.Numerics;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>Decoding of every structure of the table. What is accepted must come out the same after encoding and decoding again.</summary>
internal sealed class MessageTarget : IFuzzTarget
{
    private readonly ArrayBufferWriter<byte> first = new();
    private readonly ArrayBufferWriter<byte> second = new();

    public string Name => "message";

    public int Weight => 30;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. StructureMaker.Types.Select(t => Wire.Message((IUaStructure)Activator.CreateInstance(t)!)),
        .. StructureMaker.Types.Select((t, i) => Wire.Message(StructureMaker.Make(new FuzzRandom((ulong)i), t))),
    ];

    public byte[] Make(FuzzRandom random) => Wire.Message(StructureMaker.Make(random, random.Pick(StructureMaker.Types)));

    // Arrays nest, and each can hold what it declares and does not have: 256 elements of 48 bytes for 5 bytes on the wire.
    public long MaxAllocation(int length) => 300_000 + (1000L * length);

    public Verdict Run(byte[] input)
    {
        var status = MessageCodec.TryDecode(input, EncodingLimits.Default, out var message);
        DefectException.ThrowIf(status.IsGood != message is not null, $"{status} with {(message is null ? "no" : "a")} message");
        var reader = new UaReader(input);
        var typeId = reader.ReadNodeId().Numeric;
        if (message is null)
            return new Verdict(false, HashCode(typeId, status));
        first.ResetWrittenCount();
        MessageCodec.Encode(first, message);
        var again = MessageCodec.TryDecode(first.WrittenSpan, EncodingLimits.Default, out var decoded);
        DefectException.ThrowIf(decoded is null, $"{message.GetType().Name} was accepted, but its own encoding is refused with {again}");
        second.ResetWrittenCount();
        MessageCodec.Encode(second, decoded!);
        DefectException.ThrowIf(!first.WrittenSpan.SequenceEqual(second.WrittenSpan), $"{message.GetType().Name} changes when it is encoded and decoded again");
        return new Verdict(true, HashCode(typeId, (uint)BitOperations.Log2((uint)first.WrittenCount)));
    }

    internal static int HashCode(uint where, StatusCode status) => (int)((where * 31) ^ status.Value);
}
