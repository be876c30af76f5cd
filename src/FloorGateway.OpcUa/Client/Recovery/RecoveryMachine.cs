using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client.Subscriptions;

namespace FloorGateway.OpcUa.Client.Recovery;

/// <summary>
/// Brings a subscription back after whatever happened, losing as little as the server allows (OPC 10000-4, 6.7): the same session
/// on a new channel and Republish; else a new session and TransferSubscriptions; else a new subscription and a gap. Pure: events
/// in, steps out, no I/O and no clock of its own. One owner.
/// </summary>
public sealed class RecoveryMachine
{
    /// <summary>Attempts to resume before the session is given up: a server that was set up anew may refuse the old endpoint without a word.</summary>
    public const int MaxResumeAttempts = 5;

    /// <summary>Publishing that lasted this long counts as a success, and the delays start short again.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    private readonly Backoff _backoff;
    private bool _hasSession;
    private bool _hasSubscription;
    private int _resumeAttempts;
    private long _goodTicks;
    private string? _gapCause;
    private RecoveryAction _current;
    private DateTimeOffset _publishingSince;

    /// <param name="backoff">Delays between attempts.</param>
    /// <param name="subscriptionToTakeOver">True when an earlier run left a subscription on the server.</param>
    /// <param name="goodTicks">The server's time up to which data is complete from an earlier run; 0 = there was none.</param>
    public RecoveryMachine(Backoff backoff, bool subscriptionToTakeOver = false, long goodTicks = 0)
    {
        _backoff = backoff;
        _hasSubscription = subscriptionToTakeOver;
        _goodTicks = goodTicks;
        if (goodTicks != 0 && !subscriptionToTakeOver)
        {
            _gapCause = "the subscription of the earlier run was not taken over because its items have changed";
        }
    }

    /// <summary>Whether the session is believed to live on the server.</summary>
    public bool HasSession => _hasSession;

    /// <summary>Whether the subscription is believed to live on the server.</summary>
    public bool HasSubscription => _hasSubscription;

    /// <summary>The server's time up to which everything was delivered, UTC ticks.</summary>
    public long GoodTicks => _goodTicks;

    /// <summary>Everything up to this time of the server was delivered.</summary>
    public void Good(long serverTicks)
    {
        if (serverTicks > _goodTicks)
        {
            _goodTicks = serverTicks;
        }
    }

    public RecoveryStep On(RecoveryEvent e, DateTimeOffset now)
    {
        var step = e.Kind switch
        {
            RecoveryEventKind.Start => Connect("starting"),
            RecoveryEventKind.DelayElapsed => Reopen("trying again"),
            RecoveryEventKind.Connected => OnConnected(),
            RecoveryEventKind.Resumed => OnResumed(),
            RecoveryEventKind.Transferred => new(RecoveryAction.Republish, SubscriptionState.Recovering, "the subscription was taken over by the new session"),
            RecoveryEventKind.Republished => Publish(null, "nothing more to be asked for again", now),
            RecoveryEventKind.Created => OnCreated(e, now),
            RecoveryEventKind.ChannelLost => OnChannelLost(e, now),
            RecoveryEventKind.ConsumerFailed => Wait(e.Reason),
            RecoveryEventKind.SessionLost => OnSessionLost(e, now),
            RecoveryEventKind.SubscriptionLost => OnSubscriptionLost(e, now),
            _ => OnRefused(e),
        };
        _current = step.Action;
        return step;
    }

    private static RecoveryStep Connect(string reason) => new(RecoveryAction.Connect, SubscriptionState.Connecting, reason);

    private static RecoveryStep Create(string reason) => new(RecoveryAction.Create, SubscriptionState.Connecting, reason);

    private RecoveryStep Reopen(string reason) => _hasSession
        ? new RecoveryStep(RecoveryAction.Resume, SubscriptionState.Recovering, reason)
        : Connect(reason);

    private RecoveryStep Wait(string reason) => new(RecoveryAction.Wait, SubscriptionState.Waiting, reason, _backoff.Next());

    private RecoveryStep Publish(SubscriptionGap? gap, string reason, DateTimeOffset now)
    {
        _publishingSince = now;
        return new RecoveryStep(RecoveryAction.Publish, SubscriptionState.Running, reason, Gap: gap);
    }

    private RecoveryStep OnConnected()
    {
        _hasSession = true;
        _resumeAttempts = 0;
        return _hasSubscription
            ? new RecoveryStep(RecoveryAction.Transfer, SubscriptionState.Recovering, "a new session is active")
            : Create("a new session is active");
    }

    private RecoveryStep OnResumed()
    {
        _resumeAttempts = 0;
        return _hasSubscription
            ? new RecoveryStep(RecoveryAction.Republish, SubscriptionState.Recovering, "the session goes on")
            : Create("the session goes on");
    }

    private RecoveryStep OnCreated(RecoveryEvent e, DateTimeOffset now)
    {
        _hasSubscription = true;
        SubscriptionGap? gap = null;
        if (_goodTicks != 0)
        {
            gap = new SubscriptionGap(_goodTicks, Math.Max(e.Ticks, _goodTicks), _gapCause ?? "the subscription was made anew");
        }

        _gapCause = null;
        Good(e.Ticks);
        return Publish(gap, "the subscription was created", now);
    }

    private RecoveryStep OnChannelLost(RecoveryEvent e, DateTimeOffset now)
    {
        if (_current == RecoveryAction.Resume && ++_resumeAttempts >= MaxResumeAttempts)
        {
            _hasSession = false;
            _resumeAttempts = 0;
        }

        return WasStable(now) ? Reopen(e.Reason) : Wait(e.Reason);
    }

    private RecoveryStep OnSessionLost(RecoveryEvent e, DateTimeOffset now)
    {
        _hasSession = false;
        _resumeAttempts = 0;
        if (_current == RecoveryAction.Resume || WasStable(now))
        {
            return Connect(e.Reason);
        }

        return Wait(e.Reason);
    }

    private RecoveryStep OnSubscriptionLost(RecoveryEvent e, DateTimeOffset now)
    {
        _hasSubscription = false;
        _gapCause ??= e.Reason;
        if (_current == RecoveryAction.Publish && !WasStable(now))
        {
            // A server that drops each subscription at once must not be asked for a new one without pause.
            return Wait(e.Reason);
        }

        return Create(e.Reason);
    }

    private RecoveryStep OnRefused(RecoveryEvent e)
    {
        // A refusal while resuming may only mean that the server was set up anew: its endpoints have to be read again.
        _hasSession = false;
        _resumeAttempts = 0;
        return Wait(e.Reason);
    }

    private bool WasStable(DateTimeOffset now)
    {
        if (_current != RecoveryAction.Publish || now - _publishingSince < StableAfter)
        {
            return false;
        }

        _backoff.Reset();
        return true;
    }
}
