using System.IO.Compression;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Frames the sections of a block: method (0 = as they are, 1 = Brotli, 2 = Huffman codes of Deflate), length unpacked, length packed, bytes.</summary>
internal sealed class SectionWriter
{
    public const byte Stored = 0;
    public const byte Brotli = 1;
    public const byte Huffman = 2;

    // Of middling cost: on plant data 4 takes half the time and 3 % more room, 1 a sixth and 12 % more.
    private const int Quality = 5;
    private const int WindowBits = 22;

    // Shorter ones don't earn the frame.
    private const int LeastPacked = 32;

    private byte[] best = [];
    private byte[] trial = [];

    public void Write(GrowingBuffer to, ReadOnlySpan<byte> section)
    {
        var length = Pack(section, ref best);
        Frame(to, section, best.AsSpan(0, Math.Max(length, 0)), length >= 0 ? Brotli : Stored);
    }

    /// <summary>
    /// Differences of numbers: where they are noise, nothing comes again, and Brotli's search for what does costs a tenth of the room; where they are not, it finds it.
    /// </summary>
    public void WriteDifferences(GrowingBuffer to, ReadOnlySpan<byte> section)
    {
        var length = Pack(section, ref best);
        if (section.Length < LeastPacked)
        {
            Frame(to, section, default, Stored);
            return;
        }

        using var codes = new MemoryStream(section.Length / 2);
        using (var deflate = new DeflateStream(codes, new ZLibCompressionOptions { CompressionStrategy = ZLibCompressionStrategy.HuffmanOnly }, leaveOpen: true))
            deflate.Write(section);
        if (codes.Length < (length < 0 ? section.Length : length))
            Frame(to, section, codes.GetBuffer().AsSpan(0, (int)codes.Length), Huffman);
        else
            Frame(to, section, best.AsSpan(0, Math.Max(length, 0)), length >= 0 ? Brotli : Stored);
    }

    /// <summary>Without a try at packing: noise.</summary>
    public static void WriteStored(GrowingBuffer to, ReadOnlySpan<byte> section) => Frame(to, section, default, Stored);

    /// <summary>Writes whichever of several forms of the same facts comes out shortest, its number before it.</summary>
    public void WriteShortest(GrowingBuffer to, ReadOnlySpan<GrowingBuffer> forms)
    {
        var (chosen, shortest, packedLength) = (0, int.MaxValue, -1);
        for (var i = 0; i < forms.Length; i++)
        {
            var section = forms[i].Written;
            var length = Pack(section, ref trial);
            var stored = length < 0 ? section.Length : length;
            if (stored >= shortest)
                continue;
            (chosen, shortest, packedLength) = (i, stored, length);
            (best, trial) = (trial, best);
        }

        to.WriteByte((byte)chosen);
        Frame(to, forms[chosen].Written, best.AsSpan(0, Math.Max(packedLength, 0)), packedLength >= 0 ? Brotli : Stored);
    }

    /// <summary>Length packed; -1 = it does not become shorter.</summary>
    private static int Pack(ReadOnlySpan<byte> section, ref byte[] into)
    {
        if (section.Length < LeastPacked)
            return -1;
        if (into.Length < section.Length)
            into = new byte[Math.Max(section.Length, into.Length * 2)];
        return BrotliEncoder.TryCompress(section, into.AsSpan(0, section.Length - 1), out var length, Quality, WindowBits) ? length : -1;
    }

    private static void Frame(GrowingBuffer to, ReadOnlySpan<byte> section, ReadOnlySpan<byte> packed, byte method)
    {
        to.WriteByte(method);
        to.WriteVarint((ulong)section.Length);
        if (method != Stored)
            to.WriteVarint((ulong)packed.Length);
        to.Write(method == Stored ? section : packed);
    }
}
