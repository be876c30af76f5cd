using System.Buffers;
using FloorGateway.OpcUa.Encoding;

namespace FloorGateway.OpcUa.Tests;

/// <summary>Bytes of the wire from writers and from annotated hexadecimal text.</summary>
internal static class Wire
{
    public delegate void Writing(ref UaWriter writer);

    public delegate T Reading<T>(ref UaReader reader);

    public static byte[] Bytes(Writing write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new UaWriter(buffer);
        write(ref writer);
        writer.Flush();
        Assert.Equal(buffer.WrittenCount, writer.BytesWritten);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Hexadecimal bytes; text after '#' up to the end of its line is a note.</summary>
    public static byte[] Hex(string annotated)
    {
        var digits = string.Concat(annotated.Split('\n').Select(line => line.Split('#')[0]).SelectMany(line => line.Where(char.IsAsciiHexDigit)));
        return Convert.FromHexString(digits);
    }

    public static T Read<T>(byte[] bytes, Reading<T> read, EncodingLimits? limits = null)
    {
        var reader = new UaReader(bytes, limits ?? EncodingLimits.Default);
        var value = read(ref reader);
        Assert.False(reader.Failed, $"{reader.Error} at {reader.Position}");
        Assert.Equal(0, reader.Remaining);
        return value;
    }
}
