using System.Globalization;
using FloorGateway.Simulators.Tests.Flow;
using FloorGateway.Simulators.Truth;
using FloorGateway.TestKit;

namespace FloorGateway.Simulators.Tests;

/// <summary>One seed is one run, to the bit, whatever the machine has to run it on.</summary>
public sealed class DeterminismTests
{
    private const string Answer = "FLOORGATEWAY_FINGERPRINT";

    [Fact]
    public void Same_seed_gives_the_same_truth_and_the_same_genealogy_and_another_seed_another()
    {
        var first = Fingerprint(seed: 11);
        Assert.Equal(first, Fingerprint(seed: 11));
        Assert.NotEqual(first, Fingerprint(seed: 12));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_number_of_processors_changes_nothing(int processors)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Answer) is not null, "asked by the test itself");
        using var folder = new TempDirectory();
        await using var child = ForeignProcess.Start(
            "dotnet",
            ["exec", typeof(DeterminismTests).Assembly.Location, "-noLogo", "-noColor", "-method", $"{typeof(DeterminismTests).FullName}.{nameof(Fingerprint_for_another_process)}"],
            environment: new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = $"{processors}", [Answer] = folder["answer"] });
        var code = await child.WaitForExitAsync(TimeSpan.FromMinutes(2));
        Assert.True(code == 0, child.Output);
        Assert.Equal($"{processors} {Fingerprint(seed: 11)}", await File.ReadAllTextAsync(folder["answer"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Fingerprint_for_another_process()
    {
        if (Environment.GetEnvironmentVariable(Answer) is { } file) File.WriteAllText(file, $"{Environment.ProcessorCount} {Fingerprint(seed: 11)}");
    }

    private static string Fingerprint(ulong seed)
    {
        using var truth = new TruthLog();
        var plant = VirtualPlant.Demo(seed, truth);
        plant.Run(TimeSpan.FromMinutes(15));
        return string.Create(CultureInfo.InvariantCulture, $"{truth.Count} {truth.Checksum:x16} {plant.Genealogy.Count} {plant.Genealogy.Checksum:x16}");
    }
}
