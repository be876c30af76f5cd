namespace Torture;

/// <summary>Notes how the journal grows, so that it can be said when the bytes that a blow takes were written: in a quiet plant the last 3,000 are half a minute old.</summary>
internal sealed class JournalWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly string folder;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<(long Ticks, string Segment, long Length)> notes = [];
    private readonly Task watching;

    public JournalWatch(string folder)
    {
        this.folder = folder;
        watching = WatchAsync();
    }

    /// <summary>The last moment (UTC ticks) at which a segment was known to end before a place in it.</summary>
    public long Before(string segment, long offset)
    {
        lock (gate)
            return notes.FindLast(n => string.CompareOrdinal(n.Segment, segment) < 0 || (n.Segment == segment && n.Length <= offset)).Ticks;
    }

    public static string? LastSegment(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*.journal").Order(StringComparer.Ordinal).LastOrDefault() : null;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stopping.Token))
        {
            // The moment first: what is there then was written before it.
            var now = DateTime.UtcNow.Ticks;
            if (LastSegment(folder) is not { } segment || !File.Exists(segment))
                continue;
            var length = new FileInfo(segment).Length;
            lock (gate)
                notes.Add((now, segment, length));
        }
    }
}
