using System.Net;
using System.Text.Json;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Status;
using FloorGateway.Model.Values;

namespace FloorGateway.Hmi.Tests;

public class ApiTests
{
    private const string Press = "LXE/JSH/CAS/L01/DC01/PRESS";

    [Fact]
    public async Task Tags_give_typed_values_quality_and_source_time()
    {
        await using var host = await HmiHost.StartAsync();
        var gateway = host.Gateway;
        var velocity = gateway.Add(Press, "Shot.Velocity", t => t with { UnitSymbol = "m/s", Low = 0, High = 7 });
        gateway.Set(velocity, TagValue.From(3.5), FakeGateway.T0);
        gateway.Set(gateway.Add(Press, "Array"), TagValue.From(new[] { 1.5f, float.NaN }), FakeGateway.T0);
        gateway.Set(gateway.Add(Press, "Text"), TagValue.From("a\"b"), FakeGateway.T0.AddTicks(1), StatusQuality.UncertainLastUsableValue);
        gateway.Add(Press, "Never");
        gateway.Add(Press, "Gone", t => t with { Active = false });
        var (status, json) = await host.GetAsync("/api/tags");

        Assert.Equal(HttpStatusCode.OK, status);
        var tags = json.GetProperty("tags").EnumerateArray().ToArray();
        Assert.Equal(["Shot.Velocity", "Array", "Text", "Never"], tags.Select(t => t.GetProperty("signal").GetString()));
        Assert.Equal((3.5, "m/s", "Good", 0u, "2027-03-15T00:00:00Z", 7.0), (Number(tags[0], "value"), Text(tags[0], "unit"), Text(tags[0], "quality"), tags[0].GetProperty("status").GetUInt32(), Text(tags[0], "time"), Number(tags[0], "high")));
        Assert.Equal("[1.5,\"NaN\"]", tags[1].GetProperty("value").GetRawText());
        Assert.Equal(("a\"b", "Uncertain", "UncertainLastUsableValue", "2027-03-15T00:00:00.0000001Z"), (Text(tags[2], "value"), Text(tags[2], "quality"), Text(tags[2], "statusName"), Text(tags[2], "time")));
        Assert.Equal((JsonValueKind.Null, "BadWaitingForInitialData"), (tags[3].GetProperty("value").ValueKind, Text(tags[3], "statusName")));
    }

    [Fact]
    public async Task Tags_are_filtered_by_prefix()
    {
        await using var host = await HmiHost.StartAsync();
        host.Gateway.Add(Press, "A");
        host.Gateway.Add("LXE/JSH/CAS/L01/DC02/PRESS", "A");
        var (_, json) = await host.GetAsync("/api/tags?prefix=LXE/JSH/CAS/L01/DC02");
        Assert.Equal("LXE/JSH/CAS/L01/DC02/PRESS/A", Text(Assert.Single(json.GetProperty("tags").EnumerateArray()), "path"));
    }

