using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FloorGateway.Hmi.Api;

/// <summary>Reads a request's query parameters and collects the first thing wrong with them: what it is and how to mend it.</summary>
internal sealed class Query
{
    private readonly IQueryCollection values;

    /// <param name="request">The request.</param>
    /// <param name="known">Parameters that exist; any other is an error, so that a misspelt one is not ignored.</param>
    public Query(HttpRequest request, params string[] known)
    {
        values = request.Query;
        foreach (var (name, value) in values)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                Fail(name, known.Length == 0 ? $"{request.Path} takes no parameters; leave {name} out" : $"there is no parameter '{name}'; {request.Path} takes {string.Join(", ", known)}");
            else if (value.Count > 1)
                Fail(name, $"{name} is given {value.Count} times; give it once");
        }
    }

    /// <summary>Null = all is well.</summary>
    public IResult? Problem { get; private set; }

    public string? Text(string name) => values.TryGetValue(name, out var value) && value.Count == 1 && value[0]!.Length > 0 ? value[0] : null;

    public string Required(string name, string example)
    {
        if (Text(name) is { } text)
            return text;
        Fail(name, $"{name} is missing; give it, e.g. {name}={example}");
        return "";
    }

    public bool Flag(string name)
    {
        if (Text(name) is not { } text)
            return values.ContainsKey(name);
        if (bool.TryParse(text, out var flag))
            return flag;
        Fail(name, $"{name} is '{text}'; give true or false");
        return false;
    }

    public int Number(string name, int fallback, int from, int to)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to)
            return number;
        Fail(name, $"{name} is '{text}'; give a whole number from {from} to {to}");
        return fallback;
    }

    /// <summary>An ISO 8601 time; without an offset it is UTC.</summary>
    public DateTimeOffset Time(string name, DateTimeOffset fallback)
    {
        if (Text(name) is not { } text)
            return fallback;
        // A '+' of an offset that was not escaped arrives as a space.
        var mended = text.Length > 6 && text[^6] == ' ' ? $"{text[..^6]}+{text[^5..]}" : text;
        if (mended.Length >= 10 && mended[4] == '-' && DateTimeOffset.TryParse(mended, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time;
        Fail(name, $"{name} is '{text}'; give an ISO 8601 time, e.g. 2027-03-15T08:00:00Z");
        return fallback;
    }

    /// <summary>Notes a problem found later; the first one stands.</summary>
    public void Fail(string name, string detail) => Problem ??= Problems.Of(StatusCodes.Status400BadRequest, "The question can't be understood", detail, name);
}
