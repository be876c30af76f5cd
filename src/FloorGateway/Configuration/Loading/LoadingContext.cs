namespace FloorGateway.Configuration.Loading;

/// <summary>What every section reader needs besides its section.</summary>
internal sealed record LoadingContext(IConfigurationFiles Files, Func<string, string?> Environment, Diagnostics Errors)
{
    /// <summary>A file named under a key, which must be there; null where the key was not written.</summary>
    public string? ExistingFile(MapReader reader, string key)
    {
        if (reader.Text(key) is not { } written)
            return null;
        var path = Files.Resolve(reader.Source.At.File, written);
        if (!Files.Exists(path))
            Errors.Error(reader.Source[key], $"file {path} is not there", $"put it there or mend the path after '{key}' (relative paths count from this file)");
        return path;
    }
}
