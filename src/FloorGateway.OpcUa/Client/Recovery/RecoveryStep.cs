using FloorGateway.OpcUa.Client.Subscriptions;

namespace FloorGateway.OpcUa.Client.Recovery;

/// <summary>What to do next. Each action ends in one <see cref="RecoveryEvent"/>.</summary>
public enum RecoveryAction
{
    /// <summary>Drop the channel, if any, and wait for <see cref="RecoveryStep.Delay"/>.</summary>
    Wait,

    /// <summary>Find the endpoint, open a channel, create and activate a session.</summary>
    Connect,

    /// <summary>Open a channel and activate the existing session.</summary>
    Resume,

    /// <summary>Take the subscription over from the lost session.</summary>
    Transfer,

    /// <summary>Ask again for what was not delivered.</summary>
    Republish,

    /// <summary>Create the subscription and its monitored items.</summary>
    Create,

    /// <summary>Publish until something breaks.</summary>
    Publish,
}

/// <summary>An action, the state to show, and a gap to report first when there is one.</summary>
public readonly record struct RecoveryStep(RecoveryAction Action, SubscriptionState State, string Reason, TimeSpan Delay = default, SubscriptionGap? Gap = null);
