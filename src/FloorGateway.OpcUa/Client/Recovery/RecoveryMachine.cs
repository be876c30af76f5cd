using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Recovery;

/// <summary>
/// Brings a session with its subscriptions back after whatever happened, losing as little as the server allows (OPC 10000-4, 6.7): the
/// same session on a new channel and Republish; else a new session and TransferSubscriptions; else new subscriptions and gaps. Each
/// subscription has a fate of its own. Pure: events in, steps out, no I/O and no clock of its own. One owner.
/// </summary>
public sealed class RecoveryMachine(Backoff backoff)
{
    /// <summary>Attempts that a server answers before the session is given up: one that was set up anew may refuse the old endpoint without a word.</summary>
    public const int MaxResumeAttempts = 5;

    /// <summary>Publishing that lasted this long counts as a success, and the delays start short again.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    private readonly List<SubscriptionProgress> _subscriptions = [];
    private bool _hasSession;
    private bool _sessionMayLive;
    private int _resumeAttempts;
    private TimeSpan _sessionTimeout;
    private DateTimeOffset _lastContact;
    private RecoveryAction _current;
    private DateTimeOffset _publishingSince;

    /// <summary>Whether the session is believed to live on the server.</summary>
    public bool HasSession => _hasSession;

    /// <summary>Whether any subscription is believed to live on the server.</summary>
    public bool HasSubscription => _subscriptions.Exists(s => s.IsAlive);

    /// <summary>The subscriptions that hang on the session.</summary>
    public IReadOnlyList<SubscriptionProgress> Subscriptions => _subscriptions;

    public void Add(SubscriptionProgress subscription) => _subscriptions.Add(subscription);

    public void Remove(SubscriptionProgress subscription) => _subscriptions.Remove(subscription);

    /// <param name="e">What happened.</param>
    /// <param name="now">A clock that nobody sets back; only differences count.</param>
    public RecoveryStep On(in RecoveryEvent e, DateTimeOffset now)
    {
        var step = e.Kind switch
        {
            RecoveryEventKind.Start => Connect("starting"),
            RecoveryEventKind.DelayElapsed => Reopen("trying again", now),
            RecoveryEventKind.Connected => OnSession(e, now, RecoveryAction.Transfer, "a new session is active"),
            RecoveryEventKind.Resumed => OnSession(e, now, RecoveryAction.Republish, "the session goes on"),
            RecoveryEventKind.Transferred => HasSubscription
                ? new(RecoveryAction.Republish, SubscriptionState.Recovering, "the subscription was taken over by the new session")
                : Create(e.Reason),
            RecoveryEventKind.Republished => PublishOrCreate("nothing more to be asked for again", now),
            RecoveryEventKind.Created => PublishOrCreate("the subscription was created", now),
            RecoveryEventKind.ChannelLost => OnChannelLost(e, now),
            RecoveryEventKind.ConsumerFailed => Wait(e.Reason),
            RecoveryEventKind.SessionLost => OnSessionLost(e, now),
            RecoveryEventKind.SubscriptionLost => OnSubscriptionLost(e, now),
            RecoveryEventKind.FailOver => OnFailOver(e),
            _ => OnRefused(e),
        };
        _current = step.Action;
        return step;
    }

    private static RecoveryStep Connect(string reason) => new(RecoveryAction.Connect, SubscriptionState.Connecting, reason);

    private static RecoveryStep Create(string reason) => new(RecoveryAction.Create, SubscriptionState.Connecting, reason);

    private RecoveryStep Reopen(string reason, DateTimeOffset now)
    {
        if (_hasSession && _sessionTimeout > TimeSpan.Zero && now - _lastContact > _sessionTimeout * 2)
        {
            // The server has surely forgotten it: asking would cost a connection for nothing.
            (_hasSession, _sessionMayLive) = (false, false);
        }

        return _hasSession ? new RecoveryStep(RecoveryAction.Resume, SubscriptionState.Recovering, reason) : Connect(reason);
    }

    private RecoveryStep Wait(string reason) => new(RecoveryAction.Wait, SubscriptionState.Waiting, reason, backoff.Next());

    private RecoveryStep OnSession(in RecoveryEvent e, DateTimeOffset now, RecoveryAction withSubscriptions, string reason)
    {
        (_hasSession, _sessionMayLive, _resumeAttempts, _lastContact) = (true, true, 0, now);
        if (e.SessionTimeout > TimeSpan.Zero)
        {
            _sessionTimeout = e.SessionTimeout;
        }

        return HasSubscription ? new RecoveryStep(withSubscriptions, SubscriptionState.Recovering, reason) : Create(reason);
    }

    private RecoveryStep PublishOrCreate(string reason, DateTimeOffset now)
    {
        if (_subscriptions.Exists(s => !s.IsAlive))
        {
            return Create(reason);
        }

        _publishingSince = now;
        return new RecoveryStep(RecoveryAction.Publish, SubscriptionState.Running, reason);
    }

    private RecoveryStep OnChannelLost(in RecoveryEvent e, DateTimeOffset now)
    {
        // Attempts that never got through say nothing about the session: it may live on behind a broken line, and a second one would take
        // one more of the server's few.
        if (_current == RecoveryAction.Resume && e.WasReached && ++_resumeAttempts >= MaxResumeAttempts)
        {
            _hasSession = false;
            _resumeAttempts = 0;
        }

        if (_current == RecoveryAction.Publish)
        {
            _lastContact = now;
        }

        return WasStable(now) ? Reopen(e.Reason, now) : Wait(e.Reason);
    }

    private RecoveryStep OnSessionLost(in RecoveryEvent e, DateTimeOffset now)
    {
        (_hasSession, _sessionMayLive, _resumeAttempts) = (false, false, 0);
        return _current == RecoveryAction.Resume || WasStable(now) ? Connect(e.Reason) : Wait(e.Reason);
    }

    private RecoveryStep OnSubscriptionLost(in RecoveryEvent e, DateTimeOffset now)
    {
        foreach (var subscription in _subscriptions)
        {
            if (e.Subscription is null || ReferenceEquals(e.Subscription, subscription))
            {
                subscription.Lose(e.Reason);
            }
        }

        // A server that drops each subscription at once must not be asked for a new one without pause.
        return _current == RecoveryAction.Publish && !WasStable(now) ? Wait(e.Reason) : Create(e.Reason);
    }

    private RecoveryStep OnFailOver(in RecoveryEvent e)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Lose(e.Reason);
        }

        (_hasSession, _sessionMayLive, _resumeAttempts) = (false, false, 0);
        return new RecoveryStep(RecoveryAction.Move, SubscriptionState.Connecting, e.Reason);
    }

    private RecoveryStep OnRefused(in RecoveryEvent e)
    {
        // A refusal while resuming may only mean that the server was set up anew: its endpoints have to be read again. A server without
        // room for another session may still hold our old one: then that is the one to go on with.
        _hasSession = e.Status.CodeBits == StatusCodes.BadTooManySessions && _sessionMayLive;
        _resumeAttempts = 0;
        return Wait(e.Reason);
    }

    private bool WasStable(DateTimeOffset now)
    {
        if (_current != RecoveryAction.Publish || now - _publishingSince < StableAfter)
        {
            return false;
        }

        backoff.Reset();
        return true;
    }
}
