using System.Diagnostics;

namespace Fuzz.Running;

/// <summary>Looks from a thread of its own whether a case has come to its end.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Timer timer;

    /// <param name="run">What is watched.</param>
    /// <param name="options">When a case counts as one that hangs.</param>
    /// <param name="hung">Called with the case; its thread can't be stopped.</param>
    public Watchdog(FuzzRun run, FuzzOptions options, Action<Defect> hung)
    {
        timer = new Timer(_ =>
        {
            foreach (var target in run.Targets)
            {
                if (target.Current is { } current && Stopwatch.GetElapsedTime(current.Started) > options.Hang)
                    hung(CrashFile.Write(options, new Defect(target.Target.Name, target.Cases - 1, current.Input, $"It has not come to an end after {options.Hang.TotalSeconds} s")));
            }
        });
        timer.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose() => timer.Dispose();
}
