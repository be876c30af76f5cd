using FloorGateway.Model.Values;

namespace FloorGateway.Model.History;

/// <summary>One stored sample.</summary>
/// <param name="SourceTime">UTC ticks (100 ns).</param>
/// <param name="Value">The value; Null where a bad sample had none.</param>
/// <param name="Status">OPC UA status code.</param>
public readonly record struct HistoryPoint(long SourceTime, TagValue Value, uint Status);

/// <summary>One bucket of a downsampled series. Only good numeric samples enter the numbers; NaN where there is none.</summary>
/// <param name="Start">UTC ticks at which the bucket begins.</param>
/// <param name="Min">Smallest good value.</param>
/// <param name="Max">Largest good value.</param>
/// <param name="Mean">Arithmetic mean of the good values.</param>
/// <param name="First">First good value.</param>
/// <param name="Last">Last good value.</param>
/// <param name="Count">Good numeric samples.</param>
/// <param name="NotGood">Samples whose quality is not good.</param>
public readonly record struct HistoryBucket(long Start, double Min, double Max, double Mean, double First, double Last, long Count, long NotGood);

/// <summary>One bucket of a time-weighted series.</summary>
/// <param name="Start">UTC ticks at which the bucket begins.</param>
/// <param name="Mean">Mean over the time for which a value is known, each value weighted with the time that it held.</param>
/// <param name="GoodTicks">That time, in ticks; never 0.</param>
public readonly record struct TimeWeightedBucket(long Start, double Mean, long GoodTicks);

/// <summary>What a tag's value was for some time of a range.</summary>
/// <param name="Value">The value; Null = not known, because the samples were not good.</param>
/// <param name="Ticks">How long in all, in ticks.</param>
/// <param name="Entries">How often it came to be; the value that the range begins with did not.</param>
public readonly record struct StateDuration(TagValue Value, long Ticks, long Entries);
