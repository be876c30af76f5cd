using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Ledger;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;

namespace FloorGateway.Pipeline.Tests.Journal;

/// <summary>
/// Every byte of a small journal of several segments, flipped and cut, as rows and as columns: the damage is found and told with its place, it costs its block and nothing else,
/// and the journal opens, goes on, and its sums close. FLOORGATEWAY_DAMAGE_BITS=8 flips each bit and opens the journal after every flip and cut.
/// </summary>
public sealed class JournalDamageTests : IDisposable
{
    private readonly TempDirectory folder = new();

    private string Path => folder["data/journal"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_byte_flipped_is_told_with_its_place_and_costs_its_block_alone(bool packed)
    {
        var journal = await WriteAsync(packed);
        foreach (var segment in journal.Segments)
        {
            var isNewest = segment == journal.Segments[^1];
            foreach (var (at, whole, damaged) in Damage.Flips(segment.Bytes))
            {
                Write(segment, damaged);
                var block = segment.Blocks.Single(b => at >= b.Start && at < b.End);
                var isEnd = isNewest && block == segment.Blocks[^1];
                var what = $"{segment.Name} byte {at}, {block.Kind} from {block.Start} to {block.End}";
                AssertTold(segment, at, isEnd, what);
                AssertRest(journal, [block], isEnd, what);
                if (Damage.IsLong || (!whole && (isNewest || (at - block.Start) % 8 == 0)))
                    await AssertOpensAsync(journal, [block], what);
            }

            Write(segment, segment.Bytes);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_cut_is_told_with_its_place_and_costs_what_was_cut(bool packed)
    {
        var journal = await WriteAsync(packed);
        foreach (var segment in journal.Segments)
        {
            var isNewest = segment == journal.Segments[^1];
            foreach (var cut in Damage.Cuts(segment.Bytes))
            {
                Write(segment, cut);
                var gone = segment.Blocks.Where(b => b.End > cut.Length).ToList();
                var what = $"{segment.Name} cut to {cut.Length}";
                // A newest segment that ends where a block ends is one that was not written any further.
                if (!isNewest || (cut.Length > 0 && segment.Blocks.TrueForAll(b => b.End != cut.Length)))
                    AssertTold(segment, cut.Length, isNewest, what);
                AssertRest(journal, gone, isNewest, what);
                if (Damage.IsLong || (isNewest ? cut.Length % 2 : cut.Length % 16) == 0)
                    await AssertOpensAsync(journal, gone, what);
            }

            Write(segment, segment.Bytes);
        }
    }

    private static void Write(Segment segment, byte[] bytes) => File.WriteAllBytes(segment.Path, bytes);

    private void AssertTold(Segment segment, int at, bool isEnd, string what)
    {
        var reports = JournalInspector.Inspect(Path).ToList();
        var damages = reports.SelectMany(r => r.Damages).ToList();
        // At the journal's end it can't be told from a write that a kill cut short.
        var told = isEnd
            ? damages.Count == 0 && reports.Any(r => r.Segment.Path == segment.Path && r.Unfinished > 0 && at <= r.Segment.Length && at >= r.Segment.Length - r.Unfinished)
            : damages is [var only] && only.Segment == segment.Name && only.Reason.Length > 0 && at >= only.Offset && at <= only.Offset + only.Length;
        Assert.True(told, $"{what}: {string.Join("; ", damages)}, unfinished {string.Join(", ", reports.Select(r => r.Unfinished))}");
    }

    private void AssertRest(Contents journal, List<Block> gone, bool isEnd, string what)
    {
        var view = JournalFolder.Open(Path);
        using var reader = view.CreateReader(view.Head);
        var (samples, gaps, skipped) = Make.ReadAll(reader, 1000);
        var left = journal.Without(gone);
        Assert.True(left.Count == samples.Count, $"{what}: {samples.Count} samples are left and not {left.Count}");
        Make.AssertSame(left, samples);
        Assert.True(skipped == (isEnd ? 0 : gone.Sum(b => b.Samples)), $"{what}: {skipped} skipped");
        Assert.True(skipped > 0 == gaps.Exists(g => g.Cause.Contains("no longer in the journal", StringComparison.Ordinal)), $"{what}: {string.Join("; ", gaps)}");
        Assert.Equal(journal.GapsWithout(gone), gaps.Select(g => g.Cause).Where(c => c.StartsWith("gap ", StringComparison.Ordinal)));
    }

    /// <summary>What a gateway does that starts on it: it opens, its sums close, it gives what is left, and what comes then follows.</summary>
    private async Task AssertOpensAsync(Contents journal, List<Block> gone, string what)
    {
        Make.CopyFolder(Path, folder["started/journal"]);
        var more = Make.Samples(3, 90_000);
        await using (var started = Make.Journal(folder["started/journal"], change: Small))
        {
            await started.Append(started.RegisterServer("cas"), more);
            Assert.True(LedgerBook.Draw(started, []).Closes, what);
            using var reader = started.CreateReader(started.Head);
            var (samples, _, skipped) = Make.ReadAll(reader, 1000);
            Make.AssertSame([.. journal.Without(gone), .. more], samples);
            Assert.Equal(started.Tail.Sequence, samples.Count + skipped);
            Assert.Equal(["body", "cas"], started.Totals().Servers.Select(s => s.Server).Order(StringComparer.Ordinal));
        }

        Assert.True(LedgerBook.Read(folder["started"]).Closes, what);
        Directory.Delete(folder["started"], true);
    }

    private async Task<Contents> WriteAsync(bool packed)
    {
        await using (var journal = Make.Journal(Path, change: Small))
        {
            var (cas, at) = (journal.RegisterServer("cas"), 0);
            while (journal.Tail.Segment < 3 || journal.Tail.Offset < 500)
            {
                await journal.Append(journal.RegisterServer(at % 3 == 2 ? "body" : "cas"), Mix(24, at * 24));
                if (at % 4 == 1)
                    await journal.AppendGapAsync(new GapRecord { Server = "cas", From = at, To = at + 1, Cause = $"gap {at}" }, CancellationToken.None);
                if (at % 5 == 3)
                    await journal.AppendAsync(cas, default, new BatchCounts(7, 4, 3), CancellationToken.None);
                at++;
            }
        }

        if (packed)
        {
            await using var journal = Make.Journal(Path, change: o => Small(o) with { PackAbove = 0, PackedBlockSamples = 50 });
            await Eventually.TrueAsync(() => !journal.IsPacking);
        }

        var segments = SegmentInfo.List(Path).ConvertAll(Segment.Read);
        Assert.Equal(3, segments.Count);
        Assert.Equal(packed ? 2 : 0, SegmentInfo.List(Path).Count(s => s.Packed));
        using var reader = JournalFolder.Open(Path) is var view ? view.CreateReader(view.Head) : null!;
        return new Contents(segments, Make.ReadAll(reader).Samples);
    }

    private static Sample[] Mix(int count, int first) => [.. Enumerable.Range(first, count).Select(i => Make.Sample(
        i % 5,
        (i % 5) switch { 0 => TagValue.From(i / 4.0), 1 => TagValue.From((long)i), 2 => TagValue.From(i % 3 == 0), 3 => TagValue.From(i % 2 == 0 ? "Execute" : "Held"), _ => TagValue.From(i * 0.1f) },
        i,
        i % 11 == 0 ? 0x80310000u : 0))];

    private static JournalOptions Small(JournalOptions options) => options with { SegmentBytes = 1000, PackAbove = long.MaxValue };

    private sealed record Block(BlockKind Kind, int Start, int End, long First, int Samples, IReadOnlyList<string> Gaps);

    private sealed record Segment(string Path, byte[] Bytes, List<Block> Blocks)
    {
        public string Name => System.IO.Path.GetFileName(Path);

        public static Segment Read(SegmentInfo segment)
        {
            var bytes = File.ReadAllBytes(segment.Path);
            var blocks = new List<Block>();
            for (var at = 0; at < bytes.Length;)
            {
                Assert.True(BlockHeader.TryRead(bytes.AsSpan(at), out var header));
                var gaps = new List<GapRecord>();
                if (header.Kind == BlockKind.Gaps)
                {
                    var decoder = new BlockDecoder();
                    var payload = bytes.AsSpan(at + BlockHeader.Size + (header.Moved ? BlockHeader.PlaceSize : 0));
                    decoder.Begin(header, payload, null);
                    decoder.ReadGaps(payload, gaps);
                }

                var end = at + BlockHeader.Size + header.PayloadLength;
                blocks.Add(new Block(header.Kind, at, end, header.FirstSequence, header.SampleCount, gaps.ConvertAll(g => g.Cause)));
                at = end;
            }

            return new Segment(segment.Path, bytes, blocks);
        }
    }

    private sealed record Contents(List<Segment> Segments, List<Sample> Samples)
    {
        public List<Sample> Without(List<Block> gone) => [.. Samples.Where((_, i) => !gone.Exists(b => i >= b.First && i < b.First + b.Samples))];

        public IEnumerable<string> GapsWithout(List<Block> gone) => Segments.SelectMany(s => s.Blocks).Where(b => !gone.Contains(b)).SelectMany(b => b.Gaps);
    }
}
