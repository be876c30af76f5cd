using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FsCheck;
using FsCheck.Fluent;

namespace FloorGateway.Pipeline.Tests.Support;

/// <summary>Samples of every kind with every extreme, for properties.</summary>
internal static class RandomSamples
{
    public static Gen<Sample[]> Arrays => One.ArrayOf();

    public static Gen<Sample> One =>
        from value in Values(2)
        from tag in Gen.Frequency((5, Gen.Choose(0, 300)), (1, Gen.Choose(0, int.MaxValue)))
        from source in Gen.OneOf(Gen.Choose(0, 100_000).Select(ms => Make.Start + (ms * TimeSpan.TicksPerMillisecond)), Longs.Select(l => l & long.MaxValue))
        from receive in Gen.Frequency((4, Gen.Constant(Make.Start)), (2, Gen.Choose(0, int.MaxValue).Select(t => Make.Start + t)))
        from status in Gen.Elements(0u, 0u, 0u, 0x40000000u, 0x80310000u, uint.MaxValue)
        from origin in Gen.Choose(0, 4)
        from flags in Gen.Elements(0, 0, 0, 1, 8, 31)
        select new Sample { Value = value, Tag = tag, SourceTime = source, ReceiveTime = receive, Status = status, Origin = (SampleOrigin)origin, Flags = (SampleFlags)flags };

    private static Gen<long> Longs => Gen.OneOf(
        Gen.Elements(0L, 1, -1, long.MaxValue, long.MinValue, int.MaxValue, 127, 128, 16383, 16384),
        ArbMap.Default.GeneratorFor<long>(),
        Gen.Choose(int.MinValue, int.MaxValue).Two().Select(p => ((long)p.Item1 << 32) ^ p.Item2));

    private static Gen<double> Doubles => Gen.OneOf(
        Gen.Elements(0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 1e15, 0.1 + 0.2, 1234567.123456, 1 << 30),
        Longs.Select(BitConverter.Int64BitsToDouble),
        Gen.Choose(-10_000_000, 10_000_000).Select(n => n / 1000.0),
        Gen.Choose(-10_000_000, 10_000_000).Select(n => (double)(n / 7f)));

    private static Gen<string> Strings => Gen.OneOf(Gen.Elements("", "Execute", "Held", "运行", "a\0b", new string('x', 5000)), Gen.Choose(0, 99).Select(i => $"PART-{i}"));

    private static Gen<TagValue> Values(int depth) => Gen.OneOf(
    [
        Gen.Constant(TagValue.Null),
        Gen.Elements(TagValue.From(false), TagValue.From(true)),
        Longs.Select(TagValue.From),
        Longs.Select(l => TagValue.From((ulong)l)),
        Doubles.Select(TagValue.From),
        Doubles.Select(d => TagValue.From((float)d)),
        Longs.Select(l => TagValue.FromBits(ValueKind.DateTime, l & DateTime.MaxValue.Ticks % (1L << 60))),
        Strings.Select(TagValue.From),
        Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().Select(TagValue.From),
        .. depth == 0 ? [] : (IEnumerable<Gen<TagValue>>)[ArrayValues(depth), Structures(depth)],
    ]);

    private static Gen<TagValue> ArrayValues(int depth) => Gen.OneOf(
        Doubles.ArrayOf().Select(a => TagValue.From(a)),
        Doubles.Select(d => (float)d).ArrayOf().Select(a => TagValue.From(a)),
        Longs.ArrayOf().Select(a => TagValue.From(a)),
        Longs.Select(l => (ulong)l).ArrayOf().Select(a => TagValue.From(a)),
        Gen.Elements(true, false).ArrayOf().Select(a => TagValue.From(a)),
        Strings.ArrayOf().Select(a => TagValue.From(a)),
        Gen.Choose(0, int.MaxValue).Select(s => DateTime.UnixEpoch.AddSeconds(s)).ArrayOf().Select(a => TagValue.From(a)),
        Structures(depth).Select(v => v.AsStructure()!).ArrayOf().Select(a => TagValue.From(a)),
        Doubles.Array2DOf().Select(a => TagValue.From(a)),
        Strings.Array2DOf().Select(a => TagValue.From(a)));

    private static Gen<TagValue> Structures(int depth) =>
        from type in Strings
        from fields in (from name in Strings from value in Values(depth - 1) select new KeyValuePair<string, TagValue>(name, value)).ArrayOf()
        from body in Gen.Elements<byte[]?>(null, [1, 2, 3])
        select TagValue.From(new StructureValue { TypeName = type, Fields = fields, Body = body });
}
