using System.Globalization;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>Decimal separators by language. A table of our own: the process runs without the system's culture data, so that it behaves the same everywhere.</summary>
internal static class NumberCultures
{
    private static readonly HashSet<string> WithComma = new(
        "bg cs da de el es et fi fr hr hu id it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk vi".Split(' '), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> WithPoint = new("en zh ja ko th he ar ms invariant".Split(' '), StringComparer.OrdinalIgnoreCase);

    private static readonly NumberFormatInfo Comma = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };

    /// <summary>Null where the language is not in the table.</summary>
    public static NumberFormatInfo? Find(string culture)
    {
        var dash = culture.IndexOf('-', StringComparison.Ordinal);
        var language = dash < 0 ? culture : culture[..dash];
        return WithComma.Contains(language) ? Comma : WithPoint.Contains(language) ? NumberFormatInfo.InvariantInfo : null;
    }
}
