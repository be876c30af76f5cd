using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Tests;

/// <summary>Short ways to make samples.</summary>
public static class TestSamples
{
    /// <summary>2027-03-15T00:00:00Z.</summary>
    public static readonly long T0 = new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public const uint Bad = StatusQuality.BadNoCommunication;

    public const uint Uncertain = StatusQuality.UncertainLastUsableValue;

    public static Sample Of(int tag, long time, TagValue value, uint status = 0) =>
        new() { Tag = tag, SourceTime = time, ReceiveTime = time, Value = value, Status = status };

    public static Sample Of(int tag, long time, double value, uint status = 0) => Of(tag, time, TagValue.From(value), status);

    public static FeedBatch Batch(params Sample[] samples) => new(0, samples, []);
}
