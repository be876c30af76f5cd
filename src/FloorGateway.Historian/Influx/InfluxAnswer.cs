using System.Net;
using System.Text.Json;
using FloorGateway.Model.Ports;

namespace FloorGateway.Historian.Influx;

/// <summary>A line that the server refuses.</summary>
/// <param name="Line">Its number in the request, from 1.</param>
/// <param name="Reason">Why, in the server's words.</param>
public readonly record struct RefusedLine(int Line, string Reason);

/// <summary>What the server's answer to a write means for the feed. Pure, so that each rule is tested by its own.</summary>
/// <param name="Result">What the feed is told.</param>
/// <param name="TooLarge">The request was too big: send it in smaller parts.</param>
/// <param name="DatabaseMissing">The database or bucket does not exist.</param>
/// <param name="Refused">The lines that are refused; null = not said. Version 3 names 100 at most, so there may be more.</param>
public readonly record struct InfluxAnswer(DeliveryResult Result, bool TooLarge = false, bool DatabaseMissing = false, IReadOnlyList<RefusedLine>? Refused = null)
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
        var login = options.Api == InfluxApi.V1 ? "username and password" : "token";
        var place = options.Api == InfluxApi.V2 ? $"org '{options.Org}' and bucket '{options.Bucket}'" : $"database '{options.Database}'{(options.RetentionPolicy is null ? "" : $" and retention policy '{options.RetentionPolicy}'")}";
        return code switch
        {
            400 or 422 when IsSetUp(message) => new(DeliveryResult.Retry($"{said}. Check {place} and the server's limits; samples wait in the journal")),
            400 or 422 => new(DeliveryResult.Rejected(said), Refused: Lines(body)),
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

    /// <summary>The lines out of version 3's <c>data</c>: one object or an array of them, each with <c>line_number</c> and <c>error_message</c>.</summary>
    private static List<RefusedLine>? Lines(string body)
    {
        if (!body.TrimStart().StartsWith('{'))
            return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (!json.RootElement.TryGetProperty("data", out var data))
                return null;
            var found = new List<RefusedLine>();
            foreach (var line in data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToArray() : [data])
            {
                if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("line_number", out var number) || !number.TryGetInt32(out var at) || at < 1)
                    return null;
                found.Add(new(at, line.TryGetProperty("error_message", out var why) ? why.ToString() : "refused"));
            }

            return found.Count > 0 ? found : null;
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException)
        {
            return null;
        }
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
