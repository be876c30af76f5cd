using System.Text;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Influx.LineProtocol;

public class LineProtocolWriterTests
{
    private const string Press = "LXE/JSH/CAS/L01/DC01/PRESS";
    private const string PressTags = "area=CAS,cell=DC01,enterprise=LXE,line=L01,site=JSH,unit=PRESS";
    private const string Time0 = "1805068800000000000";
    private readonly Catalog catalog = new();

    [Fact]
    public void Names_series_by_equipment_type_and_ISA95_levels()
    {
        var tag = catalog.Add(Press, "Shot.Velocity");
        Assert.Equal($"DieCastCell,{PressTags} Shot.Velocity=3.5,Shot.Velocity.q=0i {Time0}\n", Write(new(), Of(tag, T0, 3.5)));
    }

    [Theory]
    [InlineData("LXE/JSH/TRIM", "area=TRIM,enterprise=LXE,site=JSH,unit=TRIM")]
    [InlineData("LXE/JSH/ASM/TRIM/ST001", "area=ASM,cell=ST001,enterprise=LXE,line=TRIM,site=JSH,unit=ST001")]
    [InlineData("LXE/JSH/FRM/L/FR01/TRAY01/CH07", "area=FRM,cell=FR01,enterprise=LXE,line=L,site=JSH,unit=TRAY01/CH07")]
    public void Gives_every_series_a_unit_whatever_its_path_length(string unitPath, string tags)
    {
        var tag = catalog.Add(unitPath, "S");
        Assert.StartsWith($"DieCastCell,{tags} S=1", Write(new(), Of(tag, T0, 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0, "1")]
    [InlineData(-0.0, "-0")]
    [InlineData(1e300, "1E+300")]
    [InlineData(5e-324, "5E-324")]
    [InlineData(double.MaxValue, "1.7976931348623157E+308")]
    public void Writes_doubles_in_their_shortest_round_trip_form(double value, string text) => Assert.Equal($"S={text}", Field(TagValue.From(value)));

    [Fact]
    public void Writes_each_kind_in_its_form()
    {
        Assert.Equal("S=0.1", Field(TagValue.From(0.1f)));
        Assert.Equal("S=-9223372036854775808i", Field(TagValue.From(long.MinValue)));
        Assert.Equal("S=7i", Field(TagValue.From(7UL)));
        Assert.Equal("S=true", Field(TagValue.From(true)));
        Assert.Equal("S=false", Field(TagValue.From(false)));
        Assert.Equal("S=\"VIN \\\"1\\\" a\\\\b, c=d\"", Field(TagValue.From("VIN \"1\" a\\b, c=d")));
        Assert.Equal("S=\"一\\n二\\r\"", Field(TagValue.From("一\n二\r")));
        Assert.Equal("S=\"\"", Field(TagValue.From("")));
        Assert.Equal("S=\"AQI=\"", Field(TagValue.From(new byte[] { 1, 2 })));
        Assert.Equal("S=100i", Field(TagValue.From(DateTime.UnixEpoch.AddTicks(1))));
    }

    [Theory]
    [InlineData(UnsignedFields.Integer, 5UL, "S=5i")]
    [InlineData(UnsignedFields.Unsigned, ulong.MaxValue, "S=18446744073709551615u")]
    [InlineData(UnsignedFields.Float, ulong.MaxValue, "S=18446744073709551615")]
    public void Writes_unsigned_integers_as_configured(UnsignedFields form, ulong value, string field) =>
        Assert.Equal(field, Field(TagValue.From(value), new() { Unsigned = form }));

    [Fact]
    public void Writes_no_value_but_the_quality_for_what_line_protocol_cannot_hold()
    {
        foreach (var value in new[] { TagValue.From(double.NaN), TagValue.From(double.PositiveInfinity), TagValue.From(float.NaN), TagValue.From(ulong.MaxValue), TagValue.From(DateTime.MaxValue) })
            Assert.Equal($"S.q={StatusQuality.BadOutOfRange}i", Field(value));
        // What has no value is not uncertain; what the source calls bad keeps its word.
        Assert.Equal($"S.q={StatusQuality.BadOutOfRange}i", Field(TagValue.From(double.NaN), status: Uncertain));
        Assert.Equal($"S.q={0x8005_0000}i", Field(TagValue.From(double.NaN), status: 0x8005_0000));
    }

    [Fact]
    public void A_bad_sample_writes_its_quality_and_no_value()
    {
        Assert.Equal($"S.q={Bad}i", Field(TagValue.From(1.0), status: Bad));
        Assert.Equal($"S=1,S.q={Uncertain}i", Field(TagValue.From(1.0), status: Uncertain));
    }

    [Fact]
    public void Writes_quality_once_when_it_returns_to_good()
    {
        var tag = catalog.Add(Press, "S");
        var writer = new LineProtocolWriter(catalog, new());
        uint[] states = [0, 0, Bad, Bad, 0, 0, Uncertain, 0];
        var samples = states.Select((status, i) => Of(tag, T0 + i, i, status)).ToArray();
        var fields = Lines(writer, samples).Select(line => line.Split(' ')[1]);
        Assert.Equal(["S=0,S.q=0i", "S=1", $"S.q={Bad}i", $"S.q={Bad}i", "S=4,S.q=0i", "S=5", $"S=6,S.q={Uncertain}i", "S=7,S.q=0i"], fields);
    }

    [Fact]
    public void Writes_quality_again_after_a_delivery_that_failed()
    {
        var tag = catalog.Add(Press, "S");
        var writer = new LineProtocolWriter(catalog, new());
        var first = Lines(writer, Of(tag, T0, 1));
        Assert.NotEqual(first, Lines(writer, Of(tag, T0, 1)));
        writer.ForgetQuality();
        Assert.Equal(first, Lines(writer, Of(tag, T0, 1)));
    }

    [Fact]
    public void A_sample_without_value_leaves_its_quality() => Assert.Equal("S.q=0i", Field(TagValue.Null));

    [Fact]
    public void Explodes_arrays_and_structures_into_fields()
    {
        Assert.Equal("S[0]=1.5,S[1]=2", Field(TagValue.From(new[] { 1.5, 2 })));
        Assert.Equal("S[0]=1.5,S[2]=2", Field(TagValue.From(new[] { 1.5f, float.NaN, 2 })));
        Assert.Equal("S[0]=7i", Field(TagValue.From(new ulong[] { 7 })));
        Assert.Equal("S[0][0]=1i,S[0][1]=2i,S[1][0]=3i,S[1][1]=4i", Field(TagValue.From(new long[,] { { 1, 2 }, { 3, 4 } })));
        Assert.Equal("S[0]=\"a\",S[1]=\"b\"", Field(TagValue.From(new[] { "a", "b" })));
        Assert.Equal("S.Torque=12.5,S.Part\\ Id=\"x\",S.Steps[0]=1i", Field(TagValue.From(Result())));
        Assert.Equal("S[0].Torque=12.5,S[0].Part\\ Id=\"x\",S[0].Steps[0]=1i", Field(TagValue.From(new[] { Result() })));
        Assert.Equal("S=\"AQ==\"", Field(TagValue.From(new StructureValue { TypeName = "T", Body = [1] })));
    }

    [Fact]
    public void An_empty_array_leaves_its_quality() => Assert.Equal($"S.q={StatusQuality.BadOutOfRange}i", Field(TagValue.From(Array.Empty<double>())));

    [Fact]
    public void Writes_arrays_as_JSON_when_asked_or_when_too_long()
    {
        Assert.Equal("S.json=\"[1.5,\\\"Infinity\\\",\\\"-Infinity\\\"]\"", Field(TagValue.From(new[] { 1.5f, float.PositiveInfinity, float.NegativeInfinity }), new() { Arrays = ArrayFields.Json }));
        Assert.Equal("S.json=\"[true,false]\"", Field(TagValue.From(new[] { true, false }), new() { Arrays = ArrayFields.Json }));
        Assert.Equal("S.json=\"[18446744073709551615,0]\"", Field(TagValue.From(new[] { ulong.MaxValue, 0UL }), new() { Arrays = ArrayFields.Json }));
        Assert.Equal("S.json=\"[]\"", Field(TagValue.From(Array.Empty<double>()), new() { Arrays = ArrayFields.Json }));
        Assert.Equal("S.json=\"[1.5,\\\"NaN\\\"]\"", Field(TagValue.From(new[] { 1.5, double.NaN }), new() { Arrays = ArrayFields.Json }));
        Assert.Equal("S.json=\"{\\\"Torque\\\":12.5,\\\"Part Id\\\":\\\"x\\\",\\\"Steps\\\":[1]}\"", Field(TagValue.From(Result()), new() { Arrays = ArrayFields.Json }));
        Assert.Equal("S.json=\"[1,2,3]\"", Field(TagValue.From(new long[] { 1, 2, 3 }), new() { MaxElements = 2 }));
    }

    [Theory]
    [InlineData(TimePrecision.Nanoseconds, 1L, "1805068800000000100")]
    [InlineData(TimePrecision.Microseconds, 19L, "1805068800000001")]
    [InlineData(TimePrecision.Milliseconds, 19999L, "1805068800001")]
    [InlineData(TimePrecision.Seconds, 19999999L, "1805068801")]
    public void Writes_time_in_the_configured_precision(TimePrecision precision, long ticks, string time)
    {
        var tag = catalog.Add(Press, "S");
        Assert.EndsWith($" {time}\n", Write(new() { Precision = precision }, Of(tag, T0 + ticks, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_times_before_1970_down()
    {
        var tag = catalog.Add(Press, "S");
        Assert.EndsWith(" -1\n", Write(new() { Precision = TimePrecision.Seconds }, Of(tag, DateTime.UnixEpoch.Ticks - 1, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Neighbours_of_one_unit_and_time_share_a_line()
    {
        var (a, b, other) = (catalog.Add(Press, "A"), catalog.Add(Press, "B"), catalog.Add("LXE/JSH/CAS/L01/DC02/PRESS", "A"));
        var writer = new LineProtocolWriter(catalog, new());
        Lines(writer, Of(a, T0 - 1, 0), Of(b, T0 - 1, 0), Of(other, T0 - 1, 0));
        var lines = Lines(writer, Of(a, T0, 1), Of(b, T0, 2), Of(b, T0, 3), Of(a, T0, 4), Of(other, T0, 5), Of(other, T0 + 1, 6));
        Assert.Equal(["A=1,B=2", "B=3", "A=4", "A=5", "A=6"], lines.Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public void Stops_at_the_size_and_says_how_far_it_came()
    {
        var tag = catalog.Add(Press, "S");
        var writer = new LineProtocolWriter(catalog, new());
        using var output = new LineBuffer(16);
        var samples = Enumerable.Range(0, 100).Select(i => Of(tag, T0 + i, i)).ToArray();
        var written = writer.Write(samples, output, 1000, out var problem);
        Assert.Null(problem);
        Assert.InRange(written, 5, 15);
        Assert.Equal(written, Encoding.UTF8.GetString(output.Written.Span).Count(c => c == '\n'));
        output.Clear();
        Assert.Equal(100 - written, writer.Write(samples.AsSpan(written), output, int.MaxValue, out _));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(3155378975999999999L)]
    public void Names_a_sample_whose_time_InfluxDB_cannot_hold(long ticks)
    {
        var tag = catalog.Add(Press, "S");
        using var output = new LineBuffer();
        var written = new LineProtocolWriter(catalog, new()).Write([Of(tag, T0, 1), Of(tag, ticks, 2)], output, int.MaxValue, out var problem);
        Assert.Equal(1, written);
        Assert.Contains($"{Press}/S", problem, StringComparison.Ordinal);
        Assert.EndsWith("\n", Encoding.UTF8.GetString(output.Written.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_gap_records_as_a_measurement_of_their_own()
    {
        using var output = new LineBuffer();
        new LineProtocolWriter(catalog, new()).WriteGaps(
            [
                new() { Server = "cas 1", From = T0, To = T0 + (15 * TimeSpan.TicksPerSecond / 10), Cause = "gateway was \"not\" running" },
                new() { Server = "cas", Tag = "A/B,C/S", From = 0, To = T0, Cause = "x" },
            ],
            output);
        var lines = Encoding.UTF8.GetString(output.Written.Span).Split('\n');
        Assert.Equal($"floorgateway_gaps,server=cas\\ 1 seconds=1.5,to=1805068801500i,cause=\"gateway was \\\"not\\\" running\" {Time0}", lines[0]);
        Assert.StartsWith("floorgateway_gaps,server=cas,tag=A/B\\,C/S seconds=", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" -9223372036854775800", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Allocates_nothing_per_scalar_sample()
    {
        var tags = Enumerable.Range(0, 50).Select(i => catalog.Add(Press, $"S{i}")).ToArray();
        TagValue[] values = [TagValue.From(1.5), TagValue.From(2.5f), TagValue.From(7L), TagValue.From(true), TagValue.From("text"), TagValue.From(7UL)];
        var samples = Enumerable.Range(0, 5000).Select(i => Of(tags[i % 50], T0 + (i / 50 * 1000), values[i % values.Length], i % 97 == 0 ? Bad : 0)).ToArray();
        var writer = new LineProtocolWriter(catalog, new());
        using var output = new LineBuffer(1 << 20);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            output.Clear();
            writer.Write(samples, output, int.MaxValue, out var _);
        }));
    }

    private static StructureValue Result() => new()
    {
        TypeName = "T",
        Fields = [new("Torque", TagValue.From(12.5)), new("Part Id", TagValue.From("x")), new("Steps", TagValue.From(new long[] { 1 }))],
    };

    /// <summary>The fields of one sample after a good one, so that a good quality is not written.</summary>
    private static string Field(TagValue value, LineProtocolOptions? options = null, uint status = 0)
    {
        var catalog = new Catalog();
        var tag = catalog.Add(Press, "S");
        var writer = new LineProtocolWriter(catalog, options ?? new());
        Lines(writer, Of(tag, T0 - 1, TagValue.From(true)));
        var line = Assert.Single(Lines(writer, Of(tag, T0, value, status)));
        Assert.StartsWith($"DieCastCell,{PressTags} ", line, StringComparison.Ordinal);
        Assert.EndsWith($" {Time0}", line, StringComparison.Ordinal);
        return line[(PressTags.Length + "DieCastCell, ".Length)..^(Time0.Length + 1)];
    }

    private string Write(LineProtocolOptions options, params Sample[] samples) => string.Concat(Lines(new(catalog, options), samples).Select(line => line + "\n"));

    private static string[] Lines(LineProtocolWriter writer, params Sample[] samples)
    {
        using var output = new LineBuffer(8);
        Assert.Equal(samples.Length, writer.Write(samples, output, int.MaxValue, out var problem));
        Assert.Null(problem);
        var text = Encoding.UTF8.GetString(output.Written.Span);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }
}
