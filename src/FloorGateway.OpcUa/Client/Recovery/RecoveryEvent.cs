using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Recovery;

/// <summary>What has happened to a session, its subscriptions or its channel.</summary>
public enum RecoveryEventKind
{
    /// <summary>Begin.</summary>
    Start,

    /// <summary>The delay asked for is over.</summary>
    DelayElapsed,

    /// <summary>A new session is active; <see cref="RecoveryEvent.SessionTimeout"/> says how long the server keeps it.</summary>
    Connected,

    /// <summary>The existing session is active on a new channel.</summary>
    Resumed,

    /// <summary>Every subscription that was missing was created, as its <see cref="SubscriptionProgress"/> says.</summary>
    Created,

    /// <summary>The new session has taken over what it could; what it could not is marked lost.</summary>
    Transferred,

    /// <summary>Everything the server still had was asked for again.</summary>
    Republished,

    /// <summary>The connection broke, could not be made, or does not answer.</summary>
    ChannelLost,

    /// <summary>The server does not know the session any more.</summary>
    SessionLost,

    /// <summary>The server does not have a subscription any more, or never let us take it.</summary>
    SubscriptionLost,

    /// <summary>The server or our own checks refused; trying again at once makes no sense.</summary>
    Refused,

    /// <summary>The consumer could not take a notification; it has to come again.</summary>
    ConsumerFailed,

    /// <summary>Another server of the redundant set is better off: go there.</summary>
    FailOver,
}

/// <summary>An event with its status and a sentence for people.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Status">The status code behind it.</param>
/// <param name="Reason">For log and status page.</param>
/// <param name="Subscription">The subscription it happened to; null = all of the session.</param>
/// <param name="SessionTimeout">How long the server keeps the session without a channel; zero = not known.</param>
/// <param name="WasReached">False when no answer ever came: then nothing was learned about session and subscriptions.</param>
public readonly record struct RecoveryEvent(
    RecoveryEventKind Kind,
    StatusCode Status = default,
    string Reason = "",
    SubscriptionProgress? Subscription = null,
    TimeSpan SessionTimeout = default,
    bool WasReached = true);
