namespace FloorGateway.Configuration.Loading;

/// <summary>Gathers errors and warnings. The same sentence at the same place is kept once: a mistake in an equipment type would otherwise come back for each unit.</summary>
internal sealed class Diagnostics
{
    private readonly HashSet<ConfigurationError> seen = [];
    private readonly List<ConfigurationError> found = [];

    public bool HasErrors { get; private set; }

    public IReadOnlyList<ConfigurationError> Errors => InFileOrder(warnings: false);

    public IReadOnlyList<ConfigurationError> Warnings => InFileOrder(warnings: true);

    public void Error(SourcePosition at, string message, string remedy)
    {
        HasErrors = true;
        Add(new ConfigurationError(at, message, remedy));
    }

    public void Warn(SourcePosition at, string message, string remedy) => Add(new ConfigurationError(at, message, remedy, IsWarning: true));

    private void Add(ConfigurationError error)
    {
        if (seen.Add(error))
            found.Add(error);
    }

    // Files stay in the order in which they first came up, which is the order in which they were read.
    private ConfigurationError[] InFileOrder(bool warnings)
    {
        var files = found.Select(e => e.At.File).Distinct().ToList();
        return [.. found.Where(e => e.IsWarning == warnings).OrderBy(e => files.IndexOf(e.At.File)).ThenBy(e => e.At.Line).ThenBy(e => e.At.Column)];
    }
}
