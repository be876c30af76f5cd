namespace FloorGateway.TestKit;

/// <summary>What a piece of work allocates on this thread, for tests of hot paths that must not.</summary>
public static class Allocations
{
    // The runtime compiles a method again when it was called, or its loop run, often enough, and allocates on this thread for that: once or twice, not every time.
    private const int Passes = 5;

    /// <summary>The least of some passes, after one to warm up. What the work itself allocates is in each of them.</summary>
    /// <returns>Bytes.</returns>
    public static long LeastOf(Action pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        pass();
        var least = long.MaxValue;
        for (var i = 0; i < Passes; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            pass();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
