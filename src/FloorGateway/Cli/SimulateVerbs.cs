using System.CommandLine;
using FloorGateway.Hosting;

namespace FloorGateway.Cli;

/// <summary><c>floorgateway simulate</c> with its verbs.</summary>
internal static class SimulateVerbs
{
    public static Command Simulate() => new("simulate", "Simulated equipment by itself: servers to connect to, faults to inject, and the truth to hold results against.")
    {
        List(), Run(), Fault(), Truth(),
    };

    private static Command List()
    {
        var (profile, units) = Plant("Shows these units with all their signals and faults.");
        var verb = new Command("list", "The units of a plant, their signals and what can go wrong with them.") { profile, units };
        verb.SetAction(parsed => SimulateListCommand.Execute(
            new SimulatedPlantOptions { Profile = parsed.GetValue(profile)!, Units = parsed.GetValue(units) ?? [] }, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return verb;
    }

    private static Command Run()
    {
        var standard = new SimulateRunOptions();
        var (profile, units) = Plant("Runs these units only.");
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same plant.", HelpName = "N", DefaultValueFactory = _ => standard.Seed };
        var scale = new Option<double>("--scale") { Description = "Process time runs N times as fast as the clock (1 to 600).", HelpName = "N", DefaultValueFactory = _ => standard.Scale, CustomParser = Verbs.Scale };
        var faults = new Option<string?>("--faults") { Description = "Fault script (YAML) to carry out.", HelpName = "FILE" };
        var length = new Option<TimeSpan?>("--for") { Description = "Ends by itself after this time, e.g. 60s.", HelpName = "TIME", CustomParser = Verbs.Duration };
        var start = new Option<DateTime?>("--start") { Description = "Time stamped on the first change (UTC, e.g. 2027-03-15T00:00): two runs of one seed then give the same file. Without it the clock's.", HelpName = "TIME", CustomParser = Verbs.Instant };
        var data = new Option<string>("--data") { Description = "Folder for truth and certificates.", HelpName = "DIR", DefaultValueFactory = _ => standard.DataFolder };
        var record = new Option<string?>("--record") { Description = "Writes the truth to this file: a recording.", HelpName = "FILE" };
        var through = new Option<bool>("--write-through") { Description = "Every change is in the truth before a client can see it: a kill takes none." };
        var replay = new Option<string?>("--replay") { Description = "Publishes a recording again instead of simulating.", HelpName = "FILE" };
        var port = new Option<int?>("--opcua") { Description = "Port of the first server; the others follow it. 0 = any free ones.", HelpName = "PORT" };
        var verb = new Command("run", "Runs simulated equipment until it is stopped, with a view of what it does.") { profile, units, seed, scale, faults, length, start, data, record, through, replay, port };
        verb.SetAction((parsed, cancel) => SimulateRunCommand.ExecuteAsync(
            new SimulateRunOptions
            {
                Profile = parsed.GetValue(profile)!,
                Units = parsed.GetValue(units) ?? [],
                Seed = parsed.GetValue(seed),
                Scale = parsed.GetValue(scale),
                FaultScript = parsed.GetValue(faults),
                For = parsed.GetValue(length),
                Start = parsed.GetValue(start),
                DataFolder = parsed.GetValue(data)!,
                Record = parsed.GetValue(record),
                WriteThrough = parsed.GetValue(through),
                Replay = parsed.GetValue(replay),
                Port = parsed.GetValue(port),
            },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancel));
        return verb;
    }

    private static Command Fault()
    {
        var url = new Option<Uri>("--url") { Description = "Endpoint of the simulated server, as 'simulate run' prints it.", HelpName = "URL", Required = true, CustomParser = Verbs.Endpoint! };
        var unit = new Option<string>("--unit") { Description = "Unit code, or the server's name for a fault of the whole server.", HelpName = "UNIT", DefaultValueFactory = _ => "" };
        var signal = new Option<string>("--signal") { Description = "Signal of the unit; without it the unit as a whole.", HelpName = "SIGNAL", DefaultValueFactory = _ => "" };
        var fault = new Option<string>("--fault") { Description = "F1 to F11, their names, or a fault of the unit's own; without it the faults at work are shown.", HelpName = "FAULT", DefaultValueFactory = _ => "" };
        var param = new Option<string>("--param") { Description = "How much, or which; without it the fault's standard.", HelpName = "VALUE", DefaultValueFactory = _ => "" };
        var length = new Option<TimeSpan?>("--for") { Description = "Process time it lasts, e.g. 30s; without it the fault's standard.", HelpName = "TIME", CustomParser = Verbs.Duration };
        var clear = new Option<bool>("--clear") { Description = "Ends the unit's faults; without a unit, all of them." };
        var verb = new Command("fault", "Injects a fault into running simulated equipment, through its server.") { url, unit, signal, fault, param, length, clear };
        verb.SetAction((parsed, cancel) => SimulateFaultCommand.ExecuteAsync(
            new SimulateFaultOptions
            {
                Url = parsed.GetRequiredValue(url),
                Unit = parsed.GetValue(unit)!,
                Signal = parsed.GetValue(signal)!,
                Fault = parsed.GetValue(fault)!,
                Param = parsed.GetValue(param)!,
                For = parsed.GetValue(length) ?? TimeSpan.Zero,
                Clear = parsed.GetValue(clear),
            },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancel));
        return verb;
    }

    private static Command Truth()
    {
        var file = new Argument<string>("FILE") { Description = "A truth file, truth-*.jsonl." };
        var compare = new Option<string?>("--compare") { Description = "Another truth file: checksums and the first difference.", HelpName = "FILE" };
        var config = new Option<string?>("--config") { Description = "Configuration of a gateway that has been stopped: is each change in its history, or in a gap it named?", HelpName = "FILE" };
        var all = new Option<bool>("--all") { Description = "Every path, and not only the busiest." };
        var verb = new Command("truth", "What a run produced: totals per path, checked against the summary beside the file.") { file, compare, config, all };
        verb.SetAction((parsed, _) => SimulateTruthCommand.ExecuteAsync(
            new SimulateTruthOptions(parsed.GetRequiredValue(file), parsed.GetValue(compare), parsed.GetValue(config), parsed.GetValue(all)), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return verb;
    }

    private static (Option<string> Profile, Option<string[]> Units) Plant(string units) =>
    (
        new Option<string>("--profile") { Description = $"The plant: {string.Join(", ", SimulatedPlants.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => SimulatedPlants.Names[0] },
        new Option<string[]>("--unit") { Description = units, HelpName = "UNIT", AllowMultipleArgumentsPerToken = true });
}
