using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Encoding;

public sealed class HostileInputTests
{
    private static readonly EncodingLimits Small = new() { MaxStringLength = 8, MaxByteStringLength = 8, MaxArrayLength = 4, MaxNestingDepth = 3 };

    [Theory]
    [InlineData("8B FF FF FF 7F")] // Double[2147483647]
    [InlineData("8C FF FF FF 0F 00 00 00 00")] // String[268435455]
    [InlineData("96 40 42 0F 00 00 00 00")] // ExtensionObject[1000000]
    [InlineData("98 00 01 00 00 01 01")] // Variant[256]
    public void Array_length_beyond_the_bytes_allocates_nothing(string hex)
    {
        var bytes = Wire.Hex(hex);
        var allocated = Allocations.LeastOf(() =>
        {
            var reader = new UaReader(bytes);
            var value = reader.ReadVariant();
            Assert.True(reader.Failed);
            Assert.True(value.IsNull);
        });
        Assert.True(allocated < 4096, $"{allocated} bytes");
    }

    [Theory]
    [InlineData("0C 09 00 00 00 313131313131313131")] // string of 9
    [InlineData("0F 09 00 00 00 313131313131313131")] // byte string of 9
    [InlineData("83 05 00 00 00 01 02 03 04 05")] // Byte[5]
    public void Length_beyond_the_limit_is_refused_though_the_bytes_are_there(string hex)
    {
        var reader = new UaReader(Wire.Hex(hex), Small);
        reader.ReadVariant();
        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded, reader.Error.Value);
    }

    [Theory]
    [InlineData("0C 02 00 00 00 C3 28")] // bad continuation
    [InlineData("0C 02 00 00 00 C0 80")] // overlong NUL
    [InlineData("0C 03 00 00 00 ED A0 80")] // surrogate
    [InlineData("18 01 01")] // a Variant directly in a Variant
    [InlineData("46 01 00 00 00")] // dimensions without an array
    [InlineData("20")] // type id 32
    [InlineData("C4 02 00 00 00 0100 0200 02 00 00 00 02 00 00 00 02 00 00 00")] // 2x2 for two elements
    [InlineData("C4 02 00 00 00 0100 0200 02 00 00 00 FF FF FF FF FE FF FF FF")] // negative dimensions
    [InlineData("C4 00 00 00 00 03 00 00 00 FF FF FF 7F FF FF FF 7F FF FF FF 7F")] // overflowing dimensions
    [InlineData("11 06")] // unknown NodeId encoding
    [InlineData("11 80 01 00000000")] // NodeId with the flag of an ExpandedNodeId
    [InlineData("16 00 00 03")] // unknown extension object encoding
    [InlineData("16 00 00 01 FF FF FF FF")] // body of unknown length
    public void Malformed_value_is_a_decoding_error(string hex)
    {
        var reader = new UaReader(Wire.Hex(hex));
        Assert.True(reader.ReadVariant().IsNull);
        Assert.Equal(StatusCodes.BadDecodingError, reader.Error.Value);
    }

    [Fact]
    public void Nested_variants_stop_at_the_depth_limit()
    {
        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded, ErrorOf(NestedVariants(101)));
        Assert.Equal(0u, ErrorOf(NestedVariants(99)));

        static byte[] NestedVariants(int depth)
        {
            var value = Variant.From(1);
            for (var i = 0; i < depth; i++)
            {
                value = Variant.From([value]);
            }

            return Wire.Bytes((ref UaWriter w) => w.WriteVariant(value));
        }

        static uint ErrorOf(byte[] bytes)
        {
            var reader = new UaReader(bytes);
            reader.ReadVariant();
            return reader.Error.Value;
        }
    }

    [Fact]
    public void Nested_diagnostics_stop_at_the_depth_limit()
    {
        var bytes = Enumerable.Repeat((byte)0x40, 100_000).ToArray();
        var reader = new UaReader(bytes);
        Assert.Null(reader.ReadDiagnosticInfo());
        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded, reader.Error.Value);
    }

    [Fact]
    public void Nested_extension_objects_share_the_depth_limit()
    {
        ExtensionObject value = new(new OpcUa.Types.Range());
        for (var i = 0; i < 200; i++)
        {
            value = new ExtensionObject(new LiteralOperand { Value = Variant.From(value) });
        }

        var reader = new UaReader(Wire.Bytes((ref UaWriter w) => w.WriteExtensionObject(value)));
        Assert.Null(reader.ReadExtensionObject());
        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded, reader.Error.Value);
    }

    [Fact]
    public void Structure_cut_at_every_byte_fails_and_never_throws()
    {
        var bytes = Wire.Bytes((ref UaWriter w) => new CreateSessionRequest
        {
            ClientDescription = new ApplicationDescription { ApplicationUri = "urn:a", DiscoveryUrls = ["opc.tcp://a"] },
            SessionName = "s",
            ClientNonce = [1, 2, 3],
            EndpointUrl = "opc.tcp://a",
        }.Encode(ref w));
        for (var length = 0; length < bytes.Length; length++)
        {
            var reader = new UaReader(bytes.AsSpan(0, length));
            CreateSessionRequest.Decode(ref reader);
            Assert.True(reader.Failed);
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(20271122);
        var bytes = new byte[256];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)random.Next(0xE0);
            var reader = new UaReader(bytes.AsSpan(0, random.Next(bytes.Length)), Small);
            reader.ReadVariant();
            _ = MessageCodec.TryDecode(bytes, Small, out _);
        }
    }

    [Fact]
    public void First_error_and_its_position_stay()
    {
        var reader = new UaReader([1, 2, 3]);
        reader.ReadByte();
        reader.ReadUInt32();
        reader.Fail(StatusCodes.BadEncodingLimitsExceeded);
        Assert.Equal(StatusCodes.BadDecodingError, reader.Error.Value);
        Assert.Equal(1, reader.Position);
        Assert.Equal(0, reader.ReadByte());
    }
}
