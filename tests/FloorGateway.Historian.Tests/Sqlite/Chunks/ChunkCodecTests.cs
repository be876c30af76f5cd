using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Model.Values;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Sqlite.Chunks;

public class ChunkCodecTests
{
    private readonly ChunkCodec codec = new();
    private readonly ChunkBuffer buffer = new();
    private readonly SampleColumns decoded = new();

    public static TheoryData<string> Series => ["steady", "drifting", "mantissas", "singles", "counter", "switch", "states", "extremes", "trays", "texts", "mixed", "one", "gaps"];

    [Theory]
    [MemberData(nameof(Series))]
    public void Gives_back_every_bit(string name)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var samples = Make(name, new Random(seed), name == "one" ? 1 : 1 + (seed * 37));
            AssertSame(samples, Encode(samples));
        }
    }

    [Theory]
    [InlineData("steady", 0.3)]
    [InlineData("drifting", 1.8)]
    [InlineData("counter", 1)]
    [InlineData("switch", 1.3)]
    [InlineData("mantissas", 9)]
    public void Is_small(string name, double bytesOfSample)
    {
        var samples = Make(name, new Random(7), 512, allGood: true);
        Assert.InRange(Encode(samples).Length / 512.0, 0, bytesOfSample);
    }

    [Theory]
    [MemberData(nameof(Series))]
    public void Damaged_bytes_are_refused_or_read_as_something_else_but_never_break_anything(string name)
    {
        var random = new Random(11);
        var bytes = Encode(Make(name, random, 70));
        for (var i = 0; i < 400; i++)
        {
            var damaged = bytes[..(i % 4 == 0 ? random.Next(bytes.Length) : bytes.Length)];
            if (damaged.Length > 0)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                codec.Decode(damaged, decoded);
                for (var k = 0; k < decoded.Count; k++)
                    _ = decoded.ValueAt(k);
            }
            catch (InvalidDataException)
            {
                // As it should be.
            }
        }
    }

    [Fact]
    public void Encodes_a_part()
    {
        var samples = Make("mixed", new Random(5), 100);
        buffer.Clear();
        codec.Encode(samples, 17, 31, buffer);
        codec.Decode(buffer.Written, decoded);
        Assert.Equal(31, decoded.Count);
        for (var i = 0; i < 31; i++)
            Assert.Equal((samples.Times[17 + i], samples.ValueAt(17 + i), samples.Status[17 + i]), (decoded.Times[i], decoded.ValueAt(i), decoded.Status[i]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(63)]
    [InlineData(64)]
    public void Packs_numbers_of_every_width(int width)
    {
        var random = new Random(width);
        for (var count = 0; count <= BitPacking.Block; count++)
        {
            var numbers = new ulong[count];
            foreach (ref var number in numbers.AsSpan())
                number = width == 0 ? 0 : (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> (64 - width);
            buffer.Clear();
            BitPacking.Pack(numbers, width, buffer);
            var read = new ulong[count];
            var reader = new ChunkReader(buffer.Written);
            BitPacking.Unpack(ref reader, width, read);
            Assert.Equal(numbers, read);
            Assert.True(reader.Rest.IsEmpty);
        }
    }

    private byte[] Encode(SampleColumns samples)
    {
        buffer.Clear();
        codec.Encode(samples, 0, samples.Count, buffer);
        return buffer.Written.ToArray();
    }

    private void AssertSame(SampleColumns samples, byte[] bytes)
    {
        codec.Decode(bytes, decoded);
        Assert.Equal(samples.Times, decoded.Times);
        Assert.Equal(samples.Status, decoded.Status);
        for (var i = 0; i < samples.Count; i++)
            Assert.Equal(samples.ValueAt(i), decoded.ValueAt(i));
    }

    private static SampleColumns Make(string name, Random random, int count, bool allGood = false)
    {
        var samples = new SampleColumns();
        var time = T0;
        var value = 20.0;
        var number = 0L;
        for (var i = 0; i < count; i++)
        {
            time += name switch
            {
                "steady" or "counter" => TimeSpan.TicksPerSecond,
                "extremes" => random.NextInt64(1, 1L << random.Next(1, 50)),
                "gaps" => random.Next(20) == 0 ? TimeSpan.TicksPerDay : TimeSpan.TicksPerMillisecond * 100,
                _ => TimeSpan.TicksPerMillisecond * random.Next(998, 1003),
            };
            value += random.NextDouble() - 0.5;
            number += random.Next(1, 4);
            var of = name switch
            {
                "steady" => TagValue.From(21.5),
                "drifting" or "one" or "gaps" => TagValue.From(Math.Round(value, 2)),
                "mantissas" => TagValue.From(value),
                "singles" => TagValue.From(i % 90 < 70 ? (float)Math.Round(value, 1) : (float)value),
                "counter" => TagValue.From(number),
                "switch" => TagValue.From(random.Next(10) == 0),
                "states" => TagValue.From((long)random.Next(18)),
                "extremes" => Extreme(random),
                "trays" => TagValue.From(Enumerable.Range(0, 36).Select(c => (float)Math.Round(3.2 + (random.NextDouble() / 100), 3)).ToArray()),
                "texts" => TagValue.From(random.Next(3) == 0 ? $"GC-R \"{random.Next()}\" 压铸" : "Idle"),
                _ => Mixed(random),
            };
            samples.Add(time, in of, allGood ? 0 : random.Next(15) switch { 0 => Bad, 1 => Uncertain, _ => 0u });
        }

        return samples;
    }

    private static TagValue Extreme(Random random) => random.Next(9) switch
    {
        0 => TagValue.From(double.NaN),
        1 => TagValue.From(BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234)),
        2 => TagValue.From(-0.0),
        3 => TagValue.From(double.MaxValue),
        4 => TagValue.From(double.Epsilon),
        5 => TagValue.From(double.NegativeInfinity),
        6 => TagValue.From(1e22),
        7 => TagValue.From((double)(1L << 53)),
        _ => TagValue.From(random.NextDouble()),
    };

    private static TagValue Mixed(Random random) => random.Next(12) switch
    {
        0 => TagValue.Null,
        1 => TagValue.From(random.Next(2) == 0),
        2 => TagValue.From(random.NextInt64(long.MinValue, long.MaxValue)),
        3 => TagValue.From(ulong.MaxValue - (ulong)random.Next(5)),
        4 => TagValue.From((float)random.NextDouble()),
        5 => TagValue.From(random.NextDouble()),
        6 => TagValue.From(new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc)),
        7 => TagValue.From(new string('长', random.Next(5))),
        8 => TagValue.From(new byte[random.Next(4)]),
        9 => TagValue.From(new double[random.Next(3)]),
        10 => TagValue.From(new[] { "a", "" }),
        _ => TagValue.From(new StructureValue { TypeName = "T", Fields = [new("V", TagValue.From(1.5))] }),
    };
}
