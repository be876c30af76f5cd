using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>What one run leaves to the next: the subscriptions, and how far the journal has them.</summary>
public sealed partial class OpcUaConnector
{
    private TakeoverFile? takeover;
    private SessionCheckpoint? pendingTakeover;
    private bool toldNotKept;

    // What the journal has counted for this server, and where the message that failed began.
    private long received;
    private long failedFrom;
    private int failedCount;

    void ISubscriptionHandler.OnSubscriptionsChanged(SessionCheckpoint checkpoint)
    {
        if (takeover is null)
            return;
        pendingTakeover = checkpoint;
        if (gaps.IsEmpty && downtime is null)
            ReplaceTakeover();
    }

    void ISubscriptionHandler.OnTakenOver(IReadOnlyList<uint>? clientHandles, long completeTicks)
    {
        isUnseen = true;
        LogTakenOver(options.Server, UaDateTime.FromTicks(completeTicks));
        for (var i = 0; i < (clientHandles?.Count ?? items.Count); i++)
        {
            var handle = clientHandles is null ? (uint)i : clientHandles[i];
            awaitsInitial[handle] = false;
            // Where the server's queue lost values meanwhile, they came after this.
            lastSourceTime[handle] = completeTicks - options.Subscription.PublishingInterval.Ticks - GapMargin.Ticks;
        }
    }

    /// <summary>Opens the file and reads what the earlier run left; sets aside the gap that only a run without heirs has to name.</summary>
    private SessionCheckpoint? OpenTakeover()
    {
        if (options.TakeoverFile is null || sink.CountReceived(options.Server) is not { } counted)
            return null;
        received = counted;
        try
        {
            takeover = new TakeoverFile(options.TakeoverFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotKept(e);
            return null;
        }

        if (completeBefore is not { } last || takeover.Load(counted) is not { } earlier)
            return null;
        completeBefore = null;
        if (earlier.LostUntil != 0)
            downtime = (last - GapMargin.Ticks - options.Subscription.PublishingInterval.Ticks, Math.Max(last, earlier.LostUntil), "the end of the journal was lost with the computer's power");
        return earlier.Checkpoint;
    }

    /// <summary>Whether the append of a message that failed has reached the journal all the same. Ask before anything else is appended.</summary>
    private bool IsInJournal(bool again)
    {
        var (from, count) = (failedFrom, failedCount);
        failedCount = 0;
        if (!again || sink.CountReceived(options.Server) is not { } counted)
            return false;
        received = counted;
        return count > 0 && counted >= from + count;
    }

    private async ValueTask AppendAsync((uint Subscription, uint Sequence) message)
    {
        var count = batch.Count;
        (failedFrom, failedCount) = (received, count);
        NoteTaken(message.Subscription, message.Sequence, 0, count);
        if (count == 0)
            return;
        await sink.AppendAsync(options.Server, batch, stopping.Token).ConfigureAwait(false);
        received += count;
    }

    private void NoteTaken(uint subscriptionId, uint sequence, long completeTicks, int count)
    {
        if (takeover is null || pendingTakeover is not null)
            return;
        try
        {
            takeover.Note(subscriptionId, sequence, completeTicks, received, count, time.GetUtcNow().UtcTicks);
        }
        catch (IOException e)
        {
            NotKept(e);
        }
    }

    private void ReplaceTakeover()
    {
        var checkpoint = pendingTakeover!;
        pendingTakeover = null;
        try
        {
            takeover!.Replace(checkpoint, received, time.GetUtcNow().UtcTicks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotKept(e);
        }
    }

    private void NotKept(Exception error)
    {
        if (toldNotKept)
            return;
        toldNotKept = true;
        LogTakeoverNotKept(options.Server, options.TakeoverFile!, error.Message);
    }
}
