using FloorGateway.Historian.Influx.LineProtocol;

namespace FloorGateway.Historian.Influx;

/// <summary>Memory of one request's body, used again.</summary>
internal sealed class InfluxBody : IDisposable
{
    public LineBuffer Text { get; } = new(256 * 1024);

    /// <summary>The text as it goes over the wire, where it is compressed.</summary>
    public LineBuffer Zipped { get; } = new(64 * 1024);

    public void Dispose()
    {
        Text.Dispose();
        Zipped.Dispose();
    }
}
