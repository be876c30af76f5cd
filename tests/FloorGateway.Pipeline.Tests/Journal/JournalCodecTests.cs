using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace FloorGateway.Pipeline.Tests.Journal;

public sealed class JournalCodecTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Any_samples_come_back_as_they_were() => Prop.ForAll(RandomSamples.Arrays.ToArbitrary(), samples =>
    {
        var decoded = RoundTrip(samples, out _);
        Make.AssertSame(samples, decoded);
    }).Check(Quick);

    [Fact]
    public void Samples_come_back_in_pieces_of_any_size() => Prop.ForAll(RandomSamples.Arrays.ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), (samples, piece) =>
    {
        var payload = OneBlock.Encode(samples, columns: false, out var header);
        var decoder = new BlockDecoder();
        decoder.Begin(header, payload, null);
        using var batch = new SampleBatch();
        while (decoder.Remaining > 0)
            decoder.ReadSamples(payload, batch, piece);
        Make.AssertSame(samples, batch.Samples.ToArray());
    }).Check(Quick);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(690.123456)]
    [InlineData(0.1234567)]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    [InlineData(140737488.355327)]
    [InlineData(9007199254740993)]
    public void Double_keeps_every_bit(double value)
    {
        var sample = Make.Sample(0, TagValue.From(value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), RoundTrip([sample], out _)[0].Value.Bits);
        var single = Make.Sample(0, TagValue.From((float)value));
        Assert.Equal(single.Value.Bits, RoundTrip([single], out _)[0].Value.Bits);
    }

    [Fact]
    public void Typical_telemetry_takes_less_than_ten_bytes_a_sample()
    {
        // A second of a server with 400 tags at 200 ms: temperatures of 0.1, pressures of 0.001, counters, states, flags, formation voltages as floats.
        var random = new Random(1);
        var samples = new List<Sample>();
        for (var tick = 0; tick < 5; tick++)
        {
            for (var tag = 0; tag < 400; tag++)
            {
                var value = (tag % 10) switch
                {
                    0 or 1 or 2 => TagValue.From(Math.Round(20 + (700 * random.NextDouble()), 1)),
                    3 or 4 => TagValue.From(Math.Round(5 * random.NextDouble(), 3)),
                    5 => TagValue.From((long)random.Next(100_000)),
                    6 => TagValue.From((long)random.Next(17)),
                    7 => TagValue.From(random.Next(2) == 0),
                    8 => TagValue.From((float)(3.6 + (0.1 * random.NextDouble()))),
                    _ => TagValue.From(50 + random.NextDouble()),
                };
                samples.Add(Make.Sample(tag, value, (tick * 200) + random.Next(200)) with { ReceiveTime = Make.Start + (tick * 2_000_000) });
            }
        }

        RoundTrip([.. samples], out var bytes);
        var each = (double)bytes / samples.Count;
        Assert.True(each < 10, $"{each:F2} bytes a sample");
        TestContext.Current.SendDiagnosticMessage($"{each:F2} bytes a sample");
    }

    [Fact]
    public void Damaged_payload_that_passed_its_checksum_ends_in_invalid_data_and_never_asks_for_wild_memory() =>
        Prop.ForAll(RandomSamples.Arrays.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (samples, at, with) =>
            OneBlock.ReadDamaged(samples, columns: false, at, (byte)with)).Check(Quick);

    private static Sample[] RoundTrip(Sample[] samples, out int bytes) => OneBlock.RoundTrip(samples, columns: false, out bytes);
}
