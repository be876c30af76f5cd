using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Recovery;

/// <summary>What has happened to a subscription, its session or its channel.</summary>
public enum RecoveryEventKind
{
    /// <summary>Begin.</summary>
    Start,

    /// <summary>The delay asked for is over.</summary>
    DelayElapsed,

    /// <summary>A new session is active.</summary>
    Connected,

    /// <summary>The existing session is active on a new channel.</summary>
    Resumed,

    /// <summary>The subscription was created; <see cref="RecoveryEvent.Ticks"/> is the server's time of it.</summary>
    Created,

    /// <summary>The subscription was taken over by the new session.</summary>
    Transferred,

    /// <summary>Everything the server still had was asked for again.</summary>
    Republished,

    /// <summary>The connection broke, could not be made, or does not answer.</summary>
    ChannelLost,

    /// <summary>The server does not know the session any more.</summary>
    SessionLost,

    /// <summary>The server does not have the subscription any more, or never let us take it.</summary>
    SubscriptionLost,

    /// <summary>The server or our own checks refused; trying again at once makes no sense.</summary>
    Refused,

    /// <summary>The consumer could not take a notification; it has to come again.</summary>
    ConsumerFailed,
}

/// <summary>An event with its status and a sentence for people.</summary>
public readonly record struct RecoveryEvent(RecoveryEventKind Kind, StatusCode Status = default, string Reason = "", long Ticks = 0);
