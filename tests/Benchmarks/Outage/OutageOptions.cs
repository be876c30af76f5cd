using FloorGateway.Historian.Influx.LineProtocol;

namespace Benchmarks.Outage;

/// <summary>How an outage is measured.</summary>
internal sealed record OutageOptions
{
    /// <summary>Length of the outage, virtual time.</summary>
    public double Hours { get; init; } = 48;

    /// <summary>Gets the gateway's data and keeps it; null is a temporary one.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder has the outage from an earlier run. What is delivered goes from it.</summary>
    public bool IsFilled { get; init; }

    /// <summary>Seconds of catching up at most; 0 is none.</summary>
    public double DrainSeconds { get; init; } = 120;

    public bool Gzip { get; init; } = true;

    /// <summary>Into a real influxd; else into a server that answers 204 to everything.</summary>
    public bool Influxd { get; init; }

    /// <summary>An influxd whose caches are set for a plant.</summary>
    public bool Tuned { get; init; }

    public ArrayFields Arrays { get; init; } = ArrayFields.Elements;
}
