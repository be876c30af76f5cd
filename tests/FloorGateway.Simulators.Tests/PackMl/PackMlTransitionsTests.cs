using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.PackMl;

public sealed class PackMlTransitionsTests
{
    [Fact]
    public void Abort_works_from_everywhere_but_the_aborted_states()
    {
        foreach (var state in Enum.GetValues<PackMlState>())
        {
            var works = PackMlTransitions.TryNext(state, PackMlCommand.Abort, out var next);
            Assert.Equal(state is not (PackMlState.Aborting or PackMlState.Aborted), works);
            Assert.Equal(PackMlState.Aborting, next);
        }
    }

    [Fact]
    public void Stop_cannot_leave_the_aborted_side()
    {
        Assert.False(PackMlTransitions.TryNext(PackMlState.Aborted, PackMlCommand.Stop, out _));
        Assert.False(PackMlTransitions.TryNext(PackMlState.Clearing, PackMlCommand.Stop, out _));
        Assert.True(PackMlTransitions.TryNext(PackMlState.Held, PackMlCommand.Stop, out _));
    }

    [Theory]
    [InlineData(PackMlState.Execute, PackMlCommand.Start)]
    [InlineData(PackMlState.Stopped, PackMlCommand.Start)]
    [InlineData(PackMlState.Held, PackMlCommand.Unsuspend)]
    [InlineData(PackMlState.Suspended, PackMlCommand.Unhold)]
    [InlineData(PackMlState.Aborted, PackMlCommand.Reset)]
    [InlineData(PackMlState.Idle, PackMlCommand.Hold)]
    public void Commands_mean_nothing_in_other_states(PackMlState state, PackMlCommand command) =>
        Assert.False(PackMlTransitions.TryNext(state, command, out _));

    [Fact]
    public void Nine_states_act_and_eight_wait()
    {
        Assert.Equal(10, Enum.GetValues<PackMlState>().Count(PackMlTransitions.IsActing));
        Assert.False(PackMlTransitions.IsActing(PackMlState.Execute));
    }
}
