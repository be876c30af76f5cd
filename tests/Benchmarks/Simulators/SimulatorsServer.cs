using System.Diagnostics;
using System.Text.Json;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;
using FloorGateway.TestKit;

namespace Benchmarks.Simulators;

/// <summary>
/// A profile's servers as a process, in real time. Prints READY when they listen; on <c>mark N</c> the changes made so far; <c>burst S</c>, <c>alarms S</c> and <c>drop</c> trouble the
/// clients; ends with <c>stop</c>.
/// </summary>
internal static class SimulatorsServer
{
    public static async Task<int> RunAsync(SimulationProfile profile, bool truth)
    {
        using var folder = new TempDirectory();
        var begun = Process.GetCurrentProcess().TotalProcessorTime;
        await using var simulation = await Simulation.StartAsync(profile.Apply(new() { DataDir = folder.Path, WriteTruth = truth }));
        Console.WriteLine($"STARTED {(Process.GetCurrentProcess().TotalProcessorTime - begun).TotalSeconds:F1} s CPU");
        Console.WriteLine("READY");
        while (await Console.In.ReadLineAsync() is { } line && line != "stop")
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "mark":
                    var made = simulation.Read(s => s.Truth.Count);
                    var mark = new { received = made, allocated = GC.GetTotalAllocatedBytes(precise: true), workingSet = Process.GetCurrentProcess().WorkingSet64 };
                    Console.WriteLine($"MARK {words[1]} {JsonSerializer.Serialize(mark)}");
                    break;
                case "burst":
                    Call(simulation, "Burst", double.Parse(words[1]));
                    break;
                case "alarms":
                    Call(simulation, "RaiseAlarms", double.Parse(words[1]));
                    break;
                case "drop":
                    simulation.DropConnections();
                    break;
            }
        }

        await simulation.StopProductionAsync();
        return 0;
    }

    private static void Call(Simulation simulation, string method, double seconds)
    {
        foreach (var unit in simulation.Units.Where(u => u.Methods.ContainsKey(method))) simulation.Call(unit, method, SignalValue.From(seconds));
    }
}
