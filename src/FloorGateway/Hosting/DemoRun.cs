using System.Collections.Concurrent;
using System.Globalization;
using FloorGateway.Configuration;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Ledger;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Simulators;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary>One run of the demo, from "everything is connected" to the closed ledger.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);
    private readonly Simulation simulation;
    private readonly GatewayRuntime runtime;
    private readonly GatewayConfiguration configuration;
    private readonly string pages;
    private readonly IAnsiConsole console;
    private readonly TextWriter output;
    private readonly MqttClient subscriber;
    private readonly ConcurrentDictionary<string, long> messages = new(StringComparer.Ordinal);
    private readonly LedgerSnapshot before;
    private readonly DemoPlant plant;
    private readonly bool live = !Console.IsOutputRedirected;

    public DemoRun(Simulation simulation, GatewayRuntime runtime, GatewayConfiguration configuration, string pages, IAnsiConsole console, TextWriter output)
    {
        (this.simulation, this.runtime, this.configuration, this.pages, this.console, this.output) = (simulation, runtime, configuration, pages, console, output);
        subscriber = new MqttClient(new MqttClientOptions { Port = configuration.Broker!.Port, ClientId = "demo-consumer" });
        before = runtime.Pipeline.Snapshot();
        plant = new DemoPlant(simulation, configuration);
    }

    /// <summary>Runs until the time is over or somebody stops it.</summary>
    /// <returns>Whether the sums close, and equal what the equipment produced.</returns>
    public async Task<bool> ExecuteAsync(TimeSpan? length, CancellationToken cancel)
    {
        await subscriber.ConnectAsync(cancel);
        await subscriber.SubscribeAsync(
            new MqttSubscription($"{configuration.Gateway.Site}/#", MqttQos.AtLeastOnce),
            (message, _) =>
            {
                messages.AddOrUpdate(message.Topic, 1, (_, count) => count + 1);
                return default;
            },
            cancel);
        await ConnectedAsync(cancel);
        WriteWhatRuns(length);
        simulation.Begin();
        await ShowAsync(length, cancel);
        await simulation.StopProductionAsync();
        await SettleAsync();
        return await ReportAsync();
    }

    public ValueTask DisposeAsync() => subscriber.DisposeAsync();

    /// <summary>Production begins only once the gateway listens to all of it: from there on every change counts.</summary>
    private async Task ConnectedAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ConnectTime);
        while (runtime.Connections.Any(c => c.State != "Connected") || Received() < Produced())
        {
            try
            {
                await Task.Delay(50, limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                var trouble = runtime.Connections.Where(c => c.State != "Connected").Select(c => $"{c.Server}: {c.State}, {c.Detail}")
                    .Concat(runtime.Connections.SelectMany(c => c.BadTags).Select(b => $"{b.Key}: {b.Value}"));
                throw new IOException($"the simulated equipment could not be reached in {ConnectTime.TotalSeconds} s ({string.Join("; ", trouble)}); {Received()} of {Produced()} first values came");
            }
        }
    }

    private void WriteWhatRuns(TimeSpan? length)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("FloorGateway demo").AddColumns("what", "where", "look with");
        foreach (var connection in runtime.Connections)
            table.AddRow($"equipment '{connection.Server}'", Markup.Escape($"{connection.Url} ({connection.Security})"), $"any OPC UA client; {connection.Tags} tags");
        table.AddRow("MQTT broker", $"mqtt://127.0.0.1:{configuration.Broker!.Port}", $"mosquitto_sub -p {configuration.Broker.Port} -v -t '{configuration.Gateway.Site}/#'");
        table.AddRow("pages and API", pages, $"{pages}/api/tags");
        table.AddRow("data", Markup.Escape(configuration.Gateway.DataFolder), Markup.Escape(simulation.TruthFile.Length > 0 ? $"ground truth: {Path.GetFileName(simulation.TruthFile)}" : ""));
        console.Write(table);
        console.WriteLine(length is { } time ? $"Runs for {time.TotalSeconds:0.#} s; Ctrl-C ends it before." : "Runs until Ctrl-C.");
    }

    private async Task ShowAsync(TimeSpan? length, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        var last = (Count: Received(), At: started);
        var printed = 0L;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!cancel.IsCancellationRequested)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            var left = length - elapsed ?? TimeSpan.MaxValue;
            if (left <= TimeSpan.Zero)
                break;
            try
            {
                if (left < TimeSpan.FromSeconds(1))
                    await Task.Delay(left, cancel);
                else
                    await timer.WaitForNextTickAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            var now = Received();
            var rate = (now - last.Count) / Math.Max(TimeProvider.System.GetElapsedTime(last.At).TotalSeconds, 0.001);
            last = (now, TimeProvider.System.GetTimestamp());
            // A pipe gets a line every ten seconds, a terminal one line that moves.
            if (live || (long)elapsed.TotalSeconds / 10 > printed)
            {
                printed = (long)elapsed.TotalSeconds / 10;
                await WriteLineAsync(Summary(TimeProvider.System.GetElapsedTime(started), rate));
            }
        }

        if (live)
            await output.WriteLineAsync();
    }

    private async Task WriteLineAsync(string line)
    {
        await output.WriteAsync(live ? "\r" + line.PadRight(Math.Max(0, Math.Min(Console.WindowWidth - 1, 160))) : line + Environment.NewLine);
        await output.FlushAsync();
    }

    private string Summary(TimeSpan elapsed, double rate)
    {
        var ledger = runtime.Pipeline.Snapshot();
        var feeds = string.Join("  ", ledger.Feeds.Select(f => $"{f.Feed} {f.Delivered:N0}{(f.Waiting > 0 ? $" (+{f.Waiting:N0} waiting)" : "")}"));
        var connected = runtime.Connections.Count(c => c.State == "Connected");
        return string.Create(CultureInfo.InvariantCulture, $"{elapsed:hh\\:mm\\:ss}  {connected}/{runtime.Connections.Count} servers  {rate:N0} changes/s  journal {ledger.Journaled:N0}  {feeds}  {(ledger.Closes ? "closes" : "DOES NOT CLOSE")}  {plant.Vehicles():N0} vehicles");
    }

    /// <summary>Waits until the last change has come through everything, or can't be expected any more.</summary>
    private async Task SettleAsync()
    {
        using var limit = new CancellationTokenSource(SettleTime);
        var (last, at) = (Received(), TimeProvider.System.GetTimestamp());
        var faulty = simulation.Faults.Begun > 0;
        while (!limit.IsCancellationRequested && (faulty || last < Produced()))
        {
            await Task.Delay(50, CancellationToken.None);
            if (Received() != last)
                (last, at) = (Received(), TimeProvider.System.GetTimestamp());
            // With faults the numbers say nothing: changes are lost for good, others come twice. What is still on its way comes within a few publishing intervals and a reconnect.
            else if (faulty && TimeProvider.System.GetElapsedTime(at) > QuietTime)
                break;
        }

        await runtime.DisconnectAsync();
        await runtime.Pipeline.DrainAsync(SettleTime);
        var journaled = runtime.Pipeline.Snapshot().Journaled - before.Journaled;
        while (!limit.IsCancellationRequested && Messages("") < journaled)
            await Task.Delay(50, CancellationToken.None);
    }

    private async Task<bool> ReportAsync()
    {
        var ledger = runtime.Pipeline.Snapshot();
        var stored = runtime.Embedded is { } history ? await history.CountAsync(CancellationToken.None) : new Dictionary<string, long>();
        var producedByPath = ProducedByPath();
        console.Write(plant.Table(path => producedByPath[path], path => stored.GetValueOrDefault(path), path => messages.GetValueOrDefault(path)));
        console.WriteLine(plant.Output());
        if (plant.Example() is { } example)
            console.WriteLine($"Where a part came from and went to: floorgateway trace {example} --genealogy {Path.GetDirectoryName(simulation.GenealogyFile)}");
        await LedgerText.WriteAsync(output, ledger);
        if (simulation.Faults.Begun > 0 && simulation.TruthFile.Length > 0 && runtime.Embedded is { } points)
            return await ReportFaultsAsync(points) && ledger.Closes;
        var (produced, received) = (Produced(), Received());
        if (received == produced)
            console.MarkupLine($"[green]The equipment produced {produced:N0} changes and the gateway received {received:N0}.[/]");
        else
            console.MarkupLine($"[red]The equipment produced {produced:N0} changes but the gateway received {received:N0}.[/]");
        return ledger.Closes && received == produced;
    }

    /// <summary>With faults the gateway can't have received everything: what is missing must have a name.</summary>
    private async Task<bool> ReportFaultsAsync(SqliteHistory points)
    {
        var reckoning = await FaultReckoning.OfAsync(simulation.TruthFile, configuration.Tags, points);
        var colour = reckoning.Closes ? "green" : "red";
        console.MarkupLine($"[{colour}]{simulation.Faults.Begun} faults. {reckoning.Sentence}[/]");
        foreach (var sentence in reckoning.Lost)
            console.MarkupLine($"[red]{Markup.Escape(sentence)}[/]");
        return reckoning.Closes;
    }

    private long Messages(string prefix) =>
        messages.Where(m => m.Key.StartsWith(prefix, StringComparison.Ordinal) && !m.Key.Contains("/$gateway/", StringComparison.Ordinal)).Sum(m => m.Value);

    private long Received() => runtime.Pipeline.Snapshot().Servers.Sum(s => s.Received) - before.Servers.Sum(s => s.Received);

    private long Produced() => ProducedByPath().Values.Sum();

    /// <summary>Changes per configured tag; signals that nobody asked for don't count.</summary>
    private Dictionary<string, long> ProducedByPath() => simulation.Read(s =>
    {
        var totals = s.Truth.Totals;
        return configuration.Tags.ToDictionary(t => t.Path, t => totals.TryGetValue(t.Path, out var of) ? of.Count : 0, StringComparer.Ordinal);
    });
}
