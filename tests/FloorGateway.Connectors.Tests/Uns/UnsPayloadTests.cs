using System.Buffers;
using System.Text;
using FloorGateway.Connectors.Uns;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;

namespace FloorGateway.Connectors.Tests.Uns;

public sealed class UnsPayloadTests
{
    private static readonly long Time = new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).AddTicks(1_234_567).Ticks;

    [Fact]
    public void Writes_a_good_number_with_its_unit() =>
        Assert.Equal(
            """{"v":6.48,"q":"Good","t":"2027-03-15T00:00:00.1234567Z","u":"m/s","o":"live"}""",
            Write(new Sample { Value = TagValue.From(6.48), SourceTime = Time }, "m/s"));

    [Fact]
    public void Writes_the_status_code_where_quality_is_not_good() =>
        Assert.Equal(
            """{"v":null,"q":"Bad","s":2156658688,"t":"2027-03-15T00:00:00.1234567Z","o":"initial"}""",
            Write(new Sample { Status = StatusQuality.BadSensorFailure, SourceTime = Time, Origin = SampleOrigin.Initial }, null));

    [Fact]
    public void Leaves_out_the_unit_of_a_dimensionless_tag_and_writes_floats_with_their_own_digits() =>
        Assert.Equal(
            """{"v":3.7001,"q":"Good","t":"2027-03-15T00:00:00.1234567Z","o":"live"}""",
            Write(new Sample { Value = TagValue.From(3.7001f), SourceTime = Time }, null));

    public static TheoryData<TagValue, string> Values() => new()
    {
        { TagValue.From(true), "true" },
        { TagValue.From(-5L), "-5" },
        { TagValue.From(ulong.MaxValue), "18446744073709551615" },
        { TagValue.From(double.NaN), "null" },
        { TagValue.From(float.PositiveInfinity), "null" },
        { TagValue.From(double.MaxValue), "1.7976931348623157E+308" },
        { TagValue.From("运行 \"x\"\n"), "\"运行 \\\"x\\\"\\n\"" },
        { TagValue.From(new byte[] { 1, 2 }), "\"AQI=\"" },
        { TagValue.From(new float[] { 1.5f, 2.25f, float.NaN }), "[1.5,2.25,null]" },
        { TagValue.From(new ulong[] { ulong.MaxValue }), "[18446744073709551615]" },
        { TagValue.From(new double[,] { { 1, 2 }, { 3, 4 } }), "[[1,2],[3,4]]" },
        { TagValue.From(new DateTime(Time, DateTimeKind.Utc)), "\"2027-03-15T00:00:00.1234567Z\"" },
        { TagValue.From(new StructureValue { TypeName = "T", Fields = [new("a", TagValue.From(1L)), new("b", TagValue.From("x"))] }), "{\"a\":1,\"b\":\"x\"}" },
        { TagValue.From(new StructureValue { TypeName = "T", Body = [1] }), "{\"typeName\":\"T\",\"body\":\"AQ==\"}" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Writes_every_kind_of_value_as_json(TagValue value, string json) =>
        Assert.Equal($$"""{"v":{{json}},"q":"Good","t":"2027-03-15T00:00:00.1234567Z","u":"°C","o":"live"}""", Write(new Sample { Value = value, SourceTime = Time }, "°C"));

    [Fact]
    public void Allocates_nothing_for_scalars()
    {
        var unit = UnsPayload.UnitPart("m/s");
        var sample = new Sample { Value = TagValue.From(6.48), SourceTime = Time };
        var destination = new byte[UnsPayload.MaxScalarLength + unit.Length];
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 1000; i++)
                UnsPayload.WriteScalar(destination, sample, unit);
        }));
    }

    private static string Write(in Sample sample, string? unit)
    {
        var output = new ArrayBufferWriter<byte>();
        UnsPayload.Write(output, sample, UnsPayload.UnitPart(unit));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
