namespace FloorGateway.Pipeline.Journal;

public sealed partial class SampleJournal
{
    private Func<long> neededFrom = () => long.MaxValue;
    private long nextRetention;

    // Number of a segment that the disk had no room for at the start; 0 = none. The first append begins it.
    private long owedSegment;

    /// <summary>Tells retention which segment is the first that a feed still needs; <see cref="long.MaxValue"/> = none needs any.</summary>
    public void SetNeeded(Func<long> firstSegmentNeeded) => neededFrom = firstSegmentNeeded;

    /// <summary>Deletes whole segments that the options no longer keep. The one being written always stays.</summary>
    public void ApplyRetention() => ApplyRetention(pressed: false);

    /// <param name="pressed">The disk is full: everything that all feeds have passed goes, whatever the options would keep.</param>
    private void ApplyRetention(bool pressed)
    {
        while (true)
        {
            SegmentInfo oldest;
            long size, tooOldAt;
            lock (gate)
            {
                if (segments.Count < 2)
                    return;
                oldest = segments[0];
                size = segments.Sum(s => s.Length);
                // All of a segment is older than the start of the next one.
                tooOldAt = segments[1].Created + options.KeepFor.Ticks;
            }

            var passed = oldest.Number < neededFrom();
            var forced = size > options.MaxBytes && options.WhenFull == JournalFullPolicy.EvictOldest;
            if (!forced && !(passed && (pressed || size > options.KeepBytes || time.GetUtcNow().UtcTicks > tooOldAt)))
                return;
            if (!TryRemove(oldest))
                return;
            if (passed)
                LogRemoved(oldest.Path);
            else
                LogExpired(oldest.Path, options.MaxBytes);
        }
    }

    private bool TryRemove(SegmentInfo oldest)
    {
        try
        {
            File.Delete(oldest.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogRetentionFailed(oldest.Path, e.Message);
            return false;
        }

        lock (gate)
            segments.Remove(oldest);
        return true;
    }

    private void ContinueSegment(long sequence)
    {
        var segment = segments[^1];
        active = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        namesWritten = names.Count;
        tail = new JournalPosition(segment.Number, segment.Length, sequence);
    }

    private void RollSegment()
    {
        CheckLimit();
        FlushIfDirty();
        lock (flushGate)
        {
            active?.Dispose();
            active = null;
        }

        StartSegment(tail.Sequence, owedSegment != 0 ? owedSegment : tail.Segment + 1);
        owedSegment = 0;
        ApplyRetention();
        packWanted.Release();
    }

    /// <summary>
    /// At the start. On a full disk the journal opens all the same, so that feeds deliver what waits in it, which is what may make room; the first append tries again, and waits
    /// as it does where the disk runs full later. A journal that has nothing yet has nothing to open for.
    /// </summary>
    private void StartSegmentOrLater(long sequence, long number)
    {
        try
        {
            StartSegment(sequence, number);
        }
        catch (IOException e) when (segments.Count > 0 && JournalFull.Is(e))
        {
            owedSegment = number;
            tail = new JournalPosition(segments[^1].Number, SegmentScan.EndOf(segments[^1]), sequence);
        }
    }

    /// <summary>Begins a segment with everyone's totals and names.</summary>
    private void StartSegment(long sequence, long number)
    {
        var path = SegmentInfo.PathOf(options.Folder, number, sequence);
        var now = time.GetUtcNow().UtcTicks;
        var known = ((IJournalView)this).ServerNames;
        working.EnsureCount(known.Count);
        encoder.Clear();
        EncodeServers(0, known, sequence, now);
        var handle = disk.Create(path);
        try
        {
            disk.Write(handle, encoder.Written, 0);
        }
        catch
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }

        active = handle;
        dirty = true;
        namesWritten = known.Count;
        lock (gate)
            segments.Add(new SegmentInfo { Number = number, FirstSequence = sequence, Path = path, Created = now, Length = encoder.Length });
        Publish(new JournalPosition(number, encoder.Length, sequence));
    }

    private bool TryEnqueueMarks()
    {
        var item = PendingAppend.Rent(pool);
        item.SetMarks();
        if (queue.Writer.TryWrite(item))
            return true;
        item.Return();
        return false;
    }

    private async Task MaintainAsync()
    {
        var period = options.FlushInterval > TimeSpan.Zero ? options.FlushInterval : TimeSpan.FromMilliseconds(100);
        using var timer = new PeriodicTimer(period, time);
        var nextMarks = time.GetTimestamp();
        nextRetention = nextMarks;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    FlushIfDirty();
                    if (time.GetElapsedTime(nextMarks) >= options.AliveInterval && TryEnqueueMarks())
                        nextMarks = time.GetTimestamp();
                    if (time.GetElapsedTime(nextRetention) >= options.RetentionInterval)
                    {
                        nextRetention = time.GetTimestamp();
                        ApplyRetention();
                    }
                }
                catch (Exception e)
                {
                    LogMaintenanceFailed(e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }
}
