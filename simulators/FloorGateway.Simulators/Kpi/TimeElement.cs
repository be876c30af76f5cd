using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Kpi;

/// <summary>What a work unit's planned time is spent on, by the time model of ISO 22400-2.</summary>
public enum TimeElement
{
    /// <summary>Actual production time, APT.</summary>
    Production,

    /// <summary>Actual unit setup time, AUST.</summary>
    Setup,

    /// <summary>Actual unit delay time, ADET: it could work and waits for parts, room, an operator or the end of a fault.</summary>
    Delay,

    /// <summary>Actual unit down time, ADOT.</summary>
    Down,
}

/// <summary>PackML states in the time model.</summary>
public static class TimeElements
{
    /// <summary>Where the time in a state belongs. Acting states go with the state they lead to; Idle and Complete wait for an order.</summary>
    public static TimeElement Of(PackMlState state) => state switch
    {
        PackMlState.Execute or PackMlState.Completing => TimeElement.Production,
        PackMlState.Starting or PackMlState.Resetting => TimeElement.Setup,
        PackMlState.Aborting or PackMlState.Aborted or PackMlState.Clearing or PackMlState.Stopping or PackMlState.Stopped => TimeElement.Down,
        _ => TimeElement.Delay,
    };
}
