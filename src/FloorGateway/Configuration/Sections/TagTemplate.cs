namespace FloorGateway.Configuration.Sections;

/// <summary>A signal of an equipment type before it belongs to a unit: what depends on the unit or its server is still open.</summary>
/// <param name="Tag">The signal with empty unit, server and node.</param>
/// <param name="Node">Node id with placeholders; null = the type's pattern.</param>
/// <param name="Sampling">Null = the server's.</param>
/// <param name="Queue">Null = the server's, which is also the least.</param>
/// <param name="Elements">Names of an array's elements that become tags in its place; null = the array is one tag.</param>
internal sealed record TagTemplate(ConfiguredTag Tag, string? Node, TimeSpan? Sampling, int? Queue, IReadOnlyList<string>? Elements = null);
