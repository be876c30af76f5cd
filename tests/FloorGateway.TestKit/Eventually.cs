namespace FloorGateway.TestKit;

/// <summary>Waits for a state that another task brings about and that nothing announces.</summary>
public static class Eventually
{
    /// <summary>For a test that would never end, on a machine with much else to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="condition">What is waited for.</param>
    /// <param name="meanwhile">Done between two looks: lets a manual clock run, for example.</param>
    /// <exception cref="TimeoutException">It did not come true.</exception>
    public static async Task TrueAsync(Func<bool> condition, Action? meanwhile = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 > end)
                throw new TimeoutException($"what was waited for did not happen within {Patience.TotalSeconds} s");
            meanwhile?.Invoke();
            await Task.Delay(1);
        }
    }
}
