using System.Collections.Concurrent;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Status;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>
/// Brings one server's values into the gateway. A notification is acknowledged to the server only after its samples are in the journal; what can't be had
/// back becomes a gap record.
/// </summary>
public sealed partial class OpcUaConnector : ISubscriptionHandler, IAsyncDisposable
{
    // Bits of a status code that say how the value was got, not what it is worth (OPC 10000-4, 7.39.1).
    private const uint InfoBits = 0x0000_0FFF;

    /// <summary>Types without a definition that are remembered; a server that makes up ids must not fill the memory.</summary>
    private const int MaxUnknownTypes = 1000;

    /// <summary>
    /// How far before the last journaled message a gap begins. A message is complete up to its publish time, and up to a publishing
    /// interval and the way through a busy server may lie between that and its receipt.
    /// </summary>
    private static readonly TimeSpan GapMargin = TimeSpan.FromSeconds(1);

    private readonly OpcUaConnectorOptions options;
    private readonly ISampleSink sink;
    private readonly ITagCatalog catalog;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ItemTable items;
    private readonly Dictionary<int, uint> handleOf = [];
    private readonly SampleBatch batch = new(4096);
    private readonly ConcurrentQueue<GapRecord> gaps = new();
    private readonly ConcurrentDictionary<string, string> badTags = new();
    private readonly bool[] awaitsInitial;
    private readonly long[] lastSourceTime;

    // Around a gap: source times of the last value before it and the first after it, and how far history filled it. 0 = none.
    private readonly long[] previousSource;
    private readonly long[] firstSource;
    private readonly long[] fetchedUpTo;
    private readonly CancellationTokenSource stopping = new();
    private readonly string security;
    private readonly ResilientSubscription subscription;
    private long? completeBefore;
    private Downtime? downtime;
    private (uint Subscription, uint Sequence) failed;
    private bool held;
    private int disposed;
    private bool toldUnknown;
    private string? revision;
    private string? serverState;
    private ConnectionStatus status;

    /// <summary>Starts to connect at once.</summary>
    public OpcUaConnector(OpcUaConnectorOptions options, ISampleSink sink, ITagCatalog catalog, TimeProvider time, ILoggerFactory loggers)
    {
        (this.options, this.sink, this.catalog, this.time) = (options, sink, catalog, time);
        logger = loggers.CreateLogger<OpcUaConnector>();
        items = new ItemTable(options.Tags);
        for (var handle = 0u; handle < items.Count; handle++)
        {
            foreach (var tag in items.TagsOf(handle))
                handleOf[tag] = handle;
        }

        foreach (var (tag, reason) in items.Unreadable)
            badTags[catalog[tag].Path] = reason;
        unitFlags = new SampleFlags[items.Count];
        awaitsInitial = new bool[items.Count];
        Array.Fill(awaitsInitial, true);
        lastSourceTime = new long[items.Count];
        (previousSource, firstSource, fetchedUpTo) = (new long[items.Count], new long[items.Count], new long[items.Count]);
        security = options.Client.SecurityMode == MessageSecurityMode.None ? "None" : $"{options.Client.SecurityPolicy.Name} {options.Client.SecurityMode}";
        completeBefore = sink.LastComplete(options.Server);
        status = NewStatus("Connecting", null);
        var earlier = OpenTakeover();
        subscription = ResilientSubscription.Start(
            options.Client, options.Subscription with { KeepOnStop = takeover is not null }, items.Settings, this, earlier, time, loggers);
    }

    public ConnectionStatus Status => Volatile.Read(ref status) with { BadTags = new Dictionary<string, string>(badTags) };

    /// <summary>Units of measure that the server and the configuration disagree on.</summary>
    public IReadOnlyList<GatewayCondition> Conditions => Volatile.Read(ref unitConditions);

    /// <summary>The session while there is one, for reading, writing and calling.</summary>
    public UaClient? Client => subscription.Client;

    async ValueTask ISubscriptionHandler.OnNotificationAsync(Notification notification)
    {
        // More comes behind it that may be older than its arrival: until that is in the journal too, the server is not complete up to now.
        if (!held && (notification.MoreNotifications || notification.IsRepublished))
            sink.HoldComplete(options.Server, held = true);
        var message = (notification.SubscriptionId, notification.SequenceNumber);
        try
        {
            batch.Clear();
            var again = message == failed;
            var isIn = IsInJournal(again);
            // What the first attempt found missing is noted already.
            Fill(notification, again);
            await DecodeStructuresAsync().ConfigureAwait(false);
            // Not by when it was sent first: a message that waited in the server for this run is as old as the gap.
            NameDowntime(notification.ServerTicks == 0 ? null : notification.ServerTicks - notification.ReceivedTicks);
            await AppendGapsAsync().ConfigureAwait(false);
            if (!isIn)
                await AppendAsync(message).ConfigureAwait(false);
        }
        catch
        {
            failed = message;
            throw;
        }

        failed = default;
        // The first message may come before the constructor is done.
        knownStart = subscription?.Client?.ServerStartTicks ?? knownStart;
        notification.Acknowledge();
        CheckUnitsOnce();
        ShowOnce();
    }

