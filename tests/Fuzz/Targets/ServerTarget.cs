using System.Buffers.Binary;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>
/// A server without sockets and a sequence of requests. An input is a row of frames: flags, two bytes of length, an encoded request. The flags say
/// under which session it comes, whether the clock goes on after it and whether values change. After the last one the sessions end, and nothing may be left.
/// </summary>
internal sealed class ServerTarget : IFuzzTarget
{
    private const int MaxFrames = 64;
    private const int MaxSeconds = 60;

    private readonly FuzzServer server = new();

    public ServerTarget() => Seeds = [.. ServerPrograms.Seeds(server), .. Enumerable.Range(0, 40).Select(i => Make(new FuzzRandom((ulong)i)))];

    /// <inheritdoc cref="FuzzServer.Reached"/>
    public IReadOnlySet<string> Reached => server.Reached;

    public string Name => "server";

    public int Weight => 12;

    public IReadOnlyList<byte[]> Seeds { get; }

    public byte[] Make(FuzzRandom random) =>
        Program([.. Enumerable.Range(0, 1 + random.Below(10)).Select(_ => ((byte)random.Next(), ServerPrograms.Request(random)))]);

    // One Browse of a few bytes may ask for the 2000 references of this server, and there are up to 64 of them.
    public long MaxAllocation(int length) => 16_000_000 + (2000L * length);

    public Verdict Run(byte[] input)
    {
        server.Begin();
        var path = 17;
        var served = 0;
        var at = 0;
        for (var frames = 0; frames < MaxFrames && at + 3 <= input.Length; frames++)
        {
            var flags = input[at];
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(input.AsSpan(at + 1)), input.Length - at - 3);
            var body = input.AsSpan(at + 3, length);
            at += 3 + length;
            if (MessageCodec.TryDecode(body, EncodingLimits.Default, out var message).IsGood && message is IUaRequest request)
            {
                var status = server.Serve(request, session: flags & 0x03);
                served += status.IsGood ? 1 : 0;
                // The order of services makes more paths than can be kept; which service ended how is enough.
                path ^= HashCode.Combine(message.BinaryEncodingId, status.Value);
            }

            if ((flags & 0x04) != 0)
                server.Change();
            if ((flags & 0x08) != 0)
                server.Pass(milliseconds: Math.Min(20 * (1 << (flags >> 4)), MaxSeconds * 1000));
        }

        server.End();
        return new Verdict(served > 0, path);
    }

    public static byte[] Program(params IReadOnlyList<(byte Flags, byte[] Request)> frames)
    {
        List<byte> program = [];
        Span<byte> length = stackalloc byte[2];
        foreach (var (flags, request) in frames)
        {
            if (request.Length > ushort.MaxValue || program.Count + request.Length > Mutator.MaxLength)
                continue;
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)request.Length);
            program.Add(flags);
            program.AddRange(length);
            program.AddRange(request);
        }

        return [.. program];
    }
}
