using System.Buffers;
using FloorGateway.OpcUa.Encoding;

namespace Fuzz.Making;

/// <summary>Bytes from the library's own encoders.</summary>
internal static class Wire
{
    public delegate void Writing(ref UaWriter writer);

    public static byte[] Bytes(Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new UaWriter(output);
        write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A message: the id of its encoding, then the structure.</summary>
    public static byte[] Message(IUaStructure message)
    {
        var output = new ArrayBufferWriter<byte>();
        MessageCodec.Encode(output, message);
        return output.WrittenSpan.ToArray();
    }
}
