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
            var number = random.Next(4) switch
            {
                0 => Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(12)), random.Next(7)),
                1 => random.Next(-1_000_000, 1_000_000) / 10_000.0,
                2 => BitConverter.Int64BitsToDouble(random.NextInt64()),
                _ => Math.BitIncrement(random.Next(100_000) / 100.0),
            };
            if (double.IsFinite(number))
                Assert.Equal(number.ToString(CultureInfo.InvariantCulture), Format(number));
        }
    }

    private static string Format(double number)
    {
        Span<byte> room = stackalloc byte[32];
        return Encoding.UTF8.GetString(room[..LineProtocolValue.FormatScalar(TagValue.From(number), UnsignedFields.Integer, room)]);
    }
}
