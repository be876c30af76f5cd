namespace FloorGateway.Cli;

/// <summary><c>floorgateway trace</c>.</summary>
/// <param name="Code">VIN, battery code, casting, lot or any other id on a part.</param>
/// <param name="Genealogy">A genealogy's log, or a folder that holds one; of several the newest.</param>
public sealed record TraceOptions(string Code, string Genealogy)
{
    /// <summary>Lists every part instead of grouping equal ones.</summary>
    public bool All { get; init; }
}
