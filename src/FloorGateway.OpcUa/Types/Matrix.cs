namespace FloorGateway.OpcUa.Types;

/// <summary>A multi-dimensional array: its elements in row-major order and its dimensions (OPC 10000-6, 5.2.2.16).</summary>
public sealed class Matrix
{
    internal Matrix(Array elements, int[] dimensions)
    {
        Elements = elements;
        Dimensions = dimensions;
    }

    public Array Elements { get; }

    /// <summary>Lengths, slowest-varying dimension first.</summary>
    public int[] Dimensions { get; }
}
