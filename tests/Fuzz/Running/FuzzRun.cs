using System.Diagnostics;
using Fuzz.Targets;

namespace Fuzz.Running;

/// <summary>One run over several targets in turn, on the calling thread.</summary>
internal sealed class FuzzRun
{
    /// <summary>Cases of one target before the next one's turn, times its weight: enough that its code stays in the caches.</summary>
    private const int Turn = 50;

    private readonly FuzzOptions options;
    private readonly List<TargetRun> runs;
    private readonly List<Defect> growth = [];
    private long? firstMemory;
    private long nextMeasurement;

    public FuzzRun(IEnumerable<IFuzzTarget> targets, FuzzOptions options)
    {
        this.options = options;
        runs = [.. targets.Select(t => new TargetRun(t, options))];
        nextMeasurement = options.GrowthInterval;
    }

    public IReadOnlyList<TargetRun> Targets => runs;

    public long Cases => runs.Sum(r => r.Cases);

    public IReadOnlyList<Defect> Defects => [.. runs.SelectMany(r => r.Defects), .. growth];

    /// <summary>Bytes that stayed in memory at the last measurement beyond those after the first interval.</summary>
    public long Growth { get; private set; }

    /// <summary>Runs to the end that the options set. Called again and again, it goes on where it stopped.</summary>
    /// <param name="turned">Called after each turn of a target.</param>
    public void Run(Action? turned = null)
    {
        var started = Stopwatch.GetTimestamp();
        var cases = Cases;
        while (cases < options.Count && runs.Any(r => !r.GivenUp))
        {
            foreach (var run in runs)
            {
                for (var i = Turn * run.Target.Weight; i > 0 && cases < options.Count && !run.GivenUp; i--, cases++)
                    run.Next();
                turned?.Invoke();
                if (options.Limit != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(started) > options.Limit)
                    return;
            }

            if (cases >= nextMeasurement)
                Measure(cases);
        }
    }

    private void Measure(long cases)
    {
        nextMeasurement = cases + options.GrowthInterval;
        var memory = GC.GetTotalMemory(forceFullCollection: true) - runs.Sum(r => r.Kept);
        firstMemory ??= memory;
        Growth = memory - firstMemory.Value;
        if (Growth > options.MaxGrowth && growth.Count == 0)
            growth.Add(CrashFile.Write(options, new Defect("growth", cases, [], $"{Growth:N0} bytes more are in memory than after the first {options.GrowthInterval:N0} cases")));
    }
}
