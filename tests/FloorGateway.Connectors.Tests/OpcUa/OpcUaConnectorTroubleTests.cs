using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.Tests.OpcUa;

public sealed class OpcUaConnectorTroubleTests
{
    [Fact]
    public async Task Message_that_the_journal_refused_comes_again_whole_and_in_order()
    {
        await using var equipment = new Equipment();
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0), queue: 1000);
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        Assert.Equal(0.0, (await sink.NextAsync()).Value.AsDouble());
        sink.Failures = 2;
        for (var i = 1; i <= 200; i++)
            count.SetValue((double)i);
        for (var i = 1; i <= 200; i++)
            Assert.Equal(i, (await sink.NextAsync()).Value.AsDouble());
        Assert.Equal(2, sink.CallsSoFar().Count(c => c == "refused"));
        Assert.Empty(sink.Gaps);
    }

    [Fact]
    public async Task Overflow_in_a_message_that_comes_again_is_named_once_and_from_the_last_value_before_it()
    {
        await using var equipment = new Equipment();
        var count = equipment.Add("Count", BuiltInType.Double, Variant.From(0.0), queue: 2);
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        var first = await sink.NextAsync();
        sink.Failures = 1;
        for (var i = 1; i <= 20; i++)
            count.SetValue((double)i);
        while ((await sink.NextAsync()).Value.AsDouble() < 20)
        {
        }

        var gap = Assert.Single(sink.Gaps);
        Assert.Equal("LXE/X/Count", gap.Tag);
        Assert.Equal(first.SourceTime, gap.From);
        Assert.True(gap.To > gap.From);
    }

    [Fact]
    public async Task Server_counts_as_complete_only_when_nothing_more_waits_behind_a_message()
    {
        await using var equipment = new Equipment();
        var variables = Enumerable.Range(0, 10).Select(i => equipment.Add($"V{i}", BuiltInType.Double, Variant.From(0.0))).ToList();
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink, s => s with { MaxNotificationsPerPublish = 2 });
        for (var i = 0; i < variables.Count; i++)
            await sink.NextAsync();
        await connector.DisposeAsync();
        var calls = sink.CallsSoFar().ToList();
        Assert.Equal("hold", calls[0]);
        var released = calls.IndexOf("release");
        Assert.Equal(5, calls.Take(released).Count(c => c == "samples 2"));
        Assert.DoesNotContain("alive", calls.Take(released));
        Assert.Contains("alive", calls.Skip(released));
    }

    [Fact]
    public async Task Time_that_nobody_listened_is_a_gap_before_the_first_value_and_before_any_mark()
    {
        await using var equipment = new Equipment();
        equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var last = DateTime.UtcNow.AddMinutes(-5).Ticks;
        var sink = new ScriptedSink { LastCompleteWas = last };
        await using var connector = equipment.Connect(sink);
        var first = await sink.NextAsync();
        Assert.Equal(["gap", "samples 1"], sink.CallsSoFar().Take(2));
        var gap = Assert.Single(sink.Gaps);
        Assert.True(gap.From < last && gap.To > last + TimeSpan.FromMinutes(4).Ticks && gap.To <= first.ReceiveTime, $"{gap}");
    }

    [Fact]
    public async Task Gap_after_the_clock_was_set_back_still_begins_before_it_ends_and_holds_the_time_it_was_down()
    {
        await using var equipment = new Equipment();
        equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var before = DateTime.UtcNow.Ticks;
        var last = DateTime.UtcNow.AddHours(1).Ticks;
        var sink = new ScriptedSink { LastCompleteWas = last };
        await using var connector = equipment.Connect(sink);
        await sink.NextAsync();
        var gap = Assert.Single(sink.Gaps);
        Assert.True(gap.From < before && gap.To >= last, $"{gap}");
    }

    [Fact]
    public async Task Gap_that_no_message_came_after_is_written_at_the_end_and_no_mark_overtakes_it()
    {
        await using var equipment = new Equipment();
        equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        await sink.NextAsync();
        ISubscriptionHandler handler = connector;
        // It begins a publishing interval before the last publication: source times lie before it.
        var (published, from) = (TimeSpan.TicksPerHour, TimeSpan.TicksPerHour - TimeSpan.FromMilliseconds(50).Ticks);
        handler.OnGap(new SubscriptionGap(published, published + 1000, "test"));
        var marks = sink.CallsSoFar().Count(c => c == "alive");
        handler.OnComplete(1, 3000, 3000);
        Assert.NotEqual(3000, sink.Alive);
        await connector.DisposeAsync();
        Assert.Equal((from, published + 1000), (Assert.Single(sink.Gaps).From, sink.Gaps[0].To));
    }

    [Fact]
    public async Task Matrix_of_bytes_is_kept_as_numbers_beside_its_neighbours()
    {
        await using var equipment = new Equipment();
        equipment.Add("Picture", BuiltInType.Byte, Variant.FromMatrix(BuiltInType.Byte, new byte[] { 1, 2, 3, 255 }, [2, 2]));
        equipment.Add("Count", BuiltInType.Double, Variant.From(7.0));
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        Sample[] samples = [await sink.NextAsync(), await sink.NextAsync()];
        Assert.Equal(new ulong[,] { { 1, 2 }, { 3, 255 } }, Assert.IsType<ulong[,]>(samples.Single(s => s.Tag == 0).Value.AsArray()));
        Assert.Equal(7.0, samples.Single(s => s.Tag == 1).Value.AsDouble());
    }

    [Fact]
    public async Task Server_that_samples_slower_or_queues_less_than_asked_is_named_in_the_status()
    {
        await using var equipment = new Equipment();
        equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        await sink.NextAsync();
        ISubscriptionHandler handler = connector;
        handler.OnItemsRevised(new RevisedItems(3, 2, 1, "ns=1;s=A"));
        Assert.Equal("Connected", connector.Status.State);
        Assert.Contains("of 3 items", connector.Status.Detail, StringComparison.Ordinal);
        handler.OnItemsRevised(null);
        Assert.Null(connector.Status.Detail);
    }

    [Fact]
    public async Task Server_that_says_it_is_not_running_is_named_in_the_status()
    {
        await using var equipment = new Equipment();
        equipment.Add("Count", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        await sink.NextAsync();
        ISubscriptionHandler handler = connector;
        handler.OnServerState(ServerState.Suspended);
        Assert.Contains("Suspended", connector.Status.Detail, StringComparison.Ordinal);
        handler.OnServerState(ServerState.Running);
        Assert.Null(connector.Status.Detail);
    }
}
