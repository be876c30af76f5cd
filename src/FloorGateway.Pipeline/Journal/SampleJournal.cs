using System.Collections.Concurrent;
using System.Threading.Channels;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Pipeline.Journal;

/// <summary>
/// The append-only journal on disk. Any number of senders append; one writer takes all that wait, encodes it into blocks and hands them to the system in one write
/// call, so that what was acknowledged outlives a kill of the process. Readers follow at their own pace.
/// </summary>
public sealed partial class SampleJournal : IJournalView, IAsyncDisposable
{
    private readonly JournalOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly JournalDisk disk;
    private readonly Quarantine quarantine;
    private readonly Channel<PendingAppend> queue;
    private readonly ConcurrentQueue<PendingAppend> pool = new();
    private readonly CancellationTokenSource stopping = new();

    // Guards everything that readers and the ledger see: segments, tail, committed totals, names, signals.
    private readonly Lock gate = new();
    private readonly List<SegmentInfo> segments;
    private readonly TotalsTable committed = new();
    private readonly List<TailSignal> signals = [];
    private List<string?> names;
    private AliveMark[] alive = [];
    private JournalPosition tail;

    private readonly Dictionary<string, long> lastCompleteAtOpen = new(StringComparer.Ordinal);
    private SafeFileHandle? active;
    private Task writer = Task.CompletedTask;
    private Task maintenance = Task.CompletedTask;

