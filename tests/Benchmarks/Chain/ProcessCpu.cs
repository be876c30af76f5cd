using System.Diagnostics;

namespace Benchmarks.Chain;

/// <summary>What the system has counted for another process.</summary>
internal static class ProcessCpu
{
    /// <summary>User and system time of all threads, ended ones included.</summary>
    public static TimeSpan Of(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }

    /// <summary>Bytes.</summary>
    public static long PeakMemory(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.PeakWorkingSet64;
    }
}
