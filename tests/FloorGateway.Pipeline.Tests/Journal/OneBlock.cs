using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Journal.Columns;

namespace FloorGateway.Pipeline.Tests.Journal;

/// <summary>One block of samples, there and back, for the tests of both ways to write it.</summary>
internal static class OneBlock
{
    /// <summary>Encodes samples as rows or as columns.</summary>
    /// <param name="samples">What.</param>
    /// <param name="columns">How.</param>
    /// <param name="header">The block's.</param>
    /// <returns>The payload.</returns>
    public static byte[] Encode(Sample[] samples, bool columns, out BlockHeader header)
    {
        var encoder = new BlockEncoder();
        var unit = SampleCode.TimeUnits.Length - 1;
        foreach (var sample in samples)
        {
            while (sample.SourceTime % SampleCode.TimeUnits[unit] != 0)
                unit--;
        }

        var min = samples.Length == 0 ? 0 : samples.Min(s => s.ReceiveTime);
        if (columns)
        {
            encoder.BeginMoved(0, 1);
            encoder.WriteTotals([], []);
            encoder.WriteColumns(new ColumnEncoder(), samples, unit, min);
        }
        else
        {
            encoder.Begin();
            encoder.WriteTotals([], []);
            encoder.BeginSamples(unit, min);
            encoder.WriteSamples(samples);
        }

        encoder.End(columns ? BlockKind.Columns : BlockKind.Samples, 0, min, min);
        Assert.True(BlockHeader.TryRead(encoder.Written, out header));
        return encoder.Written[(columns ? BlockHeader.Size + BlockHeader.PlaceSize : BlockHeader.Size)..].ToArray();
    }

    /// <summary>Reads a payload whole.</summary>
    public static Sample[] Decode(BlockHeader header, byte[] payload)
    {
        var decoder = new BlockDecoder();
        decoder.Begin(header, payload, null);
        using var batch = new SampleBatch();
        decoder.ReadSamples(payload, batch, int.MaxValue);
        return batch.Samples.ToArray();
    }

    public static Sample[] RoundTrip(Sample[] samples, bool columns, out int bytes)
    {
        var payload = Encode(samples, columns, out var header);
        bytes = payload.Length + BlockHeader.Size;
        return Decode(header, payload);
    }

    /// <summary>Changes a byte of a payload whose checksum is taken as right, and reads it: anything but what the reader takes for damage fails.</summary>
    public static void ReadDamaged(Sample[] samples, bool columns, int at, byte with)
    {
        var payload = Encode(samples, columns, out var header);
        ReadDamaged(header, payload, at, with);
    }

    /// <summary>The same of a payload that is there already; it stays as it is.</summary>
    public static void ReadDamaged(BlockHeader header, ReadOnlySpan<byte> of, int at, byte with)
    {
        var payload = of.ToArray();
        payload[at % payload.Length] = with;
        try
        {
            Decode(header, payload);
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
        }
    }
}
