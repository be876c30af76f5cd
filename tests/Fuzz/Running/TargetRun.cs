using System.Diagnostics;
using Fuzz.Making;
using Fuzz.Targets;

namespace Fuzz.Running;

/// <summary>The cases of one target: made from its seeds, from what it makes afresh, and from inputs that went new ways.</summary>
internal sealed class TargetRun(IFuzzTarget target, FuzzOptions options)
{
    /// <summary>Inputs kept for going new ways; past that a new one takes an old one's place.</summary>
    private const int MaxKept = 1000;

    /// <summary>Ways told apart; some targets know more than anybody can keep.</summary>
    private const int MaxPaths = 100_000;

    /// <summary>About what an entry of a set of numbers takes, with room to grow, in bytes.</summary>
    private const int PathSize = 40;

    private readonly FuzzRandom random = new(options.Seed ^ Hash(target.Name));
    private readonly List<byte[]> pool = [.. target.Seeds];
    private readonly HashSet<int> paths = [];
    private readonly List<Defect> defects = [];

    public IFuzzTarget Target => target;

    public long Cases { get; private set; }

    public long Accepted { get; private set; }

    /// <summary>Ways through the target so far: pairs of what was read and how it ended.</summary>
    public int Paths => paths.Count;

    public IReadOnlyList<Defect> Defects => defects;

    public bool GivenUp => defects.Count >= options.MaxDefects;

    /// <summary>Longest case, once repeated ones are left out.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Most bytes allocated in a case.</summary>
    public long MostAllocated { get; private set; }

    /// <summary>Bytes that this run itself keeps: inputs and ways.</summary>
    public long Kept => pool.Sum(i => (long)i.Length) + (paths.Count * PathSize);

    /// <summary>Set while a case runs, for the watchdog.</summary>
    public (byte[] Input, long Started)? Current { get; private set; }

    /// <summary>Runs the next case. The seeds come first, as they are.</summary>
    public void Next()
    {
        var number = Cases++;
        var input = number < target.Seeds.Count ? target.Seeds[(int)number]
            : random.OneIn(5) ? target.Make(random)
            : Mutator.Mutate(random, random.Pick(pool), random.Pick(pool));
        Try(number, input);
    }

    /// <summary>Runs one given input.</summary>
    public void Try(long number, byte[] input)
    {
        var bound = target.MaxAllocation(input.Length);
        // A target may write into what it is given.
        byte[] given = [.. input];
        Exception? thrown = null;
        Verdict verdict = default;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        Current = (input, started);
        try
        {
            verdict = target.Run(given);
        }
        catch (Exception e)
        {
            thrown = e;
        }

        Current = null;
        var elapsed = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        MostAllocated = Math.Max(MostAllocated, allocated);
        if (verdict.Accepted)
            Accepted++;
        if (thrown is not null)
            Report(number, input, thrown.ToString());
        else if (paths.Count < MaxPaths && paths.Add(verdict.Path))
            Keep(input);
        if (allocated > bound)
            allocated = AllocatedAgain(input);
        if (allocated > bound)
            Report(number, input, $"{input.Length} bytes made it allocate {allocated:N0}; {bound:N0} are the bound");
        if (elapsed > options.Slow)
            elapsed = CheckSlow(number, input, elapsed);
        if (elapsed > Slowest)
            Slowest = elapsed;
    }

    // The first time a way is gone its types are loaded and caches filled; only what comes each time is the input's doing.
    private long AllocatedAgain(byte[] input)
    {
        byte[] given = [.. input];
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(given);
        }
        catch (Exception)
        {
            // Reported the first time.
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // The machine has other work, so what counts is the processor's time, and the least of it in two more goes.
    private TimeSpan CheckSlow(long number, byte[] input, TimeSpan elapsed)
    {
        for (var again = 0; again < 2; again++)
        {
            byte[] given = [.. input];
            var before = Environment.CpuUsage.TotalTime;
            Current = (input, Stopwatch.GetTimestamp());
            try
            {
                target.Run(given);
            }
            catch (Exception)
            {
                // Reported the first time.
            }

            Current = null;
            var used = Environment.CpuUsage.TotalTime - before;
            elapsed = used < elapsed ? used : elapsed;
        }

        if (elapsed > options.Slow)
            Report(number, input, $"{input.Length} bytes kept it busy for {elapsed.TotalSeconds:0.0} s");
        return elapsed;
    }

    private void Keep(byte[] input)
    {
        if (pool.Count < target.Seeds.Count + MaxKept)
            pool.Add(input);
        else
            pool[target.Seeds.Count + random.Below(MaxKept)] = input;
    }

    private void Report(long number, byte[] input, string text)
    {
        var defect = new Defect(target.Name, number, input, text);
        defects.Add(CrashFile.Write(options, defect));
    }

    private static ulong Hash(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in name)
            hash = (hash ^ c) * 1099511628211;
        return hash;
    }
}
