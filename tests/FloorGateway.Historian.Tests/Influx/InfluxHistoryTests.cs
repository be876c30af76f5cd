using System.Net;
using FloorGateway.Historian.Influx;
using FloorGateway.Model.History;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;
using Microsoft.AspNetCore.Http;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Influx;

public class InfluxHistoryTests
{
    private const string Path = "LXE/JSH/CAS/L01/DC01/PRESS/Shot \"V\"";
    private const string Fields = """{"statement_id":0,"series":[{"name":"DieCastCell","columns":["fieldKey","fieldType"],"values":[["Shot \"V\"","float"]]}]}""";
    private readonly Catalog catalog = new();

    public InfluxHistoryTests() => catalog.Add("LXE/JSH/CAS/L01/DC01/PRESS", "Shot \"V\"");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(InfluxApi.V1, "Basic Z2F0ZTp4", "/query?db=d&epoch=ns&q=")]
    [InlineData(InfluxApi.V2, "Token t0k", "/query?db=b&epoch=ns&q=")]
    [InlineData(InfluxApi.V3, "Bearer t0k", "/query?db=d&epoch=ns&q=")]
    public async Task Asks_each_version_in_InfluxQL_under_its_login(InfluxApi api, string login, string start)
    {
        await using var server = await RecordingServer.StartAsync();
        Answer(server, """{"statement_id":0}""");
        using var history = new InfluxHistory(catalog, new() { Url = server.Url, Api = api, Database = "d", Org = "o", Bucket = "b", Username = "gate", Password = "x", Token = "t0k" });
        Assert.Empty(await history.ReadRawAsync(Path, T0, T0 + 10, 7, Cancel));
        Assert.All(server.Requests, r => Assert.Equal((login, start), (r.Headers["Authorization"], r.PathAndQuery[..start.Length])));
        Assert.Equal(
            """SELECT "Shot \"V\"","Shot \"V\".q" FROM "DieCastCell" WHERE "area" = 'CAS' AND "cell" = 'DC01' AND "enterprise" = 'LXE' AND "line" = 'L01' AND "site" = 'JSH' AND "unit" = 'PRESS' AND time >= 1805068800000000000 AND time < 1805068800000001000 ORDER BY time ASC LIMIT 7""",
            Uri.UnescapeDataString(server.Requests[^1].PathAndQuery[start.Length..]));
    }

    [Fact]
    public async Task Goes_on_where_the_server_has_cut_an_answer_off()
    {
        await using var server = await RecordingServer.StartAsync();
        var rows = 0;
        server.Answer = async (request, response) =>
        {
            response.StatusCode = 200;
            var keys = request.PathAndQuery.Contains("SHOW", StringComparison.Ordinal);
            if (!keys)
                rows++;
            await response.WriteAsync(keys ? Results(Fields)
                : Results($$"""{"statement_id":0,"series":[{"name":"DieCastCell","columns":["time","a","b"],"values":[[{{1805068800000000000 + (rows * 100)}},{{rows}},null]]{{(rows < 3 ? ",\"partial\":true" : "")}}}]}"""));
        };
        using var history = new InfluxHistory(catalog, new() { Url = server.Url, Api = InfluxApi.V1, Database = "d" });
        var points = await history.ReadRawAsync(Path, T0, T0 + 1000, 100, Cancel);
        Assert.Equal([new(T0 + 1, TagValue.From(1.0), 0), new(T0 + 2, TagValue.From(2.0), 0), new HistoryPoint(T0 + 3, TagValue.From(3.0), 0)], points);
    }

    [Theory]
    [InlineData(401, """{"error":"unauthorized access"}""", "Check the token")]
    [InlineData(200, """{"results":[{"statement_id":0,"error":"database not found: d"}]}""", "database not found")]
    [InlineData(200, """{"error":"timeout"}""", "timeout")]
    [InlineData(200, "<html>", "can't be asked")]
    [InlineData(200, "[]", "whether the URL is right")]
    [InlineData(200, "{}", "whether the URL is right")]
    public async Task Says_what_is_wrong_in_the_servers_words(int status, string body, string words)
    {
        await using var server = await RecordingServer.StartAsync();
        server.AnswerWith(status, body);
        using var history = new InfluxHistory(catalog, new() { Url = server.Url, Api = InfluxApi.V3, Database = "d" });
        var trouble = await Assert.ThrowsAsync<HistoryException>(async () => await history.ReadLastAsync(Path, T0, Cancel));
        Assert.Contains(words, trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_the_server_is_not_there()
    {
        using var history = new InfluxHistory(catalog, new() { Url = new($"http://127.0.0.1:{Ports.Free()}"), Api = InfluxApi.V3, Database = "d" });
        Assert.Contains("can't be asked", (await Assert.ThrowsAsync<HistoryException>(async () => await history.CountAsync(Cancel))).Message, StringComparison.Ordinal);
    }

    private static string Results(string result) => $"{{\"results\":[{result}]}}";

    private static void Answer(RecordingServer server, string result) => server.AnswerWith((int)HttpStatusCode.OK, Results(result));
}
