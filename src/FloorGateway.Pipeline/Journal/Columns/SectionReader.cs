using System.Buffers;
using System.IO.Compression;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Takes the sections of a block one after the other. What they unpack to is valid until it is disposed.</summary>
internal ref struct SectionReader(ReadOnlySpan<byte> payload, int at)
{
    private readonly List<byte[]> rented = [];
    private readonly ReadOnlySpan<byte> payload = payload;
    private int at = at;
    private long room = ColumnLimits.MaxSectionBytes;

    /// <summary>The number of the form that <see cref="SectionWriter.WriteShortest"/> chose.</summary>
    public int NextForm() => payload[at++];

    /// <exception cref="InvalidDataException">The section is not what it says.</exception>
    public ReadOnlySpan<byte> Next()
    {
        var body = Body(out var length, out var method);
        if (method == SectionWriter.Stored)
            return body;
        var unpacked = Rent(length);
        Unpack(method, body, unpacked);
        return unpacked;
    }

    /// <summary>Takes several sections, which then stand one behind the other.</summary>
    /// <param name="ends">Gets where each of them ends.</param>
    /// <exception cref="InvalidDataException">One of them is not what it says, or together they are longer than a section may be.</exception>
    public ReadOnlySpan<byte> Next(Span<int> ends)
    {
        var first = at;
        long total = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            Body(out var length, out _);
            total += length;
            ends[i] = (int)Math.Min(total, int.MaxValue);
        }

        var unpacked = Rent((int)Math.Min(total, int.MaxValue));
        at = first;
        for (var i = 0; i < ends.Length; i++)
        {
            var body = Body(out _, out var method);
            var place = unpacked[(i == 0 ? 0 : ends[i - 1])..ends[i]];
            if (method == SectionWriter.Stored)
                body.CopyTo(place);
            else
                Unpack(method, body, place);
        }

        return unpacked;
    }

    private static void Unpack(byte method, ReadOnlySpan<byte> packed, Span<byte> into)
    {
        if (!(method == SectionWriter.Brotli ? BrotliDecoder.TryDecompress(packed, into, out var written) && written == into.Length : TryInflate(packed, into)))
            throw new InvalidDataException("a section can't be unpacked");
    }

    private static bool TryInflate(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        using var inflate = new DeflateStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        return inflate.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length && inflate.ReadByte() < 0;
    }

    /// <summary>The bytes of the next section as they stand in the payload.</summary>
    private ReadOnlySpan<byte> Body(out int length, out byte method)
    {
        method = payload[at++];
        var claimed = Varint.Read(payload, ref at);
        if (claimed > ColumnLimits.MaxSectionBytes)
            throw new InvalidDataException("a section claims to be longer than any block");
        length = (int)claimed;
        if (method is SectionWriter.Brotli or SectionWriter.Huffman)
        {
            var packed = ValueCodec.ReadBytes(payload, ref at);
            // A code has a bit at least.
            if (method == SectionWriter.Huffman && length > packed.Length * 8L)
                throw new InvalidDataException("a section claims to be longer than its codes");
            return packed;
        }

        if (method != SectionWriter.Stored)
            throw new InvalidDataException($"packing method {method} is unknown: the journal was written by a newer version");
        var stored = payload.Slice(at, length);
        at += length;
        return stored;
    }

    private Span<byte> Rent(int length)
    {
        if ((room -= length) < 0)
            throw new InvalidDataException("sections claim to be longer than any block");
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        rented.Add(bytes);
        return bytes.AsSpan(0, length);
    }

    public readonly void Dispose()
    {
        foreach (var bytes in rented)
            ArrayPool<byte>.Shared.Return(bytes);
        rented.Clear();
    }
}
