namespace FloorGateway.Pipeline.Journal;

/// <summary>Why appends wait.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Message">What the disk or the journal's limit says.</param>
public sealed record JournalTrouble(DateTimeOffset Since, string Message);

public sealed partial class SampleJournal
{
    private volatile JournalTrouble? trouble;

    /// <summary>Why appends wait at this moment; null = they don't.</summary>
    public JournalTrouble? Trouble => trouble;

    /// <summary>A group could not be committed as a whole. Ends when each of it is in the journal, refused by itself, or given up by its sender.</summary>
    private async Task RecoverAsync(Exception error)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            if (!JournalFull.Is(error))
            {
                CommitOneByOne(error);
            }
            else if (!MakeRoom(error) && !await WaitForRoomAsync(error))
            {
                Complete(group, error);
                break;
            }

            if (group.Count == 0 || TryCommit(group) is not { } again)
            {
                Complete(group, null);
                break;
            }

            error = again;
        }

        if (trouble is null)
            return;
        trouble = null;
        LogRoom((long)time.GetElapsedTime(since).TotalSeconds);
    }

    /// <summary>One of them can't be written: finds out which, so that the others don't suffer. What a full disk keeps from being written stays in the group.</summary>
    private void CommitOneByOne(Exception error)
    {
        if (group.Count == 1)
        {
            group[0].Complete(error);
            group.Clear();
            return;
        }

        var left = new List<PendingAppend>();
        foreach (var item in group)
        {
            var own = left.Count > 0 ? null : TryCommit([item]);
            if (left.Count > 0 || (own is not null && JournalFull.Is(own)))
                left.Add(item);
            else
                item.Complete(own);
        }

        group.Clear();
        group.AddRange(left);
    }

    /// <summary>True where something was deleted, so that it is worth an attempt at once.</summary>
    private bool MakeRoom(Exception error)
    {
        if (options.WhenFull != JournalFullPolicy.EvictOldest || !JournalFull.CanBeFreed(error))
            return false;
        SegmentInfo oldest;
        lock (gate)
        {
            if (segments.Count < 2)
                return false;
            oldest = segments[0];
        }

        if (!TryRemove(oldest))
            return false;
        LogEvicted(oldest.Path);
        return true;
    }

    /// <summary>Waits a while; senders that give up meanwhile are let go, and those that come are taken along. False = the journal is closed.</summary>
    private async Task<bool> WaitForRoomAsync(Exception error)
    {
        if (trouble is null)
            LogFull(error.Message);
        trouble = new JournalTrouble(trouble?.Since ?? time.GetUtcNow(), error.Message);
        try
        {
            await Task.Delay(options.FullRetryInterval, time, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        while (queue.Reader.TryRead(out var item))
            group.Add(item);
        for (var i = group.Count - 1; i >= 0; i--)
        {
            var item = group[i];
            if (item.Kind == AppendKind.Marks)
                item.Return();
            else if (item.Cancel.IsCancellationRequested)
                item.Complete(new OperationCanceledException("the journal is full, and the sender no longer waits", item.Cancel));
            else
                continue;
            group.RemoveAt(i);
        }

        return true;
    }

    /// <exception cref="JournalFullException">The limit is reached and nothing may go.</exception>
    private void CheckLimit()
    {
        if (options.WhenFull != JournalFullPolicy.Wait)
            return;
        ApplyRetention();
        long size;
        lock (gate)
            size = segments.Sum(s => s.Length);
        if (size + options.SegmentBytes > options.MaxBytes)
            throw new JournalFullException($"it holds {size} bytes that feeds have not delivered yet, and its limit is {options.MaxBytes}");
    }
}
