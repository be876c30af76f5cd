using System.Diagnostics;

namespace Benchmarks.Stages;

/// <summary>What a stage cost.</summary>
/// <param name="PerCpuSecond">Samples per CPU-second of the whole process, helper threads included.</param>
/// <param name="AllocatedPerSample">Bytes, all threads.</param>
internal readonly record struct StageCost(double PerCpuSecond, double AllocatedPerSample);

/// <summary>Runs a stage again and again and counts the process' CPU time and allocations; nothing else may run in the process meanwhile.</summary>
internal static class Meter
{
    /// <param name="work">Does one piece and gives the number of samples in it.</param>
    /// <param name="cpu">CPU time of one measurement.</param>
    /// <param name="rounds">Measurements; the one of median speed counts.</param>
    public static async Task<StageCost> RunAsync(Func<ValueTask<int>> work, TimeSpan cpu, int rounds)
    {
        // Until the compiler's second tier has seen it, by wall time: it works on threads of its own.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(1);)
            await work();
        var all = new List<StageCost>();
        for (var round = 0; round < rounds; round++)
        {
            GC.Collect();
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var start = Environment.CpuUsage.TotalTime;
            long samples = 0;
            TimeSpan spent;
            do
            {
                for (var i = 0; i < 5; i++)
                    samples += await work();
                spent = Environment.CpuUsage.TotalTime - start;
            }
            while (spent < cpu);
            all.Add(new StageCost(samples / spent.TotalSeconds, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)samples));
        }

        return all.OrderBy(c => c.PerCpuSecond).ElementAt(all.Count / 2);
    }
}