    void ISubscriptionHandler.OnGap(SubscriptionGap gap)
    {
        LogGap(options.Server, gap.From, gap.To, gap.Cause);
        // The gap begins with a publication. What was to come next may carry an earlier source time, by as much as the server takes from the value to its publication.
        var from = Math.Max(0, gap.FromTicks - options.Subscription.PublishingInterval.Ticks);
        if (gap.ClientHandles is null)
        {
            gaps.Enqueue(new GapRecord { Server = options.Server, From = from, To = gap.ToTicks, Cause = gap.Cause });
            for (var handle = 0u; handle < items.Count; handle++)
                AwaitInitial(handle);
            return;
        }

        foreach (var handle in gap.ClientHandles)
        {
            AwaitInitial(handle);
            foreach (var tag in items.TagsOf(handle))
                gaps.Enqueue(new GapRecord { Server = options.Server, Tag = catalog[tag].Path, From = from, To = gap.ToTicks, Cause = gap.Cause });
        }

        void AwaitInitial(uint handle)
        {
            awaitsInitial[handle] = true;
            (previousSource[handle], firstSource[handle], fetchedUpTo[handle]) = (lastSourceTime[handle], 0, 0);
        }
    }

    void ISubscriptionHandler.OnComplete(uint subscriptionId, long serverTicks, long receivedTicks)
    {
        CheckUnitsOnce();
        ShowOnce();
        if (held)
            sink.HoldComplete(options.Server, held = false);
        // While a gap is not in the journal yet, a kill must find the moment before it.
        if (!gaps.IsEmpty || downtime is not null)
            return;
        sink.MarkAlive(options.Server, receivedTicks);
        NoteTaken(subscriptionId, 0, serverTicks, 0);
    }

    void ISubscriptionHandler.OnItemsRevised(RevisedItems? revised)
    {
        revision = revised?.ToString();
        ShowDetail();
    }

    void ISubscriptionHandler.OnServerState(ServerState state)
    {
        serverState = state == ServerState.Running ? null : $"the server says that it is {state}: its values may stand still";
        ShowDetail();
    }

    void ISubscriptionHandler.OnStateChanged(SubscriptionState state, string reason)
    {
        if (state == SubscriptionState.Running && completeBefore is { } last)
        {
            // Only now is it known how long nobody listened: until the new subscription's items were made. A clock that was set back in between says
            // less about when: everything that either clock may have meant is named.
            completeBefore = null;
            var now = time.GetUtcNow().UtcTicks;
            downtime = new Downtime(Math.Min(last, now), Math.Max(last, now), "the gateway was not running", null);
        }

        Volatile.Write(ref status, state switch
        {
            SubscriptionState.Running => NewStatus("Connected", serverState ?? revision),
            SubscriptionState.Waiting or SubscriptionState.Stopped => NewStatus("Disconnected", reason),
            _ => NewStatus("Connecting", reason),
        });
    }

