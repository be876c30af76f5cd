using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Encoding;

/// <summary>Bytes written out by hand after OPC 10000-6, 5.2.2, checked both ways.</summary>
public sealed class BuiltInGoldenBytesTests
{
    [Fact]
    public void Integers_are_little_endian()
    {
        var bytes = Wire.Hex("""
            00 CA 9A 3B                # UInt32 1 000 000 000, the clause's own example
            FE                         # SByte -2
            04 03                      # UInt16 0x0304
            FC FF                      # Int16 -4
            88 77 66 55 44 33 22 11    # UInt64 0x1122334455667788
            """);
        Assert.Equal(bytes, Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteUInt32(1_000_000_000);
            w.WriteSByte(-2);
            w.WriteUInt16(0x0304);
            w.WriteInt16(-4);
            w.WriteUInt64(0x1122334455667788);
        }));
        var reader = new UaReader(bytes);
        Assert.Equal(1_000_000_000u, reader.ReadUInt32());
        Assert.Equal(-2, reader.ReadSByte());
        Assert.Equal(0x0304, reader.ReadUInt16());
        Assert.Equal(-4, reader.ReadInt16());
        Assert.Equal(0x1122334455667788u, reader.ReadUInt64());
        Assert.Equal(0, reader.Remaining);
        Assert.False(reader.Failed);
    }

    [Fact]
    public void Float_minus_six_and_a_half() =>
        Both("00 00 D0 C0", (ref UaWriter w) => w.WriteFloat(-6.5f), (ref UaReader r) => r.ReadFloat(), -6.5f);

    [Fact]
    public void String_is_a_length_and_utf8() =>
        Both("06 00 00 00  E6 B0 B4  42 6F 79", (ref UaWriter w) => w.WriteString("水Boy"), (ref UaReader r) => r.ReadString(), "水Boy");

    [Fact]
    public void Null_string_has_length_minus_one() =>
        Both("FF FF FF FF", (ref UaWriter w) => w.WriteString(null), (ref UaReader r) => r.ReadString(), null);

    [Fact]
    public void Guid_has_three_little_endian_groups() =>
        Both(
            "91 2B 96 72  75 FA  E6 4A  8D 28  B4 04 DC 7D AF 63",
            (ref UaWriter w) => w.WriteGuid(Guid.Parse("72962B91-FA75-4AE6-8D28-B404DC7DAF63")),
            (ref UaReader r) => r.ReadGuid(),
            Guid.Parse("72962B91-FA75-4AE6-8D28-B404DC7DAF63"));

    [Fact]
    public void NodeId_in_two_bytes() =>
        Both("00 48", (ref UaWriter w) => w.WriteNodeId(new NodeId(72)), (ref UaReader r) => r.ReadNodeId(), new NodeId(72));

    [Fact]
    public void NodeId_in_four_bytes() =>
        Both("01 05 01 04", (ref UaWriter w) => w.WriteNodeId(new NodeId(5, 1025)), (ref UaReader r) => r.ReadNodeId(), new NodeId(5, 1025));

    [Fact]
    public void NodeId_numeric_in_full() =>
        Both("02 00 01 04 03 02 01", (ref UaWriter w) => w.WriteNodeId(new NodeId(256, 0x01020304)), (ref UaReader r) => r.ReadNodeId(), new NodeId(256, 0x01020304));

    [Fact]
    public void NodeId_string() =>
        Both(
            "03  01 00  06 00 00 00  48 6F 74 E6 B0 B4",
            (ref UaWriter w) => w.WriteNodeId(new NodeId(1, "Hot水")),
            (ref UaReader r) => r.ReadNodeId(),
            new NodeId(1, "Hot水"));

    [Fact]
    public void NodeId_opaque() =>
        Both("05  02 00  03 00 00 00  01 02 03", (ref UaWriter w) => w.WriteNodeId(new NodeId(2, [1, 2, 3])), (ref UaReader r) => r.ReadNodeId(), new NodeId(2, [1, 2, 3]));

    [Fact]
    public void ExpandedNodeId_carries_uri_and_server() =>
        Both(
            "C0 07  03 00 00 00 75 3A 61  09 00 00 00",
            (ref UaWriter w) => w.WriteExpandedNodeId(new ExpandedNodeId(new NodeId(7), "u:a", 9)),
            (ref UaReader r) => r.ReadExpandedNodeId(),
            new ExpandedNodeId(new NodeId(7), "u:a", 9));

    [Fact]
    public void DateTime_counts_from_1601()
    {
        var oneSecond = new DateTime(1601, 1, 1, 0, 0, 1, DateTimeKind.Utc);
        Both("80 96 98 00 00 00 00 00", (ref UaWriter w) => w.WriteDateTime(oneSecond), (ref UaReader r) => r.ReadDateTime(), oneSecond);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(long.MaxValue, 3_155_378_975_999_999_999)]
    [InlineData(3_000_000_000_000_000_000, 3_155_378_975_999_999_999)]
    public void DateTime_beyond_either_end_is_clamped(long wire, long ticks) => Assert.Equal(ticks, UaDateTime.ToTicks(wire));

    [Fact]
    public void DateTime_ends_are_written_as_the_clause_has_them()
    {
        Assert.Equal(0, UaDateTime.ToWire(DateTime.MinValue.Ticks));
        Assert.Equal(0, UaDateTime.ToWire(UaDateTime.EpochTicks));
        Assert.Equal(1, UaDateTime.ToWire(UaDateTime.EpochTicks + 1));
        Assert.Equal(long.MaxValue, UaDateTime.ToWire(DateTime.MaxValue.Ticks));
    }

    [Fact]
    public void LocalizedText_writes_only_what_is_there() =>
        Both(
            "02  02 00 00 00  4F 4B",
            (ref UaWriter w) => w.WriteLocalizedText(new LocalizedText("OK")),
            (ref UaReader r) => r.ReadLocalizedText(),
            new LocalizedText("OK"));

    [Fact]
    public void QualifiedName_is_index_then_name() =>
        Both("02 00  01 00 00 00 41", (ref UaWriter w) => w.WriteQualifiedName(new QualifiedName(2, "A")), (ref UaReader r) => r.ReadQualifiedName(), new QualifiedName(2, "A"));

    [Fact]
    public void DiagnosticInfo_has_locale_before_text()
    {
        var info = new DiagnosticInfo
        {
            SymbolicId = 1,
            NamespaceUri = 2,
            LocalizedText = 3,
            Locale = 4,
            AdditionalInfo = "x",
            InnerStatusCode = StatusCodes.BadTimeout,
            InnerDiagnosticInfo = new DiagnosticInfo { SymbolicId = 5 },
        };
        Both(
            """
            7F                 # every field
            01 00 00 00        # symbolic id
            02 00 00 00        # namespace
            04 00 00 00        # locale
            03 00 00 00        # localized text
            01 00 00 00 78     # additional info
            00 00 0A 80        # inner status BadTimeout
            01 05 00 00 00     # inner diagnostic info
            """,
            (ref UaWriter w) => w.WriteDiagnosticInfo(info),
            (ref UaReader r) => r.ReadDiagnosticInfo(),
            info);
    }

    [Fact]
    public void DataValue_with_every_field()
    {
        var value = new DataValue(Variant.From(1.5), StatusCodes.UncertainInitialValue, UaDateTime.EpochTicks + 1, UaDateTime.EpochTicks + 2)
        {
            SourcePicoseconds = 3,
            ServerPicoseconds = 4,
        };
        Both(
            """
            3F                            # every field
            0B  00 00 00 00 00 00 F8 3F   # Double 1.5
            00 00 92 40                   # UncertainInitialValue
            01 00 00 00 00 00 00 00       # source time
            03 00                         # source picoseconds
            02 00 00 00 00 00 00 00       # server time
            04 00                         # server picoseconds
            """,
            (ref UaWriter w) => w.WriteDataValue(value),
            (ref UaReader r) => r.ReadDataValue(),
            value);
    }

    [Fact]
    public void Variant_matrix_writes_elements_then_dimensions()
    {
        var value = Variant.FromMatrix(BuiltInType.Int16, new short[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        Both(
            """
            C4                                      # Int16, array, dimensions
            06 00 00 00                             # six elements
            01 00 02 00 03 00 04 00 05 00 06 00
            02 00 00 00  02 00 00 00  03 00 00 00   # two dimensions: 2, 3
            """,
            (ref UaWriter w) => w.WriteVariant(value),
            (ref UaReader r) => r.ReadVariant(),
            value);
    }

    [Fact]
    public void ExtensionObject_of_a_known_structure_arrives_decoded()
    {
        var bytes = Wire.Hex("""
            01 00 76 03                # four-byte NodeId of Range's Default Binary, 886
            01                         # body is a byte string
            10 00 00 00                # 16 bytes
            00 00 00 00 00 00 00 00    # Low 0
            00 00 00 00 00 00 59 40    # High 100
            """);
        var range = Wire.Read(bytes, (ref UaReader r) => r.ReadExtensionObject())!.As<OpcUa.Types.Range>();
        Assert.NotNull(range);
        Assert.Equal(100, range.High);
        Assert.Equal(bytes, Wire.Bytes((ref UaWriter w) => w.WriteExtensionObject(range)));
    }

    [Fact]
    public void ExtensionObject_of_an_unknown_structure_keeps_its_bytes()
    {
        var bytes = Wire.Hex("01 02 10 27  01  02 00 00 00  AB CD");
        var value = Wire.Read(bytes, (ref UaReader r) => r.ReadExtensionObject())!;
        Assert.Equal(new NodeId(2, 10000), value.TypeId.NodeId);
        Assert.Equal([0xAB, 0xCD], value.Body.ToArray());
        Assert.Equal(bytes, Wire.Bytes((ref UaWriter w) => w.WriteExtensionObject(value)));
    }

    [Fact]
    public void ReadRequest_message()
    {
        var request = new ReadRequest
        {
            RequestHeader = new RequestHeader { AuthenticationToken = new NodeId(1, 4660), RequestHandle = 7, TimeoutHint = 5000 },
            TimestampsToReturn = TimestampsToReturn.Both,
            NodesToRead = [new ReadValueId { NodeId = new NodeId(VariableIds.Server_ServerStatus_State), AttributeId = AttributeIds.Value }],
        };
        var bytes = Wire.Hex("""
            01 00 77 02                # ReadRequest Default Binary, 631
            01 01 34 12                # authentication token ns=1;i=4660
            00 00 00 00 00 00 00 00    # no timestamp
            07 00 00 00                # request handle
            00 00 00 00                # no diagnostics
            FF FF FF FF                # no audit entry
            88 13 00 00                # timeout hint 5000 ms
            00 00 00                   # no additional header
            00 00 00 00 00 00 00 00    # max age 0
            02 00 00 00                # both timestamps
            01 00 00 00                # one node
            01 00 D3 08                # i=2259
            0D 00 00 00                # Value
            FF FF FF FF                # no index range
            00 00 FF FF FF FF          # no data encoding
            """);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        MessageCodec.Encode(buffer, request);
        Assert.Equal(bytes, buffer.WrittenSpan.ToArray());

        Assert.Equal(StatusCode.Good, MessageCodec.TryDecode(bytes, EncodingLimits.Default, out var message));
        var decoded = Assert.IsType<ReadRequest>(message);
        Assert.Equal(7u, decoded.RequestHeader.RequestHandle);
        Assert.Equal(new NodeId(2259), decoded.NodesToRead[0].NodeId);
    }

    private static void Both<T>(string hex, Wire.Writing write, Wire.Reading<T> read, T value)
    {
        var bytes = Wire.Hex(hex);
        Assert.Equal(bytes, Wire.Bytes(write));
        Assert.Equal(value, Wire.Read(bytes, read));
    }
}
