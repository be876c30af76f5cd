namespace FloorGateway.Configuration.Sections;

/// <summary>Languages whose decimal separator normalisation knows; a region may follow the language (<c>de-AT</c>).</summary>
internal static class DecimalCultures
{
    public static IReadOnlyList<string> Languages { get; } =
        "invariant en zh ja ko th he ar ms bg cs da de el es et fi fr hr hu id it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk vi".Split(' ');

    public static bool IsKnown(string culture) => Languages.Contains(culture.Split('-')[0]);
}
