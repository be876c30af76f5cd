namespace FloorGateway.Pipeline.Tests.Support;

/// <summary>Tests that measure the whole process and so run by themselves.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
