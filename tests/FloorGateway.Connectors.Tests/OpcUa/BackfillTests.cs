using FloorGateway.Model.Samples;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.Tests.OpcUa;

/// <summary>Gaps filled from the server's own history.</summary>
public sealed class BackfillTests
{
    private long lastSet;

    [Fact]
    public async Task What_changed_while_the_subscription_was_gone_comes_once_from_history_and_no_gap_is_left()
    {
        await using var equipment = new Equipment();
        var count = Historical(equipment, "Count");
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        await ReceiveAsync(sink, 0);
        Set(count, 1);
        await ReceiveAsync(sink, 1);
        equipment.Server.DropSessions();
        for (var i = 2; i <= 50; i++)
            Set(count, i);
        var values = new List<(double Value, SampleOrigin Origin)>();
        while (values.Count == 0 || values[^1].Value < 50)
        {
            var sample = await sink.NextAsync();
            // The client may be back before the first new value: then the new subscription begins with the old one, which normalisation takes for the duplicate it is.
            if (sample.Value.AsDouble() != 1)
                values.Add((sample.Value.AsDouble(), sample.Origin));
        }

        Set(count, 51);
        await ReceiveAsync(sink, 51);
        Assert.Equal(Enumerable.Range(2, 49).Select(i => (double)i), values.Select(v => v.Value).Order());
        Assert.Empty(sink.Gaps);
    }

    [Fact]
    public async Task Tags_without_history_keep_their_gap_and_the_others_lose_theirs()
    {
        await using var equipment = new Equipment();
        var kept = Historical(equipment, "Kept");
        var plain = equipment.Add("Plain", BuiltInType.Double, Variant.From(0.0));
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        await sink.NextAsync();
        await sink.NextAsync();
        equipment.Server.DropSessions();
        for (var i = 1; i <= 5; i++)
        {
            Set(kept, i);
            Set(plain, i);
        }

        var (keptValues, plainValues) = (new List<double>(), new List<double>());
        while (keptValues.Count < 5 || plainValues.LastOrDefault() < 5)
        {
            var sample = await sink.NextAsync();
            // As above: the old values may come once more.
            if (sample.Value.AsDouble() != 0)
                (sample.Tag == 0 ? keptValues : plainValues).Add(sample.Value.AsDouble());
        }

        Assert.Equal([1, 2, 3, 4, 5], keptValues.Order());
        Assert.Equal("LXE/X/Plain", Assert.Single(sink.Gaps).Tag);
    }

    [Fact]
    public async Task What_a_short_queue_lost_is_fetched()
    {
        await using var equipment = new Equipment();
        var count = Historical(equipment, "Count", queue: 2);
        await equipment.StartAsync();
        var sink = new ScriptedSink();
        await using var connector = equipment.Connect(sink);
        await ReceiveAsync(sink, 0);
        for (var i = 1; i <= 20; i++)
            Set(count, i);
        var values = new List<double>();
        while (values.Count < 20)
            values.Add((await sink.NextAsync()).Value.AsDouble());
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (double)i), values.Order());
        Assert.Empty(sink.Gaps);
    }

    /// <summary>
    /// At a moment of its own: two values that a fast loop sets within 100 ns have one source time, and where the gap ends between them, history can't tell which of them
    /// the subscription has given.
    /// </summary>
    private void Set(VariableNode variable, double value)
    {
        while (DateTime.UtcNow.Ticks <= lastSet)
        {
        }

        variable.SetValue(Variant.From(value), default, lastSet = DateTime.UtcNow.Ticks);
    }

    private static VariableNode Historical(Equipment equipment, string name, int queue = 100)
    {
        var variable = equipment.Add(name, BuiltInType.Double, Variant.From(0.0), queue);
        variable.KeepHistory(10_000);
        return variable;
    }

    private static async Task ReceiveAsync(ScriptedSink sink, double value) => Assert.Equal(value, (await sink.NextAsync()).Value.AsDouble());
}
