using System.CommandLine;
using System.Diagnostics;
using Fuzz.Running;
using Fuzz.Targets;

namespace Fuzz;

internal static class Program
{
    private static int Main(string[] args)
    {
        var target = new Option<string[]>("--target") { Description = $"Only these: {string.Join(", ", AllTargets.Names)}", AllowMultipleArgumentsPerToken = true };
        var count = new Option<long>("--count") { Description = "Cases of all targets together", DefaultValueFactory = _ => 10_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "The same seed makes the same cases", DefaultValueFactory = _ => (ulong)DateTime.UtcNow.Ticks };
        var minutes = new Option<double?>("--minutes") { Description = "Ends the run earlier" };
        var crashes = new Option<string>("--crashes") { Description = "Folder for inputs that show a defect", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "floorgateway-fuzz") };
        var replay = new Option<string?>("--replay") { Description = "Runs the one input in this file against the one --target" };
        var root = new RootCommand("Throws changed and made-up bytes at the OPC UA library. Exit code 0: no crash, hang, growth or blow-up; 1: see the files it names.") { target, count, seed, minutes, crashes, replay };
        root.SetAction(parsed =>
        {
            var names = parsed.GetValue(target) is { Length: > 0 } some ? some : AllTargets.Names;
            var options = new FuzzOptions
            {
                Count = parsed.GetValue(count),
                Seed = parsed.GetValue(seed),
                Limit = parsed.GetValue(minutes) is { } limit ? TimeSpan.FromMinutes(limit) : Timeout.InfiniteTimeSpan,
                CrashFolder = parsed.GetValue(crashes),
            };
            return parsed.GetValue(replay) is { } file ? Replay(names, file) : Run(names, options);
        });
        return root.Parse(args).Invoke();
    }

    private static int Run(IReadOnlyList<string> names, FuzzOptions options)
    {
        Console.WriteLine($"Seed {options.Seed}, {options.Count:N0} cases, targets {string.Join(", ", names)}");
        var run = new FuzzRun(names.Select(AllTargets.Make), options);
        using var watchdog = new Watchdog(run, options, defect =>
        {
            Show(defect);
            Environment.Exit(1);
        });
        var started = Stopwatch.GetTimestamp();
        var shown = 0;
        var lastLine = started;
        run.Run(() =>
        {
            foreach (var defect in run.Defects.Skip(shown))
            {
                Show(defect);
                shown++;
            }

            if (Stopwatch.GetElapsedTime(lastLine) < TimeSpan.FromSeconds(Console.IsOutputRedirected ? 30 : 1))
                return;
            lastLine = Stopwatch.GetTimestamp();
            var line = Progress(run, Stopwatch.GetElapsedTime(started));
            Console.Write(Console.IsOutputRedirected ? line + "\n" : $"\r{line}   ");
        });

        var elapsed = Stopwatch.GetElapsedTime(started);
        Console.WriteLine($"\n{Progress(run, elapsed)}\n");
        Console.WriteLine($"{"target",-15} {"cases",12} {"accepted",9} {"ways",7} {"most allocated",15} {"slowest",10} {"defects",8}");
        foreach (var target in run.Targets)
            Console.WriteLine($"{target.Target.Name,-15} {target.Cases,12:N0} {100.0 * target.Accepted / Math.Max(target.Cases, 1),8:0.0}% {target.Paths,7:N0} {target.MostAllocated,15:N0} {target.Slowest.TotalMilliseconds,7:0.0} ms {target.Defects.Count,8}");
        foreach (var defect in run.Defects.Skip(shown))
            Show(defect);
        return run.Defects.Count == 0 ? 0 : 1;
    }

    private static int Replay(IReadOnlyList<string> names, string file)
    {
        if (names.Count != 1)
        {
            Console.Error.WriteLine("--replay needs exactly one --target: the folder's or file's name says which.");
            return 1;
        }

        var run = new TargetRun(AllTargets.Make(names[0]), new FuzzOptions());
        run.Try(0, File.ReadAllBytes(file));
        foreach (var defect in run.Defects)
            Show(defect);
        Console.WriteLine($"{(run.Accepted == 1 ? "accepted" : "not accepted")}, {run.MostAllocated:N0} bytes allocated, {run.Slowest.TotalMilliseconds:0.0} ms, {run.Defects.Count} defects");
        return run.Defects.Count == 0 ? 0 : 1;
    }

    private static string Progress(FuzzRun run, TimeSpan elapsed) =>
        $"{run.Cases:N0} cases, {run.Cases / Math.Max(elapsed.TotalSeconds, 0.001):N0}/s, {100.0 * run.Targets.Sum(t => t.Accepted) / Math.Max(run.Cases, 1):0.0}% accepted, {run.Targets.Sum(t => t.Paths):N0} ways, {run.Growth / 1024:N0} kB grown, {run.Defects.Count} defects";

    private static void Show(Defect defect) =>
        Console.WriteLine($"\n*** {defect.Target}, case {defect.Case}, {defect.Input.Length} bytes{(defect.Path is null ? "" : $" in {defect.Path}")}\n{defect.Text}");
}
