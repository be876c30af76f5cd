using System.CommandLine;
using Benchmarks.Chain;
using Benchmarks.History;
using Benchmarks.Journal;
using Benchmarks.OpcUa;
using Benchmarks.Outage;
using Benchmarks.Simulators;
using Benchmarks.Stages;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Profiles;

namespace Benchmarks;

internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var seconds = new Option<double>("--seconds") { Description = "Length of each measured window", DefaultValueFactory = _ => 15 };
        var rate = new Option<double>("--rate") { Description = "Value changes a second, all variables together", DefaultValueFactory = _ => 20_000 };
        var variables = new Option<int>("--variables") { Description = "Variables of the source", DefaultValueFactory = _ => 1000 };
        var qos = new Option<int?>("--qos") { Description = "0 or 1; both without it" };
        var rounds = new Option<int>("--rounds") { Description = "Measurements of each row; the median counts", DefaultValueFactory = _ => 3 };
        var only = new Option<string?>("--only") { Description = "product or peer; both without it" };
        var receiveMaximum = new Option<int>("--receive-maximum") { Description = "The broker's max_inflight_messages; 20 is what mosquitto is installed with", DefaultValueFactory = _ => 20 };
        var warmup = new Option<double>("--warmup") { Description = "Seconds before each window", DefaultValueFactory = _ => 5 };
        var security = new Option<string>("--security") { Description = "A security policy by its short name; anything but None is signed and encrypted", DefaultValueFactory = _ => "None" };
        var interval = new Option<int>("--interval") { Description = "Publishing interval, ms", DefaultValueFactory = _ => 100 };
        var url = new Option<string>("--url") { Description = "The server's URL" };
        var port = new Option<int>("--port") { Description = "TCP port" };

        var gateway = new Command("gateway", "The product and the hand-made gateway in front of the same equipment, broker and database") { seconds, rate, variables, qos, rounds, only, receiveMaximum, warmup };
        gateway.SetAction((parsed, _) => ChainBenchmark.RunAsync(new ChainOptions
        {
            Window = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            Warmup = TimeSpan.FromSeconds(parsed.GetValue(warmup)),
            ReceiveMaximum = parsed.GetValue(receiveMaximum),
            Rate = parsed.GetValue(rate),
            Variables = parsed.GetValue(variables),
            Qos = parsed.GetValue(qos) is { } one ? [one] : [1, 0],
            Rounds = parsed.GetValue(rounds),
            Product = parsed.GetValue(only) is not "peer",
            Peer = parsed.GetValue(only) is not "product",
        }));
        var stageRounds = new Option<int>("--rounds") { Description = "Measurements of each stage; the median counts", DefaultValueFactory = _ => 3 };
        var stageSeconds = new Option<double>("--seconds") { Description = "CPU time of one measurement of one stage", DefaultValueFactory = _ => 1 };
        var stages = new Command("stages", "Each stage of the path alone, in this process") { stageRounds, stageSeconds };
        stages.SetAction((parsed, _) => StageBenchmark.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(stageSeconds)), parsed.GetValue(stageRounds)));
        var uaRate = new Option<double?>("--rate") { Description = "Value changes a second, all variables together; by default what node-opcua just carries on one core" };
        var uaVariables = new Option<int>("--variables") { Description = "Variables of the source", DefaultValueFactory = _ => 8000 };
        var uaSeconds = new Option<double>("--seconds") { Description = "Length of each measured window", DefaultValueFactory = _ => 10 };
        var cycle = new Option<int>("--cycle") { Description = "Milliseconds of a controller's cycle: a slice of the variables changes in each", DefaultValueFactory = _ => 100 };
        var timestamps = new Option<string>("--timestamps") { Description = "Times that come with each value: source or both", DefaultValueFactory = _ => "source" };
        timestamps.AcceptOnlyFromAmong("source", "both");
        var row = new Option<string?>("--only") { Description = "Only rows whose role and name hold this, as in \"client\" or \"server node\"" };
        var opcUa = new Command("opcua", "Our OPC UA client and server, each beside node-opcua's on the same data") { uaSeconds, warmup, uaRate, cycle, uaVariables, interval, timestamps, rounds, row };
        opcUa.SetAction((parsed, _) => new UaBenchmark(new UaOptions
        {
            Window = TimeSpan.FromSeconds(parsed.GetValue(uaSeconds)),
            Warmup = TimeSpan.FromSeconds(parsed.GetValue(warmup)),
            Rate = parsed.GetValue(uaRate),
            Cycle = parsed.GetValue(cycle),
            Variables = parsed.GetValue(uaVariables),
            PublishingInterval = parsed.GetValue(interval),
            Timestamps = parsed.GetValue(timestamps)!,
            Rounds = parsed.GetValue(rounds),
            Only = parsed.GetValue(row),
        }).RunAsync());
        var count = new Option<int>("--items") { Description = "Monitored items", DefaultValueFactory = _ => 100_000 };
        var items = new Command("items", "Memory of one client process with many monitored items") { count, rate };
        items.SetAction((parsed, _) => UaBenchmark.RunItemsAsync(parsed.GetValue(count), parsed.GetValue(rate)));
        var profile = new Option<string>("--profile") { Description = "plant or stress", DefaultValueFactory = _ => "plant" };
        var simulated = new Option<double>("--seconds") { Description = "Length of each measured window, process time", DefaultValueFactory = _ => 300 };
        var before = new Option<double>("--warmup") { Description = "Process seconds before each window", DefaultValueFactory = _ => 120 };
        var states = new Option<bool>("--states") { Description = "Also what the machines are doing at the end" };
        var simulators = new Command("simulators", "The simulated plant: changes per CPU-second, memory of a tag, rates beside the scale table") { profile, simulated, before, states };
        var served = new Option<bool>("--served") { Description = "The servers in real time in one process, a client of all of them in another" };
        var truth = new Option<bool>("--truth") { Description = "Writes the truth log while served" };
        simulators.Add(served);
        simulators.Add(truth);
        simulators.Add(security);
        simulators.Add(interval);
        simulators.SetAction((parsed, _) =>
        {
            var (plant, warm, window) = (SimulationProfile.Find(parsed.GetValue(profile)!)!, TimeSpan.FromSeconds(parsed.GetValue(before)), TimeSpan.FromSeconds(parsed.GetValue(simulated)));
            return parsed.GetValue(served)
                ? ServedBenchmark.RunAsync(plant, warm, window, parsed.GetValue(truth), parsed.GetValue(security) == "encrypt", parsed.GetValue(interval))
                : Task.FromResult(SimulatorsBenchmark.Run(plant, warm, window, parsed.GetValue(states)));
        });
        var simServer = new Command("sim-server", "A profile's servers") { profile, truth };
        simServer.Hidden = true;
        simServer.SetAction((parsed, _) => SimulatorsServer.RunAsync(SimulationProfile.Find(parsed.GetValue(profile)!)!, parsed.GetValue(truth)));
        var simClient = new Command("sim-client", "A client of a profile's servers") { profile, security, interval };
        simClient.Hidden = true;
        simClient.SetAction((parsed, _) => SimulatorsClient.RunAsync(SimulationProfile.Find(parsed.GetValue(profile)!)!, parsed.GetValue(security) == "encrypt", parsed.GetValue(interval)));
        var history = new Command("history", "The embedded history: writing beside one SQLite row a sample, trends of 8 pens") { rounds };
        history.SetAction((parsed, _) => HistoryBenchmark.RunAsync(Math.Max(parsed.GetValue(rounds), 10)));
        var lines = new Command("influx", "The InfluxDB feed beside InfluxData's client for Node.js, gzip on both sides") { stageSeconds, stageRounds };
        lines.SetAction((parsed, _) => LineBenchmark.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(stageSeconds)), parsed.GetValue(stageRounds)));
        var recorded = new Option<double>("--seconds") { Description = "Process time that is recorded", DefaultValueFactory = _ => 600 };
        var blocks = new Option<int[]>("--blocks") { Description = "Samples of a packed block, in thousands of 1,024", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [256] };
        var journal = new Command("journal", "The journal's rows and columns on what the simulated plant sends, beside SQLite rows, JSON lines and line protocol with gzip") { profile, recorded, before, blocks };
        journal.SetAction((parsed, _) => JournalBenchmark.RunAsync(
            SimulationProfile.Find(parsed.GetValue(profile)!)!, TimeSpan.FromSeconds(parsed.GetValue(before)), TimeSpan.FromSeconds(parsed.GetValue(recorded)), [.. parsed.GetValue(blocks)!.Select(b => b << 10)]));
        var hours = new Option<double>("--hours") { Description = "Length of the outage, virtual time", DefaultValueFactory = _ => 48 };
        var drain = new Option<double>("--drain") { Description = "Seconds of catching up at most", DefaultValueFactory = _ => 120 };
        var plain = new Option<bool>("--no-gzip") { Description = "Writes without gzip" };
        var real = new Option<bool>("--influxd") { Description = "Into a real influxd instead of a server that answers 204 to everything" };
        var tuned = new Option<bool>("--tuned") { Description = "An influxd whose caches are set for a plant" };
        var json = new Option<bool>("--json") { Description = "Arrays as one text instead of a field an element" };
        var keep = new Option<string?>("--keep") { Description = "Folder that gets the gateway's data and is not deleted; with --drain 0 it is only filled" };
        var from = new Option<string?>("--from") { Description = "Folder that an outage of as many hours has filled, by --keep; what is delivered goes from it" };
        var outage = new Command("outage", "InfluxDB is down for days at the plant's rate, and then caught up with: size on disk, speed of the catch-up, live latency meanwhile") { hours, drain, plain, real, tuned, json, keep, from };
        outage.SetAction((parsed, _) => OutageBenchmark.RunAsync(new OutageOptions
        {
            Hours = parsed.GetValue(hours),
            DrainSeconds = parsed.GetValue(drain),
            Folder = parsed.GetValue(from) ?? parsed.GetValue(keep),
            IsFilled = parsed.GetValue(from) is not null,
            Gzip = !parsed.GetValue(plain),
            Influxd = parsed.GetValue(real) || parsed.GetValue(tuned),
            Tuned = parsed.GetValue(tuned),
            Arrays = parsed.GetValue(json) ? ArrayFields.Json : ArrayFields.Elements,
        }));
        var source = new Command("source", "The equipment: an OPC UA server whose variables change") { port, rate, cycle, variables, security };
        source.Hidden = true;
        source.SetAction((parsed, _) => LoadSource.RunAsync(parsed.GetValue(port), parsed.GetValue(variables), parsed.GetValue(rate), parsed.GetValue(cycle), UaPeer.Policy(parsed.GetValue(security)!)));
        var client = new Command("ua-client", "A client that adds up what a source changes") { url, variables, interval, security, timestamps };
        client.Hidden = true;
        client.SetAction((parsed, _) => UaConsumer.RunAsync(parsed.GetValue(url)!, parsed.GetValue(variables), parsed.GetValue(interval), UaPeer.Policy(parsed.GetValue(security)!), Enum.Parse<TimestampsToReturn>(parsed.GetValue(timestamps)!, ignoreCase: true)));
        var sink = new Command("sink", "The database: answers every write with 204") { port };
        sink.Hidden = true;
        sink.SetAction((parsed, cancel) => WriteSink.RunAsync(parsed.GetValue(port), cancel));

        var root = new RootCommand("Speed of FloorGateway, as ratios to baselines of the same run; without a verb both measurements in a short form") { gateway, stages, opcUa, items, history, lines, simulators, journal, outage, simServer, simClient, source, client, sink };
        root.SetAction(async (_, _) =>
        {
            await StageBenchmark.RunAsync(TimeSpan.FromSeconds(0.25), 1);
            return await ChainBenchmark.RunAsync(new ChainOptions { Window = TimeSpan.FromSeconds(4), Warmup = TimeSpan.FromSeconds(3), Rounds = 1 });
        });
        return root.Parse(args).InvokeAsync();
    }
}
