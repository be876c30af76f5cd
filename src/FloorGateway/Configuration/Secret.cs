namespace FloorGateway.Configuration;

/// <summary>A password or token. It prints as stars, so that it can't reach a log or a status page by accident.</summary>
/// <param name="From">Where it came from, e.g. <c>environment variable CAS_PASSWORD</c>.</param>
/// <param name="Value">The secret itself.</param>
public sealed record Secret(string From, string Value)
{
    public override string ToString() => $"*** ({From})";
}
