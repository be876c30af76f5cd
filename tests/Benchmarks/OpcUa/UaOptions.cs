namespace Benchmarks.OpcUa;

/// <summary>What the OPC UA benchmark does.</summary>
internal sealed record UaOptions
{
    /// <summary>Time that counts.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time before it: the runtimes compile what is used.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Value changes a second, all variables together; null = what node-opcua just carries on one core, as client 500,000 and as server 80,000.</summary>
    public double? Rate { get; init; }

    public int Variables { get; init; } = 8000;

    /// <summary>Milliseconds between two slices of changes; 100 is a controller that sends what a scan has found.</summary>
    public int Cycle { get; init; } = 100;

    public double RateOf(string role) => Rate ?? (role == "server" ? 80_000 : 500_000);

    /// <summary>Milliseconds.</summary>
    public int PublishingInterval { get; init; } = 100;

    /// <summary>Times that come with each value: <c>source</c>, which is what a time series keeps, or <c>both</c>.</summary>
    public string Timestamps { get; init; } = "source";

    /// <summary>Measurements of each row; the median counts.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Only rows whose name holds one of these, with | between them; null = all.</summary>
    public string? Only { get; init; }
}
