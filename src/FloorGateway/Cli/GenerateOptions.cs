namespace FloorGateway.Cli;

/// <summary><c>floorgateway generate</c>.</summary>
/// <param name="Profile">demo, plant or stress.</param>
/// <param name="Folder">Where the files go.</param>
/// <param name="Force">Writes over files that are there.</param>
public sealed record GenerateOptions(string Profile, string Folder, bool Force);
