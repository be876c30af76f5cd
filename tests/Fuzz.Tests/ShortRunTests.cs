using Fuzz.Running;
using Fuzz.Targets;

namespace Fuzz.Tests;

/// <summary>The short form of the long run; `dotnet run -c Release --project tests/Fuzz` is the long one.</summary>
public sealed class ShortRunTests
{
    public static TheoryData<string, int> Targets => new()
    {
        { "handshake", 20_000 }, { "open", 150 }, { "chunk-none", 12_000 }, { "chunk-sign", 8_000 }, { "chunk-encrypt", 8_000 }, { "assembler", 15_000 }, { "message", 40_000 },
        { "value", 35_000 }, { "data-change", 25_000 }, { "structure", 8_000 }, { "notification", 15_000 }, { "text", 18_000 }, { "certificate", 500 }, { "revocation-list", 2_000 }, { "node-set", 300 }, { "server", 4_000 },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_case_crashes_hangs_grows_or_blows_up(string target, int count)
    {
        // Slowness is for the long run: what else the machine does would decide here.
        var run = new FuzzRun([AllTargets.Make(target)], new FuzzOptions { Count = count, Seed = 20261122, Slow = TimeSpan.MaxValue, GrowthInterval = count / 3 });
        run.Run();
        Assert.Equal([], run.Defects.Select(d => $"{d.Text}\n{Convert.ToHexString(d.Input.AsSpan(0, Math.Min(d.Input.Length, 2000)))}"));
        Assert.Equal(count, run.Cases);
    }

    [Fact]
    public void Every_target_is_in_the_short_form() => Assert.Equal(AllTargets.Names.Order(), Targets.Select(t => t.Data.Item1).Order());
}
