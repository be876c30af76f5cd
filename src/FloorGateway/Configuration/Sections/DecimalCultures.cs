namespace FloorGateway.Configuration.Sections;

/// <summary>Cultures whose decimal separators the gateway knows.</summary>
internal static class DecimalCultures
{
    public static IReadOnlyList<string> Names { get; } = ["invariant", "en-US", "en-GB", "zh-CN", "ja-JP", "ko-KR", "de-DE", "fr-FR", "es-ES", "it-IT", "pl-PL", "cs-CZ", "hu-HU", "sv-SE"];
}