    [Fact]
    public async Task History_gives_buckets_of_the_last_ten_minutes_by_default()
    {
        await using var host = await HmiHost.StartAsync();
        var tag = host.Gateway.Add(Press, "A", t => t with { UnitSymbol = "bar" });
        var now = FakeGateway.T0.AddHours(1);
        host.Gateway.Set(tag, TagValue.From(99.0), now.AddMinutes(-11));
        host.Gateway.Set(tag, TagValue.From(1.0), now.AddMinutes(-10));
        host.Gateway.Set(tag, TagValue.From(2.0), now.AddSeconds(-1));
        host.Gateway.Set(tag, TagValue.Null, now.AddSeconds(-300), StatusQuality.BadNoCommunication);
        var (status, json) = await host.GetAsync($"/api/history?path={Press}/A");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("bar", "2027-03-15T00:50:00Z", "2027-03-15T01:00:00Z"), (Text(json, "unit"), Text(json, "from"), Text(json, "to")));
        var buckets = json.GetProperty("buckets").EnumerateArray().ToArray();
        Assert.Equal([1.0, 2.0], buckets.Where(b => b.GetProperty("count").GetInt64() > 0).Select(b => Number(b, "mean")));
        var bad = Assert.Single(buckets, b => b.GetProperty("notGood").GetInt64() == 1);
        Assert.Equal(JsonValueKind.Null, bad.GetProperty("mean").ValueKind);
    }

    [Fact]
    public async Task History_gives_raw_samples_and_says_whether_there_are_more()
    {
        await using var host = await HmiHost.StartAsync();
        var tag = host.Gateway.Add(Press, "A");
        for (var i = 0; i < 5; i++)
            host.Gateway.Set(tag, TagValue.From((long)i), FakeGateway.T0.AddSeconds(i));
        var (_, some) = await host.GetAsync($"/api/history?path={Press}/A&raw=true&limit=3&from=2027-03-15T08:00:00+08:00&to=2027-03-15T00:01:00Z");
        Assert.Equal([0L, 1, 2], some.GetProperty("points").EnumerateArray().Select(p => p.GetProperty("value").GetInt64()));
        Assert.True(some.GetProperty("more").GetBoolean());
        var (_, all) = await host.GetAsync($"/api/history?path={Press}/A&raw&limit=5&from=2027-03-15&to=2027-03-16");
        Assert.Equal((5, false), (all.GetProperty("points").GetArrayLength(), all.GetProperty("more").GetBoolean()));
    }

    [Fact]
    public async Task History_gives_time_weighted_means_state_durations_the_last_value_and_CSV()
    {
        await using var host = await HmiHost.StartAsync();
        var tag = host.Gateway.Add(Press, "A");
        for (var i = 0; i < 4; i++)
            host.Gateway.Set(tag, TagValue.From((double)(i / 2)), FakeGateway.T0.AddSeconds(i));
        var range = $"path={Press}/A&from=2027-03-15&to=2027-03-15T00:00:10Z";
        var (_, weighted) = await host.GetAsync($"/api/history?{range}&weighted=true&buckets=1");
        var bucket = Assert.Single(weighted.GetProperty("buckets").EnumerateArray());
        Assert.Equal((0.5, 10.0), (Number(bucket, "mean"), Number(bucket, "goodSeconds")));
        var (_, states) = await host.GetAsync($"/api/history?{range}&states=true");
        Assert.Equal([(0.0, 2L), (1.0, 2)], states.GetProperty("states").EnumerateArray().Select(s => (Number(s, "value"), s.GetProperty("entries").GetInt64())));
        var (_, last) = await host.GetAsync($"/api/history?{range}&last=true");
        Assert.Equal("2027-03-15T00:00:03Z", Text(last.GetProperty("last"), "time"));
        var csv = await host.Http.GetStringAsync(new Uri(host.Url, $"/api/history?{range}&format=csv"));
        Assert.Equal(["time,path,value,quality,status", $"2027-03-15T00:00:00.0000000Z,{Press}/A,0,Good,0x00000000"], csv.Split('\n').Take(2));
    }

    [Fact]
    public async Task Gives_gap_records_the_newest_first()
    {
        var gateway = new FakeGateway();
        var t = FakeGateway.T0.Ticks;
        gateway.Gaps =
        [
            new() { Server = "cas", From = t - TimeSpan.TicksPerDay * 3, To = t - TimeSpan.TicksPerDay * 2, Cause = "too old" },
            new() { Server = "cas", From = t, To = t + TimeSpan.TicksPerMinute, Cause = "restart" },
            new() { Server = "cas", Tag = "A/B", From = t + 1, To = t + TimeSpan.TicksPerSecond + 1, Cause = "queue" },
        ];
        await using var host = await HmiHost.StartAsync(gateway);
        var (status, json) = await host.GetAsync("/api/gaps");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"gaps":[{"server":"cas","tag":"A/B","from":"2027-03-15T00:00:00.0000001Z","to":"2027-03-15T00:00:01.0000001Z","seconds":1,"cause":"queue"},{"server":"cas","from":"2027-03-15T00:00:00Z","to":"2027-03-15T00:01:00Z","seconds":60,"cause":"restart"}],"more":false}""",
            json.GetRawText().Replace("\"tag\":null,", "", StringComparison.Ordinal));
        var (_, one) = await host.GetAsync("/api/gaps?from=2027-03-01&to=2027-03-16&limit=1");
        Assert.Equal((1, true), (one.GetProperty("gaps").GetArrayLength(), one.GetProperty("more").GetBoolean()));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.GetAsync("/api/gaps?from=2027-03-16&to=2027-03-15")).Status);
        await using var without = await HmiHost.StartAsync(withHistory: false);
        Assert.Equal(HttpStatusCode.NotFound, (await without.GetAsync("/api/gaps")).Status);
    }

    [Theory]
    [InlineData("/api/history?path=a&raw=true&states=true", "raw", "ask one")]
    [InlineData("/api/history?path=a&format=xml", "format", "give csv")]
    [InlineData("/api/history?path=a&states=true&buckets=5", "buckets", "leave buckets out")]
    [InlineData("/api/history", "path", "path is missing")]
    [InlineData("/api/history?path=a&from=yesterday", "from", "ISO 8601")]
    [InlineData("/api/history?path=a&from=12", "from", "ISO 8601")]
    [InlineData("/api/history?path=a&buckets=0", "buckets", "from 1 to 5000")]
    [InlineData("/api/history?path=a&buckets=many", "buckets", "whole number")]
    [InlineData("/api/history?path=a&raw=yes", "raw", "true or false")]
    [InlineData("/api/history?path=a&raw=true&buckets=5", "buckets", "leave buckets out")]
    [InlineData("/api/history?path=a&limit=5", "limit", "add raw=true")]
    [InlineData("/api/history?path=a&from=2027-03-16&to=2027-03-15", "from", "exchange them")]
    [InlineData("/api/history?path=a&bucket=5", "bucket", "takes path, from, to, buckets, raw, limit")]
    [InlineData("/api/history?path=a&path=b", "path", "give it once")]
    [InlineData("/api/tags?unit=x", "unit", "takes prefix")]
    [InlineData("/api/ledger?x=1", "x", "takes no parameters")]
    [InlineData("/api/status?x=1", "x", "takes no parameters")]
    [InlineData("/api/live?sinse=1", "sinse", "takes prefix, since")]
    public async Task A_bad_question_gets_a_400_that_says_how_to_mend_it(string url, string parameter, string words)
    {
        await using var host = await HmiHost.StartAsync();
        var (status, json) = await host.GetAsync(url);
        Assert.Equal((HttpStatusCode.BadRequest, parameter), (status, Text(json, "parameter")));
        Assert.Contains(words, Text(json, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_tag_and_a_missing_history_are_404_with_a_reason()
    {
        await using var host = await HmiHost.StartAsync();
        var (status, json) = await host.GetAsync("/api/history?path=no/such");
        Assert.Equal((HttpStatusCode.NotFound, "path"), (status, Text(json, "parameter")));
        await using var without = await HmiHost.StartAsync(withHistory: false);
        (status, json) = await without.GetAsync("/api/history?path=no/such");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("type history", Text(json, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ledger_shows_its_sums_and_what_does_not_close()
    {
        await using var host = await HmiHost.StartAsync();
        host.Gateway.Ledger = new([new("cas", 10, 2, 1, 7, 0)], 7, [new("uns", 7, 5, 0, 1, 0, TimeSpan.FromSeconds(1.5), "Running", null)]);
        var (_, json) = await host.GetAsync("/api/ledger");
        Assert.False(json.GetProperty("closes").GetBoolean());
        Assert.Contains("feed uns", Assert.Single(json.GetProperty("differences").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal((10, 0), (json.GetProperty("servers")[0].GetProperty("received").GetInt64(), json.GetProperty("servers")[0].GetProperty("difference").GetInt64()));
        Assert.Equal((1.5, 1), (Number(json.GetProperty("feeds")[0], "lagSeconds"), json.GetProperty("feeds")[0].GetProperty("difference").GetInt64()));
    }

    [Fact]
    public async Task The_status_shows_connections_feeds_and_insecure_choices()
    {
        await using var host = await HmiHost.StartAsync(DemoPlant.Create(FakeGateway.T0));
        var (_, json) = await host.GetAsync("/api/status");
        Assert.Equal(("jsh-cas-1", 5, 3, 1), (Text(json, "gatewayId"), json.GetProperty("connections").GetArrayLength(), json.GetProperty("feeds").GetArrayLength(), json.GetProperty("insecureChoices").GetArrayLength()));
        Assert.Equal("BadNodeIdUnknown", json.GetProperty("connections")[4].GetProperty("badTags").EnumerateObject().Single().Value.GetString());
        Assert.Equal("unhealthy", Text(json.GetProperty("health"), "status"));
    }

    [Fact]
    public async Task Healthz_is_200_while_the_gateway_works_and_503_with_reasons_when_not()
    {
        await using var host = await HmiHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/healthz")).Status);
        host.Gateway.Connections = [new("cas", "opc.tcp://x", "Disconnected", "no route", "None", default, 1, new Dictionary<string, string>())];
        var (status, json) = await host.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("server cas is disconnected: no route", Assert.Single(json.GetProperty("problems").EnumerateArray()).GetString());
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();
}
