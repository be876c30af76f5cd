using System.CommandLine;

namespace Torture;

internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds, one blow each", DefaultValueFactory = _ => 200 };
        var seed = new Option<int?>("--seed") { Description = "The same seed deals the same blows; any without it" };
        var single = new Option<int[]>("--round") { Description = "Only these rounds of the seed's sequence", AllowMultipleArgumentsPerToken = true };
        var only = new Option<string[]>("--only") { Description = "Only these kinds of blows", AllowMultipleArgumentsPerToken = true };
        var keep = new Option<string?>("--keep") { Description = "Works in this folder and leaves everything there" };
        var root = new RootCommand("A gateway between simulated equipment, mosquitto and InfluxDB is killed, cut off and starved, again and again; every destination must hold what the equipment produced, or say what is missing.")
        {
            rounds, seed, single, only, keep,
        };
        root.SetAction(async (parsed, cancel) =>
        {
            var options = new TortureOptions
            {
                Rounds = parsed.GetValue(rounds),
                Seed = parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000),
                Single = parsed.GetValue(single) ?? [],
                Only = parsed.GetValue(only) ?? [],
                Folder = parsed.GetValue(keep),
            };
            var outcome = await TortureRun.ExecuteAsync(options, Console.Out, cancel);
            return outcome.Holds ? 0 : 1;
        });
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
    }
}
