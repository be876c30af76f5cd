using System.Buffers;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>What a channel receives, chunk after chunk, on a channel without security: sequence numbers, assembly, limits, and every buffer given back.</summary>
internal sealed class AssemblerTarget : IFuzzTarget
{
    private static readonly NegotiatedLimits Limits = new(65536, 65536, ReceiveMaxMessageSize: 20_000, ReceiveMaxChunkCount: 8, 0, 0);

    public string Name => "assembler";

    public int Weight => 12;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Chunks((1, 10, ChunkType.Final)),
        Chunks((1, 500, ChunkType.Intermediate), (1, 500, ChunkType.Intermediate), (1, 10, ChunkType.Final)),
        Chunks((1, 500, ChunkType.Intermediate), (1, 0, ChunkType.Abort), (2, 10, ChunkType.Final)),
        Chunks((1, 10, ChunkType.Final), (2, 10, ChunkType.Final), (3, 10, ChunkType.Final)),
        Chunks([.. Enumerable.Range(0, 7).Select(_ => (1u, 2500, ChunkType.Intermediate)), (1u, 2500, ChunkType.Final)]),
        Chunks((1, 500, ChunkType.Intermediate), (2, 500, ChunkType.Final)),
    ];

    public byte[] Make(FuzzRandom random) =>
        Chunks([.. Enumerable.Range(0, 1 + random.Below(10)).Select(_ => ((uint)(1 + random.Below(2)), random.Below(1 << random.Below(12)), random.Pick([ChunkType.Final, ChunkType.Intermediate, ChunkType.Intermediate, ChunkType.Abort])))]);

    public long MaxAllocation(int length) => 200_000 + (40L * length);

    public Verdict Run(byte[] input)
    {
        var pool = new MessagePool();
        var tokens = new TokenSet(isServer: true);
        tokens.Install(new SecurityToken(7, TimeProvider.System, TimeSpan.FromHours(1), SymmetricCrypto.None, SymmetricCrypto.None));
        var receiver = new ChunkReceiver(tokens, pool, Limits, TimeProvider.System) { ChannelId = 5 };
        var buffer = new ReadOnlySequence<byte>(input);
        var messages = 0;
        var path = 0;
        while (FrameReader.TryRead(ref buffer, Limits.ReceiveChunkSize, out var header, out var frame) == FrameStatus.Complete)
        {
            if (header.Type is not (MessageType.Message or MessageType.CloseSecureChannel))
                break;
            var status = receiver.Receive(header, frame, out var received);
            path = (path * 31) + (int)status.Value + (received is null ? 0 : 1);
            DefectException.ThrowIf(status.IsBad && received is not null, "A message came with an error");
            if (received is not null)
            {
                using var message = new ReceivedMessage(received);
                DefectException.ThrowIf(message.Encoded.Length > Limits.ReceiveMaxMessageSize, $"A message of {message.Encoded.Length} bytes was put together; {Limits.ReceiveMaxMessageSize} are allowed");
                DefectException.ThrowIf(message.TypeId == 0 || message.Body.Length >= message.Encoded.Length, "A message has no type id");
                messages++;
            }

            if (status.IsBad)
                break;
        }

        receiver.Clear();
        tokens.Clear();
        DefectException.ThrowIf(pool.Outstanding != 0, $"{pool.Outstanding} buffers were not given back");
        return new Verdict(messages > 0, path);
    }

    private static byte[] Chunks(params (uint Request, int Length, ChunkType Type)[] chunks)
    {
        var output = new ArrayBufferWriter<byte>();
        var first = true;
        for (var i = 0; i < chunks.Length; i++)
        {
            var (request, length, type) = chunks[i];
            var body = new byte[length];
            // A type id in front of each message; later chunks begin with anything.
            if (first)
                body = [.. Wire.Bytes((ref UaWriter w) => w.WriteNodeId(ReadRequest.BinaryId)), .. body];
            var sequence = SequenceNumbers.After((uint)i);
            if (type == ChunkType.Abort)
                ChunkWriter.WriteAbort(output, 5, 7, SymmetricCrypto.None, ref sequence, request, new ErrorMessage(StatusCodes.BadTimeout, "given up"));
            else
                ChunkWriter.WriteMessage(output, MessageType.Message, 5, 7, SymmetricCrypto.None, ref sequence, request, body, 65536);
            var written = output.WrittenSpan.ToArray();
            var start = written.Length - (type == ChunkType.Abort ? 0 : ChunkReader.HeaderLength + ChunkReader.SequenceHeaderLength + body.Length);
            if (type == ChunkType.Intermediate)
            {
                written[start + 3] = (byte)ChunkType.Intermediate;
                output.Clear();
                output.Write(written);
            }

            first = type != ChunkType.Intermediate;
        }

        return output.WrittenSpan.ToArray();
    }
}
