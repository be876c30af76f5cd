namespace Benchmarks.Chain;

/// <summary>One gateway over one window.</summary>
/// <param name="Samples">Value changes that both destinations have acknowledged (with QoS 0: that were handed to the socket).</param>
/// <param name="Cpu">CPU time of the gateway's process, all threads, user and system.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Behind">Value changes still waiting at the end of the window; 0 where the gateway kept up.</param>
/// <param name="PeakMemory">Largest resident set, bytes.</param>
internal sealed record Measurement(long Samples, TimeSpan Cpu, TimeSpan Elapsed, long Behind, long PeakMemory)
{
    public double PerCpuSecond => Samples / Cpu.TotalSeconds;

    public double Rate => Samples / Elapsed.TotalSeconds;

    public double Cores => Cpu / Elapsed;
}
