namespace FloorGateway.Net.Timing;

/// <summary>
/// Lets a few events a second through and counts the rest. For log lines that strangers cause: a flood of connections must not become a flood
/// of lines. Thread-safe.
/// </summary>
public sealed class EventGate(TimeProvider time, int perSecond = 10)
{
    private readonly Lock gate = new();
    private long second = time.GetTimestamp();
    private int passed;
    private long held;

    /// <summary>True when the event may pass; <paramref name="heldBack"/> is the number of those since the last one that might not.</summary>
    public bool TryPass(out long heldBack)
    {
        lock (gate)
        {
            if (time.GetElapsedTime(second) >= TimeSpan.FromSeconds(1))
            {
                second = time.GetTimestamp();
                passed = 0;
            }

            if (passed >= perSecond)
            {
                held++;
                heldBack = 0;
                return false;
            }

            passed++;
            (heldBack, held) = (held, 0);
            return true;
        }
    }
}
