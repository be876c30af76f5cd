using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Support;

internal static class Make
{
    public static readonly long Start = new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public static Sample Sample(int tag, TagValue value, long atMs = 0, uint status = 0, SampleOrigin origin = SampleOrigin.Live) => new()
    {
        Tag = tag,
        Value = value,
        SourceTime = Start + (atMs * TimeSpan.TicksPerMillisecond),
        ReceiveTime = Start + (atMs * TimeSpan.TicksPerMillisecond) + 1234,
        Status = status,
        Origin = origin,
    };

    public static Sample[] Samples(int count, int firstMs = 0) =>
        [.. Enumerable.Range(0, count).Select(i => Sample(i % 7, TagValue.From(firstMs + i + 0.25), firstMs + i))];

    public static SampleBatch Batch(params ReadOnlySpan<Sample> samples)
    {
        var batch = new SampleBatch();
        batch.AddRange(samples);
        return batch;
    }

    public static TagDefinition Tag(string path, string server = "cas", ValueKind kind = ValueKind.Null, string? unit = null, double low = double.NaN, double high = double.NaN, int id = 0) => new()
    {
        Id = id,
        Path = path,
        Server = server,
        EquipmentType = "DieCastCell",
        UnitPath = path[..Math.Max(0, path.LastIndexOf('/'))],
        Signal = path[(path.LastIndexOf('/') + 1)..],
        Kind = kind,
        UnitCode = unit,
        Low = low,
        High = high,
    };

    public static SampleJournal Journal(string folder, TimeProvider? time = null, Func<JournalOptions, JournalOptions>? change = null, JournalPosition furthest = default)
    {
        var options = new JournalOptions { Folder = folder };
        return SampleJournal.Open(change?.Invoke(options) ?? options, time ?? new ManualTimeProvider(), NullLogger<SampleJournal>.Instance, furthest);
    }

    public static Task Append(this SampleJournal journal, int server, params Sample[] samples) =>
        journal.AppendAsync(server, samples, new BatchCounts(samples.Length, 0, 0), CancellationToken.None).AsTask();

    /// <summary>Everything from a position to the tail, and what was skipped.</summary>
    public static (List<Sample> Samples, List<Model.Gaps.GapRecord> Gaps, long Skipped) ReadAll(JournalReader reader, int most = 100)
    {
        var samples = new List<Sample>();
        var gaps = new List<Model.Gaps.GapRecord>();
        long skipped = 0;
        using var batch = new SampleBatch();
        while (true)
        {
            batch.Clear();
            var before = reader.Position;
            var read = reader.Read(batch, gaps, most);
            Assert.Equal(read.Samples, batch.Count);
            Assert.Equal(before, read.Start);
            Assert.Equal(read.Start.Sequence + read.Skipped, read.FirstSequence);
            Assert.Equal(read.FirstSequence + read.Samples, read.End.Sequence);
            samples.AddRange(batch.Samples);
            skipped += read.Skipped;
            if (read.IsEmpty)
                return (samples, gaps, skipped);
        }
    }

    public static void AssertSame(IReadOnlyList<Sample> expected, IReadOnlyList<Sample> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            AssertSame(expected[i], actual[i], i);
    }

    public static void AssertSame(in Sample expected, in Sample actual, int index = 0)
    {
        Assert.True(
            expected.Value.Equals(actual.Value) && expected.SourceTime == actual.SourceTime && expected.ReceiveTime == actual.ReceiveTime && expected.Status == actual.Status
            && expected.Tag == actual.Tag && expected.Origin == actual.Origin && expected.Flags == actual.Flags,
            $"sample {index}: tag {expected.Tag} {expected.Value.Kind} {expected.Value} became tag {actual.Tag} {actual.Value.Kind} {actual.Value}");
    }

    /// <summary>What a kill of the process at this moment would leave: the files as they are.</summary>
    public static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            if (file.EndsWith(".lock", StringComparison.Ordinal))
                continue;
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = File.Create(target);
            source.CopyTo(copy);
        }
    }
}
