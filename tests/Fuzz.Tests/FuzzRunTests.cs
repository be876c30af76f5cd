using FloorGateway.TestKit;
using Fuzz.Making;
using Fuzz.Running;
using Fuzz.Targets;

namespace Fuzz.Tests;

/// <summary>A defect that is there is found, told and can be had again.</summary>
public sealed class FuzzRunTests
{
    [Fact]
    public void An_exception_is_written_down_with_the_bytes_and_the_way_to_see_it_again()
    {
        using var folder = new TempDirectory();
        var run = new FuzzRun([new Broken(input => Throw(input.Length > 3 && input[0] == 7))], new FuzzOptions { Count = 10_000, CrashFolder = folder.Path, MaxDefects = 1 });
        run.Run();
        var defect = Assert.Single(run.Defects);
        Assert.Equal(7, defect.Input[0]);
        Assert.Equal(defect.Input, File.ReadAllBytes(defect.Path!));
        var text = File.ReadAllText(defect.Path + ".txt");
        Assert.Contains("no sevens", text, StringComparison.Ordinal);
        Assert.Contains($"--target broken --replay {defect.Path}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_makes_the_same_cases()
    {
        List<string> first = [];
        List<string> second = [];
        new FuzzRun([new Broken(input => first.Add(Convert.ToHexString(input)))], new FuzzOptions { Count = 2000, Seed = 5 }).Run();
        new FuzzRun([new Broken(input => second.Add(Convert.ToHexString(input)))], new FuzzOptions { Count = 2000, Seed = 5 }).Run();
        Assert.Equal(first, second);
        Assert.InRange(first.Distinct().Count(), 300, 2000);
    }

    [Fact]
    public void More_memory_than_the_input_justifies_is_a_defect()
    {
        var run = new FuzzRun([new Broken(input => GC.KeepAlive(input.Length == 0 ? null : new byte[input[0] * 1000]))], new FuzzOptions { Count = 2000, MaxDefects = 1 });
        run.Run();
        Assert.Contains("allocate", Assert.Single(run.Defects).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_stays_is_a_defect()
    {
        List<byte[]> kept = [];
        var run = new FuzzRun([new Broken(_ => kept.Add(new byte[50_000]))], new FuzzOptions { Count = 2000, GrowthInterval = 200 });
        run.Run();
        Assert.Equal("growth", Assert.Single(run.Defects).Target);
        Assert.Equal(2000, kept.Count);
    }

    [Fact]
    public async Task A_case_that_does_not_end_is_named()
    {
        using var release = new ManualResetEventSlim();
        using var hung = new ManualResetEventSlim();
        Defect? named = null;
        var options = new FuzzOptions { Count = 1, Hang = TimeSpan.FromMilliseconds(1) };
        var run = new FuzzRun([new Broken(_ => release.Wait(TestContext.Current.CancellationToken))], options);
        using var watchdog = new Watchdog(run, options, defect =>
        {
            named = defect;
            hung.Set();
        });
        var running = Task.Run(() => run.Run(), TestContext.Current.CancellationToken);
        hung.Wait(TestContext.Current.CancellationToken);
        release.Set();
        await running;
        Assert.Equal(("broken", 0L), (named!.Target, named.Case));
    }

    private static void Throw(bool now)
    {
        if (now)
            throw new InvalidOperationException("no sevens");
    }

    private sealed class Broken(Action<byte[]> run) : IFuzzTarget
    {
        public string Name => "broken";

        public int Weight => 1;

        public IReadOnlyList<byte[]> Seeds { get; } = [[1, 2, 3, 4]];

        public byte[] Make(FuzzRandom random) => [(byte)random.Below(10), 1, 2, 3];

        public Verdict Run(byte[] input)
        {
            run(input);
            return new Verdict(true, input.Length);
        }

        public long MaxAllocation(int length) => 100_000;
    }
}
