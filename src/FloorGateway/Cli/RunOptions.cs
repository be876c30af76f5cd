namespace FloorGateway.Cli;

/// <summary><c>floorgateway run</c>.</summary>
/// <param name="ConfigFile">The configuration.</param>
public sealed record RunOptions(string ConfigFile);
