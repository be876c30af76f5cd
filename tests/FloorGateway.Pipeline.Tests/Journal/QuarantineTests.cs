using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;

namespace FloorGateway.Pipeline.Tests.Journal;

public sealed class QuarantineTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Damaged_block_is_copied_once_with_a_report_and_the_rest_is_read()
    {
        await WriteAsync();
        var file = Directory.GetFiles(folder.Path).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        await using var journal = Make.Journal(folder.Path);
        // While it is open: as a disk that rots.
        bytes[bytes.Length / 2] ^= 0x40;
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            await stream.WriteAsync(bytes);
        for (var i = 0; i < 3; i++)
        {
            using var reader = journal.CreateReader(journal.Head);
            var (samples, gaps, skipped) = Make.ReadAll(reader);
            Assert.Equal((450, 50L, 1), (samples.Count, skipped, gaps.Count));
        }

        var report = Assert.Single(Directory.GetFiles(folder["quarantine"], "*.txt"));
        Assert.Contains("checksum", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
        var copy = await File.ReadAllBytesAsync(Path.ChangeExtension(report, ".bin"));
        Assert.True(bytes.AsSpan().IndexOf(copy) is var at && at <= bytes.Length / 2 && at + copy.Length > bytes.Length / 2);
        Assert.True(BlockHeader.TryRead(copy, out var header));
        Assert.Equal(50, header.SampleCount);
    }

    [Fact]
    public async Task End_that_is_cut_off_at_the_start_is_kept_too()
    {
        await WriteAsync();
        var file = Directory.GetFiles(folder.Path).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^5] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await using var journal = Make.Journal(folder.Path);
        Assert.Equal(450, journal.Tail.Sequence);
        Assert.True(journal.Recovery.CutBytes > 0);
        var copy = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder["quarantine"], "*.bin")));
        Assert.Equal(bytes[^copy.Length..], copy);
        Assert.Equal(journal.Recovery.CutBytes, copy.Length);
    }

    private async Task WriteAsync()
    {
        await using var journal = Make.Journal(folder.Path);
        var server = journal.RegisterServer("cas");
        for (var i = 0; i < 500; i += 50)
            await journal.Append(server, Make.Samples(50, i));
    }
}
