namespace FloorGateway.Cli;

/// <summary><c>floorgateway history export</c>.</summary>
/// <param name="ConfigFile">The gateway's configuration: it says where the history is.</param>
public sealed record HistoryExportOptions(string ConfigFile)
{
    /// <summary>Pattern of tag paths, with * and ?; all of them without it.</summary>
    public string Tags { get; init; } = "*";

    /// <summary>First source time; null = from the oldest sample on.</summary>
    public DateTime? From { get; init; }

    /// <summary>Source time behind the last; null = to the newest sample.</summary>
    public DateTime? To { get; init; }

    /// <summary>File to write; null = the terminal.</summary>
    public string? OutputFile { get; init; }
}
