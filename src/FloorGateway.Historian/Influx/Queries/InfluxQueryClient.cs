using System.Text.Json;
using FloorGateway.Model.History;

namespace FloorGateway.Historian.Influx.Queries;

/// <summary>One series of an answer: its tags and rows. The cells are valid until the answer is disposed.</summary>
/// <param name="Statement">Which of the questions it answers, from 0.</param>
/// <param name="Name">Measurement.</param>
/// <param name="Tags">What it is grouped by.</param>
/// <param name="Columns">Names, <c>time</c> among them.</param>
/// <param name="Rows">An array of cells for each row.</param>
/// <param name="Partial">The server has cut it off at a limit of its own.</param>
internal sealed record InfluxSeries(int Statement, string Name, IReadOnlyDictionary<string, string> Tags, string[] Columns, JsonElement Rows, bool Partial)
{
    public int Column(string name) => Array.IndexOf(Columns, name);
}

/// <summary>An answer with all its series.</summary>
internal sealed class InfluxResult(JsonDocument document, IReadOnlyList<InfluxSeries> series) : IDisposable
{
    public IReadOnlyList<InfluxSeries> Series => series;

    public IEnumerable<InfluxSeries> Of(int statement) => series.Where(s => s.Statement == statement);

    public void Dispose() => document.Dispose();
}

/// <summary>Asks InfluxDB in InfluxQL.</summary>
internal sealed class InfluxQueryClient(InfluxOptions options, HttpMessageHandler? handler) : IDisposable
{
    private const int MaxMessageChars = 1024;

    private static readonly Dictionary<string, string> NoTags = [];

    private readonly HttpClient http = InfluxRequests.Client(options, handler);

    /// <summary>Asks one or more questions in one request.</summary>
    /// <exception cref="HistoryException">The server can't be reached or refuses; the message says what to do.</exception>
    public async ValueTask<InfluxResult> AskAsync(CancellationToken cancel, params IReadOnlyList<string> questions)
    {
        try
        {
            using var response = await http.GetAsync(InfluxRequests.QueryUrl(options, string.Join(';', questions)), HttpCompletionOption.ResponseHeadersRead, cancel);
            if (!response.IsSuccessStatusCode)
            {
                var body = await response.Content.ReadAsStringAsync(cancel);
                var answer = InfluxAnswer.Of(response.StatusCode, body.Length > MaxMessageChars ? body[..MaxMessageChars] : body, null, options);
                throw new HistoryException(answer.Result.Reason ?? $"InfluxDB at {options.Url} answered {(int)response.StatusCode}");
            }

            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            return Read(await JsonDocument.ParseAsync(stream, cancellationToken: cancel));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new HistoryException($"InfluxDB at {options.Url} did not answer within {options.Timeout.TotalSeconds:0.#} s; ask for a shorter range");
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or JsonException)
        {
            throw new HistoryException($"InfluxDB at {options.Url} can't be asked: {(trouble.InnerException ?? trouble).Message}", trouble);
        }
    }

    public void Dispose() => http.Dispose();

    private InfluxResult Read(JsonDocument document)
    {
        try
        {
            var found = new List<InfluxSeries>();
            Check(document.RootElement);
            var statement = 0;
            foreach (var result in document.RootElement.GetProperty("results").EnumerateArray())
            {
                Check(result);
                if (result.TryGetProperty("series", out var all))
                {
                    foreach (var one in all.EnumerateArray())
                        found.Add(Series(statement, one));
                }

                statement++;
            }

            return new(document, found);
        }
        catch (Exception trouble) when (trouble is KeyNotFoundException or InvalidOperationException)
        {
            document.Dispose();
            throw new HistoryException($"InfluxDB at {options.Url} gave an answer that is none to InfluxQL; see whether the URL is right", trouble);
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    private void Check(JsonElement element)
    {
        if (element.TryGetProperty("error", out var error))
            throw new HistoryException($"InfluxDB at {options.Url} refuses the question: {error}");
    }

    private static InfluxSeries Series(int statement, JsonElement series) => new(
        statement,
        series.TryGetProperty("name", out var name) ? name.GetString()! : "",
        series.TryGetProperty("tags", out var tags) ? tags.EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetString() ?? "", StringComparer.Ordinal) : NoTags,
        [.. series.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)],
        series.TryGetProperty("values", out var rows) ? rows : default,
        series.TryGetProperty("partial", out var partial) && partial.ValueKind == JsonValueKind.True);
}
