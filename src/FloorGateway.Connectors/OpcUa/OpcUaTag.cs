namespace FloorGateway.Connectors.OpcUa;

/// <summary>Where on a server a tag's raw value comes from.</summary>
/// <param name="Tag">The tag's id in the catalog.</param>
/// <param name="Node">NodeId text, best by URI: <c>nsu=http://jsev.example/UA/DieCasting/;s=DC01.Shot.Velocity</c>. Or <c>path:</c> and browse names from below the
/// Objects folder, for servers whose node ids change: <c>path:nsu=http://jsev.example/UA/DieCasting/;DC01/Shot/Velocity</c>.</param>
public sealed record OpcUaTag(int Tag, string Node)
{
    /// <summary>What a node begins with that is found by its browse path.</summary>
    public const string PathPrefix = "path:";

    /// <summary>How often the server looks at the value; zero = as it changes.</summary>
    public TimeSpan Sampling { get; init; }

    /// <summary>Unit (code, symbol or alias) in which the configuration takes the server's values, to be compared with what the server says; null = it takes none for granted.</summary>
    public string? Unit { get; init; }

    /// <summary>The configuration has noticed that the server names the wrong unit, and corrects it.</summary>
    public bool UnitIsCorrected { get; init; }

    /// <summary>The value is a measurement, so that a unit is missed where neither side names one.</summary>
    public bool IsMeasurement { get; init; }

    /// <summary>Values that the server keeps between two publishings.</summary>
    public int QueueSize { get; init; } = 10;

    /// <summary>Which value goes when that queue is full.</summary>
    public bool DiscardOldest { get; init; } = true;
}
