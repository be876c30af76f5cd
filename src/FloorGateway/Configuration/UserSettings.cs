namespace FloorGateway.Configuration;

/// <summary>A user name with its password.</summary>
/// <param name="Name">User name.</param>
/// <param name="Password">Null = none.</param>
public sealed record UserSettings(string Name, Secret? Password);
