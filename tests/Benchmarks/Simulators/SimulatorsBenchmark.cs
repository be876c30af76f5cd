using System.Diagnostics;
using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Profiles;
using FloorGateway.Simulators.Truth;

namespace Benchmarks.Simulators;

/// <summary>How fast the plant's physics run on one core, what a tag takes of memory, and the rates of the scale table.</summary>
internal static class SimulatorsBenchmark
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(60);

    public static int Run(SimulationProfile profile, TimeSpan warmUp, TimeSpan length, bool states)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{profile.Name}: {profile.Rows.Sum(r => r.Units):N0} units, {profile.Rows.Sum(r => r.Tags):N0} tags on {profile.Servers.Count} servers"));
        Measure("nothing listens", profile, Short, Short, _ => new NoSink(), states: false);
        Measure("truth log, no file", profile, Short, Short, _ => new TruthLog(), states: false);
        var rates = new RateMeter(profile);
        Measure("rates counted", profile, warmUp, length, _ => rates, states);
        Console.WriteLine();
        Console.WriteLine("row            units   tags    avg/s  model   peak/s  model  busiest second");
        foreach (var rate in rates.Rows())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate.Row.Name,-14} {rate.Row.Units,5:N0} {rate.Row.Tags,6:N0} {rate.Average,8:N0} {rate.Row.Average,6:N0} {rate.Peak,8:N0} {rate.Row.Peak,6:N0} {rate.Busiest,8:N0}"));
        var sum = rates.Rows();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"all",-14} {sum.Sum(r => r.Row.Units),5:N0} {sum.Sum(r => r.Row.Tags),6:N0} {sum.Sum(r => r.Average),8:N0} {sum.Sum(r => r.Row.Average),6:N0} {sum.Sum(r => r.Peak),8:N0} {sum.Sum(r => r.Row.Peak),6:N0} {rates.BusiestSecond,8:N0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"signals that are no tags changed {rates.All - rates.Tagged:N0} times"));
        return 0;
    }

    private static void Measure(string what, SimulationProfile profile, TimeSpan warmUp, TimeSpan length, Func<SimulationProfile, IChangeSink> make, bool states)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sink = new CountingSink(make(profile));
        var built = Process.GetCurrentProcess().TotalProcessorTime;
        var run = new VirtualRun(profile, sink);
        var signals = run.Units.Sum(u => u.Signals.Count);
        if (sink.Inner is RateMeter meter)
        {
            foreach (var unit in run.Units) meter.Add(unit);
        }

        run.Run(TimeSpan.Zero);
        var begun = Process.GetCurrentProcess().TotalProcessorTime;
        run.Run(warmUp);
        (sink.Inner as RateMeter)?.Restart(run.SourceTicks);
        var (count, cpu, allocated) = (sink.Count, Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes());
        run.Run(length);
        count = sink.Count - count;
        var seconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what,-22} {count / length.TotalSeconds,8:N0} changes/s; {count / seconds,11:N0} changes per CPU-second, real time needs {100 * seconds / length.TotalSeconds:N1} % of a core, {(double)allocated / count:N0} B allocated a change; {signals:N0} signals, {(double)memory / signals:N0} B each; set up in {(begun - built).TotalSeconds:N1} s CPU"));
        if (!states) return;
        foreach (var kind in run.Units.OfType<EquipmentUnit>().GroupBy(u => u.GetType().Name).OrderBy(g => g.Key, StringComparer.Ordinal))
            Console.WriteLine($"    {kind.Key,-22} {string.Join(", ", kind.GroupBy(u => u.PackMl).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}"))}; starved {kind.Count(u => u.Starved.Value)}, blocked {kind.Count(u => u.Blocked.Value)}; signals {kind.First().Signals.Count}, tags {kind.First().Signals.Count(profile.IsTag)}");
        GC.KeepAlive(run);
    }

    private sealed class CountingSink(IChangeSink inner) : IChangeSink
    {
        public IChangeSink Inner => inner;

        public long Count { get; private set; }

        public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
        {
            Count++;
            inner.OnChange(unit, signal, value, status, sourceTicks);
        }
    }

    private sealed class NoSink : IChangeSink
    {
        public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
        {
            // Only the making of values is measured.
        }
    }
}
