namespace FloorGateway.Configuration.Loading;

/// <summary>A section of the configuration and every key it may hold. A test reads these by reflection and holds config/gateway.sample.yaml to them.</summary>
/// <param name="Name">As an error message calls it.</param>
/// <param name="Keys">Every key it may hold.</param>
internal sealed record Section(string Name, params string[] Keys)
{
    /// <summary>Words that people write for a key of this section, with the answer to give.</summary>
    public IReadOnlyDictionary<string, string> Instead { get; init; } = new Dictionary<string, string>();

    /// <summary>A secret's four ways; the words for an inline secret are answered with how to give it.</summary>
    public static IReadOnlyDictionary<string, string> NoInlineSecret(params string[] words) =>
        words.ToDictionary(w => w, w => $"a secret does not belong in this file; use {w}Env: NAME (an environment variable) or {w}File: PATH (a file that only the gateway may read)");
}
