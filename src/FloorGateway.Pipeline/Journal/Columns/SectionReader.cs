using System.Buffers;
using System.IO.Compression;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Takes the sections of a block one after the other. What they unpack to is valid until it is disposed.</summary>
internal ref struct SectionReader(ReadOnlySpan<byte> payload, int at)
{
    private readonly List<byte[]> rented = [];
    private readonly ReadOnlySpan<byte> payload = payload;
    private int at = at;

    /// <summary>The number of the form that <see cref="SectionWriter.WriteShortest"/> chose.</summary>
    public int NextForm() => payload[at++];

    /// <exception cref="InvalidDataException">The section is not what it says.</exception>
    public ReadOnlySpan<byte> Next()
    {
        var method = payload[at++];
        var length = Varint.Read(payload, ref at);
        if (length > ColumnLimits.MaxSectionBytes)
            throw new InvalidDataException("a section claims to be longer than any block");
        if (method == SectionWriter.Stored)
        {
            var stored = payload.Slice(at, (int)length);
            at += (int)length;
            return stored;
        }

        if (method != SectionWriter.Brotli)
            throw new InvalidDataException($"packing method {method} is unknown: the journal was written by a newer version");
        var packed = ValueCodec.ReadBytes(payload, ref at);
        var unpacked = ArrayPool<byte>.Shared.Rent((int)length);
        rented.Add(unpacked);
        if (!BrotliDecoder.TryDecompress(packed, unpacked.AsSpan(0, (int)length), out var written) || written != (int)length)
            throw new InvalidDataException("a section can't be unpacked");
        return unpacked.AsSpan(0, written);
    }

    public readonly void Dispose()
    {
        foreach (var bytes in rented)
            ArrayPool<byte>.Shared.Return(bytes);
        rented.Clear();
    }
}
