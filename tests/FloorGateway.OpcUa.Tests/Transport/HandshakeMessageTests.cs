using System.Buffers;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Transport;

public class HandshakeMessageTests
{
    // Part 6, 7.1.2.3: each number has four distinct bytes, so that a swapped or shifted field shows.
    private static readonly byte[] HelloBytes =
    [
        0x48, 0x45, 0x4C, 0x46, // HEL F
        0x2B, 0x00, 0x00, 0x00, // size 43
        0x04, 0x03, 0x02, 0x01, // protocol version
        0x14, 0x13, 0x12, 0x11, // receive buffer
        0x24, 0x23, 0x22, 0x21, // send buffer
        0x34, 0x33, 0x32, 0x31, // max message
        0x44, 0x43, 0x42, 0x41, // max chunks
        0x0B, 0x00, 0x00, 0x00, // URL length 11
        0x6F, 0x70, 0x63, 0x2E, 0x74, 0x63, 0x70, 0x3A, 0x2F, 0x2F, 0x68, // opc.tcp://h
    ];

    private static readonly byte[] AcknowledgeBytes =
    [
        0x41, 0x43, 0x4B, 0x46, // ACK F
        0x1C, 0x00, 0x00, 0x00, // size 28
        0x04, 0x03, 0x02, 0x01,
        0x14, 0x13, 0x12, 0x11,
        0x24, 0x23, 0x22, 0x21,
        0x34, 0x33, 0x32, 0x31,
        0x44, 0x43, 0x42, 0x41,
    ];

    private static readonly byte[] ErrorBytes =
    [
        0x45, 0x52, 0x52, 0x46, // ERR F
        0x13, 0x00, 0x00, 0x00, // size 19
        0x00, 0x00, 0x13, 0x80, // BadSecurityChecksFailed
        0x03, 0x00, 0x00, 0x00, // reason length
        0x77, 0x68, 0x79, // why
    ];

    private static readonly byte[] ReverseHelloBytes =
    [
        0x52, 0x48, 0x45, 0x46, // RHE F
        0x19, 0x00, 0x00, 0x00, // size 25
        0x05, 0x00, 0x00, 0x00, 0x75, 0x72, 0x6E, 0x3A, 0x73, // urn:s
        0x04, 0x00, 0x00, 0x00, 0x6F, 0x3A, 0x2F, 0x2F, // o://
    ];

    private static readonly HelloMessage Hello = new(0x01020304, 0x11121314, 0x21222324, 0x31323334, 0x41424344, "opc.tcp://h");

    [Fact]
    public void Writes_and_reads_hello()
    {
        Assert.Equal(HelloBytes, Write(Hello.Write));
        Assert.True(HelloMessage.TryRead(HelloBytes.AsSpan(8), out var read));
        Assert.Equal(Hello, read);
    }

    [Fact]
    public void Writes_and_reads_acknowledge()
    {
        var message = new AcknowledgeMessage(0x01020304, 0x11121314, 0x21222324, 0x31323334, 0x41424344);
        Assert.Equal(AcknowledgeBytes, Write(message.Write));
        Assert.True(AcknowledgeMessage.TryRead(AcknowledgeBytes.AsSpan(8), out var read));
        Assert.Equal(message, read);
    }

    [Fact]
    public void Writes_and_reads_error()
    {
        var message = new ErrorMessage(StatusCodes.BadSecurityChecksFailed, "why");
        Assert.Equal(ErrorBytes, Write(message.Write));
        Assert.True(ErrorMessage.TryRead(ErrorBytes.AsSpan(8), out var read));
        Assert.Equal(message, read);
    }

    [Fact]
    public void Writes_and_reads_reverse_hello()
    {
        var message = new ReverseHelloMessage("urn:s", "o://");
        Assert.Equal(ReverseHelloBytes, Write(message.Write));
        Assert.True(ReverseHelloMessage.TryRead(ReverseHelloBytes.AsSpan(8), out var read));
        Assert.Equal(message, read);
    }

    [Fact]
    public void Keeps_a_null_string_apart_from_an_empty_one()
    {
        Assert.True(ErrorMessage.TryRead(Write(new ErrorMessage(1, null).Write).AsSpan(8), out var none));
        Assert.Null(none!.Reason);
        Assert.True(ErrorMessage.TryRead(Write(new ErrorMessage(1, "").Write).AsSpan(8), out var empty));
        Assert.Equal("", empty!.Reason);
    }

    [Fact]
    public void Refuses_messages_that_are_cut_short_at_any_byte()
    {
        for (var length = 8; length < HelloBytes.Length; length++)
            Assert.False(HelloMessage.TryRead(HelloBytes.AsSpan(8, length - 8), out _));
        for (var length = 8; length < ReverseHelloBytes.Length; length++)
            Assert.False(ReverseHelloMessage.TryRead(ReverseHelloBytes.AsSpan(8, length - 8), out _));
        for (var length = 8; length < ErrorBytes.Length; length++)
            Assert.False(ErrorMessage.TryRead(ErrorBytes.AsSpan(8, length - 8), out _));
    }

    [Theory]
    [InlineData(0xFF, 0xFF, 0xFF, 0x7F)] // 2 GiB
    [InlineData(0xFE, 0xFF, 0xFF, 0xFF)] // -2
    [InlineData(0x01, 0x10, 0x00, 0x00)] // 4097
    [InlineData(0x0C, 0x00, 0x00, 0x00)] // one more than there is
    public void Refuses_a_declared_length_beyond_the_limit_or_the_bytes(byte a, byte b, byte c, byte d)
    {
        var bytes = HelloBytes.ToArray();
        (bytes[28], bytes[29], bytes[30], bytes[31]) = (a, b, c, d);
        Assert.False(HelloMessage.TryRead(bytes.AsSpan(8), out _));
    }

    [Fact]
    public void Refuses_text_that_is_not_utf8()
    {
        var bytes = HelloBytes.ToArray();
        bytes[^1] = 0xFF;
        Assert.False(HelloMessage.TryRead(bytes.AsSpan(8), out _));
    }

    private static byte[] Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
