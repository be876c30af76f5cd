using System.Globalization;
using System.Text;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Tests.Influx.LineProtocol;

public class LineProtocolValueTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(12.5, "12.5")]
    [InlineData(-0.0625, "-0.0625")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(-1000, "-1000")]
    [InlineData(99999999999.9999, "99999999999.9999")]
    [InlineData(1e300, "1E+300")]
    public void Writes_floats_by_their_shortest_digits(double number, string text) => Assert.Equal(text, Format(number));

    [Fact]
    public void Writes_every_float_as_the_runtime_does()
    {
        var random = new Random(20270315);
        for (var i = 0; i < 200_000; i++)
        {
            var number = random.Next(5) switch
            {
                0 => Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(12)), random.Next(7)),
                1 => random.Next(-1_000_000, 1_000_000) / 10_000.0,
                2 => BitConverter.Int64BitsToDouble(random.NextInt64()),
                3 => Math.BitIncrement(random.Next(100_000) / 100.0),
                _ => Math.Round(random.NextDouble() - 0.5, random.Next(16)),
            };
            if (double.IsFinite(number))
                Assert.Equal(number.ToString(CultureInfo.InvariantCulture), Format(number));
        }
    }

    [Theory]
    [InlineData(0f, "0")]
    [InlineData(-0f, "-0")]
    [InlineData(0.1f, "0.1")]
    [InlineData(3.3333333f, "3.3333333")]
    [InlineData(999.9999f, "999.9999")]
    [InlineData(1234.5f, "1234.5")]
    [InlineData(999999.94f, "999999.94")]
    [InlineData(1e30f, "1E+30")]
    public void Writes_singles_by_their_shortest_digits(float number, string text) => Assert.Equal(text, Format(TagValue.From(number)));

    [Fact]
    public void Writes_every_single_as_the_runtime_does()
    {
        var random = new Random(20270316);
        for (var i = 0; i < 200_000; i++)
        {
            var number = random.Next(4) switch
            {
                0 => (float)Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(9)), random.Next(7)),
                1 => random.Next(-1_000_000, 1_000_000) / 1000f,
                2 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
                _ => MathF.BitIncrement(random.Next(100_000) / 100f),
            };
            if (float.IsFinite(number))
                Assert.Equal(number.ToString(CultureInfo.InvariantCulture), Format(TagValue.From(number)));
        }
    }

    private static string Format(double number) => Format(TagValue.From(number));

    private static string Format(TagValue number)
    {
        Span<byte> room = stackalloc byte[32];
        return Encoding.UTF8.GetString(room[..LineProtocolValue.FormatScalar(in number, UnsignedFields.Integer, room)]);
    }
}
