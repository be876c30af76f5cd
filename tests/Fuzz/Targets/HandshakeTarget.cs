using System.Buffers;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>The first bytes of a connection: frames, Hello, Acknowledge, Error, ReverseHello and the clear part of OpenSecureChannel.</summary>
internal sealed class HandshakeTarget : IFuzzTarget
{
    private const uint MaxChunk = HelloMessage.MaxSize;

    public string Name => "handshake";

    public int Weight => 15;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Written(o => new HelloMessage(0, 65536, 65536, 16_777_216, 4096, "opc.tcp://localhost:4840/test").Write(o)),
        Written(o => new HelloMessage(0, 8192, 8192, 0, 0, null).Write(o)),
        Written(o => new AcknowledgeMessage(0, 65536, 65536, 16_777_216, 4096).Write(o)),
        Written(o => new ErrorMessage(StatusCodes.BadTcpMessageTooLarge, "too large").Write(o)),
        Written(o => new ErrorMessage(StatusCodes.BadTimeout, null).Write(o)),
        Written(o => new ReverseHelloMessage("urn:example.com:server", "opc.tcp://localhost:4840").Write(o)),
        Written(o => AsymmetricChunk.Write(o, SecurityPolicy.None, 1, null, null, null, 1, 1, new byte[60])),
        [.. Written(o => new HelloMessage(0, 8192, 8192, 0, 0, "opc.tcp://a").Write(o)), .. Written(o => AsymmetricChunk.Write(o, SecurityPolicy.None, 0, null, null, null, 1, 1, new byte[60]))],
    ];

    public byte[] Make(FuzzRandom random) => random.Below(4) switch
    {
        0 => Written(o => new HelloMessage((uint)ValueMaker.Integer(random), (uint)ValueMaker.Integer(random), (uint)ValueMaker.Integer(random), (uint)ValueMaker.Integer(random), (uint)ValueMaker.Integer(random), ValueMaker.Text(random)).Write(o)),
        1 => Written(o => new AcknowledgeMessage((uint)ValueMaker.Integer(random), (uint)ValueMaker.Integer(random), (uint)ValueMaker.Integer(random), (uint)ValueMaker.Integer(random), (uint)ValueMaker.Integer(random)).Write(o)),
        2 => Written(o => new ErrorMessage((uint)ValueMaker.Integer(random), ValueMaker.Text(random)).Write(o)),
        _ => Written(o => new ReverseHelloMessage(ValueMaker.Text(random), ValueMaker.Text(random)).Write(o)),
    };

    public long MaxAllocation(int length) => 50_000 + (20L * length);

    public Verdict Run(byte[] input)
    {
        var whole = new ReadOnlySequence<byte>(input);
        var parts = Split(input);
        var frames = 0;
        var path = 0;
        while (true)
        {
            var status = FrameReader.TryRead(ref whole, MaxChunk, out var header, out var frame);
            var split = FrameReader.TryRead(ref parts, MaxChunk, out var other, out var otherFrame);
            DefectException.ThrowIf(status != split || header != other, $"In one piece the reader says {status}, in several {split}");
            path = (path * 31) + (int)status + (int)header.Type;
            if (status != FrameStatus.Complete)
                return new Verdict(frames > 0, path);
            DefectException.ThrowIf(frame.Length != header.Size || !frame.ToArray().AsSpan().SequenceEqual(otherFrame.ToArray()), "The frame is not what its header says");
            frames++;
            path = (path * 31) + (Read(header, frame.ToArray()) ? 1 : 0);
        }
    }

    private static bool Read(in ChunkHeader header, byte[] chunk)
    {
        var body = chunk.AsSpan(ChunkHeader.Length);
        switch (header.Type)
        {
            case MessageType.Hello:
                return HelloMessage.TryRead(body, out var hello) && Same(chunk, hello!.Write) && Negotiate(hello);
            case MessageType.Acknowledge:
                return AcknowledgeMessage.TryRead(body, out var acknowledge) && NegotiatedLimits.FromAcknowledge(new TransportLimits(), acknowledge!) is { SendChunkSize: >= TransportLimits.MinBufferSize };
            case MessageType.Error:
                return ErrorMessage.TryRead(body, out _);
            case MessageType.ReverseHello:
                return ReverseHelloMessage.TryRead(body, out var reverse) && Same(chunk, reverse!.Write);
            case MessageType.OpenSecureChannel:
                var opened = AsymmetricChunk.TryReadHeader(chunk);
                DefectException.ThrowIf(opened is not null && (opened.Length > chunk.Length || opened.SenderCertificate.Length > AsymmetricChunk.MaxCertificateLength), "The header is longer than its chunk or its limits");
                return opened is not null && AsymmetricChunk.TryOpen(chunk, opened, SecurityPolicy.None, null, null, out var inner) && inner.BodyLength >= 0;
            default:
                return false;
        }
    }

    private static bool Negotiate(HelloMessage hello)
    {
        var limits = NegotiatedLimits.FromHello(new TransportLimits(), hello);
        DefectException.ThrowIf(limits is { SendChunkSize: < TransportLimits.MinBufferSize } or { ReceiveChunkSize: < TransportLimits.MinBufferSize or > 65536 }, "Limits were agreed that the standard or the options forbid");
        return limits is not null;
    }

    private static bool Same(byte[] chunk, Action<IBufferWriter<byte>> write)
    {
        DefectException.ThrowIf(!Written(write).AsSpan().SequenceEqual(chunk), "The message is written other than it was read");
        return true;
    }

    private static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The same bytes in pieces of 1 to 7.</summary>
    private static ReadOnlySequence<byte> Split(byte[] input)
    {
        var size = 1 + (input.Length % 7);
        if (input.Length <= size)
            return new ReadOnlySequence<byte>(input);
        var first = new Segment(input.AsMemory(0, size), 0);
        var last = first;
        // Only the beginning matters for the reader; the rest may come in one.
        for (var at = size; at < input.Length;)
        {
            var length = at < 64 ? Math.Min(size, input.Length - at) : input.Length - at;
            last = last.Append(input.AsMemory(at, length));
            at += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex) => (Memory, RunningIndex) = (memory, runningIndex);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
