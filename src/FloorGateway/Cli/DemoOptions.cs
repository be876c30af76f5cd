namespace FloorGateway.Cli;

/// <summary><c>floorgateway demo</c>.</summary>
public sealed record DemoOptions
{
    /// <summary>Ends by itself after this time; null = runs until it is stopped.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Folder for journal, history and certificates; null = a temporary one that is gone afterwards.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Port of the pages; 0 = any free one.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Port of the embedded broker; 0 = any free one.</summary>
    public int MqttPort { get; init; } = 1883;

    /// <summary>Port of the first simulated server, the others follow it; 0 = any free ones.</summary>
    public int OpcUaPort { get; init; } = 48401;

    /// <summary>The same seed gives the same plant.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Process time runs this many times as fast as the clock.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Fault script for the simulated equipment; null = nothing is injected.</summary>
    public string? FaultScript { get; init; }
}
