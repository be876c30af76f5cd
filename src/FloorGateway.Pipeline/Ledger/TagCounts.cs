using FloorGateway.Model.Ledger;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Journal;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Ledger;

/// <summary>Keeps the ledger by tag of a running pipeline, and its file.</summary>
internal sealed partial class TagCounts : IAsyncDisposable
{
    // How far behind the counts are at most when nobody asks, and what a start after a kill has to read again.
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1), SaveInterval = TimeSpan.FromSeconds(60);

    private readonly string file;
    private readonly ITagCatalog catalog;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly TagTally tally;
    private readonly JournalReader reader;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task loop;
    private long saved = -1;

    private TagCounts(string file, TagTally tally, JournalReader reader, ITagCatalog catalog, TimeProvider time, ILogger logger)
    {
        (this.file, this.tally, this.reader, this.catalog, this.time, this.logger) = (file, tally, reader, catalog, time, logger);
        loop = Task.Run(RunAsync);
    }

    /// <summary>Goes on from the file; from the oldest sample in the journal where there is none.</summary>
    public static TagCounts Open(string file, SampleJournal journal, ITagCatalog catalog, TimeProvider time, ILogger<TagCounts> logger)
    {
        var tally = TagTally.Load(file, out var damaged) ?? new TagTally(journal.Head);
        // A journal that was moved away begins anew, and so do its counts.
        var foreign = tally.Position.Sequence > journal.Tail.Sequence;
        if (foreign)
            tally = new TagTally(journal.Head);
        var counts = new TagCounts(file, tally, journal.CreateReader(tally.Position), catalog, time, logger);
        if (damaged || foreign)
            counts.LogAnew(file, damaged ? "it is damaged" : "it is of another journal");
        return counts;
    }

    /// <summary>Counts a batch that has been journaled: what was received and is not among the kept was suppressed.</summary>
    public void Count(ReadOnlySpan<int> received, ReadOnlySpan<Sample> kept)
    {
        // Nothing suppressed, nothing released: by far the most batches.
        if (received.Length == kept.Length)
        {
            var same = true;
            for (var i = 0; i < kept.Length && same; i++)
                same = received[i] == kept[i].Tag;
            if (same)
                return;
        }

        lock (gate)
        {
            foreach (var tag in received)
                tally.AddSuppressed(tag, 1);
            foreach (ref readonly var sample in kept)
                tally.AddSuppressed(sample.Tag, -1);
        }
    }

    public IReadOnlyList<TagLedger> Draw()
    {
        lock (gate)
        {
            tally.ReadOn(reader);
            return tally.Draw(catalog);
        }
    }

    /// <summary>The sums that do not close, in words.</summary>
    public IReadOnlyList<string> Differences()
    {
        lock (gate)
            return tally.Difference() is { } difference ? [difference] : [];
    }

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        await loop;
        ReadAndSave(save: true);
        reader.Dispose();
        tally.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(ReadInterval, time);
        var since = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var save = time.GetElapsedTime(since) >= SaveInterval;
                if (save)
                    since = time.GetTimestamp();
                ReadAndSave(save);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private void ReadAndSave(bool save)
    {
        try
        {
            lock (gate)
            {
                tally.ReadOn(reader);
                if (!save || tally.Version == saved)
                    return;
                tally.Save(file);
                saved = tally.Version;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(file, e.Message);
        }
    }

    [LoggerMessage(1557, LogLevel.Warning, "{File} can't be used: {Reason}. The counts by tag begin anew with the oldest sample in the journal; the sums by server and feed are not concerned")]
    private partial void LogAnew(string file, string reason);

    [LoggerMessage(1555, LogLevel.Warning, "The counts by tag can't be brought up to date in {File}: {Message}. Tried again; the sums by server and feed are not concerned")]
    private partial void LogNotSaved(string file, string message);
}
