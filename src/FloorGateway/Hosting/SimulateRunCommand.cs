using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway simulate run</c>: equipment by itself, or a recording of it.</summary>
internal static class SimulateRunCommand
{
    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(SimulateRunOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var errors = new List<string>();
        var servers = Ports(options, SimulatedPlants.Find(options, errors));
        if (options.Replay is not null && (options.FaultScript ?? options.Record) is not null)
            errors.Add("a recording takes no faults and is not recorded again; leave --faults and --record out");
        if (options.Replay is not null && !File.Exists(options.Replay))
            errors.Add($"there is no recording {options.Replay}; a run's truth-*.jsonl is one");
        foreach (var problem in errors)
            await error.WriteLineAsync($"floorgateway: {problem}");
        if (errors.Count > 0)
            return ExitCodes.BadConfiguration;
        if (await FaultScript.LoadAsync(options.FaultScript, SimulatedPlants.Look(servers, SimulatedPlants.ScaleOf(options.Profile)), error) is not { } faults)
            return ExitCodes.BadConfiguration;
        if (servers.FirstOrDefault(s => !PortBusyException.IsFree(s.Port)) is { } taken)
        {
            await error.WriteLineAsync($"floorgateway: port {taken.Port} of server '{taken.Name}' is in use; choose others with --opcua PORT, 0 for any free ones");
            return ExitCodes.PortBusy;
        }

        using var loggers = ConsoleLogging.Create(LogLevel.Warning);
        try
        {
            return options.Replay is null
                ? await SimulateAsync(options, servers, faults, loggers, output, cancel)
                : await ReplayAsync(options, loggers, output, cancel);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            await error.WriteLineAsync($"floorgateway: {fault.Message}");
            return ExitCodes.BadConfiguration;
        }
        catch (Exception busy) when (PortBusyException.IsBusy(busy))
        {
            // Another program may have taken it since they were looked at.
            await error.WriteLineAsync("floorgateway: a port of the simulated servers is in use; choose others with --opcua PORT");
            return ExitCodes.PortBusy;
        }
    }

    private static async Task<int> SimulateAsync(
        SimulateRunOptions options, IReadOnlyList<SimulatedServer> servers, IReadOnlyList<FaultOrder> faults, ILoggerFactory loggers, TextWriter output, CancellationToken cancel)
    {
        await using var simulation = await Simulation.StartAsync(
            new SimulationOptions
            {
                Seed = options.Seed,
                TimeScale = options.Scale,
                DataDir = options.DataFolder,
                TruthFile = options.Record,
                WriteTruthThrough = options.WriteThrough,
                Start = options.Start,
                Length = options.For * options.Scale,
                Faults = faults,
                Servers = servers,
                Scale = SimulatedPlants.ScaleOf(options.Profile),
            },
            loggers,
            TimeProvider.System,
            cancel);
        var view = new SimulateView(Terminal.On(output), output, options.For);
        await view.RunAsync(simulation, cancel);
        await simulation.StopProductionAsync();
        await output.WriteLineAsync($"{simulation.Truth.Count} changes, {simulation.Faults.Begun} faults, checksum {TruthFile.Text(simulation.Truth.Checksum)}; truth in {simulation.TruthFile}");
        return simulation.Completion.IsFaulted ? ExitCodes.RunFailed : ExitCodes.Ok;
    }

    private static async Task<int> ReplayAsync(SimulateRunOptions options, ILoggerFactory loggers, TextWriter output, CancellationToken cancel)
    {
        var recorded = TruthReader.Run(options.Replay!)?.Servers;
        await using var replay = await TruthReplay.StartAsync(
            new ReplayOptions
            {
                File = options.Replay!,
                Speed = options.Scale,
                DataDir = options.DataFolder,
                Servers = recorded is null ? Ports(options, SimulatedPlants.Find(options, [])) : Ports(options, recorded),
            },
            loggers,
            TimeProvider.System,
            cancel);
        var view = new SimulateView(Terminal.On(output), output, options.For);
        await view.RunAsync(replay, cancel);
        await replay.StopPublishingAsync();
        await output.WriteLineAsync($"{replay.Truth.Count} changes published again{(replay.Unknown > 0 ? $", {replay.Unknown} of unknown signals left out" : "")}");
        return replay.Completion.IsFaulted ? ExitCodes.RunFailed : ExitCodes.Ok;
    }

    private static IReadOnlyList<SimulatedServer> Ports(SimulateRunOptions options, IReadOnlyList<SimulatedServer> servers) =>
        options.Port is { } first ? [.. servers.Select((s, i) => s with { Port = first == 0 ? 0 : first + i })] : servers;
}
