using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class AttributeServiceTests
{
    private readonly ServerHarness server = new ServerHarness().WithSession();

    [Fact]
    public void Every_attribute_of_every_node_reads_as_its_class_has_it()
    {
        foreach (var node in server.Space.Nodes)
        {
            var read = server.Call<ReadResponse>(new ReadRequest
            {
                TimestampsToReturn = TimestampsToReturn.Both,
                NodesToRead = [.. Enumerable.Range(1, 27).Select(a => new ReadValueId { NodeId = node.Id, AttributeId = (uint)a })],
            });
            Assert.All(read.Results, r => Assert.True(r.Status.Value is 0 or StatusCodes.BadAttributeIdInvalid or StatusCodes.BadNotReadable, $"{node}: {r.Status}"));
            Assert.Equal(node.Id, read.Results[0].Value.Boxed);
            Assert.Equal(node is VariableNode, read.Results[12].Status.Value != StatusCodes.BadAttributeIdInvalid);
        }
    }

    [Theory]
    [InlineData(TimestampsToReturn.Source, true, false)]
    [InlineData(TimestampsToReturn.Server, false, true)]
    [InlineData(TimestampsToReturn.Both, true, true)]
    [InlineData(TimestampsToReturn.Neither, false, false)]
    public void Timestamps_come_as_asked(TimestampsToReturn asked, bool source, bool serverTime)
    {
        var node = Add("v", Variant.From(1.0));
        var value = Read(node.Id, timestamps: asked);
        Assert.Equal((source, serverTime), (value.SourceTicks != 0, value.ServerTicks != 0));
    }

    [Fact]
    public void Reading_what_is_not_there_says_so()
    {
        var node = Add("v", Variant.From([1.0, 2.0]), rank: 1);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, Read(new NodeId(2, "x")).Status.Value);
        Assert.Equal(StatusCodes.BadAttributeIdInvalid, Read(server.Space.Objects.Id).Status.Value);
        Assert.Equal(StatusCodes.BadAttributeIdInvalid, Read(node.Id, 77).Status.Value);
        Assert.Equal(StatusCodes.BadIndexRangeNoData, Read(node.Id, range: "5").Status.Value);
        Assert.Equal(StatusCodes.BadIndexRangeInvalid, Read(node.Id, range: "a").Status.Value);
        Assert.Equal((StatusCode)StatusCodes.BadNothingToDo, server.Fault(new ReadRequest()));
        Assert.Equal((StatusCode)StatusCodes.BadMaxAgeInvalid, server.Fault(new ReadRequest { MaxAge = -1, NodesToRead = [new ReadValueId()] }));
        Assert.Equal((StatusCode)StatusCodes.BadTimestampsToReturnInvalid, server.Fault(new ReadRequest { TimestampsToReturn = (TimestampsToReturn)9, NodesToRead = [new ReadValueId()] }));
        Assert.Equal((StatusCode)StatusCodes.BadTooManyOperations, server.Fault(new ReadRequest { NodesToRead = new ReadValueId[server.Options.Limits.MaxNodesPerRead + 1] }));
    }

    [Fact]
    public void A_data_encoding_is_for_structures_only()
    {
        var number = Add("v", Variant.From(1.0));
        var binary = new QualifiedName("Default Binary");
        Assert.Equal(StatusCodes.BadDataEncodingInvalid, Read(number.Id, encoding: binary).Status.Value);
        Assert.Equal(StatusCodes.Good, Read(VariableIds.Server_ServerStatus, encoding: binary).Status.Value);
        Assert.Equal(StatusCodes.BadDataEncodingUnsupported, Read(VariableIds.Server_ServerStatus, encoding: new QualifiedName("Default XML")).Status.Value);
    }

    [Fact]
    public void The_current_time_is_live()
    {
        var before = Read(VariableIds.Server_ServerStatus_CurrentTime).Value.AsDateTime();
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(before.AddSeconds(5), Read(VariableIds.Server_ServerStatus_CurrentTime).Value.AsDateTime());
        Assert.Equal(before.AddSeconds(5), Read(VariableIds.Server_ServerStatus).Value.AsStructure<ServerStatusDataType>()!.CurrentTime);
    }

    [Fact]
    public void Parts_of_arrays_and_matrices_are_read()
    {
        var array = Add("a", Variant.From([1.0, 2.0, 3.0, 4.0]), rank: 1);
        var matrix = Add("m", Variant.FromMatrix(BuiltInType.Double, new[] { 1.0, 2, 3, 4, 5, 6 }, [2, 3]), rank: 2);
        Assert.Equal([2.0, 3.0], Read(array.Id, range: "1:2").Value.AsArray<double>()!);
        Assert.Equal([4.0], Read(array.Id, range: "3:9").Value.AsArray<double>()!);
        var part = Read(matrix.Id, range: "0:1,1:2").Value;
        Assert.Equal([2, 2], part.ArrayDimensions);
        Assert.Equal([2.0, 3, 5, 6], (double[])part.Elements!);
        var text = server.Space.Objects.AddVariable("t", BuiltInType.String, value: Variant.From("abcdef"));
        Assert.Equal("bcd", Read(text.Id, range: "1:3").Value.AsString());
    }

    [Fact]
    public void A_write_changes_the_value_and_its_source_time()
    {
        var node = Add("v", Variant.From(1.0), writable: true);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StatusCodes.Good, Write(node.Id, Variant.From(2.0)).Value);
        Assert.Equal(2.0, node.GetValue().Value.AsDouble());
        Assert.Equal(server.Clock.GetUtcNow().UtcTicks, node.GetValue().SourceTicks);
    }

    [Fact]
    public void Writes_that_do_not_fit_are_refused()
    {
        var fixedNode = Add("f", Variant.From(1.0));
        var node = Add("v", Variant.From(1.0), writable: true);
        var array = Add("a", Variant.From([1.0, 2.0]), rank: 1, writable: true);
        var mode = server.Space.Objects.AddEnumVariable("mode", server.Space.AddEnumeration("Mode", "Off", "On"), 0, writable: true);
        Assert.Equal(StatusCodes.BadNotWritable, Write(fixedNode.Id, Variant.From(2.0)).Value);
        Assert.Equal(StatusCodes.BadTypeMismatch, Write(node.Id, Variant.From(2)).Value);
        Assert.Equal(StatusCodes.BadTypeMismatch, Write(node.Id, Variant.From([2.0])).Value);
        Assert.Equal(StatusCodes.BadTypeMismatch, Write(node.Id, Variant.Null).Value);
        Assert.Equal(StatusCodes.BadTypeMismatch, Write(array.Id, Variant.From(2.0)).Value);
        Assert.Equal(StatusCodes.BadOutOfRange, Write(mode.Id, Variant.From(2)).Value);
        Assert.Equal(StatusCodes.Good, Write(mode.Id, Variant.From(1)).Value);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, Write(new NodeId(2, "x"), Variant.From(2.0)).Value);
        Assert.Equal(StatusCodes.BadNotWritable, Write(node.Id, Variant.From(new LocalizedText("x")), AttributeIds.DisplayName).Value);
        Assert.Equal(StatusCodes.BadAttributeIdInvalid, Write(server.Space.Objects.Id, Variant.From(2.0)).Value);
        Assert.Equal(StatusCodes.BadWriteNotSupported, Write(node.Id, new DataValue(Variant.From(2.0), StatusCodes.UncertainLastUsableValue)).Value);
        Assert.Equal(StatusCodes.BadWriteNotSupported, Write(node.Id, new DataValue(Variant.From(2.0), default, 1_000_000_000_000_000_000)).Value);
    }

    [Fact]
    public void Status_and_time_are_written_where_the_variable_lets_them()
    {
        var node = Add("v", Variant.From(1.0), writable: true);
        node.AccessLevel |= AccessLevelType.StatusWrite | AccessLevelType.TimestampWrite;
        var time = server.Clock.GetUtcNow().UtcTicks - 5;
        Assert.Equal(StatusCodes.Good, Write(node.Id, new DataValue(Variant.From(2.0), StatusCodes.UncertainLastUsableValue, time)).Value);
        Assert.Equal((time, (StatusCode)StatusCodes.UncertainLastUsableValue), (node.GetValue().SourceTicks, node.GetValue().Status));
    }

    [Fact]
    public void A_part_of_an_array_is_written()
    {
        var original = new[] { 1.0, 2, 3, 4 };
        var node = Add("a", Variant.From(original), rank: 1, writable: true);
        Assert.Equal(StatusCodes.Good, Write(node.Id, new DataValue(Variant.From([8.0, 9.0])), range: "1:2").Value);
        Assert.Equal([1.0, 8, 9, 4], node.GetValue().Value.AsArray<double>()!);
        Assert.Equal([1.0, 2, 3, 4], original);
        Assert.Equal(StatusCodes.BadIndexRangeNoData, Write(node.Id, new DataValue(Variant.From([8.0, 9.0])), range: "3:4").Value);
        Assert.Equal(StatusCodes.BadIndexRangeDataMismatch, Write(node.Id, new DataValue(Variant.From([8.0])), range: "1:2").Value);
    }

    [Fact]
    public void The_write_handler_decides()
    {
        CallContext? seen = null;
        var node = server.Space.Objects.AddVariable("v", BuiltInType.Double, value: Variant.From(1.0), onWrite: (context, value) =>
        {
            seen = context;
            return value.Value.AsDouble() > 10 ? StatusCodes.BadOutOfRange : StatusCodes.Good;
        });
        Assert.Equal(StatusCodes.BadOutOfRange, Write(node.Id, Variant.From(11.0)).Value);
        Assert.Equal(1.0, node.GetValue().Value.AsDouble());
        Assert.Equal(StatusCodes.Good, Write(node.Id, Variant.From(9.0)).Value);
        Assert.Equal(9.0, node.GetValue().Value.AsDouble());
        Assert.Equal("test", seen!.SessionName);
    }

    [Fact]
    public void Structures_are_written_when_they_are_of_the_type()
    {
        var point = server.Space.AddStructure("Point", new DataTypeField("X", BuiltInType.Double), new DataTypeField("Y", BuiltInType.Double));
        var other = server.Space.AddStructure("Other", new DataTypeField("X", BuiltInType.Double));
        var node = server.Space.Objects.AddVariable("p", BuiltInType.ExtensionObject, dataType: point.Node.Id, value: point.CreateValue(Variant.From(1.0), Variant.From(2.0)), writable: true);
        Assert.Equal(StatusCodes.Good, Write(node.Id, point.CreateValue(Variant.From(3.0), Variant.From(4.0))).Value);
        Assert.Equal(StatusCodes.BadTypeMismatch, Write(node.Id, other.CreateValue(Variant.From(3.0))).Value);
    }

    [Fact]
    public void Any_number_fits_an_abstract_number()
    {
        var node = server.Space.Objects.AddVariable("n", BuiltInType.Variant, dataType: DataTypeIds.Number, value: Variant.From(1.0), writable: true);
        Assert.Equal(StatusCodes.Good, Write(node.Id, Variant.From((short)3)).Value);
        Assert.Equal(StatusCodes.BadTypeMismatch, Write(node.Id, Variant.From("three")).Value);
    }

    [Fact]
    public void A_range_with_one_dimension_more_cuts_each_string()
    {
        var node = Add("s", Variant.From(["abcdef", "xy", "12345"]), 1);
        Assert.Equal(new[] { "cd", null, "34" }, Read(node.Id, range: "0:2,2:3").Value.AsArray<string?>()!.AsEnumerable());
        Assert.Equal(StatusCodes.BadIndexRangeNoData, Read(node.Id, range: "1,5:6").Status.Value);
        var bytes = Add("b", Variant.From([[1, 2, 3], new byte[] { 4 }]), 1);
        Assert.Equal([2, 3], Read(bytes.Id, range: "0:1,1:2").Value.AsArray<byte[]?>()![0]!);
    }

    [Fact]
    public void Parts_of_matrices_strings_and_byte_strings_are_written()
    {
        var matrix = server.Space.Objects.AddVariable("m", BuiltInType.Int32, value: Variant.FromMatrix(BuiltInType.Int32, new[] { 1, 2, 3, 4, 5, 6 }, [2, 3]), valueRank: 2, writable: true);
        Assert.Equal(StatusCodes.Good, Write(matrix.Id, new DataValue(Variant.FromMatrix(BuiltInType.Int32, new[] { 20, 30, 50, 60 }, [2, 2])), range: "0:1,1:2").Value);
        Assert.Equal([1, 20, 30, 4, 50, 60], (int[])matrix.GetValue().Value.Elements!);
        Assert.Equal(StatusCodes.BadIndexRangeNoData, Write(matrix.Id, new DataValue(Variant.FromMatrix(BuiltInType.Int32, new[] { 1, 2 }, [2, 1])), range: "0:1,3").Value);
        Assert.Equal(StatusCodes.BadIndexRangeDataMismatch, Write(matrix.Id, new DataValue(Variant.FromMatrix(BuiltInType.Int32, new[] { 1, 2 }, [1, 2])), range: "0:1,1:2").Value);
        var text = server.Space.Objects.AddVariable("t", BuiltInType.String, value: Variant.From("abcdef"), writable: true);
        Assert.Equal(StatusCodes.Good, Write(text.Id, new DataValue(Variant.From("XY")), range: "1:2").Value);
        Assert.Equal("aXYdef", text.GetValue().Value.AsString());
        var bytes = server.Space.Objects.AddVariable("b", BuiltInType.ByteString, value: Variant.From(new byte[] { 1, 2, 3 }), writable: true);
        Assert.Equal(StatusCodes.Good, Write(bytes.Id, new DataValue(Variant.From(new byte[] { 9 })), range: "2").Value);
        Assert.Equal([1, 2, 9], (byte[])bytes.GetValue().Value.Boxed!);
        Assert.Equal(StatusCodes.BadIndexRangeInvalid, Write(bytes.Id, new DataValue(Variant.From(new byte[] { 9 })), range: "2:1").Value);
    }

    [Fact]
    public void A_byte_string_is_taken_for_an_array_of_bytes()
    {
        var node = server.Space.Objects.AddVariable("b", BuiltInType.Byte, value: Variant.FromByteArray([1, 2, 3]), valueRank: 1, writable: true);
        Assert.Equal(StatusCodes.Good, Write(node.Id, Variant.From(new byte[] { 4, 5 })).Value);
        Assert.Equal((BuiltInType.Byte, true), (node.GetValue().Value.Type, node.GetValue().Value.IsArray));
        Assert.Equal(StatusCodes.Good, Write(node.Id, new DataValue(Variant.From(new byte[] { 9 })), range: "1").Value);
        Assert.Equal([4, 9], (byte[])node.GetValue().Value.Elements!);
    }

    [Fact]
    public void Every_element_of_an_array_of_an_enumeration_must_have_a_name()
    {
        var state = server.Space.AddEnumeration("S", "Off", "On");
        var node = server.Space.Objects.AddVariable("e", BuiltInType.Int32, dataType: state.Id, value: Variant.From([0, 1]), valueRank: 1, writable: true);
        Assert.Equal(StatusCodes.Good, Write(node.Id, Variant.From([1, 1])).Value);
        Assert.Equal(StatusCodes.BadOutOfRange, Write(node.Id, Variant.From([1, 2])).Value);
    }

    private VariableNode Add(string name, Variant value, int rank = -1, bool writable = false) =>
        server.Space.Objects.AddVariable(name, BuiltInType.Double, value: value, valueRank: rank, writable: writable);

    private DataValue Read(NodeId id, uint attribute = AttributeIds.Value, TimestampsToReturn timestamps = TimestampsToReturn.Both, string? range = null, QualifiedName encoding = default) =>
        server.Call<ReadResponse>(new ReadRequest
        {
            TimestampsToReturn = timestamps,
            NodesToRead = [new ReadValueId { NodeId = id, AttributeId = attribute, IndexRange = range, DataEncoding = encoding }],
        }).Results[0];

    private StatusCode Write(NodeId id, Variant value, uint attribute = AttributeIds.Value) => Write(id, new DataValue(value), attribute);

    private StatusCode Write(NodeId id, DataValue value, uint attribute = AttributeIds.Value, string? range = null) =>
        server.Call<WriteResponse>(new WriteRequest { NodesToWrite = [new WriteValue { NodeId = id, AttributeId = attribute, Value = value, IndexRange = range }] }).Results[0];
}
