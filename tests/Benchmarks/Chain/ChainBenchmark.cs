using System.Diagnostics;
using Spectre.Console;

namespace Benchmarks.Chain;

/// <summary>The same work done by the product and by the hand-made gateway: value changes per CPU-second of the gateway's process.</summary>
internal static class ChainBenchmark
{
    public static async Task<int> RunAsync(ChainOptions options)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]Gateway[/]: {options.Rate:N0} value changes a second of {options.Variables:N0} variables, windows of {options.Window.TotalSeconds:0.#} s after {options.Warmup.TotalSeconds:0.#} s");
        var rows = new List<(string Name, int Qos, bool Peer, List<Measurement> All)>();
        foreach (var qos in options.Qos)
        {
            if (options.Product)
                rows.Add(("product, journal on disk", qos, false, []));
            if (options.Peer)
                rows.Add(("hand-made, nothing kept", qos, true, []));
        }

        // Round by round, so that what else the machine does falls on all alike.
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var row in rows)
            {
                AnsiConsole.MarkupInterpolated($"[grey]  round {round} of {options.Rounds}: {row.Name}, QoS {row.Qos} … [/]");
                var one = await MeasureAsync(options, row.Qos, row.Peer);
                row.All.Add(one);
                AnsiConsole.MarkupLineInterpolated($"[grey]{one.PerCpuSecond:N0} per CPU-second, {one.Rate:N0}/s on {one.Cores:0.00} cores[/]");
            }
        }

        var table = new Table().AddColumns("gateway", "QoS", "ratio to hand-made", "value changes / CPU-s", "delivered / s", "cores", "behind", "peak MB");
        foreach (var (name, qos, peer, all) in rows)
        {
            var median = Median(all);
            var yardstick = rows.Find(r => r.Peer && r.Qos == qos).All;
            var ratio = yardstick is null ? "" : $"{median.PerCpuSecond / Median(yardstick).PerCpuSecond:0.00}";
            table.AddRow(
                name, $"{qos}", ratio, $"{median.PerCpuSecond:N0}", $"{median.Rate:N0}", $"{median.Cores:0.00}", $"{median.Behind:N0}", $"{median.PeakMemory / 1e6:N0}");
        }

        AnsiConsole.Write(table);
        return 0;
    }

    private static async Task<Measurement> MeasureAsync(ChainOptions options, int qos, bool peer)
    {
        await using var plant = await PlantSurroundings.StartAsync(options);
        await using IGatewayUnderTest gateway = peer ? await HandMadeGateway.StartAsync(plant, options, qos) : await ProductGateway.StartAsync(plant, options, qos);
        await Task.Delay(options.Warmup);
        var (before, _) = await gateway.CountAsync();
        var cpu = ProcessCpu.Of(gateway.ProcessId);
        var clock = Stopwatch.StartNew();
        await Task.Delay(options.Window);
        var (after, behind) = await gateway.CountAsync();
        return new Measurement(after - before, ProcessCpu.Of(gateway.ProcessId) - cpu, clock.Elapsed, behind, ProcessCpu.PeakMemory(gateway.ProcessId));
    }

    private static Measurement Median(List<Measurement> all) => all.OrderBy(m => m.PerCpuSecond).ElementAt(all.Count / 2);
}
