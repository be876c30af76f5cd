using System.Net;
using System.Text.Json;
using FloorGateway.Model.Ports;

namespace FloorGateway.Historian.Influx;

/// <summary>What the server's answer to a write means for the feed. Pure, so that each rule is tested by its own.</summary>
/// <param name="Result">What the feed is told.</param>
/// <param name="TooLarge">The request was too big: send it in smaller parts.</param>
/// <param name="DatabaseMissing">The database or bucket does not exist.</param>
public readonly record struct InfluxAnswer(DeliveryResult Result, bool TooLarge = false, bool DatabaseMissing = false)
{
    /// <summary>
    /// 2xx = delivered. 400 and 422 = the server refuses something in the data, and will each time: rejected, unless the message says that it is the
    /// set-up that is wrong. 413 = too large. Everything else (login, unknown database, busy, broken) can be mended without losing a sample: retry.
    /// </summary>
    public static InfluxAnswer Of(HttpStatusCode status, string body, TimeSpan? retryAfter, InfluxOptions options)
    {
        var code = (int)status;
        if (code is >= 200 and < 300)
            return new(DeliveryResult.Delivered);
        var message = Message(body);
        var said = $"InfluxDB at {options.Url} answered {code}{(message.Length > 0 ? ": " + message : "")}";
        var login = options.Api == InfluxApi.V2 ? "token" : "username and password";
        var place = options.Api == InfluxApi.V2 ? $"org '{options.Org}' and bucket '{options.Bucket}'" : $"database '{options.Database}'{(options.RetentionPolicy is null ? "" : $" and retention policy '{options.RetentionPolicy}'")}";
        return code switch
        {
            400 or 422 when IsSetUp(message) => new(DeliveryResult.Retry($"{said}. Check {place} and the server's limits; samples wait in the journal")),
            400 or 422 => new(DeliveryResult.Rejected(said)),
            413 => new(DeliveryResult.Rejected(said), TooLarge: true),
            401 => new(DeliveryResult.Retry($"{said}. Check the {login} of feed {options.Name}; samples wait in the journal")),
            403 => new(DeliveryResult.Retry($"{said}. The {login} of feed {options.Name} may not write to {place}: give it write permission; samples wait in the journal")),
            404 => new(DeliveryResult.Retry($"{said}. Check the URL and {place}{(options.Api == InfluxApi.V1 ? ", or set createDatabase" : "")}; samples wait in the journal"), DatabaseMissing: true),
            >= 300 and < 400 => new(DeliveryResult.Retry($"{said}: it redirects elsewhere. Put the final URL in the configuration; samples wait in the journal")),
            405 => new(DeliveryResult.Retry($"{said}. There is no {options.Api} write API behind this URL; check url and api")),
            _ => new(DeliveryResult.Retry(said, retryAfter)),
        };
    }

    /// <summary>The message out of the shapes servers answer in: <c>{"error"}</c> (v1, v3), <c>{"code","message"}</c> (v2), plain text, HTML of a proxy.</summary>
    internal static string Message(string body)
    {
        body = body.Trim();
        if (body.StartsWith('{'))
        {
            try
            {
                using var json = JsonDocument.Parse(body);
                foreach (var name in new[] { "message", "error", "err" })
                {
                    if (json.RootElement.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String)
                        return text.GetString()!;
                }
            }
            catch (JsonException)
            {
                // Cut off at the reading limit or not JSON after all: shown as it came.
            }
        }

        return body.StartsWith('<') ? "(an HTML page, probably of a proxy)" : body;
    }

    // Answers with 400 or 422 that every sample would get, or that go away when someone raises a limit: nothing is wrong with the data.
    private static bool IsSetUp(string message) =>
        message.Contains("organization not found", StringComparison.OrdinalIgnoreCase)
        || message.Contains("bucket not found", StringComparison.OrdinalIgnoreCase)
        || message.Contains("database is required", StringComparison.OrdinalIgnoreCase)
        || message.Contains("max-series-per-database", StringComparison.OrdinalIgnoreCase)
        || message.Contains("max-values-per-tag", StringComparison.OrdinalIgnoreCase)
        || message.Contains("invalid precision", StringComparison.OrdinalIgnoreCase);
}
