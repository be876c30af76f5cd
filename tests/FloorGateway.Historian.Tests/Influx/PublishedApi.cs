using System.Globalization;
using System.Web;

namespace FloorGateway.Historian.Tests.Influx;

/// <summary>
/// The write and query requests that InfluxData has published for versions 1, 2 and 3, as a table: paths, parameters, the words they take, logins, and the line
/// protocol of the body.
/// </summary>
public static class PublishedApi
{
    private static readonly Dictionary<string, Endpoint> Endpoints = new(StringComparer.Ordinal)
    {
        ["/write"] = new("POST", ["db"], new() { ["rp"] = null, ["precision"] = ["n", "ns", "u", "ms", "s", "m", "h"], ["consistency"] = ["any", "one", "quorum", "all"] }, ["Basic"]),
        ["/api/v2/write"] = new("POST", ["org", "bucket"], new() { ["precision"] = ["ns", "us", "ms", "s"] }, ["Token"]),
        ["/api/v3/write_lp"] = new(
            "POST",
            ["db"],
            new() { ["precision"] = ["auto", "nanosecond", "microsecond", "millisecond", "second"], ["accept_partial"] = ["true", "false"], ["no_sync"] = ["true", "false"] },
            ["Bearer"]),
        ["/query"] = new("GET", ["q"], new() { ["db"] = null, ["rp"] = null, ["epoch"] = ["ns", "u", "ms", "s", "m", "h"] }, ["Basic", "Token", "Bearer"]),
    };

    /// <summary>Everything that a request does which the API does not allow, in words.</summary>
    public static IEnumerable<string> Violations(RecordedRequest request)
    {
        var url = new Uri("http://server" + request.PathAndQuery);
        var path = Endpoints.Keys.OrderByDescending(k => k.Length).FirstOrDefault(k => url.AbsolutePath.EndsWith(k, StringComparison.Ordinal));
        if (path is null)
            return [$"there is no {url.AbsolutePath}"];
        // Statements that change something are posted as a form.
        if (path == "/query" && request.Method == "POST")
            return request.Text.StartsWith("q=", StringComparison.Ordinal) ? [] : ["a posted query has no q"];
        return Check(Endpoints[path], request, HttpUtility.ParseQueryString(url.Query)).Concat(request.Method == "POST" ? Body(request) : []);
    }

    private static IEnumerable<string> Check(Endpoint endpoint, RecordedRequest request, System.Collections.Specialized.NameValueCollection query)
    {
        if (request.Method != endpoint.Method)
            yield return $"{request.PathAndQuery} takes {endpoint.Method}, not {request.Method}";
        foreach (var needed in endpoint.Required.Where(name => query[name] is null))
            yield return $"{needed} is missing";
        foreach (var name in query.AllKeys)
        {
            if (name is null || (!endpoint.Required.Contains(name) && !endpoint.Parameters.ContainsKey(name)))
                yield return $"there is no parameter {name}";
            else if (endpoint.Parameters.TryGetValue(name, out var words) && words is not null && !words.Contains(query[name]!))
                yield return $"{name}={query[name]} is none of {string.Join(", ", words)}";
        }

        if (request.Headers.TryGetValue("Authorization", out var login) && !endpoint.Schemes.Contains(login.Split(' ')[0]))
            yield return $"{login.Split(' ')[0]} is no login here";
    }

    private static IEnumerable<string> Body(RecordedRequest request)
    {
        if (!request.Headers.TryGetValue("Content-Type", out var type) || !type.StartsWith("text/plain", StringComparison.Ordinal))
            yield return $"line protocol is text/plain, not {type}";
        if (request.Headers.TryGetValue("Content-Encoding", out var encoding) && encoding is not ("gzip" or "identity"))
            yield return $"no body is encoded as {encoding}";
        foreach (var line in request.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parts(line) is not [var series, var fields, var time] || series.Length == 0 || !fields.Contains('=', StringComparison.Ordinal) || !long.TryParse(time, CultureInfo.InvariantCulture, out _))
                yield return $"this is no line: {line}";
        }
    }

    /// <summary>The parts of a line between spaces that are neither escaped nor quoted.</summary>
    private static List<string> Parts(string line)
    {
        var parts = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (line[i] == '"' && parts.Count == 1)
            {
                quoted = !quoted;
            }
            else if (line[i] == ' ' && !quoted)
            {
                parts.Add(line[start..i]);
                start = i + 1;
            }
        }

        parts.Add(line[start..]);
        return parts;
    }

    /// <param name="Method">HTTP method.</param>
    /// <param name="Required">Parameters that must be there.</param>
    /// <param name="Parameters">Others, with the words they take; null = any.</param>
    /// <param name="Schemes">Words before the login in the Authorization header.</param>
    private sealed record Endpoint(string Method, string[] Required, Dictionary<string, string[]?> Parameters, string[] Schemes);
}
