namespace FloorGateway.Cli;

/// <summary><c>floorgateway ledger</c>; either a configuration or a folder.</summary>
public sealed record LedgerOptions
{
    /// <summary>The configuration that names the data folder.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The data folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Pattern of the tags to show; null = none.</summary>
    public string? Tags { get; init; }

    /// <summary>JSON in place of tables.</summary>
    public bool Json { get; init; }
}
