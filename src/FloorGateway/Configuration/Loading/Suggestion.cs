namespace FloorGateway.Configuration.Loading;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Suggestion
{
    /// <summary>The nearest of the known words, or null where none is near enough to be a slip of the keyboard.</summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        var plain = Plain(word);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var other = Plain(candidate);
            var distance = Distance(plain, other);
            if (distance <= Math.Max(1, Math.Max(plain.Length, other.Length) / 3) && distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    /// <summary><c>did you mean 'x'?</c>, or the list of what may stand there.</summary>
    public static string Remedy(string word, IReadOnlyCollection<string> known) =>
        For(word, known) is { } meant ? $"did you mean '{meant}'?"
        : known.Count == 0 ? "remove it"
        : $"write one of: {string.Join(", ", known)}";

    private static string Plain(string word) => word.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    // Optimal string alignment: a swap of neighbours is one slip, as typists make it.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
