namespace FloorGateway.Configuration.Loading;

/// <summary>What may stand in a path. A path becomes an MQTT topic, an InfluxDB tag value and a part of a URL, so wildcards, spaces and control characters stay out.</summary>
internal static class PathText
{
    /// <summary>Longest path; an MQTT topic may take 65,535 bytes, but no screen shows it.</summary>
    public const int MaxLength = 256;

    /// <summary>Segments of letters, digits, '_', '-' and '.', joined by single slashes.</summary>
    public static bool IsPath(string path) => path.Length <= MaxLength && path.Split('/').All(IsSignal);

    public static bool IsSignal(string name) => name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.');
}
