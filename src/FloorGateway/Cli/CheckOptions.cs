namespace FloorGateway.Cli;

/// <summary><c>floorgateway check</c>.</summary>
/// <param name="ConfigFile">The configuration.</param>
public sealed record CheckOptions(string ConfigFile);
