using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Foreign;

/// <summary>Samples of all kinds over several units, with what a server must hold afterwards. The seed is fixed; floats are binary fractions, so sums are exact in any order.</summary>
public sealed class SampleMix
{
    public const int Units = 5;
    public const int Scans = 300;

    private readonly Dictionary<string, (long Count, double Sum)> expected = new(StringComparer.Ordinal);
    private readonly Random random = new(20270315);

    /// <param name="start">UTC ticks of the first scan; scans are 100 ms apart.</param>
    public SampleMix(long start)
    {
        for (var unit = 0; unit < Units; unit++)
        {
            foreach (var signal in new[] { "Shot.Velocity", "Force Sum", "GoodCount", "Total", "Guard=Closed", "PartId", "Voltage", "State" })
                Catalog.Add($"LXE/JSH/CAS/L01/DC0{unit}/PRESS", signal);
        }

        for (var scan = 0; scan < Scans; scan++)
        {
            for (var unit = 0; unit < Units; unit++)
                Scan(unit * 8, start + (scan * TimeSpan.TicksPerMillisecond * 100));
        }
    }

    public Catalog Catalog { get; } = new();

    public List<Sample> Samples { get; } = [];

    /// <summary>Count and sum of the stored values by field name over all units; of booleans the number of true ones, of strings the count alone.</summary>
    public IReadOnlyDictionary<string, (long Count, double Sum)> Expected => expected;

    private void Scan(int first, long time)
    {
        Add(first, "Shot.Velocity", time, TagValue.From(random.Next(7168) / 1024.0));
        Add(first + 1, "Force Sum", time, TagValue.From((float)random.Next(100_000) / 8));
        Add(first + 2, "GoodCount", time, TagValue.From((ulong)random.Next(1_000_000)));
        Add(first + 3, "Total", time, TagValue.From(random.NextInt64(-1L << 40, 1L << 40)));
        Add(first + 4, "Guard=Closed", time, TagValue.From(random.Next(2) == 1));
        Add(first + 5, "PartId", time, TagValue.From($"GC-R \"270315\", a=b\\{random.Next(1000)} 压铸"));
        Add(first + 6, "Voltage", time, TagValue.From(new[] { 3.5f, 3.25f, random.Next(64) / 16f }));
        Add(first + 7, "State", time, TagValue.From((long)random.Next(18)));
    }

    private void Add(int tag, string field, long time, TagValue value)
    {
        var status = random.Next(20) switch { 0 => Bad, 1 => Uncertain, _ => 0u };
        Samples.Add(Of(tag, time, value, status));
        if (status != 0)
            Count(field + ".q", status);
        if (status == Bad)
            return;
        switch (value.Reference)
        {
            case float[] elements:
                for (var i = 0; i < elements.Length; i++)
                    Count($"{field}[{i}]", elements[i]);
                break;
            case null:
                Count(field, value.AsDouble());
                break;
            default:
                Count(field, 0);
                break;
        }
    }

    private void Count(string field, double value)
    {
        var so = expected.GetValueOrDefault(field);
        expected[field] = (so.Count + 1, so.Sum + value);
    }
}
