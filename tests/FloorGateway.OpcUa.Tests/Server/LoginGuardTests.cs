using FloorGateway.OpcUa.Server;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Server;

public class LoginGuardTests
{
    private const string Desk = "192.0.2.1";
    private const string NextDoor = "192.0.2.2";

    private readonly ManualTimeProvider time = new();
    private readonly LoginGuard guard;

    public LoginGuardTests() => guard = new LoginGuard(time, new LoginLimits());

    [Fact]
    public void Refusals_take_longer_each_time_up_to_a_limit()
    {
        double[] delays = [.. Enumerable.Range(0, 7).Select(_ =>
        {
            guard.Failed("anna", Desk, out var delay);
            return delay.TotalMilliseconds;
        })];
        Assert.Equal([250, 500, 1000, 2000, 4000, 4000, 4000], delays);
    }

    [Fact]
    public void Five_failures_lock_a_user_at_that_address_for_a_minute()
    {
        for (var i = 1; i <= 5; i++)
            Assert.Equal(i == 5, guard.Failed("anna", Desk, out _));
        Assert.True(guard.IsLocked("anna", Desk, out var delay));
        Assert.Equal(TimeSpan.FromSeconds(4), delay);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(guard.IsLocked("anna", Desk, out _));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(guard.IsLocked("anna", Desk, out _));
    }

    [Fact]
    public void Attempts_on_a_locked_user_do_not_make_the_lock_longer()
    {
        for (var i = 0; i < 5; i++)
            guard.Failed("anna", Desk, out _);
        for (var i = 0; i < 30; i++)
        {
            Assert.True(guard.IsLocked("anna", Desk, out _));
            time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.False(guard.IsLocked("anna", Desk, out _));
    }

    [Fact]
    public void A_user_is_locked_where_the_guesses_come_from_and_nowhere_else()
    {
        for (var i = 0; i < 5; i++)
            guard.Failed("anna", Desk, out _);
        Assert.False(guard.IsLocked("anna", NextDoor, out _));
        Assert.False(guard.IsLocked("bert", Desk, out _));
    }

    [Fact]
    public void One_password_on_many_names_is_slowed_down_by_its_address()
    {
        TimeSpan last = default;
        for (var i = 0; i < 6; i++)
            guard.Failed($"user{i}", Desk, out last);
        Assert.Equal(TimeSpan.FromSeconds(4), last);
        guard.Failed("user0", NextDoor, out last);
        Assert.Equal(TimeSpan.FromMilliseconds(250), last);
    }

    [Fact]
    public void The_right_password_ends_the_count_of_its_user()
    {
        for (var i = 0; i < 4; i++)
            guard.Failed("anna", Desk, out _);
        guard.Succeeded("anna", Desk);
        for (var i = 0; i < 4; i++)
            Assert.False(guard.Failed("anna", Desk, out _));
    }

    [Fact]
    public void Failures_are_forgotten_after_a_while()
    {
        for (var i = 0; i < 4; i++)
            guard.Failed("anna", Desk, out _);
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.False(guard.Failed("anna", Desk, out var delay));
        Assert.Equal(TimeSpan.FromMilliseconds(250), delay);
    }

    [Fact]
    public void A_flood_of_names_and_addresses_is_remembered_up_to_a_limit()
    {
        var small = new LoginGuard(time, new LoginLimits { MaxEntries = 100 });
        for (var i = 0; i < 1000; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            small.Failed($"user{i}", $"192.0.2.{i % 250}", out _);
            Assert.InRange(small.Count, 0, 100);
        }

        for (var i = 0; i < 5; i++)
            small.Failed("anna", Desk, out _);
        Assert.True(small.IsLocked("anna", Desk, out _));
    }
}
