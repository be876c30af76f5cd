using System.Net;
using FloorGateway.Historian.Influx;
using FloorGateway.Model.Ports;

namespace FloorGateway.Historian.Tests.Influx;

public class InfluxAnswerTests
{
    [Theory]
    [InlineData(204, "", DeliveryOutcome.Delivered)]
    [InlineData(200, "", DeliveryOutcome.Delivered)]
    [InlineData(400, """{"error":"unable to parse 'x': missing fields"}""", DeliveryOutcome.Rejected)]
    [InlineData(400, """{"error":"partial write: field type conflict: input field \"S\" on measurement \"M\" is type string, already exists as type float dropped=1"}""", DeliveryOutcome.Rejected)]
    [InlineData(400, """{"error":"partial write: points beyond retention policy dropped=3"}""", DeliveryOutcome.Rejected)]
    [InlineData(422, """{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type conflict"}""", DeliveryOutcome.Rejected)]
    [InlineData(400, """{"code":"invalid","message":"failed to decode request body: organization not found"}""", DeliveryOutcome.Retry)]
    [InlineData(400, """{"error":"partial write: max-values-per-tag limit exceeded (100000/100000)"}""", DeliveryOutcome.Retry)]
    [InlineData(401, """{"code":"unauthorized","message":"unauthorized access"}""", DeliveryOutcome.Retry)]
    [InlineData(403, "", DeliveryOutcome.Retry)]
    [InlineData(404, """{"code":"not found","message":"bucket \"b\" not found"}""", DeliveryOutcome.Retry)]
    [InlineData(405, "", DeliveryOutcome.Retry)]
    [InlineData(307, "", DeliveryOutcome.Retry)]
    [InlineData(429, "", DeliveryOutcome.Retry)]
    [InlineData(500, """{"error":"retention policy not found: rp"}""", DeliveryOutcome.Retry)]
    [InlineData(502, "<html>Bad Gateway</html>", DeliveryOutcome.Retry)]
    [InlineData(503, "", DeliveryOutcome.Retry)]
    public void Delivered_rejected_or_retry(int status, string body, DeliveryOutcome outcome) => Assert.Equal(outcome, Of(status, body).Result.Outcome);

    [Theory]
    [InlineData(401, "token")]
    [InlineData(403, "write permission")]
    [InlineData(404, "bucket 'floor'")]
    [InlineData(307, "final URL")]
    [InlineData(405, "url and api")]
    public void Says_what_to_mend(int status, string words) => Assert.Contains(words, Of(status, "").Result.Reason, StringComparison.Ordinal);

    [Fact]
    public void Quotes_the_servers_own_words() => Assert.Contains("answered 422: some points", Of(422, """{"code":"x","message":"some points"}""").Result.Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"error":"partial write of line protocol occurred","data":[{"original_line":"a","line_number":2,"error_message":"x"},{"line_number":5,"error_message":"y"}]}""", "2 x, 5 y")]
    [InlineData("""{"error":"parsing failed","data":{"original_line":"a","line_number":1,"error_message":"x"}}""", "1 x")]
    [InlineData("""{"error":"partial write of line protocol occurred","data":[{"original_line":"a","error_message":"x"}]}""", null)]
    [InlineData("""{"error":"partial write of line protocol occurred","data":[]}""", null)]
    [InlineData("""{"error":"partial write of line protocol occurred","data":"text"}""", null)]
    [InlineData("""{"error":"partial write of line protocol occurred"}""", null)]
    [InlineData("""{"data":[{"line_num""", null)]
    public void Reads_the_lines_that_version_3_refuses(string body, string? lines) =>
        Assert.Equal(lines, Of(400, body).Refused is { } refused ? string.Join(", ", refused.Select(r => $"{r.Line} {r.Reason}")) : null);

    [Fact]
    public void Waits_as_long_as_the_server_says() => Assert.Equal(TimeSpan.FromSeconds(9), InfluxAnswer.Of((HttpStatusCode)429, "", TimeSpan.FromSeconds(9), Options).Result.RetryAfter);

    private static InfluxOptions Options => new() { Url = new("https://influx.plant.example"), Org = "lxe", Bucket = "floor" };

    private static InfluxAnswer Of(int status, string body) => InfluxAnswer.Of((HttpStatusCode)status, body, null, Options);
}