    void ISubscriptionHandler.OnItemStatus(uint clientHandle, StatusCode code)
    {
        foreach (var tag in items.TagsOf(clientHandle))
        {
            var path = catalog[tag].Path;
            if (code.IsBad)
            {
                if (badTags.TryAdd(path, code.ToString()))
                    LogRefused(options.Server, path, code.ToString());
            }
            else if (badTags.TryRemove(path, out _))
            {
                LogTaken(options.Server, path);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await unitCheck.CancelAsync().ConfigureAwait(false);
        // The subscription first, so that a notification in work still reaches the journal.
        await subscription.DisposeAsync().ConfigureAwait(false);
        try
        {
            // Gaps that no notification came after.
            NameDowntime(null);
            await AppendGapsAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogGapsNotKept(options.Server, gaps.Count, e.Message);
        }

        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(checkingUnits, showing).ConfigureAwait(false);
        unitCheck.Dispose();
        stopping.Dispose();
        batch.Dispose();
        fetchedBatch.Dispose();
        takeover?.Dispose();
    }

    private async ValueTask AppendGapsAsync()
    {
        while (gaps.TryPeek(out var gap))
        {
            foreach (var left in await BackfillAsync(gap).ConfigureAwait(false))
                await sink.AppendGapAsync(left, stopping.Token).ConfigureAwait(false);
            gaps.TryDequeue(out _);
        }

        // Only now: until the gaps are in the journal, the next run must find the moment before them.
        if (pendingTakeover is not null)
            ReplaceTakeover();
    }

    /// <summary>The server's queue for these tags was too short: it says that values before this one are gone.</summary>
    private void NameOverflow(ReadOnlySpan<int> tags, long from, long to)
    {
        // Before an item's first value nothing is known but that it was asked for within the last publishing interval.
        if (from == 0)
            from = Math.Max(0, to - options.Subscription.PublishingInterval.Ticks - GapMargin.Ticks);
        foreach (var tag in tags)
        {
            var path = catalog[tag].Path;
            LogOverflow(options.Server, path);
            gaps.Enqueue(new GapRecord { Server = options.Server, Tag = path, From = Math.Min(from, to), To = to, Cause = "the server's queue for this tag was too short: raise 'queue'" });
        }
    }

    private void ShowDetail()
    {
        if (status.State == "Connected")
            Volatile.Write(ref status, status with { Detail = serverState ?? revision });
    }

    private ConnectionStatus NewStatus(string state, string? detail) =>
        new(options.Server, options.Client.EndpointUrl, state, detail, security, time.GetUtcNow(), options.Tags.Count, new Dictionary<string, string>());

    private void Fill(Notification notification, bool again)
    {
        var received = notification.ReceivedTicks;
        var origin = notification.IsRepublished ? SampleOrigin.Backfill : SampleOrigin.Live;
        var changes = notification.DataChanges;
        while (changes.MoveNext())
        {
            var handle = changes.ClientHandle;
            var tags = items.TagsOf(handle);
            if (tags.IsEmpty)
            {
                NameUnknown(handle);
                continue;
            }

            var first = batch.Count;
            ref var sample = ref batch.Add();
            sample.Tag = tags[0];
            sample.Value = ToValue(ref changes, tags[0], out var unreadable);
            sample.SourceTime = changes.SourceTicks != 0 ? changes.SourceTicks : changes.ServerTicks != 0 ? changes.ServerTicks : received;
            sample.ReceiveTime = received;
            sample.Status = unreadable ? StatusCodes.BadDecodingError : changes.Status.Value & ~InfoBits;
            sample.Origin = origin;
            sample.Flags = unitFlags[handle];
            hasStructures |= sample.Value.Kind == ValueKind.Structure || sample.Value.Reference is StructureValue?[];
            if (changes.SourceTicks == 0)
                sample.Flags |= SampleFlags.SourceTimeSubstituted;
            if (changes.IsOverflow)
            {
                sample.Flags |= SampleFlags.Overflow;
                if (!again)
                    NameOverflow(tags, lastSourceTime[handle], sample.SourceTime);
            }

            lastSourceTime[handle] = sample.SourceTime;
            if ((awaitsInitial[handle] || again) && sample.SourceTime <= fetchedUpTo[handle])
            {
                // History gave it already.
                awaitsInitial[handle] = false;
                batch.Truncate(first);
                continue;
            }

            if (awaitsInitial[handle])
            {
                awaitsInitial[handle] = false;
                firstSource[handle] = sample.SourceTime;
                sample.Origin = SampleOrigin.Initial;
            }

            for (var i = 1; i < tags.Length; i++)
            {
                batch.Add(batch[first]);
                batch[first + i].Tag = tags[i];
            }
        }

        if (!changes.Failed || again)
            return;
        LogMalformed(options.Server, notification.SequenceNumber, changes.Error.ToString());
        // A message that came again may not say when it was sent first.
        var published = notification.PublishTicks == 0 ? received : notification.PublishTicks;
        gaps.Enqueue(new GapRecord
        {
            Server = options.Server,
            From = published - options.Subscription.PublishingInterval.Ticks,
            To = published,
            Cause = $"the server sent a notification that can't be read: {changes.Error}",
        });
    }

    /// <summary>One value that can't be converted must not hold up its server: the message would come again for ever.</summary>
    private TagValue ToValue(ref DataChangeReader changes, int tag, out bool unreadable)
    {
        try
        {
            unreadable = false;
            return ValueConverter.ToTagValue(ref changes);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            unreadable = true;
            LogUnreadable(options.Server, catalog[tag].Path, e.Message);
            return TagValue.Null;
        }
    }

    private void NameUnknown(uint handle)
    {
        if (toldUnknown)
            return;
        toldUnknown = true;
        LogUnknownHandle(options.Server, handle);
    }
}
