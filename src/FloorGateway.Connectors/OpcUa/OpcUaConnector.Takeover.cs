using FloorGateway.Model.Gaps;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>What one run leaves to the next: the subscriptions, and how far the journal has them.</summary>
public sealed partial class OpcUaConnector
{
    /// <summary>What a power cut takes with it, where our clock was set within that: a tenth of a second, unless a disk lied.</summary>
    private static readonly TimeSpan ClockDoubt = TimeSpan.FromSeconds(8);

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
            downtime = new Downtime(last, earlier.LostUntil, "the end of the journal was lost with the computer's power", earlier.ServerAhead);
        return earlier.Checkpoint;
    }

    /// <summary>The gap before this run, once a message has told how the server's clock stands: values carry its time, what the journal remembers is ours.</summary>
    /// <param name="serverAhead">.NET ticks; null = no message came.</param>
    private void NameDowntime(long? serverAhead)
    {
        if (downtime is not { } gap)
            return;
        downtime = null;
        var ahead = Math.Abs(serverAhead ?? 0) <= GapMargin.Ticks ? 0 : serverAhead!.Value;
        var then = gap.ServerAhead is { } known && Math.Abs(known - ahead) > GapMargin.Ticks ? known : ahead;
        var (from, to) = (gap.From + ahead, gap.To + then);
        if (gap.ServerAhead is not null)
        {
            // Our clock may have been set before the end, in what is lost, or since. By which of both its beginning was read is told by its end, which came later.
            if (from > to + GapMargin.Ticks || (gap.From + then > from && gap.From + then <= to + GapMargin.Ticks))
                from = gap.From + then;
            if (from > to + GapMargin.Ticks)
                from = to - ClockDoubt.Ticks;
            // As far as the server's messages came late, the end is later too.
            if (then != ahead)
                to = Math.Max(to, serverAhead is null ? gap.To : time.GetUtcNow().UtcTicks + ahead);
        }

        var margin = GapMargin + options.Subscription.PublishingInterval;
        gaps.Enqueue(new GapRecord { Server = options.Server, From = Math.Min(from, to) - margin.Ticks, To = Math.Max(from, to), Cause = gap.Cause });
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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

    /// <summary>What nobody listened to before this run, or what was lost again, in UTC .NET ticks of our clock.</summary>
    /// <param name="From">The last moment before it that is whole.</param>
    /// <param name="To">Its end.</param>
    /// <param name="Cause">In words.</param>
    /// <param name="ServerAhead">By how much the server's clock was ahead of ours at its end, at least; .NET ticks; null = not known.</param>
    private readonly record struct Downtime(long From, long To, string Cause, long? ServerAhead);
}
