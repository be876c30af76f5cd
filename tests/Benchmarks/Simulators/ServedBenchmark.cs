using System.Globalization;
using Benchmarks.Chain;
using Benchmarks.OpcUa;
using FloorGateway.Simulators.Profiles;

namespace Benchmarks.Simulators;

/// <summary>A profile's servers in one process, in real time, and one client of all of them in another: CPU time and memory of both, and whether every change arrives.</summary>
internal static class ServedBenchmark
{
    public static async Task<int> RunAsync(SimulationProfile profile, TimeSpan warmUp, TimeSpan length, bool truth, bool encrypt, int publishingInterval)
    {
        string[] of = ["--profile", profile.Name];
        await using var server = await UaProcess.OursAsync(["sim-server", .. of, .. truth ? new[] { "--truth" } : []]);
        await using var client = await UaProcess.OursAsync(["sim-client", .. of, "--interval", publishingInterval.ToString(CultureInfo.InvariantCulture), "--security", encrypt ? "encrypt" : "none"]);
        await Task.Delay(warmUp);
        // What was made before the client had subscribed is not missing.
        var before = (await server.MarkAsync()).Received - (await client.MarkAsync()).Received;
        await MeasureAsync("steady", server, client, length, before);
        if (profile == SimulationProfile.Stress)
        {
            await server.SendAsync("burst 30");
            await MeasureAsync("burst", server, client, TimeSpan.FromSeconds(28), before);
            await Task.Delay(TimeSpan.FromSeconds(4));
            await server.SendAsync("alarms 60");
            await MeasureAsync("2,000 alarms", server, client, TimeSpan.FromSeconds(60), before);
            await server.SendAsync("drop");
            await MeasureAsync("all reconnect", server, client, TimeSpan.FromSeconds(20), before);
        }

        await MeasureAsync("at the end", server, client, TimeSpan.FromSeconds(10), before);
        return 0;
    }

    private static async Task MeasureAsync(string what, UaProcess server, UaProcess client, TimeSpan length, long before)
    {
        var (cpu, clientCpu) = (ProcessCpu.Of(server.Id), ProcessCpu.Of(client.Id));
        var (made, got) = (await server.MarkAsync(), await client.MarkAsync());
        await Task.Delay(length);
        var (madeThen, gotThen) = (await server.MarkAsync(), await client.MarkAsync());
        cpu = ProcessCpu.Of(server.Id) - cpu;
        clientCpu = ProcessCpu.Of(client.Id) - clientCpu;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what,-14} {(madeThen.Received - made.Received) / length.TotalSeconds,9:N0} changes/s made, {(gotThen.Received - got.Received) / length.TotalSeconds,9:N0} received; behind {madeThen.Received - gotThen.Received - before,7:N0}; server {100 * cpu / length:N1} % of a core, {madeThen.WorkingSet / 1e6:N0} MB; client {100 * clientCpu / length:N1} %, {gotThen.WorkingSet / 1e6:N0} MB; {madeThen.Allocated - made.Allocated:N0} B allocated; overflowed {gotThen.Overflowed:N0}, gaps {gotThen.Gaps:N0}"));
    }
}