    private SampleJournal(JournalOptions options, TimeProvider time, ILogger logger, JournalDisk disk, Quarantine quarantine, List<SegmentInfo> segments, SegmentScan scan, JournalRecovery recovery)
    {
        (this.options, this.time, this.logger, this.disk, this.quarantine, this.segments) = (options, time, logger, disk, quarantine, segments);
        Recovery = recovery;
        names = scan.Names;
        committed.CopyFrom(scan.Totals);
        // Whose numbers damage has made nameless: no other server may go on with their counts.
        while (names.Count < committed.Count)
            names.Add(null);
        committed.EnsureCount(names.Count);
        working.CopyFrom(committed);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is { } name && committed[i].LastComplete != 0)
                lastCompleteAtOpen[name] = committed[i].LastComplete;
        }

        alive = names.Select(_ => new AliveMark()).ToArray();
        queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(options.QueueBatches) { SingleReader = true });
    }

    /// <summary>What opening found: a cut end, damaged blocks.</summary>
    public JournalRecovery Recovery { get; }

    /// <inheritdoc/>
    public JournalPosition Tail
    {
        get
        {
            lock (gate)
                return tail;
        }
    }

    /// <summary>The oldest sample still there.</summary>
    public JournalPosition Head
    {
        get
        {
            lock (gate)
                return new JournalPosition(segments[0].Number, 0, segments[0].FirstSequence);
        }
    }

    IReadOnlyList<string?> IJournalView.ServerNames
    {
        get
        {
            lock (gate)
                return names;
        }
    }

    /// <summary>Opens the folder (made where missing), repairs the end of the last segment and starts the writer.</summary>
    /// <param name="options">Where and how much.</param>
    /// <param name="time">Clock of intervals and of block times.</param>
    /// <param name="logger">Told of repairs, damage and retention.</param>
    /// <param name="furthest">
    /// What feeds have passed already, which a power cut may have taken from the journal's end: the next sequence number is at least this one's, and nothing new is
    /// written before this place.
    /// </param>
    /// <exception cref="IOException">The folder can't be made, read or written.</exception>
    public static SampleJournal Open(JournalOptions options, TimeProvider time, ILogger<SampleJournal> logger, JournalPosition furthest = default) =>
        Open(options, time, logger, furthest, JournalDisk.System);

    internal static SampleJournal Open(JournalOptions options, TimeProvider time, ILogger logger, JournalPosition furthest, JournalDisk disk)
    {
        Directory.CreateDirectory(options.Folder);
        var quarantine = new Quarantine(options.Folder, time);
        var (segments, scan, recovery) = Recover(options.Folder, furthest.Sequence, quarantine);
        var journal = new SampleJournal(options, time, logger, disk, quarantine, segments, scan, recovery);
        foreach (var damage in recovery.Damages)
            journal.LogDamaged(damage.Segment, damage.Offset, damage.Length, damage.Reason);
        if (recovery.CutBytes > 0)
            journal.LogCut(recovery.CutBytes, segments.Count > 0 ? segments[^1].Path : options.Folder);
        var next = Math.Max(scan.NextSequence, furthest.Sequence);
        (long Number, long Length) end = segments.Count == 0 ? (0, 0) : (segments[^1].Number, segments[^1].Length);
        if (segments.Count == 0 || segments[^1].Packed || next > scan.NextSequence || (furthest.Segment, furthest.Offset).CompareTo(end) > 0 || end.Length >= options.SegmentBytes)
            journal.StartSegmentOrLater(next, Math.Max(end.Number, furthest.Segment) + 1);
        else
            journal.ContinueSegment(next);
        journal.Start();
        return journal;
    }

    /// <summary>The number of a server, given at its first mention and durable. Cheap to call, but callers keep the number.</summary>
    public int RegisterServer(string name)
    {
        lock (gate)
        {
            var index = names.IndexOf(name);
            if (index >= 0)
                return index;
            // Copied, never changed in place: readers hold the list without the lock.
            names = [.. names, name];
            alive = [.. alive, new AliveMark()];
            committed.EnsureCount(names.Count);
            return names.Count - 1;
        }
    }

    /// <summary>Appends the samples of one server and completes when they would survive a kill of the process.</summary>
    /// <param name="server">From <see cref="RegisterServer"/>.</param>
    /// <param name="samples">Normalised samples; not to be touched until the task is done.</param>
    /// <param name="counts">What came in and what was suppressed on the way.</param>
    /// <param name="cancel">Gives up waiting for a place in the queue, or for room on a full disk. While it is being written, the outcome is waited for.</param>
    /// <exception cref="IOException">The disk refused; nothing of the batch was appended. A full disk is no such refusal: there the append waits.</exception>
    public ValueTask AppendAsync(int server, ReadOnlyMemory<Sample> samples, BatchCounts counts, CancellationToken cancel)
    {
        var item = PendingAppend.Rent(pool);
        item.SetSamples(server, samples, counts, cancel);
        return Enqueue(item, cancel);
    }

    /// <summary>Appends a gap record.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public ValueTask AppendGapAsync(GapRecord gap, CancellationToken cancel)
    {
        var item = PendingAppend.Rent(pool);
        item.SetGap(RegisterServer(gap.Server), gap, cancel);
        return Enqueue(item, cancel);
    }

    /// <summary>Notes that a server's values are complete up to a moment; written at <see cref="JournalOptions.AliveInterval"/>.</summary>
    public void MarkAlive(int server, long utcTicks)
    {
        var mark = Volatile.Read(ref alive)[server];
        var before = Volatile.Read(ref mark.Ticks);
        // A mark from before the clock was set back would hide all that is lost until the clock is there again.
        if (utcTicks > before || before > time.GetUtcNow().UtcTicks)
            Volatile.Write(ref mark.Ticks, utcTicks);
    }

    /// <summary>While held, neither samples nor alive marks move the moment up to which a server is complete.</summary>
    public void HoldComplete(int server, bool hold) => Volatile.Write(ref Volatile.Read(ref alive)[server].Held, hold);

    /// <summary>UTC ticks up to which a server's values were complete when the journal was opened; null = never seen.</summary>
    public long? LastComplete(string server) => lastCompleteAtOpen.TryGetValue(server, out var ticks) ? ticks : null;

    /// <summary>Samples received from one server that a kill would leave, since the journal was made.</summary>
    public long CountReceived(int server)
    {
        lock (gate)
            return committed[server].Received;
    }

    /// <summary>Totals of all servers and the number of samples ever appended, at one moment.</summary>
    public (IReadOnlyList<(string Server, ServerTotals Totals)> Servers, JournalPosition Tail) Totals()
    {
        lock (gate)
        {
            var servers = new List<(string, ServerTotals)>(names.Count);
            for (var i = 0; i < committed.Count; i++)
                servers.Add((i < names.Count && names[i] is { } name ? name : $"(unnamed {i})", committed[i]));
            return (servers, tail);
        }
    }

    /// <summary>A reader that starts at a position; where that is no longer there, at the oldest sample left.</summary>
    /// <param name="from">Where to start.</param>
    /// <param name="lastReceive">Receive time (UTC ticks) of the sample before it: where a gap found at once begins. 0 = not known.</param>
    public JournalReader CreateReader(JournalPosition from, long lastReceive = 0)
    {
        var signal = new TailSignal();
        lock (gate)
            signals.Add(signal);
        return new JournalReader(this, from, lastReceive, signal, () =>
        {
            lock (gate)
                signals.Remove(signal);
        });
    }

    SegmentInfo? IJournalView.SegmentFrom(long number)
    {
        lock (gate)
        {
            foreach (var segment in segments)
            {
                if (segment.Number >= number)
                    return segment;
            }

            return null;
        }
    }

    void IJournalView.ReportDamage(JournalDamage damage)
    {
        LogDamaged(damage.Segment, damage.Offset, damage.Length, damage.Reason);
        if (quarantine.Keep(damage) is { } copy)
            LogQuarantined(copy);
    }

    /// <summary>Takes no more, writes what waits (alive marks included), forces it to the disk and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        await maintenance;
        await packing;
        TryEnqueueMarks();
        queue.Writer.TryComplete();
        await writer;
        try
        {
            FlushIfDirty();
        }
        finally
        {
            active?.Dispose();
            active = null;
            stopping.Dispose();
            packWanted.Dispose();
        }
    }

    private static (List<SegmentInfo> Segments, SegmentScan Scan, JournalRecovery Recovery) Recover(string folder, long minimumSequence, Quarantine quarantine)
    {
        var segments = SegmentInfo.List(folder, out var left);
        foreach (var file in left.Concat(Directory.EnumerateFiles(folder, "*" + UnfinishedExtension)).ToList())
            File.Delete(file);
        var damages = new List<JournalDamage>();
        long cut = 0;
        // A kill between making a segment and its first block leaves a stub that says nothing.
        while (segments.Count > 1 && segments[^1].Length < BlockHeader.Size)
        {
            cut += segments[^1].Length;
            File.Delete(segments[^1].Path);
            segments.RemoveAt(segments.Count - 1);
        }

        using (var source = new BlockSource())
        {
            foreach (var segment in segments)
                SegmentScan.TryReadStart(segment, source);
        }

        var scan = new SegmentScan();
        // The newest segment with its totals is enough; where its start is damaged, the ones before it give them.
        var first = segments.FindLastIndex(s => s.Created != 0);
        for (var i = Math.Max(first, 0); i < segments.Count; i++)
            scan.Scan(segments[i]);
        damages.AddRange(scan.Damages);
        foreach (var damage in damages)
            quarantine.Keep(damage);
        if (segments.Count == 0 || segments[^1].Packed)
        {
            // A packed segment was whole before it got its name: no end to cut.
        }
        else if (segments.Count > 1 && scan.SoundLength == 0)
        {
            // Killed while its first block was written: the segment before it is the end.
            cut += segments[^1].Length;
            File.Delete(segments[^1].Path);
            segments.RemoveAt(segments.Count - 1);
        }
        else if (scan.SoundLength < segments[^1].Length)
        {
            cut += segments[^1].Length - scan.SoundLength;
            using var handle = File.OpenHandle(segments[^1].Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.SetLength(handle, scan.SoundLength);
            segments[^1].Length = scan.SoundLength;
        }

        var lost = Math.Max(0, minimumSequence - scan.NextSequence);
        return (segments, scan, new JournalRecovery(segments.Count, cut, damages, segments.Count == 0 ? 0 : lost));
    }

    private ValueTask Enqueue(PendingAppend item, CancellationToken cancel)
    {
        var task = item.Task;
        if (queue.Writer.TryWrite(item))
            return task;
        return EnqueueSlowly(item, cancel);
    }

    private async ValueTask EnqueueSlowly(PendingAppend item, CancellationToken cancel)
    {
        var task = item.Task;
        try
        {
            await queue.Writer.WriteAsync(item, cancel);
        }
        catch (ChannelClosedException)
        {
            item.Return();
            throw new ObjectDisposedException(nameof(SampleJournal), "the journal is closed; the gateway is stopping");
        }
        catch (OperationCanceledException)
        {
            item.Return();
            throw;
        }

        await task;
    }

    /// <summary>A box that a writer on another thread may hold while the array around it grows.</summary>
    private sealed class AliveMark
    {
        public long Ticks;
        public bool Held;
    }
}
