namespace FloorGateway.Simulators.PackMl;

/// <summary>The PackML base state model as a table (ANSI/ISA-TR88.00.02, figure of the base state model).</summary>
public static class PackMlTransitions
{
    private static readonly Dictionary<(PackMlState, PackMlCommand), PackMlState> Table = new()
    {
        [(PackMlState.Stopped, PackMlCommand.Reset)] = PackMlState.Resetting,
        [(PackMlState.Complete, PackMlCommand.Reset)] = PackMlState.Resetting,
        [(PackMlState.Resetting, PackMlCommand.StateComplete)] = PackMlState.Idle,
        [(PackMlState.Idle, PackMlCommand.Start)] = PackMlState.Starting,
        [(PackMlState.Starting, PackMlCommand.StateComplete)] = PackMlState.Execute,
        [(PackMlState.Execute, PackMlCommand.Hold)] = PackMlState.Holding,
        [(PackMlState.Holding, PackMlCommand.StateComplete)] = PackMlState.Held,
        [(PackMlState.Held, PackMlCommand.Unhold)] = PackMlState.Unholding,
        [(PackMlState.Unholding, PackMlCommand.StateComplete)] = PackMlState.Execute,
        [(PackMlState.Execute, PackMlCommand.Suspend)] = PackMlState.Suspending,
        [(PackMlState.Suspending, PackMlCommand.StateComplete)] = PackMlState.Suspended,
        [(PackMlState.Suspended, PackMlCommand.Unsuspend)] = PackMlState.Unsuspending,
        [(PackMlState.Unsuspending, PackMlCommand.StateComplete)] = PackMlState.Execute,
        [(PackMlState.Execute, PackMlCommand.Complete)] = PackMlState.Completing,
        [(PackMlState.Completing, PackMlCommand.StateComplete)] = PackMlState.Complete,
        [(PackMlState.Stopping, PackMlCommand.StateComplete)] = PackMlState.Stopped,
        [(PackMlState.Aborting, PackMlCommand.StateComplete)] = PackMlState.Aborted,
        [(PackMlState.Aborted, PackMlCommand.Clear)] = PackMlState.Clearing,
        [(PackMlState.Clearing, PackMlCommand.StateComplete)] = PackMlState.Stopped,
    };

    /// <summary>The state a command leads to, or false when the command means nothing in this state.</summary>
    public static bool TryNext(PackMlState state, PackMlCommand command, out PackMlState next)
    {
        if (command == PackMlCommand.Abort)
        {
            next = PackMlState.Aborting;
            return state is not (PackMlState.Aborting or PackMlState.Aborted);
        }

        if (command == PackMlCommand.Stop)
        {
            next = PackMlState.Stopping;
            return state is not (PackMlState.Stopped or PackMlState.Stopping or PackMlState.Clearing or PackMlState.Aborting or PackMlState.Aborted);
        }

        return Table.TryGetValue((state, command), out next);
    }

    /// <summary>True for a state that ends by itself when its work is done.</summary>
    public static bool IsActing(PackMlState state) => Table.ContainsKey((state, PackMlCommand.StateComplete));
}
