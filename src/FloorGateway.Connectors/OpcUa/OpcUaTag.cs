namespace FloorGateway.Connectors.OpcUa;

/// <summary>Where on a server a tag's raw value comes from.</summary>
/// <param name="Tag">The tag's id in the catalog.</param>
/// <param name="Node">NodeId text, best by URI: <c>nsu=http://jsev.example/UA/DieCasting/;s=DC01.Shot.Velocity</c>.</param>
public sealed record OpcUaTag(int Tag, string Node)
{
    /// <summary>How often the server looks at the value; zero = as it changes.</summary>
    public TimeSpan Sampling { get; init; }

    /// <summary>Values that the server keeps between two publishings.</summary>
    public int QueueSize { get; init; } = 10;

    /// <summary>Which value goes when that queue is full.</summary>
    public bool DiscardOldest { get; init; } = true;
}
