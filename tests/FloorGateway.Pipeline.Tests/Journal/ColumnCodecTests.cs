using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Journal.Columns;
using FloorGateway.Pipeline.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FloorGateway.Pipeline.Tests.Journal;

public sealed class ColumnCodecTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Any_samples_come_back_to_the_last_bit() =>
        Prop.ForAll(RandomSamples.Arrays.ToArbitrary(), samples => AssertSame(samples, RoundTrip(samples, out _))).Check(Quick);

    [Fact]
    public void Any_samples_of_few_tags_come_back_to_the_last_bit() =>
        Prop.ForAll(RandomSamples.Arrays.ToArbitrary(), samples =>
        {
            var few = samples.Select(s => s with { Tag = s.Tag % 3 }).ToArray();
            AssertSame(few, RoundTrip(few, out _));
        }).Check(Quick);

    [Fact]
    public void Samples_come_back_in_pieces_of_any_size() => Prop.ForAll(RandomSamples.Arrays.ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), (samples, piece) =>
    {
        var payload = OneBlock.Encode(samples, columns: true, out var header);
        var decoder = new BlockDecoder();
        decoder.Begin(header, payload, null);
        using var batch = new SampleBatch();
        while (decoder.Remaining > 0)
            decoder.ReadSamples(payload, batch, piece);
        AssertSame(samples, batch.Samples.ToArray());
    }).Check(Quick);

    [Fact]
    public void Awkward_numbers_come_back_to_the_last_bit()
    {
        double[] doubles =
        [
            0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234), BitConverter.Int64BitsToDouble(unchecked((long)0xFFF0_0000_0000_0001)), double.Epsilon,
            -double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, 0.1, -0.1, 0.1 + 0.2, 9007199254740993, -9007199254740991, 1e22, 3.6512f,
        ];
        var floats = doubles.Select(d => (float)d).Append(BitConverter.UInt32BitsToSingle(0x7FC0_1234)).ToArray();
        var samples = new List<Sample>();
        for (var i = 0; i < doubles.Length; i++)
        {
            samples.Add(Make.Sample(0, TagValue.From(doubles[i]), i));
            samples.Add(Make.Sample(1, TagValue.From(floats[i]), i));
            samples.Add(Make.Sample(2, TagValue.From(doubles[i..]), i));
            samples.Add(Make.Sample(3, TagValue.From(floats[..i]), i));
            samples.Add(Make.Sample(4, TagValue.From(doubles.Select(d => d + i).ToArray()), i));
            samples.Add(Make.Sample(5, TagValue.From(long.MinValue + (i * long.MaxValue / 3)), i));
            samples.Add(Make.Sample(6, TagValue.From((ulong[])[ulong.MaxValue, (ulong)i]), i));
            samples.Add(Make.Sample(7, TagValue.From((bool[])[i % 2 == 0, true]), i));
            samples.Add(Make.Sample(8, i % 3 == 0 ? TagValue.Null : TagValue.From(i * 0.5), i, status: i % 3 == 0 ? 0x80310000u : 0));
        }

        AssertSame(samples, RoundTrip([.. samples], out _));
    }

    [Fact]
    public void Empty_matrix_with_rows_comes_back()
    {
        var sample = Make.Sample(0, TagValue.From(new double[300, 0]));
        AssertSame([sample], RoundTrip([sample], out _));
    }

    [Fact]
    public void Any_times_in_any_order_come_back() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<long>().Two().ArrayOf().ToArbitrary(), times =>
        {
            var samples = times.Select((t, i) => Make.Sample(i % 4, TagValue.From((long)i)) with { SourceTime = t.Item1, ReceiveTime = t.Item2 })
                .Append(Make.Sample(0, default) with { SourceTime = long.MinValue, ReceiveTime = long.MaxValue })
                .Append(Make.Sample(0, default) with { SourceTime = long.MaxValue, ReceiveTime = long.MinValue }).ToArray();
            AssertSame(samples, RoundTrip(samples, out _));
        }).Check(Quick);

    [Fact]
    public void Noisy_floats_take_hardly_more_than_their_noise()
    {
        // Cell voltages of 1 mV noise: of the 24 bits of their mantissas some 14 are noise, and no more can be known before.
        var random = new Random(7);
        var voltages = new double[36];
        var samples = Enumerable.Range(0, 2000).Select(i =>
        {
            for (var cell = 0; cell < voltages.Length; cell++)
                voltages[cell] = 3.65 + (cell * 0.001) + (i * 1e-6);
            return Make.Sample(i % 20, TagValue.From(voltages.Select(v => (float)(v + (0.001 * Gaussian(random)))).ToArray()), i * 100);
        }).ToArray();
        AssertSame(samples, RoundTrip(samples, out var bytes));
        var bits = bytes * 8.0 / (samples.Length * voltages.Length);
        Assert.InRange(bits, 13, 16);
    }

    [Fact]
    public void Meters_that_scatter_by_a_step_take_hardly_more_than_that_noise()
    {
        // A normal distribution as wide as the step has 2.05 bits; predicted from four others of its kind, 2.2.
        AssertSame(Trays(2000, 0.001), RoundTrip(Trays(2000, 0.001), out var bytes));
        Assert.InRange(bytes * 8.0 / (2000 * Cells), 2, 2.5);
    }

    [Fact]
    public void Noise_of_any_size_comes_back() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            // A tag for each size of noise and each type, so that all columns are used, alone or together.
            var random = new Random(seed);
            var samples = Enumerable.Range(0, 40 * random.Next(1, 20)).Select(i =>
            {
                var noise = Math.Pow(2, i % 40 / 2.0) * Gaussian(random);
                var number = Math.Round(1000 + noise);
                return Make.Sample(i % 40, (i % 5) switch
                {
                    0 => TagValue.From(number / 1000),
                    1 => TagValue.From((float)(number / 100)),
                    2 => TagValue.From((long)number),
                    3 => TagValue.From(Enumerable.Range(0, 6).Select(_ => (float)(Math.Round(noise * random.NextDouble()) / 10)).ToArray()),
                    _ => TagValue.From(noise),
                }, i);
            }).ToArray();
            AssertSame(samples, RoundTrip(samples, out _));
        }).Check(Quick);

    [Fact]
    public void Damage_in_noise_ends_in_invalid_data()
    {
        var trays = Trays(60, 0.001);
        var payload = OneBlock.Encode(trays, columns: true, out var header);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, with) => OneBlock.ReadDamaged(header, payload, at, (byte)with)).Check(Quick);
    }

    [Theory]
    [InlineData(SectionWriter.Huffman, 81)]
    [InlineData(SectionWriter.Huffman, ColumnLimits.MaxSectionBytes)]
    [InlineData(SectionWriter.Huffman, ColumnLimits.MaxSectionBytes + 1)]
    [InlineData(SectionWriter.Brotli, 81)]
    [InlineData(3, 10)]
    public void A_section_that_claims_to_be_more_than_it_is_is_refused(byte method, int length)
    {
        var section = new GrowingBuffer(32);
        section.WriteByte(method);
        section.WriteVarint((ulong)length);
        section.WriteVarint(10);
        section.Write(new byte[10]);
        Assert.Throws<InvalidDataException>(() =>
        {
            using var reader = new SectionReader(section.Written, 0);
            return reader.Next().Length;
        });
        Assert.Throws<InvalidDataException>(() =>
        {
            using var reader = new SectionReader(section.Written, 0);
            return reader.Next(new int[1]).Length;
        });
    }

    [Fact]
    public void Sections_that_together_claim_more_than_a_block_holds_are_refused()
    {
        var section = new GrowingBuffer(1 << 12);
        new SectionWriter().Write(section, new byte[ColumnLimits.MaxSectionBytes / 4]);
        var one = section.Written.ToArray();
        Assert.InRange(one.Length, 0, 10_000);
        for (var i = 1; i < 5; i++)
            section.Write(one);
        Assert.Throws<InvalidDataException>(() =>
        {
            using var reader = new SectionReader(section.Written, 0);
            return reader.Next(new int[5]).Length;
        });
        Assert.Throws<InvalidDataException>(() =>
        {
            using var reader = new SectionReader(section.Written, 0);
            return reader.Next(new int[2]).Length + reader.Next(new int[3]).Length;
        });
    }

    [Fact]
    public void An_array_that_is_too_long_for_columns_stays_out_of_them()
    {
        Sample[] samples = [Make.Sample(0, TagValue.From(new bool[ColumnLimits.MaxArrayElements + 1]))];
        Assert.Throws<InvalidDataException>(() => OneBlock.Encode(samples, columns: true, out _));
    }

    [Fact]
    public void Sections_come_back_one_behind_the_other()
    {
        // Stored, Brotli, Huffman, none.
        var random = new Random(1);
        byte[][] sections = [[1, 2, 3], new byte[1000], [.. Enumerable.Range(0, 1000).Select(_ => (byte)Math.Abs(Gaussian(random) * 2))], []];
        var to = new GrowingBuffer(16);
        var writer = new SectionWriter();
        foreach (var section in sections)
            writer.WriteDifferences(to, section);
        Assert.Equal([SectionWriter.Stored, SectionWriter.Brotli], [to.Written[0], to.Written[5]]);
        using var reader = new SectionReader(to.Written, 0);
        var ends = new int[sections.Length];
        var all = reader.Next(ends);
        Assert.Equal([3, 1003, 2003, 2003], ends);
        Assert.Equal(sections.SelectMany(s => s), all.ToArray());
    }

    [Fact]
    public void Decimals_that_creep_take_a_byte_or_two()
    {
        var random = new Random(7);
        var values = new double[50];
        var samples = Enumerable.Range(0, 10_000).Select(i =>
        {
            values[i % 50] += random.Next(-5, 6);
            return Make.Sample(i % 50, TagValue.From((6900 + values[i % 50]) / 10), i / 50 * 500) with { ReceiveTime = Make.Start + (i / 50 * 5_000_000L) + 1234 };
        }).ToArray();
        AssertSame(samples, RoundTrip(samples, out var bytes));
        Assert.True(bytes < samples.Length, $"{(double)bytes / samples.Length:F2} bytes a sample");
    }

    [Fact]
    public void Columns_that_make_no_sense_end_in_invalid_data() =>
        Prop.ForAll(RandomSamples.Arrays.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (samples, at, with) =>
            OneBlock.ReadDamaged(samples, columns: true, at, (byte)with)).Check(Quick);

    private const int Cells = 36;

    /// <summary>Voltages of trays of cells, rounded to the step that is also their noise.</summary>
    private static Sample[] Trays(int count, double step)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(i => Make.Sample(
            i % 20, TagValue.From(Enumerable.Range(0, Cells).Select(cell => (float)(Math.Round((3.65 / step) + cell + Gaussian(random)) / Math.Round(1 / step))).ToArray()), i * 100))];
    }

    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static void AssertSame(IReadOnlyList<Sample> expected, IReadOnlyList<Sample> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.True(SampleEquality.Same(expected[i], actual[i]), $"sample {i}: tag {expected[i].Tag} {expected[i].Value.Kind} {expected[i].Value} became tag {actual[i].Tag} {actual[i].Value.Kind} {actual[i].Value}");
    }

    private static Sample[] RoundTrip(Sample[] samples, out int bytes) => OneBlock.RoundTrip(samples, columns: true, out bytes);
}
