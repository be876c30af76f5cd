using FloorGateway.TestKit;
using Fuzz.Running;
using Fuzz.Targets;

namespace Fuzz.Tests;

/// <summary>Inputs that showed a defect once, and the seeds: none of them may show one again.</summary>
public sealed class CorpusTests
{
    private static readonly string Folder = RepositoryRoot.Combine("tests", "Fuzz", "corpus");

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*.bin", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Targets => [.. AllTargets.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_defect_that_was_mended_stays_mended(string file)
    {
        var run = new TargetRun(AllTargets.Make(file.Split('/')[0]), new FuzzOptions { Slow = TimeSpan.MaxValue });
        run.Try(0, File.ReadAllBytes(Path.Combine(Folder, file)));
        Assert.Equal([], run.Defects.Select(d => d.Text));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_target_takes_most_of_what_it_makes_itself(string name)
    {
        var target = AllTargets.Make(name);
        var random = new Making.FuzzRandom(7);
        var run = new TargetRun(target, new FuzzOptions { Slow = TimeSpan.MaxValue });
        for (var i = 0; i < 200; i++)
            run.Try(i, target.Make(random));
        Assert.Equal([], run.Defects.Select(d => d.Text));
        Assert.InRange(run.Accepted, 40, 200);
    }

    [Fact]
    public void Requests_that_are_made_get_through_to_every_service_and_alarm_method()
    {
        var target = new ServerTarget();
        var random = new Making.FuzzRandom(3);
        foreach (var input in target.Seeds.Concat(Enumerable.Range(0, 4000).Select(_ => target.Make(random))))
            target.Run([.. input]);
        Assert.Equal([], ServerPrograms.Services.Select(s => s.Name).Concat(EventPrograms.Methods.Select(m => $"i={m}")).Append("event").Distinct().Except(target.Reached));
    }

    [Fact]
    public void Every_folder_of_the_corpus_is_a_target() =>
        Assert.Equal([], Directory.EnumerateDirectories(Folder).Select(Path.GetFileName).Except(AllTargets.Names));
}
