namespace FloorGateway.Historian.Sqlite.Rollups;

/// <summary>
/// What is left of the samples of one span of time. It knows nothing of the samples before it: neighbouring cells are put together by holding the last value
/// of one until the first sample of the next.
/// </summary>
internal struct RollupCell
{
    /// <summary>UTC ticks at which its span begins.</summary>
    public long Start;

    /// <summary>Source time of the first sample of any quality.</summary>
    public long FirstTime;

    /// <summary>Source time of the last sample of any quality.</summary>
    public long LastTime;

    /// <summary>Good numbers.</summary>
    public long Count;

    /// <summary>Samples that are not good.</summary>
    public long NotGood;

    public double Min;
    public double Max;
    public double Sum;
    public double First;
    public double Last;

    /// <summary>Value × seconds from <see cref="FirstTime"/> to <see cref="LastTime"/>, as far as a value is known.</summary>
    public double Integral;

    /// <summary>Ticks between them for which a value is known.</summary>
    public long HeldTicks;

    /// <summary>The last sample is a good number: <see cref="Last"/> holds beyond it.</summary>
    public bool Held;

    /// <summary>Adds a sample of the cell's span, newer than the one before it.</summary>
    /// <param name="time">Source time.</param>
    /// <param name="good">Its quality is good.</param>
    /// <param name="number">Its number; NaN = it has none.</param>
    public void Add(long time, bool good, double number)
    {
        if (FirstTime == 0)
            FirstTime = time;
        else
            HoldUntil(time);
        LastTime = time;
        Held = good && !double.IsNaN(number);
        if (!good)
            NotGood++;
        if (!Held)
            return;
        if (Count++ == 0)
            (Min, Max, First) = (number, number, number);
        Min = Math.Min(Min, number);
        Max = Math.Max(Max, number);
        Sum += number;
        Last = number;
    }

    /// <summary>Adds the cell that follows.</summary>
    public void Add(in RollupCell next)
    {
        if (FirstTime == 0)
            FirstTime = next.FirstTime;
        else
            HoldUntil(next.FirstTime);
        LastTime = next.LastTime;
        Held = next.Held;
        Integral += next.Integral;
        HeldTicks += next.HeldTicks;
        NotGood += next.NotGood;
        if (next.Count == 0)
            return;
        if (Count == 0)
            (Min, Max, First) = (next.Min, next.Max, next.First);
        Min = Math.Min(Min, next.Min);
        Max = Math.Max(Max, next.Max);
        Sum += next.Sum;
        Last = next.Last;
        Count += next.Count;
    }

    private void HoldUntil(long time)
    {
        if (!Held)
            return;
        Integral += Last * ((time - LastTime) / (double)TimeSpan.TicksPerSecond);
        HeldTicks += time - LastTime;
    }
}
