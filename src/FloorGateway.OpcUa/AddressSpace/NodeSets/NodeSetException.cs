namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>A NodeSet2 file can't be loaded. The message names the file, the line, the node and what to do; the address space is as it was.</summary>
public sealed class NodeSetException : Exception
{
    public NodeSetException(string file, int line, string? node, string problem, Exception? inner = null)
        : base($"{file}{(line > 0 ? $", line {line}" : "")}{(node is null ? "" : $", node {node}")}: {problem}", inner)
    {
        File = file;
        Line = line;
        Node = node;
    }

    public string File { get; }

    /// <summary>1 is the first; 0 when the problem has no place.</summary>
    public int Line { get; }

    /// <summary>The node's id as the file writes it.</summary>
    public string? Node { get; }
}
