namespace FloorGateway.Simulators.PackMl;

/// <summary>PackML states (ANSI/ISA-TR88.00.02) with the numbers of the OPC UA PackML nodeset.</summary>
public enum PackMlState
{
    Clearing = 1,
    Stopped = 2,
    Starting = 3,
    Idle = 4,
    Suspended = 5,
    Execute = 6,
    Stopping = 7,
    Aborting = 8,
    Aborted = 9,
    Holding = 10,
    Held = 11,
    Unholding = 12,
    Suspending = 13,
    Unsuspending = 14,
    Resetting = 15,
    Completing = 16,
    Complete = 17,
}

/// <summary>What moves the machine from one state to the next.</summary>
public enum PackMlCommand
{
    Reset,
    Start,
    Stop,
    Hold,
    Unhold,
    Suspend,
    Unsuspend,
    Abort,
    Clear,

    /// <summary>The job's quantity is reached.</summary>
    Complete,

    /// <summary>An acting state has done its work.</summary>
    StateComplete,
}
