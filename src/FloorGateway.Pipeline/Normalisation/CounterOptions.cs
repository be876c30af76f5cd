namespace FloorGateway.Pipeline.Normalisation;

/// <summary>How a counter of the equipment becomes a number that can be added up or compared over its resets.</summary>
public sealed record CounterOptions
{
    /// <summary>What the tag's value is.</summary>
    public CounterOutput Output { get; init; }

    /// <summary>Raw counts after which the counter begins at 0 again, e.g. 65536 for a UInt16; 0 = it does not roll over.</summary>
    public double Rollover { get; init; }

    /// <summary>A larger step between two values is no counting but a reset or another counter. Raw counts.</summary>
    public double MaxStep { get; init; } = double.PositiveInfinity;
}

/// <summary>What comes out of a counter.</summary>
public enum CounterOutput
{
    /// <summary>Counts since the gateway first saw it, over rollovers and resets: begins with the counter's own value and never falls.</summary>
    Total,

    /// <summary>Counts since the value before; 0 for the first one.</summary>
    Delta,
}
