namespace FloorGateway.Simulators.Numerics;

/// <summary>Mean and standard deviation of numbers that pass by (Welford's method).</summary>
public sealed class RunningStatistics
{
    private double _squares;

    public long Count { get; private set; }

    public double Mean { get; private set; }

    /// <summary>Standard deviation; 0 for fewer than two numbers.</summary>
    public double Sigma => Count < 2 ? 0 : Math.Sqrt(_squares / (Count - 1));

    public void Add(double value)
    {
        Count++;
        var before = value - Mean;
        Mean += before / Count;
        _squares += before * (value - Mean);
    }

    public void Clear()
    {
        Count = 0;
        Mean = 0;
        _squares = 0;
    }
}
