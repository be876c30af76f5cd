using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Samples;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.Connectors.Tests.OpcUa;

/// <summary>What one run of the gateway leaves to the next.</summary>
public sealed class TakeoverTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TimestampsToReturn.Both)]
    [InlineData(TimestampsToReturn.Source)]
    public async Task A_value_without_a_source_time_has_the_next_best(TimestampsToReturn timestamps)
    {
        var clock = new SteppedClock();
        clock.Step(TimeSpan.FromHours(-1));
        await using var equipment = new Equipment(clock);
        var variable = equipment.Add("Old", BuiltInType.Double, Variant.From(1.0));
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink, settings => settings with { Timestamps = timestamps });
        await sink.NextAsync();
        variable.SetValue(Variant.From(2.0), default, 1); // before the first moment that there is on the wire
        var sample = await sink.NextAsync();
        Assert.True(sample.Flags.HasFlag(SampleFlags.SourceTimeSubstituted));
        if (timestamps == TimestampsToReturn.Source)
            Assert.Equal(sample.ReceiveTime, sample.SourceTime);
        else
            Assert.True(sample.SourceTime < sample.ReceiveTime - TimeSpan.FromMinutes(59).Ticks);
    }

    [Fact]
    public async Task A_restart_is_no_gap_and_what_changed_meanwhile_comes_once()
    {
        await using var equipment = new Equipment();
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0), queue: 1000);
        await equipment.StartAsync();
        var first = new ScriptedSink { Received = 5 };
        await using (var connector = equipment.Connect(first))
        {
            Assert.Equal(0.0, (await first.NextAsync()).Value.AsDouble());
            count.SetValue(1.0);
            Assert.Equal(1.0, (await first.NextAsync()).Value.AsDouble());
        }

        for (var i = 2; i <= 100; i++)
            count.SetValue((double)i);
        var second = new ScriptedSink { Received = first.Received, LastCompleteWas = DateTime.UtcNow.AddSeconds(-1).Ticks };
        await using var again = equipment.Connect(second);
        for (var i = 2; i <= 100; i++)
        {
            var sample = await second.NextAsync();
            Assert.Equal(i, sample.Value.AsDouble());
            Assert.NotEqual(SampleOrigin.Initial, sample.Origin);
        }

        Assert.Empty(second.Gaps);
        Assert.Equal(1, equipment.Server.SubscriptionCount);
    }

    [Fact]
    public async Task What_has_not_changed_since_is_shown_after_a_restart_and_not_appended()
    {
        await using var equipment = new Equipment();
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        equipment.Add("Still", BuiltInType.Int32, Variant.From(11));
        await equipment.StartAsync();
        var first = new ScriptedSink { Received = 0 };
        await using (var connector = equipment.Connect(first))
            await first.NextAsync();
        Assert.False(first.Shown.Task.IsCompleted);
        var second = new ScriptedSink { Received = first.Received, LastCompleteWas = DateTime.UtcNow.Ticks };
        await using var again = equipment.Connect(second);
        var shown = Assert.Single(await second.Shown.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((0, "11", SampleOrigin.Initial), (shown.Tag, shown.Value.ToString(), shown.Origin));
        Assert.DoesNotContain(second.Calls, call => call.StartsWith("samples", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_servers_queue_lost_meanwhile_is_named_from_the_last_complete_moment_on()
    {
        await using var equipment = new Equipment();
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0), queue: 3);
        await equipment.StartAsync();
        var first = new ScriptedSink { Received = 0 };
        await using (var connector = equipment.Connect(first))
            await first.NextAsync();
        var stopped = DateTime.UtcNow.Ticks;
        for (var i = 1; i <= 100; i++)
            count.SetValue((double)i);
        var second = new ScriptedSink { Received = first.Received, LastCompleteWas = stopped };
        await using var again = equipment.Connect(second);
        while ((await second.NextAsync()).Value.AsDouble() < 100)
        {
        }

        var gap = Assert.Single(second.Gaps);
        Assert.Equal("LXE/X/Count", gap.Tag);
        Assert.True(gap.From <= stopped && gap.From > stopped - TimeSpan.FromSeconds(30).Ticks, $"{gap}");
    }

    [Fact]
    public async Task A_subscription_that_is_gone_by_then_is_a_gap_from_the_last_complete_moment_on()
    {
        await using var equipment = new Equipment();
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var first = new ScriptedSink { Received = 0 };
        await using (var connector = equipment.Connect(first))
            await first.NextAsync();
        equipment.Server.DropSessions();
        var second = new ScriptedSink { Received = first.Received, LastCompleteWas = DateTime.UtcNow.Ticks };
        await using var again = equipment.Connect(second);
        Assert.Equal(SampleOrigin.Initial, (await second.NextAsync()).Origin);
        var gap = Assert.Single(second.Gaps);
        Assert.True(gap.From < gap.To && gap.To - gap.From < TimeSpan.FromSeconds(30).Ticks, $"{gap}");
    }

    [Fact]
    public async Task A_journal_that_lost_its_end_is_named_and_the_subscriptions_go_on()
    {
        await using var equipment = new Equipment();
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var first = new ScriptedSink { Received = 0 };
        var before = DateTime.UtcNow.Ticks;
        await using (var connector = equipment.Connect(first))
        {
            await first.NextAsync();
            count.SetValue(1.0);
            await first.NextAsync();
            count.SetValue(2.0);
            await first.NextAsync();
        }

        count.SetValue(3.0);
        var second = new ScriptedSink { Received = 1, LastCompleteWas = before };
        await using var again = equipment.Connect(second);
        while ((await second.NextAsync()).Value.AsDouble() < 3)
        {
        }

        Assert.Contains(second.Gaps, g => g.Tag is null && g.From < before && g.To > before && g.Cause.Contains("power", StringComparison.Ordinal));
        Assert.Equal(1, equipment.Server.SubscriptionCount);
    }

    [Fact]
    public async Task The_time_that_a_message_waited_for_the_next_run_does_not_shift_the_gap()
    {
        var clock = new SteppedClock();
        await using var equipment = new Equipment(clock);
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var first = new ScriptedSink { Received = 0 };
        await using (var connector = equipment.Connect(first, time: clock))
        {
            await first.NextAsync();
            count.SetValue(1.0);
            await first.NextAsync();
            // Sent, and never acknowledged.
            first.Failures = int.MaxValue;
            count.SetValue(2.0);
            await Eventually.TrueAsync(() => first.CallsSoFar().Contains("refused"));
        }

        var killed = clock.GetUtcNow().UtcTicks;
        clock.Step(TimeSpan.FromHours(1));
        var second = new ScriptedSink { Received = 0, LastCompleteWas = killed };
        await using var again = equipment.Connect(second, time: clock);
        Assert.Equal((2.0, SampleOrigin.Backfill), await second.NextAsync() is var sample ? (sample.Value.AsDouble(), sample.Origin) : default);
        var gap = Assert.Single(second.Gaps);
        Assert.True(gap.From < killed && gap.From > killed - TimeSpan.FromMinutes(1).Ticks && gap.To >= killed, $"{gap}");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3600)]
    [InlineData(3600, 3600)]
    [InlineData(3600, 0)]
    [InlineData(-3600, 0)]
    [InlineData(0, -3600)]
    [InlineData(-3600, -3600)]
    public async Task The_gap_of_a_journal_that_lost_its_end_holds_what_is_lost_however_our_clock_stood(int aheadWhenComplete, int aheadWhenNoted)
    {
        var clock = new SteppedClock();
        await using var equipment = new Equipment();
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var first = new ScriptedSink { Received = 0 };
        clock.Step(TimeSpan.FromSeconds(aheadWhenNoted));
        var begin = DateTime.UtcNow;
        await using (var connector = equipment.Connect(first, time: clock))
        {
            await first.NextAsync();
            count.SetValue(1.0);
            await first.NextAsync();
        }

        var end = DateTime.UtcNow;
        clock.Step(TimeSpan.FromSeconds(-aheadWhenNoted));
        var second = new ScriptedSink { Received = 0, LastCompleteWas = begin.AddSeconds(aheadWhenComplete).Ticks };
        await using var again = equipment.Connect(second, time: clock);
        count.SetValue(2.0);
        while ((await second.NextAsync()).Value.AsDouble() < 2)
        {
        }

        var gap = Assert.Single(second.Gaps, g => g.Cause.Contains("power", StringComparison.Ordinal));
        // What was lost was received before the message before the last one.
        Assert.True(gap.From <= begin.Ticks && gap.To >= begin.Ticks, $"{gap}");
        Assert.True(gap.To < end.AddSeconds(30).Ticks, $"{gap}");
        // Only where our clock was behind, and set right within what was lost, it looks like an hour.
        var looksLong = aheadWhenComplete < 0 && aheadWhenNoted == 0;
        Assert.True(gap.From > begin.AddSeconds(looksLong ? -3700 : -20).Ticks, $"{gap}");
        if (aheadWhenComplete == aheadWhenNoted || aheadWhenComplete == 0)
            Assert.True(gap.From > begin.AddSeconds(-10).Ticks, $"{gap}");
    }

    [Fact]
    public async Task A_batch_that_the_journal_has_although_it_said_no_is_not_appended_again()
    {
        await using var equipment = new Equipment();
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        await equipment.StartAsync();
        var sink = new ScriptedSink { Received = 0 };
        await using var connector = equipment.Connect(sink);
        await sink.NextAsync();
        sink.LateFailures = 1;
        count.SetValue(1.0);
        Assert.Equal(1.0, (await sink.NextAsync()).Value.AsDouble());
        while (sink.LateFailures > 0)
            await Task.Yield();
        count.SetValue(2.0);
        Assert.Equal(2.0, (await sink.NextAsync()).Value.AsDouble());
        Assert.Equal(3, sink.Received);
    }

    [Fact]
    public async Task A_message_whose_gap_could_not_be_written_is_not_taken_for_journaled()
    {
        await using var equipment = new Equipment();
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0), queue: 2);
        equipment.TakeoverFile = equipment["eq.subscriptions"];
        await equipment.StartAsync();
        var sink = new ScriptedSink { Received = 0 };
        await using var connector = equipment.Connect(sink);
        await sink.NextAsync();
        count.SetValue(1.0);
        await sink.NextAsync();
        sink.GapFailures = 1;
        for (var i = 2; i <= 20; i++)
            count.SetValue((double)i);
        while ((await sink.NextAsync()).Value.AsDouble() < 20)
        {
        }

        Assert.Equal(0, sink.GapFailures);
        Assert.NotEmpty(sink.Gaps);
    }

    [Theory]
    [InlineData(100, 6u)]
    [InlineData(109, 6u)]
    [InlineData(110, 7u)]
    [InlineData(130, 7u)]
    public void The_journals_count_tells_whether_the_last_message_before_a_kill_is_in_it(long counted, uint last)
    {
        using (var file = new TakeoverFile(folder["x"]))
        {
            file.Replace(new SessionCheckpoint([new SubscriptionCheckpoint(1000, 5, 50, 77, 88)]), 90, 1);
            file.Note(1000, 6, 60, 90, 10, 2);
            file.Note(1000, 7, 70, 100, 10, 3);
        }

        using var again = new TakeoverFile(folder["x"]);
        var taken = Assert.Single(again.Load(counted)!.Checkpoint.Subscriptions);
        Assert.Equal(new SubscriptionCheckpoint(1000, last, 70, 77, 88), taken);
        Assert.Equal(0, again.Load(counted)!.LostUntil);
    }

    [Fact]
    public void A_count_below_what_was_noted_tells_that_the_journal_lost_its_end()
    {
        using var file = new TakeoverFile(folder["x"]);
        file.Replace(new SessionCheckpoint([new SubscriptionCheckpoint(1000, 5, 50, 77)]), 90, 1);
        file.Note(1000, 6, 60, 90, 10, 1234);
        Assert.Equal(1234, file.Load(80)!.LostUntil);
    }

    [Fact]
    public void A_file_that_the_disk_does_not_take_leaves_none_and_a_later_note_writes_it()
    {
        using var file = new TakeoverFile(folder["x"]);
        file.Replace(new SessionCheckpoint([new SubscriptionCheckpoint(1000, 5, 50, 77)]), 90, 1);
        var full = Directory.CreateDirectory(folder["x.new"]);
        Assert.Throws<UnauthorizedAccessException>(() => file.Replace(new SessionCheckpoint([new SubscriptionCheckpoint(2000, 1, 60, 78), new SubscriptionCheckpoint(2001, 1, 60, 78)]), 100, 1));
        Assert.False(File.Exists(folder["x"]));
        var second = TimeSpan.TicksPerSecond;
        Assert.Throws<UnauthorizedAccessException>(() => file.Note(2000, 2, 70, 100, 10, second + 1));
        full.Delete();
        file.Note(2000, 3, 0, 110, 10, second + 2);
        Assert.False(File.Exists(folder["x"]));
        file.Note(2001, 2, 0, 120, 10, (2 * second) + 1);
        Assert.Equal(
            [new SubscriptionCheckpoint(2000, 3, 70, 78), new SubscriptionCheckpoint(2001, 1, 60, 78)],
            file.Load(120)!.Checkpoint.Subscriptions);
        Assert.Equal(2u, file.Load(130)!.Checkpoint.Subscriptions[1].LastSequence);
        Assert.NotEqual(0, file.Load(119)!.LostUntil);
    }

    [Fact]
    public void A_note_cut_short_leaves_the_one_before_it()
    {
        using (var file = new TakeoverFile(folder["x"]))
        {
            file.Replace(new SessionCheckpoint([new SubscriptionCheckpoint(1000, 5, 50, 77), new SubscriptionCheckpoint(1001, 8, 50, 78)]), 0, 1);
            file.Note(1001, 9, 60, 0, 0, 2);
            file.Note(1001, 10, 60, 0, 0, 3);
        }

        var bytes = File.ReadAllBytes(folder["x"]);
        for (var at = bytes.Length - 256; at < bytes.Length; at++)
        {
            var torn = (byte[])bytes.Clone();
            torn[at] ^= 0xFF;
            File.WriteAllBytes(folder["y"], torn);
            using var again = new TakeoverFile(folder["y"]);
            var subscriptions = again.Load(0)!.Checkpoint.Subscriptions;
            Assert.Contains(subscriptions, s => s.SubscriptionId == 1001 && s.LastSequence is 9 or 10);
        }
    }

    [Fact]
    public void A_damaged_head_is_as_no_file()
    {
        using (var file = new TakeoverFile(folder["x"]))
            file.Replace(new SessionCheckpoint([new SubscriptionCheckpoint(1000, 5, 50, 77)]), 0, 1);
        var bytes = File.ReadAllBytes(folder["x"]);
        for (var length = 0; length < 40; length++)
        {
            File.WriteAllBytes(folder["y"], bytes[..length]);
            using var again = new TakeoverFile(folder["y"]);
            Assert.Null(again.Load(0));
        }

        bytes[20] ^= 1;
        File.WriteAllBytes(folder["y"], bytes);
        using var changed = new TakeoverFile(folder["y"]);
        Assert.Null(changed.Load(0));
    }

    [Fact]
    public void Handles_are_written_as_ranges()
    {
        uint[] handles = [0, 1, 2, 7, 9, 10];
        Assert.Equal("0-2,7,9-10", TakeoverFile.Ranges(handles));
        Assert.Equal(handles, TakeoverFile.Handles("0-2,7,9-10"));
        Assert.Throws<FormatException>(() => TakeoverFile.Handles("5-2"));
    }

    /// <summary>The machine's clock, and some time more.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long ahead;

        public void Step(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ahead));
    }
}
