using System.Text.Json;
using FloorGateway.Model.Values;

namespace FloorGateway.Hmi.Tests;

public class LiveTests
{
    private const string Press = "LXE/JSH/CAS/L01/DC01/PRESS";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Sends_first_what_there_is_and_then_what_changes_each_tag_once()
    {
        await using var host = await HmiHost.StartAsync();
        var (a, b) = (host.Gateway.Add(Press, "A"), host.Gateway.Add(Press, "B"));
        host.Gateway.Set(a, TagValue.From(1.0), FakeGateway.T0);
        using var stream = await LiveStream.OpenAsync(host, "/api/live");
        Assert.Equal([("A", 1.0)], Values((await stream.NextAsync()).Data));

        host.Gateway.Set(a, TagValue.From(2.0), FakeGateway.T0);
        host.Gateway.Set(b, TagValue.From(3.0), FakeGateway.T0);
        host.Gateway.Set(a, TagValue.From(4.0), FakeGateway.T0);
        host.Clock.Advance(Tick);
        Assert.Equal([("A", 4.0), ("B", 3.0)], Values((await stream.NextAsync()).Data));
    }

    [Fact]
    public async Task Goes_on_where_a_broken_line_was()
    {
        await using var host = await HmiHost.StartAsync();
        var (a, b) = (host.Gateway.Add(Press, "A"), host.Gateway.Add(Press, "B"));
        host.Gateway.Set(a, TagValue.From(1.0), FakeGateway.T0);
        string id;
        using (var stream = await LiveStream.OpenAsync(host, "/api/live"))
            id = (await stream.NextAsync()).Id;
        host.Gateway.Set(b, TagValue.From(2.0), FakeGateway.T0);
        using var again = await LiveStream.OpenAsync(host, "/api/live", id);
        Assert.Equal([("B", 2.0)], Values((await again.NextAsync()).Data));
        using var foreign = await LiveStream.OpenAsync(host, "/api/live", "abc-9999");
        Assert.Equal([("A", 1.0), ("B", 2.0)], Values((await foreign.NextAsync()).Data));
    }

    [Fact]
    public async Task Nothing_is_missed_between_the_list_and_the_stream()
    {
        await using var host = await HmiHost.StartAsync();
        var a = host.Gateway.Add(Press, "A");
        host.Gateway.Set(a, TagValue.From(1.0), FakeGateway.T0);
        var (_, list) = await host.GetAsync("/api/tags");
        host.Gateway.Set(a, TagValue.From(2.0), FakeGateway.T0);
        using var stream = await LiveStream.OpenAsync(host, $"/api/live?since={list.GetProperty("version").GetString()}");
        Assert.Equal([("A", 2.0)], Values((await stream.NextAsync()).Data));
    }

    [Fact]
    public async Task Sends_only_what_the_prefix_asks_for()
    {
        await using var host = await HmiHost.StartAsync();
        var (a, b) = (host.Gateway.Add(Press, "A"), host.Gateway.Add("LXE/JSH/CAS/L01/DC02/PRESS", "B"));
        using var one = await LiveStream.OpenAsync(host, "/api/live?prefix=LXE/JSH/CAS/L01/DC02");
        using var all = await LiveStream.OpenAsync(host, "/api/live");
        await one.NextAsync();
        await all.NextAsync();
        host.Gateway.Set(a, TagValue.From(1.0), FakeGateway.T0);
        host.Gateway.Set(b, TagValue.From(2.0), FakeGateway.T0);
        host.Clock.Advance(Tick);
        Assert.Equal([("B", 2.0)], Values((await one.NextAsync()).Data));
        Assert.Equal([("A", 1.0), ("B", 2.0)], Values((await all.NextAsync()).Data));
    }

    [Fact(Timeout = 120_000)]
    public async Task Shows_that_it_is_alive_while_nothing_changes()
    {
        await using var host = await HmiHost.StartAsync();
        using var stream = await LiveStream.OpenAsync(host, "/api/live");
        await stream.NextAsync();
        var next = stream.NextAsync();
        while (!next.IsCompleted)
        {
            host.Clock.Advance(Tick);
            await Task.Yield();
        }

        Assert.Empty((await next).Data.GetProperty("tags").EnumerateArray());
    }

    [Fact]
    public async Task Ends_when_the_gateway_stops()
    {
        var host = await HmiHost.StartAsync();
        using var stream = await LiveStream.OpenAsync(host, "/api/live");
        await stream.NextAsync();
        await host.StopAsync();
        await Assert.ThrowsAnyAsync<IOException>(stream.NextAsync);
        await host.DisposeAsync();
    }

    private static IEnumerable<(string?, double)> Values(JsonElement data) =>
        data.GetProperty("tags").EnumerateArray().Select(t => (t.GetProperty("path").GetString()?.Split('/')[^1], t.GetProperty("value").GetDouble()));
}
