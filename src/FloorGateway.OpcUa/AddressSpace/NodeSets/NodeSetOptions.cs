namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>What a NodeSet2 file may cost. The files are the machine builder's, not a stranger's, but a wrong file must not take the server down.</summary>
public sealed record NodeSetOptions
{
    /// <summary>Characters of one file. The standard's own has four million; the largest companion specification one.</summary>
    public long MaxFileLength { get; init; } = 64_000_000;

    /// <summary>Nodes of all files of one call together.</summary>
    public int MaxNodes { get; init; } = 500_000;

    /// <summary>References of all files of one call together, each direction counted as it stands in the files.</summary>
    public int MaxReferences { get; init; } = 5_000_000;

    /// <summary>Levels of XML elements; structures within structures in values take two each.</summary>
    public int MaxDepth { get; init; } = 100;
}
