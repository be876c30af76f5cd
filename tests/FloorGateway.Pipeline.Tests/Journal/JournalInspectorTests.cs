using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;

namespace FloorGateway.Pipeline.Tests.Journal;

public sealed class JournalInspectorTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Sound_journal_is_counted_whole()
    {
        await WriteAsync();
        var reports = JournalInspector.Inspect(folder.Path).ToList();
        Assert.True(reports.Count > 2);
        Assert.Equal(2000, reports.Sum(r => r.Samples));
        Assert.Equal(1, reports.Sum(r => r.Gaps));
        Assert.All(reports, r => Assert.Empty(r.Damages));
        Assert.All(reports, r => Assert.Equal((0L, 0L), (r.Missing, r.Unfinished)));
        Assert.All(reports.Where(r => r.Samples > 0), r => Assert.Equal(7, r.Tags));
        Assert.Equal(Make.Samples(1)[0].ReceiveTime, reports[0].From);
        Assert.Equal(Make.Samples(1, 1999)[0].ReceiveTime, reports.Max(r => r.To));
    }

    [Fact]
    public async Task Damage_and_what_it_cost_are_named()
    {
        await WriteAsync();
        var segment = SegmentInfo.List(folder.Path)[1];
        var bytes = await File.ReadAllBytesAsync(segment.Path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(segment.Path, bytes);
        var report = JournalInspector.Inspect(folder.Path).ElementAt(1);
        var damage = Assert.Single(report.Damages);
        Assert.Equal(Path.GetFileName(segment.Path), damage.Segment);
        Assert.InRange(bytes.Length / 2, damage.Offset, damage.Offset + damage.Length - 1);
        Assert.Equal(50, report.Missing);
    }

    [Fact]
    public async Task Unfinished_end_is_no_damage()
    {
        await WriteAsync();
        var segment = SegmentInfo.List(folder.Path)[^1];
        await using (var file = new FileStream(segment.Path, FileMode.Append))
            file.Write("FGBK and then the power went"u8);
        var report = JournalInspector.Inspect(folder.Path).Last();
        Assert.Empty(report.Damages);
        Assert.Equal(28, report.Unfinished);
    }

    [Fact]
    public async Task Query_gives_the_range_wanted_in_journal_order()
    {
        await WriteAsync();
        var all = Enumerable.Range(0, 40).SelectMany(i => Make.Samples(50, i * 50)).ToArray();
        using var query = new JournalQuery(folder.Path, new JournalRange { From = all[100].SourceTime, To = all[1500].SourceTime, Tag = t => t is 2 or 5 });
        var found = new List<Sample>();
        using var batch = new SampleBatch();
        while (query.TryRead(batch))
            found.AddRange(batch.Samples);
        Make.AssertSame([.. all[100..1500].Where(s => s.Tag is 2 or 5)], found);
        Assert.Equal(0, query.Missing);
    }

    private async Task WriteAsync()
    {
        await using var journal = Make.Journal(folder.Path, change: o => o with { SegmentBytes = 4000 });
        var server = journal.RegisterServer("cas");
        for (var i = 0; i < 2000; i += 50)
            await journal.Append(server, Make.Samples(50, i));
        await journal.AppendGapAsync(new GapRecord { Server = "cas", From = 1, To = 2, Cause = "a test" }, CancellationToken.None);
    }
}
