using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Generation;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Generation;

/// <summary>The committed configurations of the simulated plants are those that the program makes, and say what the simulators have.</summary>
public sealed class ProfileConfigurationTests
{
    public static TheoryData<string> Profiles => ["plant", "stress"];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_committed_files_are_what_the_program_makes(string profile)
    {
        foreach (var (file, text) in new ProfileConfiguration(SimulationProfile.Find(profile)!).Write())
        {
            var committed = RepositoryRoot.Combine("config", file);
            if (Environment.GetEnvironmentVariable("FLOORGATEWAY_REGENERATE") == "1") File.WriteAllText(committed, text);
            Assert.True(File.Exists(committed), $"{committed} is missing; run this test with FLOORGATEWAY_REGENERATE=1");
            Assert.Equal(text, File.ReadAllText(committed).ReplaceLineEndings("\n"));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_committed_file_has_every_tag_of_the_plant_with_its_node_and_server(string profile)
    {
        var wanted = SimulationProfile.Find(profile)!;
        var nothing = new UnitContext { Seed = 1, Clock = new SourceClock(DateTime.UnixEpoch, 1), Sink = new Deaf() };
        var result = new ConfigurationLoader().Load(RepositoryRoot.Combine("config", profile + ".yaml"));

        Assert.Empty(result.Errors.Concat(result.Warnings).Select(e => e.ToString()));
        Assert.Equal(
            wanted.CreateUnits(nothing).SelectMany(u => u.Unit.Signals.Where(wanted.IsTag).Select(s => (s.Path, $"nsu={u.Unit.NamespaceUri};s={s.NodeName}", u.Server.Name, s.Traits.Unit))).Order(),
            result.Configuration!.Tags.Select(t => (t.Path, t.Node, t.Server, t.UnitCode)).Order());
        Assert.Equal(wanted.Servers.Select(s => $"opc.tcp://127.0.0.1:{s.Port}"), result.Configuration.Servers.Select(s => s.Url));
    }

    [Fact]
    public async Task The_demo_is_written_as_it_is_built_in_and_names_signals_of_its_machines_only()
    {
        using var folder = new TempDirectory();
        Assert.Equal(ExitCodes.Ok, await CommandLineEntry.RunAsync(["generate", "demo", "--out", folder.Path], TextWriter.Null, TextWriter.Null, TestContext.Current.CancellationToken));
        Assert.Equal(File.ReadAllText(RepositoryRoot.Combine("config", "demo.yaml")), File.ReadAllText(folder["demo.yaml"]));

        var demo = SimulationProfile.Demo;
        var nothing = new UnitContext { Seed = 1, Clock = new SourceClock(DateTime.UnixEpoch, 1), Sink = new Deaf() };
        var made = demo.CreateUnits(nothing).SelectMany(u => u.Unit.Signals.Select(s => (s.Path, $"nsu={u.Unit.NamespaceUri};s={s.NodeName}", u.Server.Name))).ToHashSet();
        Assert.DoesNotContain(new ConfigurationLoader().Load(folder["demo.yaml"]).Configuration!.Tags, t => !made.Contains((t.Path, t.Node, t.Server)));
    }

    [Fact]
    public async Task What_generate_writes_passes_check_and_is_not_overwritten()
    {
        using var folder = new TempDirectory();
        var (output, error) = (new StringWriter(), new StringWriter());

        Assert.Equal(ExitCodes.Ok, await CommandLineEntry.RunAsync(["generate", "stress", "--out", folder.Path], output, error, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.Ok, await CommandLineEntry.RunAsync(["check", "--config", Path.Combine(folder.Path, "stress.yaml")], output, error, TestContext.Current.CancellationToken));
        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCodes.BadConfiguration, await CommandLineEntry.RunAsync(["generate", "stress", "--out", folder.Path], output, error, TestContext.Current.CancellationToken));
        Assert.Contains("is there already", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await CommandLineEntry.RunAsync(["generate", "stress", "--out", folder.Path, "--force"], output, error, TestContext.Current.CancellationToken));
    }

    private sealed class Deaf : IChangeSink
    {
        public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
        {
            // The plant is looked at, not run.
        }
    }
}
