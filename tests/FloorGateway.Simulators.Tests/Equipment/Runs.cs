using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Tests.Equipment;

/// <summary>What the tests of equipment ask of a run's changes.</summary>
internal static class Runs
{
    public static double[] Numbers(this RecordingSink sink, Signal signal, double from = 0, double to = double.MaxValue) =>
        [.. sink.Of(signal).Where(c => c.Seconds > from && c.Seconds <= to).Select(c => c.Value.AsDouble)];

    public static double Sigma(this double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    public static double Median(this double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>Process time at which a signal first had a value; NaN when it never did.</summary>
    public static double When(this RecordingSink sink, Signal signal, double value, double from = 0) =>
        sink.Of(signal).Where(c => c.Seconds >= from && c.Value.AsDouble == value).Select(c => c.Seconds).FirstOrDefault(double.NaN);

    public static bool Raised(this RecordingSink sink, string tag) => sink.Changes.Exists(c => c.Signal.Name == "Alarm." + tag && c.Value.AsBoolean);

    public static MethodOutcome SetPoint(this Unit unit, string tag, double value) =>
        unit.Call("SetPoint", SignalValue.From(tag), SignalValue.From(value), SignalValue.From(""));
}
