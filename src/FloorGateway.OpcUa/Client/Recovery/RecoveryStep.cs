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

    /// <summary>Take the living subscriptions over from the lost session.</summary>
    Transfer,

    /// <summary>Ask again for what was not delivered, for each living subscription.</summary>
    Republish,

    /// <summary>Create the subscriptions that are missing, with their monitored items.</summary>
    Create,

    /// <summary>Publish until something breaks.</summary>
    Publish,

    /// <summary>Leave the server, its session and subscriptions, and connect to the better one.</summary>
    Move,
}

/// <summary>An action and the state to show.</summary>
public readonly record struct RecoveryStep(RecoveryAction Action, SubscriptionState State, string Reason, TimeSpan Delay = default);
