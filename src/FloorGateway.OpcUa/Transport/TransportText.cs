using System.Buffers.Binary;
using System.Text;

namespace FloorGateway.OpcUa.Transport;

/// <summary>The one string form of the connection protocol: a signed length, then UTF-8; -1 is null (Part 6, 5.2.2.4).</summary>
internal static class TransportText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static int Length(string? text) => 4 + (text is null ? 0 : Strict.GetByteCount(text));

    public static int Write(Span<byte> destination, string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteInt32LittleEndian(destination, -1);
            return 4;
        }

        var written = Strict.GetBytes(text, destination[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(destination, written);
        return 4 + written;
    }

    /// <summary>Reads a string of at most <paramref name="maxBytes"/> and moves <paramref name="data"/> past it.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> data, int maxBytes, out string? text)
    {
        text = null;
        if (!TryReadBytes(ref data, maxBytes, out var bytes, out var isNull))
            return false;
        if (isNull)
            return true;
        try
        {
            text = Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Reads a byte string of at most <paramref name="maxBytes"/> and moves <paramref name="data"/> past it.</summary>
    public static bool TryReadBytes(ref ReadOnlySpan<byte> data, int maxBytes, out ReadOnlySpan<byte> bytes, out bool isNull)
    {
        bytes = default;
        isNull = false;
        if (data.Length < 4)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(data);
        if (length < -1 || length > maxBytes || length > data.Length - 4)
            return false;
        isNull = length == -1;
        bytes = data.Slice(4, Math.Max(length, 0));
        data = data[(4 + bytes.Length)..];
        return true;
    }
}
